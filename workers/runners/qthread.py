"""QThread: worker objects moved to threads of Qt's own, which signal their progress back to the GUI thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from ..engine.task import drive_to_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.task import Control, Emit, Task, TaskEvent

TITLE = "QThread"
WHEN = "Worker objects in QThreads: for long-lived work that wants timers, sockets and signals of Qt in its thread."
ORDER = 10
KIND = "threads"
PLACE = "in a QThread"
GIL = "shared"
FILES = 1
THREADS = 1
ADVISE = 30
COLOR = "#0072b2"
MARKER = "▲"
REQUIRES = ("PySide6",)


class Worker(QObject):
    """Lives in a QThread and works through tasks there.

    Signals:
        happened: a TaskEvent; it is delivered in the receiver's thread.
        finished: no task is left.
    """

    happened = Signal(object)
    finished = Signal()

    def __init__(self, tasks: Iterator[Task], control: Control, place: str) -> None:
        super().__init__()
        self._tasks, self._control, self._place = tasks, control, place

    @Slot()
    def work(self) -> None:
        """Runs in the worker's thread: it is a slot of an object that lives there."""
        for task in self._tasks:
            drive_to_end(task, self.happened.emit, self._control, self._place)
        self.finished.emit()


class QThreadRunner(QObject):
    """Starts N QThreads with a worker each, and hears from them in the GUI thread."""

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Start the threads; returns at once."""
        self._emit, self._control = emit, control
        self._places: list[tuple[QThread, Worker]] = []
        for number in range(1, workers + 1):
            thread = QThread()
            worker = Worker(tasks, control, f"QThread {number}")
            worker.moveToThread(thread)
            thread.started.connect(worker.work)
            # Queued, and the receiver lives in the GUI thread: `hear` runs there, one event after the other.
            worker.happened.connect(self.hear, Qt.ConnectionType.QueuedConnection)
            # Direct: quit() may be called from any thread, and ends this thread's event loop without the GUI's help.
            worker.finished.connect(thread.quit, Qt.ConnectionType.DirectConnection)
            self._places.append((thread, worker))
            thread.start()
            # Where the system gives no more, those that there are do it all.
            if not (thread.isRunning() or thread.isFinished()):
                self._places.pop()
                if not self._places:
                    raise RuntimeError("can't start new thread")
                break

    @Slot(object)
    def hear(self, event: TaskEvent) -> None:
        """Runs in the GUI thread."""
        self._emit(event)

    def close(self, timeout: float) -> bool:
        """Wait for the threads, at most `timeout` seconds: a QThread that is destroyed while it runs aborts."""
        self._control.cancel()
        deadline = time.monotonic() + timeout
        for thread, _ in self._places:
            thread.quit()
        return all(
            thread.wait(max(0, round((deadline - time.monotonic()) * 1000))) for thread, _ in self._places
        )
