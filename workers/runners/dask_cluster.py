"""dask.distributed: a scheduler hands tasks to workers, which are processes on this machine or on any others.

A client submits a task for each free thread of the cluster, and the next one whenever a task ends. What becomes of them
comes over `workers.remote`, by a connection from the worker where that stays on this machine, else through the scheduler.
"""

from __future__ import annotations

import asyncio
import itertools
import pickle
import time
from typing import TYPE_CHECKING, Any

from ..clusters import carried
from ..clusters.address import meant
from ..clusters.engine import asked, connected
from ..clusters.looks import around, places_of
from ..clusters.own import CLUSTER
from ..clusters.post import PostOffice
from ..clusters.seats import Errand, Seats
from ..remote.errors import failure
from ..remote.messages import BATCH_S, PROTOCOL
from ..remote.runner import RemoteRunner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..clusters.address import Address
    from ..engine.task import Control, Emit, Task
    from ..remote.link import Link

TITLE = "Dask cluster"
SHORT = "dask"
WHEN = "Work that outgrows this machine, in tasks of a tenth of a second and more: its workers may be anywhere."
ORDER = 80
KIND = "cluster workers"
PLACE = "on a Dask cluster"
GIL = "own"
ADVISE = 0
START_S = 0.006
COLOR = "#b8860b"
MARKER = "⬟"
REQUIRES = ("distributed",)
REFUSES = "..clusters.looks:refusal"
TELLS = "..clusters.looks:told"

LOOK_S = 0.5
"""How often to look who works in the cluster: workers come and go."""

GONE_S = 2.5
"""How long a scheduler may not be heard of, and a cluster may be without any worker, before the run is given up."""


class DaskClusterRunner(RemoteRunner):
    """Submits a task for each free thread of the cluster, and the next one whenever a task ends.

    A worker that dies takes its tasks with it, and these are run once more on another one.
    """

    place = "worker {}"
    host = None  # it is not known yet where workers can call

    def __init__(self, *, cluster: str = "") -> None:
        """Choose a cluster.

        Args:
            cluster: its scheduler's address, such as tcp://HOST:8786 or tls://HOST:8786; empty: a cluster on this
                machine, started for you
        """
        self._cluster = cluster

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._notes: list[str] = []
        super().start(tasks, workers, emit, control)
        self.processes = self._link_server.processes  # `workers.monitors.resources.Costly`, from now on

    def notes(self) -> list[str]:
        return self._notes

    def _hear(self) -> None:
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self._changed.set)

    def _lose(self, link: Link) -> None:
        self._in_flight.requeue_link(link.number, "The worker that ran the task has gone.")
        self._looked = 0.0  # look again at once
        self._hear()

    def _keep(self) -> str:
        address = meant(self._cluster)
        self._is_own = address is None
        if address is None:
            # No more than there are tasks: each is an interpreter that has to start.
            most = self._most = min(self._workers, self._control.crew.tasks)
            address = CLUSTER.ready(most, lambda: self._control.cancelled)
        return asked(self._use(address)) if address is not None else ""

    async def _use(self, address: Address) -> str:
        """Run all tasks in a cluster; returns why those that are left cannot be run there."""
        self._loop, self._changed = asyncio.get_running_loop(), asyncio.Event()
        async with connected(address, is_ours=self._is_own) as client:
            self._client, self._seats = client, Seats(self._workers)
            found = await around(client, address)
            self._office = None if found.is_here else PostOffice(client, self._link_server.call[1], self._result)
            if not self._is_own:
                self._link_server.place = "{host}, worker {}"
            if found.is_here:
                self._link_server.listen("" if self._is_own else "127.0.0.1")
            try:
                return await self._hand_out(address)
            finally:
                self._link_server.say_close()
                if self._office is not None:
                    await self._office.close()

    async def _hand_out(self, address: Address) -> str:
        self._looked = 0.0
        heard = time.monotonic()  # of the scheduler, and that there is a worker
        while True:
            self._link_server.relay()
            if time.monotonic() - self._looked > LOOK_S and await self._look():
                heard = time.monotonic()
            if time.monotonic() - heard > GONE_S:
                why = "The scheduler" if self._client.status != "running" else "The last worker"
                return f"{why} of {address} has gone."
            self._take_back()
            while (worker := self._seats.free()) is not None and (task := self._in_flight.next()) is not None:
                self._submit(task, worker)
            if not self._in_flight:
                return ""
            if self._control.cancelled:
                self._cancel()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), BATCH_S)
            self._changed.clear()

    def _submit(self, task: Task, worker: str) -> None:
        """Give a task to a worker: a function and plain bytes, which the scheduler can pass on without Thaw."""
        name = f"thaw-{self._link_server.call[1].hex()}-{next(self._numbers)}"
        address, key = self._link_server.call
        topic = self._office.topic if self._office is not None else ""
        ...
