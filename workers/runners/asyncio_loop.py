"""asyncio: an event loop in a thread of its own, in which thousands of downloads can wait at once."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ..engine.drive_async import drive_async, free_async, import_async, in_a_thread, load_async
from ..engine.task import PAUSE_POLL_S, drive_to_end
from ..utils.errors import limit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.task import Control, Emit, Task

TITLE = "asyncio"
WHEN = (
    "Very many connections: they all wait in one thread. Downloads do so where aiohttp is installed; "
    "all other work goes on to a pool of threads, and gains nothing."
)
ORDER = 50
KIND = "asyncio"
PLACE = "in an asyncio event loop"
GIL = "shared"
THREADS = 1
RUNS_ASYNC = True
ADVISE = 60
BENCHMARKED = 3
COLOR = "#e69f00"
MARKER = "▼"


preload = import_async  # before Start: aiohttp takes a tenth of a second


class AsyncioLoopRunner:
    """A thread with an event loop, and in that `workers` coroutines which work through the tasks."""

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Start the thread; returns at once."""
        self._tasks, self._workers, self._emit, self._control = tasks, workers, emit, control
        self._pause: asyncio.Task[None] | None = None
        self._used: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="asyncio")
        self._thread.start()

    def _run(self) -> None:
        # For what is not async. The loop's own threads are fewer than our workers may be.
        with ThreadPoolExecutor(self._workers, "asyncio pool") as pool:
            try:
                asyncio.run(self._main(pool))
            except RuntimeError as error:
                if not limit_of(error):  # at its end it starts a thread that waits for others
                    raise

    async def _main(self, pool: ThreadPoolExecutor) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(1, self._workers + 1):
                    group.create_task(self._work(number, pool))
        finally:
            for workload in self._used:
                await free_async(workload)

    async def _work(self, number: int, pool: ThreadPoolExecutor) -> None:
        for task in self._tasks:
            found = load_async(task.workload)
            if found is not None:
                self._used.add(task.workload)
                await drive_async(task, found, self._emit, self._control, f"asyncio {number}", self._resumed)
            else:
                place = f"asyncio {number}, in a thread"
                await in_a_thread(pool, drive_to_end, task, self._emit, self._control, place)

    async def _resumed(self) -> None:
        """Wait while the run is paused: one thread does, for all coroutines. A task paused alone looks now and then."""
        if not self._control.paused:
            await asyncio.sleep(PAUSE_POLL_S)
            return
        if self._pause is None or self._pause.done():
            self._pause = asyncio.create_task(in_a_thread(None, self._control.wait_while_paused))
        await asyncio.shield(self._pause)

    def close(self, timeout: float) -> bool:
        """Wait for the event loop to end, at most `timeout` seconds."""
        self._control.cancel()
        self._thread.join(timeout)
        return not self._thread.is_alive()
