"""The GUI thread in slices: a timer does a little work, and lets the event loop come round before it does more."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from ..engine.task import PAUSE_POLL_S, drive

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ..engine.task import Control, Emit, Task

TITLE = "Cooperative slices"
SHORT = "slices"
WHEN = (
    "Work in steps of about a millisecond, without threads. A step that waits or takes long freezes the window."
)
ORDER = 60
KIND = "slices on the GUI thread"
PLACE = "in slices on the GUI thread"
GIL = "gui"
WHERE = "in cooperative slices"
PROMISE = "It runs on the GUI thread, a slice at a time: the window answers between two slices."
ADVISE = 20
MAX_CALL_S = 0.005
BENCHMARKED = 4
WHY_FROZEN = "It ran on the GUI thread in slices, and a slice is no shorter than a step of the work"
COLOR = "#f0e442"
MARKER = "★"
REQUIRES = ("PySide6",)

SLICE_S = 0.005
"""How long the work keeps the event loop waiting, if no single step takes longer."""


class CooperativeRunner(QObject):
    """Takes steps of up to `workers` tasks in turn, for SLICE_S, each time the event loop has nothing else to do."""

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Start the timer; returns at once."""
        self._tasks, self._emit, self._control = tasks, emit, control
        self._free = [f"GUI thread {number}" for number in range(workers, 0, -1)]
        self._begun: deque[tuple[str, Generator[bool, None, None]]] = deque()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.work)
        self._timer.start(0)  # 0 ms is 'when no event waits'

    @Slot()
    def work(self) -> None:
        """Runs in the GUI thread: one slice."""
        ends = time.perf_counter() + SLICE_S
        pause_ms = paused = 0
        while time.perf_counter() < ends and not pause_ms:
            self._fill_places()
            if not self._begun:
                return
            place, steps = self._begun.popleft()
            is_paused = next(steps, None)
            if is_paused is None:
                self._free.append(place)
                continue
            self._begun.append((place, steps))
            paused = paused + 1 if is_paused else 0
            if paused >= len(self._begun):  # all of them: look now and then whether that is over
                pause_ms = round(PAUSE_POLL_S * 1e3)
        self._timer.start(pause_ms)

    def _fill_places(self) -> None:
        while self._free and (task := next(self._tasks, None)) is not None:
            place = self._free.pop()
            self._begun.append((place, drive(task, self._emit, self._control, place)))

    def close(self, timeout: float) -> bool:
        """Bring each task that has begun to its end, which after a cancel is its next step."""
        self._control.cancel()
        self._timer.stop()
        while self._begun:
            for _ in self._begun.popleft()[1]:
                pass
        return True
