"""concurrent.futures.InterpreterPoolExecutor: several interpreters in one process, each with a GIL of its own.

They compute at the same time, as processes do, but cost less to start. They share no objects: what goes there and back
is copied, and modules in C that know of one interpreter only cannot be imported there.
"""

from __future__ import annotations

import sys
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TYPE_CHECKING

from ..catalog.user_names import without_ours
from ..remote import worker
from ..remote.errors import failure
from ..remote.messages import BATCH_S
from ..remote.runner import RemoteRunner
from ..utils.child import RemoteFunction

if TYPE_CHECKING:
    from concurrent.futures import Executor

TITLE = "InterpreterPoolExecutor"
SHORT = "interpreters"
WHEN = "Pure Python that is to run in parallel without the cost of processes."
ORDER = 60
KIND = "interpreters"
PLACE = "in a pool of interpreters"
GIL = "own"
ADVISE = 80
COLOR = "#8250df"
MARKER = "□"
REQUIRES_PYTHON = (3, 14)
REFUSES = "..remote.interpreters:refusal"

PREPARE, VISIT = RemoteFunction(worker.prepare, first=True), RemoteFunction(worker.visit)


class InterpretersRunner(RemoteRunner):
    """Submits a task for each interpreter, and the next one whenever a task ends.

    Like a thread, none of them can be ended from outside.
    """

    place = "interpreter {}"

    def _keep(self) -> str:
        # mypy reads the library of Python 3.11, which has none.
        from concurrent.futures import InterpreterPoolExecutor  # type: ignore[attr-defined, unused-ignore]

        # A new interpreter has none of ours yet: it is told where this one looks for modules.
        path = without_ours(), sys.dont_write_bytecode
        with InterpreterPoolExecutor(self._workers, initializer=PREPARE, initargs=path) as pool:
            try:
                self._use(pool)
            finally:
                self._link_server.say_close()  # or their threads would keep the interpreters from ending
                self._link_server.hang_up()
        return "The interpreter ended without telling what became of the task."

    def _use(self, pool: Executor) -> None:
        running: dict[Future[None], int] = {}
        while True:
            while len(running) < self._workers and (task := self._in_flight.next()) is not None:
                running[pool.submit(VISIT, tuple(task), *self._link_server.call)] = task.number
            if not running:
                return
            done, _ = wait(running, BATCH_S, FIRST_COMPLETED)
            self._link_server.relay()
            for future in done:
                number = running.pop(future)
                error = future.exception()
                if error is not None:  # it could not even be sent there
                    self._in_flight.fail(number, failure(error))
