"""The one crossing from any thread to the GUI thread.

`post` runs in any thread; everything else in the GUI thread. Events go into a deque, and one queued signal wakes the
GUI thread, however many events follow before it gets there: a signal for each would cost it 5 to 12 microseconds
apiece, and two threads that emit freely would leave it no time for anything else.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from workers.utils.throttle import Throttle

if TYPE_CHECKING:
    from workers.engine.task import TaskEvent

FRAME_S = 1 / 30
"""Events are handed over at most once in this time: nobody sees more."""

MAX_EVENTS = 5_000
"""Events handed over at once; the rest waits for the next frame, so that no batch takes longer than about 8 ms."""


class Bridge(QObject):
    """Takes task events in any thread and hands them over in the GUI thread, at most once a frame.

    Make it in the GUI thread, without a parent: workers may outlive every window.

    Signals:
        arrived: a list of TaskEvents, in their order; in the GUI thread.
    """

    arrived = Signal(object)
    _wake = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._events: deque[TaskEvent] = deque()
        self._pending = False
        self._throttle = Throttle(FRAME_S)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.drain)
        self._wake.connect(self._on_wake, Qt.ConnectionType.QueuedConnection)

    def post(self, event: TaskEvent) -> None:
        """Take one event; may be called from any thread, and never blocks."""
        self._events.append(event)
        if not self._pending:  # two threads may both see this; the second wake-up finds nothing to do
            self._pending = True
            try:
                self._wake.emit()
            except RuntimeError:
                pass  # the program has left its window behind, and this worker with it

    @Slot()
    def _on_wake(self) -> None:
        wait_s = self._throttle.left_s
        if wait_s <= 0:
            self.drain()
        elif not self._timer.isActive():
            self._timer.start(round(wait_s * 1e3))

    @Slot()
    def drain(self) -> None:
        # Cleared before the deque is read: an event that comes in between wakes us once more, and none is stranded.
        self._pending = False
        self._throttle.pause()
        take = self._events.popleft
        batch = [take() for _ in range(min(len(self._events), MAX_EVENTS))]
        if self._events and not self._pending:
            self._pending = True
            self._timer.start(round(FRAME_S * 1e3))
        if batch:
            self.arrived.emit(batch)
