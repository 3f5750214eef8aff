"""Which worker of a cluster has which task of a run. In the runner's own thread."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from .looks import Place


class Errand(NamedTuple):
    """A task that was given to a worker.

    Attributes:
        name: what the cluster knows it by.
        number: the task's.
        worker: its address.
        future: what Dask knows of it.
    """

    name: str
    number: int
    worker: str
    future: Any


class Seats:
    """The workers that a run may use, and the errands that it has given to them.

    Each errand is for one worker and no other: so the cluster never begins a task a second time by itself, which might
    be while the first still runs.

    Attributes:
        places: the workers that there are now and that are ready for the run, by their addresses.
        errands: those whose tasks have not ended, by their tasks' numbers.
    """

    def __init__(self, max_errands: int) -> None:
        """Make it; `max_errands` tasks may run at once."""
        self._max_errands = max_errands
        self.places: dict[str, Place] = {}
        self.errands: dict[int, Errand] = {}
        self._gone: set[str] = set()  # workers of which the scheduler may not know yet that they have gone
        self._ending: dict[str, Errand] = {}  # the task has told its end, but not Dask yet

    def renew(self, ready: Iterable[Place], known: Iterable[Place]) -> list[Errand]:
        """Take note of the workers that there are now.

        Args:
            ready: those that can be given tasks.
            known: all; one that takes no more tasks just now may well end those that it has.

        Returns:
            The errands of those that have gone.
        """
        self.places = {place.address: place for place in ready if place.address not in self._gone}
        there = {place.address for place in known}
        return [errand for errand in self.errands.values() if errand.worker not in there]

    def lose(self, host: str, pid: int) -> None:
        """A worker's process has gone, though its scheduler may not know it yet. May be called in any thread."""
        for place in list(self.places.values()):
            if place.pid == pid and host in (place.host, platform.node()):
                self._gone.add(place.address)
                self.places.pop(place.address, None)

    def left(self, places: Collection[Place]) -> list[Place]:
        """Those of the workers that a scheduler knows that have not gone."""
        self._gone.intersection_update({place.address for place in places})
        return [place for place in places if place.address not in self._gone]

    def free(self) -> Place | None:
        """The worker with the most free threads; None where there is none, or enough is away."""
        if len(self.errands) >= self._max_errands:
            return None
        places = list(self.places.values())
        left = {place.address: place.threads for place in places}
        for errand in self.errands.values():
            if errand.worker in left:
                left[errand.worker] -= 1
        best = max(places, key=lambda place: left[place.address], default=None)
        return best if best is not None and left[best.address] > 0 else None

    def give(self, errand: Errand) -> None:
        """A task is on its way; the same one may have been before, to a worker that has gone."""
        self.errands[errand.number] = errand

    def sort(self, is_away: Callable[[int], bool]) -> list[Errand]:
        """Free the seats of tasks that are no longer away; returns errands that failed although theirs are."""
        failed = []
        for number, errand in list(self.errands.items()):
            if not is_away(number):
                self._ending[errand.name] = self.errands.pop(number)
            elif errand.future.status in {"error", "cancelled", "lost"}:
                failed.append(self.errands.pop(number))
        for name in [name for name, errand in self._ending.items() if errand.future.done()]:
            del self._ending[name]  # and with it goes what Dask keeps of it
        return failed

    def future(self, name: str) -> Any:
        """What Dask knows of an errand; KeyError where it has gone."""
        found = self._ending.get(name) or {one.name: one for one in self.errands.values()}[name]
        return found.future
