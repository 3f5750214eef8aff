"""Another Python of this machine: a free-threaded one runs threads in parallel, PyPy compiles while it runs.

It is started for the run, reads our own source, and runs the tasks in threads of its own. Nothing is installed into it.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from ..pythons import finding
from ..pythons.asking import FLAGS, USER_SITE
from ..remote.errors import how_it_ended
from ..remote.messages import BATCH_S
from ..remote.runner import RemoteRunner
from ..utils.child import PRIVATE, UNSEEN, private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from ..engine.task import Control, Emit, Task
    from ..pythons.asking import Python

TITLE = "Another Python"
SHORT = "other"
WHEN = "To see what another interpreter makes of the same code: threads without a GIL, or a compiler."
ORDER = 70
KIND = "another Python"
PLACE = "in another Python"
GIL = "other"
THREADS = 1
ADVISE = 90
COLOR = "#8c5a3c"
MARKER = "△"
REFUSES = "..remote.pythons:refusal"
CHOOSES = "..pythons.finding:choose"

BEGIN = f"{USER_SITE}import sys; from {PRIVATE}.remote.worker import main; main(sys.stdin.readline())"
READY_S = 10.0
"""How long it may take to be ready."""

END_S = 1.0
"""How long it may take to end when there is nothing more to do."""

TRIES = 2
"""So often it is started in a row without ever being ready."""


class OtherPythonRunner(RemoteRunner):
    """Starts the interpreter, hands it a task for each of its threads, and the next one whenever a task ends."""

    place = "Python"

    def __init__(self, *, python: str = "") -> None:
        """Choose an interpreter.

        Args:
            python: its path, its name on PATH, or the folder of an environment or project; free-threaded: the first
                without a GIL; empty: your project's, or else the first found
        """
        self._wanted = python

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        self._changed = threading.Event()
        self._complaints: deque[bytes] = deque(maxlen=20)
        super().start(tasks, workers, emit, control)
        self.processes = self._link_server.processes  # `workers.monitors.resources.Costly`, from now on

    def _hear(self) -> None:
        self._changed.set()

    def _keep(self) -> str:
        python = finding.choose(self._wanted)
        self._link_server.place = python.name
        useless = 0
        while useless < TRIES and not self._use(python):
            useless = 0 if self._link_server.ready_count else useless + 1
        return f"{python.name} could not be started. {self._exit_reason(python)}"

    def _use(self, python: Python) -> bool:
        """Run tasks in one process of it; returns whether all have ended, for else it died."""
        process = subprocess.Popen(
            private(BEGIN, python=python.path, flags=FLAGS),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C in the terminal is the program's to answer
            creationflags=UNSEEN,
        )
        assert process.stdin is not None
        assert process.stderr is not None
        reader = threading.Thread(target=self._complaints.extend, args=(process.stderr,), daemon=True)
        try:
            reader.start()
        except RuntimeError:
            process.communicate()  # its input ends, and so does it
            raise
        try:
            self._tell_address(process.stdin)
            return self._hand_out(process)
        finally:
            self._await_end(process)
            self._link_server.hang_up()
            reader.join()
            process.stderr.close()
            self._code = process.returncode
            self._in_flight.requeue(self._exit_reason(python))

    def _tell_address(self, stdin: IO[bytes]) -> None:
        """By its standard input, for everybody can read a command line."""
        address, key = self._link_server.call
        try:
            with stdin:
                stdin.write(json.dumps([address, key.hex(), self._workers]).encode() + b"\n")
        except OSError:
            pass  # it has ended already

    def _hand_out(self, process: subprocess.Popen[bytes]) -> bool:
        """Hand out tasks until there are no more; returns False when the process has ended before."""
        self._link_server.ready_count = 0
        begun = time.monotonic()
        while process.poll() is None:
            self._link_server.relay()
            for link in self._link_server.links:
                while len(self._in_flight) < self._workers and (task := self._in_flight.next()) is not None:
                    link.say("task", tuple(task))
                if not self._in_flight:
                    return True
            if self._control.cancelled and not self._in_flight:
                return True
            if self._link_server.deadline_passed or (
                not self._link_server.ready_count and time.monotonic() - begun > READY_S
            ):
                process.kill()
            self._changed.wait(BATCH_S)
            self._changed.clear()
        return False

    def _await_end(self, process: subprocess.Popen[bytes]) -> None:
        """Let it end by itself, for a second at most: less after a cancel, and not at all where it never called."""
        self._link_server.say_close()
        until = time.monotonic() + (END_S if self._link_server.ready_count else 0)
        while time.monotonic() < until and not self._link_server.deadline_passed:
            try:
                process.wait(BATCH_S)
            except subprocess.TimeoutExpired:
                self._link_server.relay()
            else:
                return
        process.kill()
        process.wait()

    def _exit_reason(self, python: Python) -> str:
        last = self._complaints[-1].decode(errors="replace").strip() if self._complaints else ""
        return f"{python.name} {how_it_ended(self._code)}. {last}".rstrip()
