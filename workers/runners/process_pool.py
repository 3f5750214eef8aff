"""concurrent.futures.ProcessPoolExecutor: other processes, each with a GIL of its own, so Python code runs in parallel.

Each costs the start of an interpreter and its memory, and all that goes there and back is copied. The runner's own
thread submits the tasks and waits for them; their events come over `workers.remote`.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from ..remote import worker
from ..remote.errors import failure, how_it_ended
from ..remote.messages import BATCH_S
from ..remote.runner import RemoteRunner
from ..utils.child import RemoteFunction, leave_ctrl_c_to_the_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.process import BaseProcess

    from ..engine.task import Control, Emit, Task

TITLE = "ProcessPoolExecutor"
SHORT = "processes"
WHEN = "Work in pure Python that takes seconds: each worker is a process, and really computes at the same time."
ORDER = 40
KIND = "processes"
PLACE = "in a process pool"
GIL = "own"
FILES = 5
THREADS = 1
ADVISE = 70
BENCHMARKED = 2
COLOR = "#cc79a7"
MARKER = "◆"

BEGIN, WORK = RemoteFunction(worker.begin, first=True), RemoteFunction(worker.work)
USELESS = 3
"""So many pools in a row that break before one of their processes is ready, and there is no use in another."""


class ProcessPoolRunner(RemoteRunner):
    """Submits a task for each process, and the next one whenever a task ends.

    A process that dies breaks the whole pool: another pool is made, and what was running is run once more.
    """

    place = "process {}"

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        self._processes: list[BaseProcess] = []
        super().start(tasks, workers, emit, control)
        self.processes = self._link_server.processes  # `workers.monitors.resources.Costly`, from now on

    def _keep(self) -> str:
        leave_ctrl_c_to_the_program()
        useless = 0  # pools in a row that broke before a process was ready
        while useless < USELESS and not self._use_pool():
            useless = 0 if self._link_server.ready_count else useless + 1
        return f"No worker process could be started. {self._exit_reason()}"

    def _use_pool(self) -> bool:
        """Run tasks in one pool; returns whether all have ended, for else the pool broke."""
        # Spawn, always: a forked child inherits locks of threads that it does not have, and waits for them for ever.
        context = multiprocessing.get_context("spawn")
        link_server = self._link_server
        link_server.ready_count = 0
        self._processes = []
        running: dict[Future[None], int] = {}
        with ProcessPoolExecutor(self._workers, context, BEGIN, link_server.call) as pool:
            try:
                while self._submit(pool, running):
                    done, _ = wait(running, BATCH_S, FIRST_COMPLETED)
                    if not running:  # tasks are away of which there is no Future, see `_submit`
                        self._look_alive()
                    link_server.relay()
                    for future in done:
                        number = running.pop(future)
                        error = future.exception()
                        if isinstance(error, BrokenProcessPool):
                            raise error
                        if error is not None:  # it could not even be sent there
                            self._in_flight.fail(number, failure(error))
                    self._kill_late()
            except BrokenProcessPool:
                is_broken = True
            else:
                is_broken = False
            self._shut_down(pool)
        if not is_broken:
            return True
        link_server.hang_up()  # the pool is shut down: they have all ended, and told what they had to tell
        died = {process.pid for process in self._processes if _died(process)}
        self._in_flight.requeue(self._exit_reason(), link_server.numbers_of(died) if died else None)
        return False

    def _look_alive(self) -> None:
        """Wait a moment for tasks that tell of their ends by the link alone."""
        time.sleep(BATCH_S)
        if not any(process.is_alive() for process in self._processes):
            raise BrokenProcessPool

    def _shut_down(self, pool: ProcessPoolExecutor) -> None:
        """End the processes, which have nothing more to do: on a busy machine an interpreter takes long to end."""
        self._link_server.turn_away()
        ending = threading.Thread(target=pool.shutdown, name="end of the pool", daemon=True)
        try:
            ending.start()
        except RuntimeError:  # the system gives no more threads: what is late is not killed then
            pool.shutdown()
        while ending.is_alive():
            ending.join(BATCH_S)
            self._link_server.relay()
            self._kill_late()

    def _kill_late(self) -> None:
        if self._link_server.deadline_passed:
            for process in self._processes:
                process.kill()

    def _submit(self, pool: ProcessPoolExecutor, running: dict[Future[None], int]) -> bool:
        """Keep as many tasks going as there are processes; returns whether any are."""
        while len(self._in_flight) < self._workers and (task := self._in_flight.next()) is not None:
            others = set(multiprocessing.active_children())
            # This starts a process if all are busy.
            try:
                running[pool.submit(WORK, tuple(task))] = task.number
            except BrokenProcessPool:
                raise
            except (OSError, RuntimeError):
                # The system gives no more of what a process needs. It is in the pool's queue all the same, for those
                # processes that there are, and they tell what becomes of it.
                if not self._processes:
                    raise
                self._workers = len(self._processes)
            self._processes += set(multiprocessing.active_children()) - others
        return bool(running or self._in_flight)

    def _exit_reason(self) -> str:
        codes = [process.exitcode for process in self._processes if _died(process)]
        return f"The process that ran the task {how_it_ended(codes[0] if codes else -signal.SIGTERM)}."


def _died(process: BaseProcess) -> bool:
    """Whether it ended by itself: when one does, the executor terminates the others."""
    return process.exitcode not in (0, -signal.SIGTERM, None)
