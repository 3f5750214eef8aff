"""Which worker of a cluster has which task of a run. In the runner's own thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from .looks import Place


class Errand(NamedTuple):
    """A task that was given to a worker.

    Attributes:
        number: the task's.
        worker: its address.
        future: what Dask knows of it.
    """

    number: int
    worker: str
    future: Any


class Seats:
    """The workers that a run may use, and the errands that it has given to them.

    Each errand is for one worker and no other: so the cluster never begins a task a second time by itself, which might
    be while the first still runs, and a run leaves the rest of a shared cluster alone.
    """

    def __init__(self, most: int) -> None:
        """Make it; `most` tasks may run at once."""
        self._most = most
        self._threads: dict[str, int] = {}
        self.errands: dict[str, Errand] = {}

    def renew(self, places: Iterable[Place]) -> tuple[list[Place], list[str]]:
        """Take note of the workers that there are now; returns those that are new, and the addresses of those gone."""
        now = {place.address: place for place in places}
        gone = [address for address in self._threads if address not in now]
        new = [place for address, place in now.items() if address not in self._threads]
        self._threads = {address: place.threads for address, place in now.items()}
        return new, gone

    def free(self) -> str | None:
        """The worker with the most free threads; None where there is none, or enough is away."""
        if len(self.errands) >= self._most:
            return None
        left = dict(self._threads)
        for errand in self.errands.values():
            if errand.worker in left:
                left[errand.worker] -= 1
        best = max(left, key=left.__getitem__, default=None)
        return best if best is not None and left[best] > 0 else None
