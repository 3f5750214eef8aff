"""concurrent.futures.ThreadPoolExecutor: threads that are kept and used again, each task a Future."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from ..engine.task import drive_to_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.task import Control, Emit, Task

TITLE = "ThreadPoolExecutor"
SHORT = "pool"
WHEN = "Downloads, files, and C code that releases the GIL: a thread for each worker, kept and used again."
ORDER = 20
KIND = "threads"
PLACE = "in a thread pool"
GIL = "shared"
THREADS = 1
ADVISE = 10
BENCHMARKED = 1
COLOR = "#009e73"
MARKER = "●"

SHARED_S = 0.005
"""A Future whose first task was shorter goes on with others for so long."""


class ThreadPoolRunner:
    """Submits a task for each free thread, and the next one whenever a task ends.

    So no more Futures wait than there are threads: a hundred thousand queued ones would cost 180 MB. Short tasks share
    one: to submit a Future and to hear of its end takes longer than many a short call.
    """

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Submit the first tasks; returns at once."""
        self._tasks, self._emit, self._control = tasks, emit, control
        self._running: set[Future[None]] = set()
        self._orphans: set[int] = set()  # tasks in the pool's queue whose Future nobody has
        self._has_threads = False
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="pool")
        for _ in range(workers):
            self._submit_next()

    def _submit_next(self) -> None:
        with self._lock:  # so that `close` never shuts the pool between pulling a task and submitting it
            task = next(self._tasks, None)
            if task is None:
                return
            try:
                future = self._pool.submit(self._work, task)
            except RuntimeError:
                # The system gives no more threads. It is in the pool's queue all the same, for those that there are.
                if not self._has_threads:
                    raise
                self._orphans.add(task.number)
                return
            self._has_threads = True
            self._running.add(future)
        future.add_done_callback(self._task_ended)

    def _work(self, task: Task) -> None:
        place = threading.current_thread().name.replace("_", " ")
        ends = time.perf_counter() + SHARED_S
        drive_to_end(task, self._emit, self._control, place)
        while time.perf_counter() < ends and (more := next(self._tasks, None)) is not None:
            drive_to_end(more, self._emit, self._control, place)
        with self._lock:
            is_orphan = task.number in self._orphans
            self._orphans.discard(task.number)
        if is_orphan:
            self._submit_next()

    def _task_ended(self, future: Future[None]) -> None:
        """Runs in the pool's thread, right after the task: hand in the next one."""
        self._running.discard(future)
        self._submit_next()
        future.result()  # an error in our own code must not vanish with an unread Future

    def close(self, timeout: float) -> bool:
        """Wait for the running tasks, at most `timeout` seconds, then for their threads, which end at once."""
        self._control.cancel()
        with self._lock:  # from here on nothing more is submitted, for a cancelled run hands out no more tasks
            running = list(self._running)
        if wait(running, timeout).not_done or self._orphans:
            return False
        self._pool.shutdown()
        return True
