"""concurrent.futures.InterpreterPoolExecutor: several interpreters in one process, each with a GIL of its own.

They compute at the same time, as processes do, but cost less to start. They share no objects: what goes there and back
is copied, and modules in C that know of one interpreter only cannot be imported there.
"""

from __future__ import annotations

import site
import threading
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TYPE_CHECKING

from ..remote import worker
from ..remote.errors import failure
from ..remote.link_server import LinkServer
from ..remote.messages import BATCH_S
from ..remote.tasks_away import InFlight
from ..utils.child import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from ..engine.task import Control, Emit, Task

TITLE = "InterpreterPoolExecutor"
SHORT = "interpreters"
WHEN = "Pure Python that is to run in parallel without the cost of processes."
ORDER = 60
KIND = "interpreters"
PLACE = "in a pool of interpreters"
GIL = "own"
ADVISE = 80
COLOR = "#a0a0a0"
MARKER = "□"
REQUIRES_PYTHON = (3, 14)
REFUSES = "..remote.interpreters:refusal"


class InterpretersRunner:
    """Submits a task for each interpreter, and the next one whenever a task ends."""

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Start the thread that keeps the pool; returns at once."""
        self._workers, self._control = workers, control
        self._in_flight = InFlight(tasks, emit, control)
        self._link_server = LinkServer(self._in_flight, control, "interpreter {}")
        self._thread = threading.Thread(target=self._manage, name="interpreters", daemon=True)
        self._thread.start()

    def _manage(self) -> None:
        """Runs in the keeper's thread, from the start to the end of the last interpreter."""
        try:
            from concurrent.futures import InterpreterPoolExecutor  # type: ignore[attr-defined, unused-ignore]

            # A new interpreter knows the standard library; with our folder on its path it finds the rest.
            with (
                self._link_server,
                InterpreterPoolExecutor(self._workers, initializer=site.addsitedir, initargs=(str(ROOT),)) as pool,
            ):
                try:
                    self._use(pool)
                finally:
                    self._link_server.hang_up(tell=True)  # or their threads would keep the interpreters from ending
        except Exception as error:  # no interpreter could be made, say: all tasks come to their ends even so
            self._in_flight.fail_rest(failure(error))

    def _use(self, pool: Executor) -> None:
        running: dict[Future[None], int] = {}
        while True:
            while len(running) < self._workers and (task := self._in_flight.next()) is not None:
                running[pool.submit(worker.visit, tuple(task), *self._link_server.call)] = task.number
            if not running:
                return
            done, _ = wait(running, BATCH_S, FIRST_COMPLETED)
            self._link_server.relay()
            for future in done:
                number = running.pop(future)
                error = future.exception()
                if error is not None:  # it could not even be sent there
                    self._in_flight.fail(number, failure(error))

    def close(self, timeout: float) -> bool:
        """Wait for tasks and interpreters, at most `timeout` seconds; like a thread, none of them can be ended."""
        self._control.cancel()
        self._thread.join(timeout)
        return not self._thread.is_alive()
