"""dask.distributed: a scheduler hands tasks to workers, which are processes on this machine or on any others.

A client submits a task for each free thread of the cluster, and the next one whenever a task ends. Their events come
over `workers.remote`: by a connection from the worker where that stays on this machine, else through the scheduler.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ..catalog.user_names import without_ours
from ..clusters import worker_post
from ..clusters.address import meant
from ..clusters.arrivals import Arrivals
from ..clusters.engine import asked, connected
from ..clusters.looks import ELSEWHERE, places_of
from ..clusters.own import CLUSTER
from ..clusters.post import PostOffice
from ..clusters.seats import Errand, Seats
from ..clusters.waiting import Wishes, first_look
from ..remote import worker as far
from ..remote.elsewhere import stays_here, where_files_are, written_to
from ..remote.errors import failure
from ..remote.messages import BATCH_S
from ..remote.runner import RemoteRunner
from ..remote.shipping import SHIPPED, package
from ..utils.formatting import listed
from ..utils.gil.polite import NICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..clusters.address import Address
    from ..clusters.looks import Place
    from ..engine.task import Control, Emit, Task
    from ..remote.link import Link

TITLE = "Dask cluster"
SHORT = "dask"
WHEN = (
    "Work that outgrows this machine: many tasks of 10 ms and more, on workers anywhere. "
    "Shorter ones are sooner done here, in a pool of processes."
)
ORDER = 80
KIND = "cluster workers"
PLACE = "on a Dask cluster"
WHERE = "on a Dask cluster"
GIL = "own"
ADVISE = 0
START_S = 0.006
COLOR = "#4b9b9b"
MARKER = "⬟"
REQUIRES = ("distributed", "cryptography")
EXTRA = "cluster"
NOT_MEASURED = (
    "Its gain is on several machines: on this one alone it does what processes do, and a task costs more."
)
REFUSES = "..clusters.looks:refusal"
TELLS = "..clusters.looks:told"

LOOK_S = 0.5
"""How often to look who works in the cluster: workers come and go."""

GONE_S, ALONE_S = 2.5, 15.0
"""How long a scheduler may not be heard of, and a cluster may be without a worker, before a run is given up."""

LOST = "The worker that ran the task has gone."


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
        self._names = itertools.count(1)
        self._notes: list[str] = []
        self._folders: set[str] = set()  # on other machines, into which tasks write
        super().start(tasks, workers, emit, control)
        self.processes = self._link_server.processes  # `workers.monitors.resources.Costly`, from now on

    def notes(self) -> list[str]:
        return [*self._notes, *where_files_are(self._folders)]

    def _hear(self) -> None:
        self._wake("_changed")

    def _lose(self, link: Link) -> None:
        self._seats.lose(link.host, link.pid)
        self._in_flight.requeue_link(link.number, LOST)
        self._wake("_look_now")

    def _wake(self, what: str) -> None:
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(getattr(self, what).set)

    def _keep(self) -> str:
        address = meant(self._cluster)
        self._is_own = address is None
        if address is None:
            # No more than there are tasks: each is an interpreter that has to start.
            self._workers = min(self._workers, self._control.crew.tasks)
            address = CLUSTER.ready(self._workers, lambda: self._control.cancelled)
        return asked(self._use(address)) if address is not None else ""

    async def _use(self, address: Address) -> str:
        """Run all tasks in a cluster; returns why those that are left cannot be run there."""
        self._loop, self._changed, self._look_now = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        async with connected(address, pair=CLUSTER.pair if self._is_own else "") as self._client:
            self._wishes = Wishes(self._client, self._workers)
            is_here = True  # of our own some may have been killed just now, and come back
            if not self._is_own:
                found = await first_look(self._client, address, self._wishes, lambda: self._control.cancelled)
                if found is None:
                    return ""
                is_here = found.is_here
                self._say_what_is_free(address, found.threads)
            self._seats, self._office = Seats(self._workers), None
            if not self._is_own:
                self._link_server.place = "{host}, worker {}"
            if is_here:
                self._link_server.listen("" if self._is_own else "127.0.0.1")
            else:
                self._office = PostOffice(self._client, self._link_server.call[1], self._result)
            path, niceness = (without_ours(), NICE) if self._is_own else ([], 0)
            self._arrivals = Arrivals(self._client, path, niceness, self._look_now.set)
            self._watching = asyncio.create_task(self._watch())
            try:
                return await self._hand_out(address)
            finally:
                self._watching.cancel()
                self._arrivals.close()
                self._link_server.say_close()
                if self._office is not None:
                    await self._office.close()

    def _say_what_is_free(self, address: Address, threads: int) -> None:
        """Who asked for two tasks at once in a large cluster may not have known how large it is."""
        if self._workers < min(threads, self._control.crew.tasks):
            self._notes.append(
                f"{address} has {threads:,} threads, and the run took {self._workers:,} at most: "
                f"--workers, or the field Workers, says how many."
            )

    async def _hand_out(self, address: Address) -> str:
        self._heard = time.monotonic()
        while True:
            self._link_server.relay()
            self._heed_cancel()
            for errand in self._seats.sort(self._in_flight.__contains__):
                await self._take_back(errand)
            was_empty = not self._in_flight
            while (place := self._seats.free()) is not None and (task := self._in_flight.next()) is not None:
                try:
                    self._submit(task, place)
                except Exception as error:  # its arguments cannot be sent, say
                    self._in_flight.fail(task.number, failure(error))
            if was_empty and not self._in_flight and (self._seats.places or self._control.cancelled):
                return ""
            if self._watching.done():
                self._watching.result()  # which raises what ended it
            is_there = self._client.status == "running"
            if time.monotonic() - self._heard > (ALONE_S if is_there else GONE_S):
                return f"{'The last worker' if is_there else 'The scheduler'} of {address} has gone."
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), BATCH_S)
            self._changed.clear()

    def _submit(self, task: Task, place: Place) -> None:
        """Give a task to a worker."""
        address, key = self._link_server.call
        name = f"thaw-{key.hex()[:8]}-{next(self._names)}"
        if self._office is None:
            host = "" if self._is_own else place.host
            call = package().call(far.errand, tuple(task), address, key, host)
        elif why_not := stays_here(task, ELSEWHERE):
            self._in_flight.fail(task.number, why_not)
            return
        else:
            self._folders |= {folder for folder in (written_to(task),) if folder}
            if (post := self._office.open(place.address)) is not None:
                self._link_server.plug(post)
            call = package().call(worker_post.errand, name, tuple(task), key, self._office.topic, place.host)
        # A line of source and plain data: the scheduler reads what it hands on, and need not have Thaw.
        future = self._client.submit(SHIPPED, call, key=name, workers=[place.address], pure=False)
        self._seats.give(Errand(name, task.number, place.address, future))

    async def _take_back(self, errand: Errand) -> None:
        """An errand has failed before its task told anything of an end."""
        error = await errand.future.exception() if errand.future.status == "error" else None
        if error is None or type(error).__name__ == "KilledWorker":
            self._run_again(errand)
        else:
            self._in_flight.fail(
                errand.number, str(error) if isinstance(error, ConnectionError) else failure(error)
            )

    def _run_again(self, errand: Errand) -> None:
        """Its worker has gone; the task has lost a try where that had told of it."""
        self._in_flight.lost(errand.number, LOST, was_tried=errand.number not in self._in_flight.waiting())

    def _heed_cancel(self) -> None:
        if not self._control.cancelled:
            return
        self._in_flight.cancel(unbegun=True)
        if self._link_server.deadline_passed and (deaf := {one.worker for one in self._seats.errands.values()}):
            if self._is_own:
                CLUSTER.kill(deaf)
            else:  # somebody else's: to end it there would end the work of others as well
                # First the note: a run whose last task has ended asks for what is to be said of it.
                self._notes.append(f"A task heeds no cancel, and still runs on {listed(sorted(deaf))}.")
                self._in_flight.cancel()

    async def _watch(self) -> None:
        """Runs beside the rest: who works in the cluster now? Workers come and go."""
        while True:
            self._look_now.clear()
            if self._is_own and CLUSTER.refill(self._workers):
                self._heard = time.monotonic()
            with suppress(OSError):  # the scheduler has gone, and may come back
                known = self._seats.left(await places_of(self._client))
                places = self._arrivals.ready(known)
                for errand in self._seats.renew(places, known):
                    self._run_again(errand)
                    if self._office is not None:
                        self._office.shut(errand.worker)
                if places or self._arrivals.is_waiting:
                    self._heard = time.monotonic()
                elif not self._is_own:
                    self._wishes.make()
                self._changed.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), LOOK_S)

    async def _result(self, name: str) -> list[bytes]:
        found: list[bytes] = await self._seats.future(name).result()
        return found
