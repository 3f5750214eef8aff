"""QThreadPool: runnables in a pool of Qt's threads, which signal through an object that lives in the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from ..engine.task import drive_to_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.task import Control, Emit, Task, TaskEvent

TITLE = "QThreadPool"
SHORT = "Qt pool"
WHEN = "Short jobs in a program that is all Qt: QRunnables on threads that Qt keeps. Results come back by a signal."
ORDER = 25
KIND = "threads"
PLACE = "in Qt's thread pool"
GIL = "shared"
FILES = 1
THREADS = 1
ADVISE = 40
COLOR = "#4f6d2f"
MARKER = "○"
REQUIRES = ("PySide6",)


class Signals(QObject):
    """What runnables emit: a QRunnable is no QObject, and can have no signals itself.

    Signals:
        happened: a TaskEvent; it is delivered in the receiver's thread.
    """

    happened = Signal(object)


class Job(QRunnable):
    """Works through tasks until none is left."""

    def __init__(self, tasks: Iterator[Task], signals: Signals, control: Control, place: str) -> None:
        super().__init__()
        self._tasks, self._signals, self._control, self._place = tasks, signals, control, place

    def run(self) -> None:
        """Runs in one of the pool's threads.

        Not a job for each task: to Python every call of `run` is a new thread, which has lost what the one before it
        kept in a `threading.local`, such as an open connection.
        """
        for task in self._tasks:
            drive_to_end(task, self._signals.happened.emit, self._control, self._place)


class QThreadPoolRunner(QObject):
    """Gives a pool of its own a job for each thread, and hears from them in the GUI thread."""

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Start the jobs; returns at once."""
        self._emit, self._control = emit, control
        self._signals = Signals()
        # Queued, and the receiver lives in the GUI thread: `hear` runs there, one event after the other.
        self._signals.happened.connect(self.hear, Qt.ConnectionType.QueuedConnection)
        self._pool = QThreadPool()  # not the global one: others wait in that
        self._pool.setMaxThreadCount(workers)
        for number in range(1, workers + 1):
            # The pool owns it from here on, and deletes it when it has run. With setAutoDelete(False) nobody would:
            # `start` takes it from Python in any case. So no reference is kept, which would be one to nothing then.
            self._pool.start(Job(tasks, self._signals, control, f"QThreadPool {number}"))

    @Slot(object)
    def hear(self, event: TaskEvent) -> None:
        """Runs in the GUI thread."""
        self._emit(event)

    def close(self, timeout: float) -> bool:
        """Wait for the jobs, at most `timeout` seconds; then the pool ends its threads, which have nothing to do."""
        self._control.cancel()
        return self._pool.waitForDone(round(timeout * 1000))
