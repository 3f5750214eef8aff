"""Keeps the queue of downloads in its file without the window noticing: job after job, in a thread of its own.

`Clerk` lives in the GUI thread. Its thread is the only one here that opens the queue's file, and steps aside between
two steps of about a millisecond: it waits at the gate while the GUI thread has events to handle. It starts with the
first job; nothing of the queue is even imported before.
"""

from __future__ import annotations

import queue
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot

from gui.downloads.queue_jobs import Desk, Refused
from gui.downloads.state import State
from workers.utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    from gui.downloads.queue_jobs import Opened
    from workers.engine.gil_scheduler import Gate
    from workers.engine.run import Work

    Steps = Callable[[Desk], Generator[None, None, Any]]

CLOSE_S = 0.5
"""How long leaving waits for the job that is being done; the file is safe at every moment."""


class _Job(NamedTuple):
    """What the thread is to do, and what takes the result in the GUI thread."""

    steps: Steps
    done: Callable[[Any], None]


class _Given(NamedTuple):
    """What the thread brings back: a result and who takes it, or why there is none."""

    done: Callable[[Any], None]
    result: Any
    problem: str


class Clerk(QObject):
    """Reads and changes the queue's file. All of it is called in the GUI thread, and answers there by signals.

    Signals:
        opened: the queue is this program's own now; how many of its items are left from last time, and of how many.
        refused: it cannot be, or another program has it: why, in a sentence.
        listed: a `Listing` of all that the file holds; after every change.
        added: an `Added`: what came of a text or a file with addresses.
        moved: how many items that wait go to which other folder now.
        failed: why a job was not done, in a sentence.
        mapped: a run and its tasks by the numbers of their items.
        prepared: the folder is there, and files can be written to it.
        idle: nothing is left to do.
    """

    opened = Signal(int, int)
    refused = Signal(str)
    listed = Signal(object)
    added = Signal(object)
    moved = Signal(int, str)
    failed = Signal(str)
    mapped = Signal(object, object)
    prepared = Signal(str)
    idle = Signal()
    _given = Signal(object)

    def __init__(self, path: Path | None, gate: Gate | None = None, parent: QObject | None = None) -> None:
        """Make it; nothing is opened yet.

        Args:
            path: the queue's file; None for the usual one.
            gate: the GUI thread's; None where nobody shuts one.
            parent: its owner.
        """
        super().__init__(parent)
        self._desk = Desk(path)
        self._gate = gate
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._waiting = 0
        self._is_stale = False
        self._path = ""
        self._given.connect(self._take, Qt.ConnectionType.QueuedConnection)

    # ---------------------------------------------------------------- what can be asked for

    @property
    def is_busy(self) -> bool:
        """Whether something is being done; `idle` comes when that is over."""
        return self._waiting > 0

    def open(self) -> None:
        """Take the queue for this program; `opened` or `refused` follows, and then `listed`."""
        self._ask(Desk.open, self._tell_opened)

    @property
    def path(self) -> str:
        """The queue's file; empty before it is open."""
        return self._path

    def add_text(self, text: str, folder: str) -> None:
        """Add all addresses in a text; `added` follows."""
        self._change(partial(Desk.add_text, text=text, folder=folder), self.added.emit)

    def add_sample(self, folder: str) -> None:
        """Add the sample list; `added` follows. Nothing is fetched by that."""
        self._change(partial(Desk.add_sample, folder=folder), self.added.emit)

    def add_file(self, path: Path, folder: str) -> None:
        """Add all addresses in a file; `added` or `failed` follows."""
        self._change(partial(Desk.add_file, path=path, folder=folder), self.added.emit)

    def retry(self, items: Iterable[int]) -> None:
        """Let items that failed wait for another try."""
        self._change(partial(Desk.retry, items=list(items)))

    def remove(self, items: Iterable[int]) -> None:
        """Take items off the list; files that are done stay where they are."""
        self._change(partial(Desk.remove, items=list(items)))

    def move(self, folder: str) -> None:
        """Let what waits go to another folder, but for files that have begun to come; `moved` follows."""
        self._change(partial(Desk.move, folder=folder), lambda count: self.moved.emit(count, folder))

    @Slot()
    def clear_done(self) -> None:
        """Take all items that are done off the list; their files stay."""
        self._change(Desk.clear_done)

    def prepare(self, folder: str) -> None:
        """Make the folder for the files; `prepared` or `failed` follows."""
        self._ask(partial(Desk.prepare, folder=folder), self.prepared.emit)

    def map_run(self, plan: Work, run: object) -> None:
        """Find out which task of a plan is for which item; `mapped` follows, with `run` as its first argument."""
        self._ask(partial(Desk.map_run, plan=plan), partial(self.mapped.emit, run))

    def reload(self) -> None:
        """Read the file anew; `listed` follows."""
        self._is_stale = True
        if not self._waiting:
            self._read()

    def close(self, timeout: float = CLOSE_S) -> bool:
        """Give the queue free and end the thread, after `timeout` seconds at the most; returns whether it has ended.

        No signal comes any more.
        """
        self._stop.set()
        self._jobs.put(None)
        thread, self._thread = self._thread, None
        if thread is None:
            return True
        thread.join(timeout)
        return not thread.is_alive()

    # ---------------------------------------------------------------- how it is done

    def _change(self, steps: Steps, done: Callable[[Any], None] = lambda result: None) -> None:
        self._is_stale = True
        self._ask(steps, done)

    def _read(self) -> None:
        self._is_stale = False
        self._ask(Desk.list, self.listed.emit)

    def _ask(self, steps: Steps, done: Callable[[Any], None]) -> None:
        if self._stop.is_set():
            return
        self._waiting += 1
        self._jobs.put(_Job(steps, done))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="downloads clerk", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        """Runs in the thread until it is to stop."""
        try:
            while not self._stop.is_set() and (job := self._jobs.get()) is not None:
                given = _Given(job.done, None, "This was not finished.")
                try:
                    given = _Given(job.done, self._go_through(job.steps(self._desk)), "")
                except ThawError as why:
                    given = _Given(job.done, None, str(why))
                finally:  # also after an error that nobody foresaw, which goes on to the log of problems
                    if not self._stop.is_set():
                        self._given.emit(given)
        except RuntimeError:
            if not self._stop.is_set():
                raise  # else the program has left its window behind, and this thread with it
        finally:
            self._desk.close()

    def _go_through(self, steps: Generator[None, None, Any]) -> Any:
        gate = self._gate
        try:
            while not self._stop.is_set():
                next(steps)
                if gate is not None and gate.shut:
                    gate.wait()
                else:
                    time.sleep(0)  # the GIL goes to whoever waits for it, also where nobody shuts the gate
        except StopIteration as end:
            return end.value
        finally:
            steps.close()
        raise Refused("This was not finished.")

    @Slot(object)
    def _take(self, given: _Given) -> None:
        if self._stop.is_set():
            return
        self._waiting -= 1
        if given.problem:
            self.failed.emit(given.problem)
        else:
            given.done(given.result)
        if self._is_stale and not self._waiting:
            self._read()
        elif not self._waiting:
            self.idle.emit()

    def _tell_opened(self, found: Opened) -> None:
        self._path = found.path
        if found.why_not:
            self.refused.emit(found.why_not)
        else:
            self.opened.emit(found.listing.how_many(State.WAITING), len(found.listing.items))
        self.listed.emit(found.listing)
