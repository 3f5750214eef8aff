"""The beats of the GUI thread: every 10 ms beside a run, and none where nothing happens. In the GUI thread.

A hundred beats a second cost an idle window two per cent of a core. While nothing runs the lag monitor is told in their
place when the event loop waits, where that is known: see `gui.controllers.poll_hook`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from workers.monitors.lag import PERIOD_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.controllers.poll_hook import PollHook
    from workers.monitors.lag import LagMonitor

LOOK_MS = 400
"""So often it is asked whether there is anything to measure; as often as an idle window's frames, and with them."""

REST_AFTER_S = 3.0
"""After a run, or after the window was blocked for a moment."""


class Beats(QObject):
    """Lets the lag monitor beat, or rest.

    Args:
        lag: the monitor.
        poll_hook: tells of waits where it is in place; elsewhere nothing ever rests.
        is_busy: whether anything runs, or is about to.
    """

    def __init__(self, lag: LagMonitor, poll_hook: PollHook, is_busy: Callable[[], bool]) -> None:
        super().__init__()
        self._lag, self._poll_hook, self._is_busy = lag, poll_hook, is_busy
        self._rests_at = 0.0
        self._beat = QTimer(self, interval=round(PERIOD_S * 1e3), timerType=Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(lag.beat)
        self._looks = QTimer(self, interval=LOOK_MS)
        self._looks.timeout.connect(self._look)

    def begin(self) -> None:
        """Measure from now on."""
        self._lag.start()
        self.hasten()
        self._looks.start()

    @Slot()
    def hasten(self) -> None:
        """Beat: something begins, or has just happened."""
        self._rests_at = time.perf_counter() + REST_AFTER_S
        if not self._beat.isActive():
            self._poll_hook.tell_waits(None)
            self._lag.rest(False)
            self._lag.beat()
            self._beat.start()

    @Slot()
    def _look(self) -> None:
        if self._is_busy() or self._lag.was_blocked:
            self.hasten()
        elif (
            self._beat.isActive()
            and time.perf_counter() > self._rests_at
            and self._poll_hook.tell_waits(self._lag)
        ):
            self._beat.stop()
            self._lag.rest(True)

    def close(self) -> None:
        self._looks.stop()
        self._beat.stop()
        self._poll_hook.tell_waits(None)
