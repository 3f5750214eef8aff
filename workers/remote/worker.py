"""The remote worker: drives tasks in another process or interpreter, and tells the program what happens to them.

The thread that calls `work` drives the task. One more thread, the wire's, hears cancel and pause while the tasks run,
and sends progress 30 times a second; what ends or begins is sent at once. Runs on Python 3.9.
"""

from __future__ import annotations

import json
import os
import pickle
import platform
import sys
import threading
import time
import traceback
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from ..engine.task import Control, Crew, Phase, Task, drive_to_end
from ..user_code.loading import forget
from ..user_code.standing import at_work, words
from ..utils.gil import gil_enabled
from ..utils.gil.polite import step_back
from .messages import BATCH_S, PROTOCOL, clock_offset, hear, say
from .wire import call

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..engine.task import TaskEvent
    from .wire import Wire

MAX_PENDING = 8_192
"""Events that wait for the next batch; then whoever makes more sends them, and waits while the program is behind."""

NO_RESULT = "The result cannot be sent to the program"

# Of this process or interpreter: an executor's initializer has no other place for what it made.
_workers: list[RemoteWorker] = []

# Where the process outlives runs: by their keys, which no two have in common.
_by_key: dict[bytes, RemoteWorker] = {}
_calling = threading.Lock()


class RemoteWorker:
    """One connection to the program, shared by the threads that run tasks here.

    Attributes:
        control: cancel and pause of the run, as the program says.
        place: what the program calls this worker.
        finished: set when the program said that nothing more will come, or has gone.
        tasks: those that came over the wire; where an executor hands them out there are none.
    """

    def __init__(self, wire: Wire, alone: bool, *, outlives: bool = False, host: str = "") -> None:
        """Say hello, and begin to listen.

        Args:
            wire: to the program.
            alone: whether the process is this worker's own: then it ends with the connection.
            outlives: whether the process is a cluster's, say, and serves other runs and programs, too.
            host: what this machine is called, where its own name says too little.
        """
        self._wire, self._alone = wire, alone
        self._cpu_before_s = time.process_time() if outlives else 0.0
        self._lock = threading.Lock()
        self._pending: list[tuple[Any, ...]] = []
        self.tasks: SimpleQueue[Task | None] = SimpleQueue()
        self.control = Control()
        self.finished = threading.Event()
        self._offset = clock_offset(wire)
        gil = "on" if gil_enabled() else "off"
        runs = f"{platform.python_implementation()} {platform.python_version()}, GIL {gil}"
        say(wire, "ready", runs, os.getpid(), host or platform.node())
        _, self.place, name, niceness, held, cancelled, first, tasks = hear(wire)
        self.control.crew = Crew(first, tasks, 1, name)
        self._hold(held)
        if cancelled:
            self.control.cancel()
        self._busy: set[int] = set()
        # Not a daemon where the interpreter is a guest of the process: those allow no such threads.
        self._thread = threading.Thread(target=self._listen, name="link", daemon=alone or outlives)
        self._thread.start()
        # After the thread was started, which would inherit it: it must hear a cancel while the processors are busy.
        if outlives or not niceness:
            pass  # nobody could take it back for the next run
        elif not alone:
            step_back()
        elif hasattr(os, "nice"):
            os.nice(niceness)

    def emit(self, event: TaskEvent) -> None:
        """Tell the program: at once what changed a task's state, progress with the next batch."""
        number, phase, moment, amount, place, detail = event
        if detail is not None and phase == Phase.DONE:
            try:
                detail = pickle.dumps(detail, PROTOCOL)
            except Exception as error:  # whatever a person's own class raises
                phase = Phase.FAILED
                detail = f"{traceback.format_exc()}{NO_RESULT}: {error}"
        elif detail is not None and phase == Phase.PROGRESS:
            detail = tuple((kind, name, at + self._offset, value) for kind, name, at, value in detail)
        row = (number, int(phase), moment + self._offset, amount, place, detail)
        with self._lock:
            self._pending.append(row)
            if phase == Phase.PROGRESS and len(self._pending) < MAX_PENDING:
                return
            self._send()

    def _send(self) -> None:
        rows, self._pending = self._pending, []
        try:
            say(self._wire, "events", rows, time.process_time() - self._cpu_before_s)
        except (EOFError, OSError):
            self._leave()

    def _listen(self) -> None:
        """Runs in the wire's thread."""
        try:
            while not self.finished.is_set():
                if self._wire.poll(BATCH_S):
                    self._obey(*hear(self._wire))
                if self._pending:
                    with self._lock:
                        self._send()
        except (EOFError, OSError):
            self._leave()
        if not self._alone:
            self.control.cancel()  # whatever comes too late
            self._wire.close()  # nobody else in a guest does

    def _obey(self, word: str, *what: Any) -> None:
        if word == "cancel":
            self.control.cancel()
        elif word == "held":
            self._hold(*what)
        elif word == "stands":
            with self._lock:
                say(self._wire, "stands", [words(calls) for calls in at_work().values()])
        elif word == "task":
            self.tasks.put(Task(*what[0]))
        elif word == "close":
            self.finished.set()

    def _hold(self, numbers: tuple[int, ...]) -> None:
        """Let just these tasks be paused."""
        for number in set(self.control.held).difference(numbers):
            self.control.resume_task(number)
        for number in numbers:
            self.control.pause_task(number)  # which does nothing to one that is paused already

    def run(self, task: Task, place: str = "") -> None:
        """Run a task in the calling thread."""
        drive_to_end(task, self.emit, self.control, place or self.place)

    def take(self, task: Task) -> None:
        """Run a task in the calling thread, beside others in this process: each of them has a place of its own."""
        with self._lock:
            try:
                say(
                    self._wire, "took", task.number
                )  # the process may be killed while it imports what the task needs
            except (EOFError, OSError):
                self._leave()
                return
            thread = next(number for number in range(1, len(self._busy) + 2) if number not in self._busy)
            self._busy.add(thread)
        try:
            self.run(task, self.place if thread == 1 else f"{self.place}, thread {thread}")
        finally:
            self._busy.discard(thread)

    def work(self, place: str) -> None:
        """Run the tasks that come over the wire, in the calling thread, until there is None."""
        for task in iter(self.tasks.get, None):
            self.run(task, place)

    def _leave(self) -> None:
        """The program has gone: nobody waits for anything that is done here."""
        self.control.cancel()
        self.finished.set()
        if self._alone:
            os._exit(1)

    def close(self) -> None:
        """End the connection, after the program said that nothing more will come."""
        self._thread.join()
        self._wire.close()


