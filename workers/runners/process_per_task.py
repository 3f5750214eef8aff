"""multiprocessing.Process: a process for each task, started for it and joined after it; no task can harm another.

It is a thread for each task, but with an interpreter, a GIL and a memory of its own: a crash or a leak ends with it,
and it can be killed. Each costs the start of an interpreter, a tenth of a second or more, and what goes there and back
is copied.

**What a main guard is for.** The new interpreter knows nothing of the program. It imports the program's main file once
more, under the name `__mp_main__`, to find there what it is to run. So all that stands in that file outside of
`if __name__ == "__main__":` happens in each child as well: without the guard a child would open a window and start
children of its own. Python refuses that with a RuntimeError, and no task is ever run.
"""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from ..remote import worker
from ..remote.errors import failure, how_it_ended
from ..remote.messages import BATCH_S
from ..remote.runner import RemoteRunner
from ..utils.child import RemoteFunction, leave_ctrl_c_to_the_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import SpawnProcess

    from ..engine.task import Control, Emit, Task

TITLE = "Process per task"
SHORT = "process each"
WHEN = (
    "A few long tasks that may crash, leak or hang: each has a process of its own, which can be killed. "
    "Short ones spend their time starting interpreters."
)
ORDER = 45
KIND = "processes"
PLACE = "in a process for each call"
GIL = "own"
ADVISE = 75
START_S = 0.1
COLOR = "#b5179e"
MARKER = "❖"

ONCE = RemoteFunction(worker.once, first=True)
END_S = 1.0
"""How long a process may take to end when its task has ended: a thread that the task left may keep it."""


class _Place:
    """One of the `workers` places, while there is a process in it."""

    def __init__(self, name: str, task: Task, process: SpawnProcess) -> None:
        self.name, self.task, self.process = name, task, process
        self.kill_at = float("inf")


class ProcessPerTaskRunner(RemoteRunner):
    """Starts a process in each free place, joins the one that left it, and starts the next task's process there."""

    place = "process {}"

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        # Spawn, always: a forked child inherits locks of threads that it does not have, and waits for them for ever.
        self._context = multiprocessing.get_context("spawn")
        self._free = [f"process {number}" for number in range(workers, 0, -1)]
        self._places: list[_Place] = []
        super().start(tasks, workers, emit, control)
        self.processes = self._link_server.processes  # `workers.monitors.resources.Costly`, from now on

    def _keep(self) -> str:
        leave_ctrl_c_to_the_program()
        try:
            while self._fill_places():
                wait([place.process.sentinel for place in self._places], BATCH_S)
                self._link_server.relay()
                self._kill_late()
                for place in [place for place in self._places if not place.process.is_alive()]:
                    self._leave(place)
        finally:
            for place in self._places:  # there are any only after an error of our own
                place.process.kill()
        return "There is nothing left to do."

    def _fill_places(self) -> bool:
        """Start as many tasks as there are places; returns whether any are going on."""
        while self._free and (task := self._in_flight.next()) is not None:
            name = self._free[-1]
            process = self._context.Process(
                target=ONCE, args=(tuple(task), name, *self._link_server.call), name=name
            )
            try:
                process.start()
            except OSError as error:  # the system gives no more processes, memory or files just now
                if self._places:
                    self._in_flight.lost(task.number, was_tried=False)
                    break  # there is more of them when one of ours has ended
                self._in_flight.fail(task.number, f"No process could be started: {error.strerror or error}.")
            except Exception as error:  # it could not even be sent there
                self._in_flight.fail(task.number, failure(error))
            else:
                self._free.pop()
                self._places.append(_Place(name, task, process))
        return bool(self._places)

    def _kill_late(self) -> None:
        """Kill what heeds no cancel, and what does not end though its task has ended."""
        now = time.monotonic()
        for place in self._places:
            if place.task.number not in self._in_flight:
                place.kill_at = min(place.kill_at, now + END_S)
            if self._link_server.deadline_passed or now > place.kill_at:
                place.process.kill()

    def _leave(self, place: _Place) -> None:
        """Free the place of a process that has ended; where its task has not, that is run once more, or has failed."""
        place.process.join()
        self._link_server.hang_up(place.process.pid)  # what it told last comes first
        why = f"The process that ran the task {how_it_ended(place.process.exitcode)}."
        self._in_flight.lost(place.task.number, why)
        place.process.close()
        self._places.remove(place)
        self._free.append(place.name)
