"""processEvents in the loop, the common mistake: the window seems alive, and runs in the middle of the work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot

from ..engine.task import drive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.task import Control, Emit, Task

TITLE = "processEvents (a mistake)"
SHORT = "events"
WHEN = "Never: slots are called inside slots. Later tasks nest inside earlier ones, which cannot finish before them."
ORDER = 70
KIND = "processEvents"
GIL = "gui"
WHERE = "with processEvents"
PROMISE = "It runs on the GUI thread, and the window answers whenever the work calls processEvents."
ADVISE = 0
WHY_FROZEN = "It ran on the GUI thread, and processEvents helps only as often as it is called"
COLOR = "#c2185b"
MARKER = "✖"
REQUIRES = ("PySide6",)

NAP_S = 0.01
"""How long a paused task sleeps before it looks again whether there are events, in seconds."""


class ProcessEventsRunner(QObject):
    """Runs every task inside `start`, and lets the event loop come round after each step.

    So whatever else the window does happens inside of that call: input, painting, timers, and this very slot again,
    as when Start is clicked once more. Here as many calls of `work` stand inside one another as there are workers.

    Attributes:
        deepest: how many calls of `work` have stood inside one another at the most.
        looks: how often processEvents ran.
        handled: how many of these times it had something to do.
    """

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Carry out all tasks in this one call."""
        self._tasks, self._emit, self._control = tasks, emit, control
        self._depth = self.deepest = self.looks = self.handled = 0
        self._loop = QEventLoop()
        for _ in range(workers - 1):
            # Comes round in the middle of the first task, as a click would.
            QTimer.singleShot(0, self, self.work)
        self.work()

    @Slot()
    def work(self) -> None:
        """Runs in the GUI thread, and in the middle of itself."""
        self._depth += 1
        self.deepest = max(self.deepest, self._depth)
        place = f"GUI thread, depth {self._depth}"
        for task in self._tasks:
            for is_paused in drive(task, self._emit, self._control, place):
                # QCoreApplication.processEvents(), which does not tell whether there were any.
                self.looks += 1
                self.handled += self._loop.processEvents()
                if is_paused:
                    time.sleep(NAP_S)
        self._depth -= 1

    def notes(self) -> list[str]:
        inside = f"up to {self.deepest} tasks were nested" if self.deepest > 1 else "one task at a time"
        return [
            f"processEvents() ran {self.looks:,} times, {self.handled:,} times with events to handle; {inside}."
        ]

    def close(self, timeout: float) -> bool:
        """Cancel; returns False when asked from inside of the work, which ends when the stack has unwound."""
        self._control.cancel()
        return self._depth == 0