def begin(address: Any, key: bytes, alone: bool = True) -> None:
    """Call the program. It is the initializer of an executor's processes and interpreters.

    Args:
        address: where the program listens.
        key: what both ends must know.
        alone: whether the process is this worker's own.
    """
    try:
        _workers.append(RemoteWorker(call(address, key), alone))
    except (EOFError, OSError):
        if alone:
            os._exit(1)  # the program has gone already
        raise


def work(task: tuple[Any, ...]) -> None:
    """Run one task where `begin` was called."""
    _workers[-1].run(Task(*task))


def once(task: tuple[Any, ...], place: str, address: Any, key: bytes) -> None:
    """Run one task in a process that was started for it.

    Args:
        task: what to run.
        place: what the process is called.
        address: where the program listens.
        key: what both ends must know.
    """
    begin(address, key)
    _workers[-1].run(Task(*task), place)


def prepare(path: list[str], is_lent: bool) -> None:
    """Let an interpreter that is a guest in the program's process find the packages that the program has.

    Args:
        path: where they are.
        is_lent: whether some are a project's own: nothing is written there.
    """
    sys.path += [one for one in path if one not in sys.path]
    sys.dont_write_bytecode |= is_lent


def visit(task: tuple[Any, ...], address: Any, key: bytes) -> None:
    """Run one task in an interpreter that is a guest in the program's process; it calls the program at the first."""
    if not _workers:
        begin(address, key, alone=False)
    work(task)


def errand(task: tuple[Any, ...], address: Any, key: bytes, host: str = "") -> None:
    """Run one task in a process that outlives the program, such as a cluster's worker; in any of its threads.

    It calls the program at the run's first task.

    Args:
        task: what to run.
        address: where the program listens.
        key: what both ends must know; every run has its own.
        host: what this machine is called, where its own name says too little.

    Raises:
        ConnectionError: the program cannot be reached from here; the message is a sentence.
    """

    def reach() -> Wire:
        try:
            return call(address, key)
        except (EOFError, OSError) as error:
            at = f"{address[0]}, port {address[1]}" if isinstance(address, (list, tuple)) else "this machine"
            raise ConnectionError(
                f"{host or platform.node()} cannot reach the program at {at}: {str(error) or 'it has gone'}."
            ) from None

    run_here(task, key, reach, host)


def run_here(task: tuple[Any, ...], key: bytes, reach: Callable[[], Wire], host: str = "") -> None:
    """The same where the way to the program is another one: `reach` makes it at the run's first task."""
    with _calling:
        for old in [one for one, worker in _by_key.items() if worker.finished.is_set()]:
            del _by_key[old]
        worker = _by_key.get(key)
        if worker is None:
            if not _by_key:  # no other run goes on here, whose modules these are
                forget()
            worker = _by_key[key] = RemoteWorker(reach(), alone=False, outlives=True, host=host)
    worker.take(Task(*task))


def main(line: str) -> None:
    """Run tasks in an interpreter that was started for it, in threads, until the program has no more.

    Args:
        line: as JSON: the address, the key in hexadecimal digits, the number of threads.
    """
    address, key, workers = json.loads(line)
    begin(tuple(address) if isinstance(address, list) else address, bytes.fromhex(key))
    worker = _workers[-1]
    worker.control.crew = worker.control.crew._replace(places=workers, where="")
    names = [f"{worker.place}, thread {number}" for number in range(1, workers + 1)]
    threads = [threading.Thread(target=worker.work, args=(name,), name=name, daemon=True) for name in names]
    for thread in threads:
        thread.start()
    worker.finished.wait()
    worker.close()
