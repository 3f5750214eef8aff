"""Workers on their way into a run: our package is brought to those that lack it. In the client's event loop."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from ..remote.shipping import SHIPPED, package
from . import carried, worker_post
from .looks import with_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from .looks import Place

READY_S = 60.0
"""How long one may take to be ready: its interpreter may be busy with somebody else's work."""


class Arrivals:
    """Makes each worker ready by itself: one that is slow, or has just gone, holds up no other."""

    def __init__(self, client: Any, path: list[str], niceness: int, changed: Callable[[], object]) -> None:
        """Make it.

        Args:
            client: of their scheduler.
            path: where modules are, where that is on this machine.
            niceness: what theirs is to be, at least.
            changed: is called when a worker is ready.
        """
        self._client, self._path, self._niceness, self._changed = client, path, niceness, changed
        self._tasks: dict[str, asyncio.Task[Place | None]] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether any is on its way."""
        return any(not task.done() for task in self._tasks.values())

    def ready(self, known: Collection[Place]) -> list[Place]:
        """Those that are ready of the workers that there are now, with their processes; others are made so."""
        for address in self._tasks.keys() - {place.address for place in known}:
            self._tasks.pop(address).cancel()
        for place in known:
            if place.address not in self._tasks:
                task = self._tasks[place.address] = asyncio.create_task(self._make_ready(place))
                task.add_done_callback(lambda _: self._changed())
        takes = {place.address for place in known if place.takes_tasks}
        done = [task.result() for task in self._tasks.values() if task.done()]
        return [place for place in done if place is not None and place.address in takes]

    async def _make_ready(self, place: Place) -> Place | None:
        ours, run = package(), partial(self._client.run, workers=[place.address])
        arrive = ours.call(worker_post.arrive, self._path, self._niceness)
        try:
            async with asyncio.timeout(READY_S):
                (place,) = await with_versions(self._client, [place])
                if not place.is_alike:
                    return None
                if not (await run(carried.has, ours.name))[place.address]:
                    await run(carried.receive, ours.name, ours.content)
                pids = await run(SHIPPED, arrive)
                return place._replace(pid=pids[place.address])
        except Exception:  # it has gone, or cannot take what it is sent
            return None

    def close(self) -> None:
        """Wait for none of them any more."""
        for task in self._tasks.values():
            task.cancel()
