"""Leads runs from their start to their end, one after the other: the session's hands in the GUI thread.

Needs no widgets, so it serves the window and the headless mode alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from workers.user_code.limit import Left
from workers.utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.controllers.bridge import Bridge
    from workers.engine.plan import Settings
    from workers.engine.run import Run
    from workers.engine.session import Session
    from workers.engine.task import TaskEvent

BREATH_MS = 50
"""Between Start and the first task, so that a window that is about to freeze shows that it runs."""

LOOK_MS, LOOKS = 50, 100
"""A run begins when the place of the one before has been left; on a busy machine processes need seconds for that."""

END_MS = 10
"""Between the last event and the run's end: a window that was frozen first answers what has waited.

What the end costs (verdict, tables, a report) is no part of the freeze. As long as a beat, so that one comes before it.
"""

BETWEEN_MS = 800
"""Between two runs of a comparison or of a sequence, so that the window's own catching up falls into neither."""


class Director(QObject):
    """Starts runs, feeds the session with what the bridge brings, and says when a run has ended.

    Attributes:
        session: the run that goes on.

    Signals:
        announced: the Settings of a run that will begin in a moment.
        begun: a Run, just before its first task.
        results: a list of task results.
        finished: a Run that has ended.
        compared: the two Runs of a comparison, the GUI thread's first.
        refused: why a run could not begin, in a sentence.
        paused: whether the run waits now.
        idle: nothing runs and nothing is about to; after `finished`, `compared` or `refused`.
    """

    announced = Signal(object)
    begun = Signal(object)
    results = Signal(object)
    finished = Signal(object)
    compared = Signal(object, object)
    refused = Signal(str)
    paused = Signal(bool)
    idle = Signal()

    def __init__(self, session: Session, bridge: Bridge) -> None:
        super().__init__()
        self.session = session
        self._waiting: list[Settings] = []
        self._looks_left = 0
        self._ended: list[Run] = []
        self._many, self._is_comparison = 0, False
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._begin_next)
        self._end = QTimer(self, singleShot=True, interval=END_MS, timerType=Qt.TimerType.PreciseTimer)
        # Queued: where painting has taken longer than END_MS, the timer fires in the very turn of the event loop in
        # which the window system's questions wait; they are answered before the next one.
        self._end.timeout.connect(self._end_run, Qt.ConnectionType.QueuedConnection)
        bridge.arrived.connect(self.take)

    @property
    def is_busy(self) -> bool:
        return self.session.is_running or bool(self._waiting)

    def start(self, settings: Settings) -> None:
        """Begin a run in a moment; without effect while another is going on."""
        self._begin([settings])

    def compare(self, settings: Settings) -> None:
        """Run the same work on the GUI thread and then where `settings` say."""
        self._begin([settings.blocking(), settings], is_comparison=True)

    def sequence(self, settings: Sequence[Settings]) -> None:
        """Run one after the other; a cancel or a refusal ends it."""
        self._begin(settings)

    def _begin(self, settings: Sequence[Settings], is_comparison: bool = False) -> None:
        if not self.is_busy:
            self._ended, self._many, self._is_comparison = [], len(settings), is_comparison
            self._waiting = list(settings)
            self._begin_soon(BREATH_MS)

    @property
    def which(self) -> str:
        """Which of several runs goes on or is announced, in words: "Comparing 1 of 2"; empty where it is alone."""
        if self._many < 2:
            return ""
        return f"{'Comparing' if self._is_comparison else 'Run'} {len(self._ended) + 1} of {self._many}"

    def _begin_soon(self, wait_ms: int) -> None:
        self.announced.emit(self._waiting[0])
        self._looks_left = LOOKS
        # Only now: whoever shows what is announced may take a while, and it is to be painted before a freeze.
        self._timer.start(wait_ms)

    @Slot()
    def _begin_next(self) -> None:
        if not self._waiting:
            return
        if not self.session.is_free and self._looks_left:
            self._looks_left -= 1
            self._timer.start(LOOK_MS)
            return
        settings = self._waiting.pop(0)
        try:
            self.session.start(settings, self.begun.emit)
        except (ThawError, RuntimeError, OSError, ImportError, Left) as error:
            self._waiting = []
            self.refused.emit(str(error))
            self.idle.emit()

    @Slot(object)
    def take(self, events: list[TaskEvent]) -> None:
        results = self.session.fold(events)
        if results:
            self.results.emit(results)
        self._look_for_end()

    @Slot()
    def toggle_pause(self) -> None:
        run = self.session.run
        if run is None or not self.session.is_running:
            return
        if run.control.paused:
            self.session.resume()
        else:
            self.session.pause()
        self.paused.emit(run.control.paused)

    def cancel(self) -> None:
        """Cancel the run that is going on, and do not begin the one that waits."""
        was_waiting = bool(self._waiting) and not self.session.is_running
        self._waiting = []
        self.session.cancel()
        self._look_for_end()  # where no task was running there is no event to wait for
        if was_waiting:
            self.idle.emit()

    def _look_for_end(self) -> None:
        if self.session.is_over and not self._end.isActive():
            self._end.start()

    @Slot()
    def _end_run(self) -> None:
        if not self.session.finish():
            return
        run = self.session.run
        assert run is not None
        self.finished.emit(run)
        self._ended.append(run)
        if self._is_comparison and len(self._ended) == self._many:
            run.compared_with = self._ended[0]
            self.compared.emit(*self._ended)
        if self._waiting:
            self._begin_soon(BETWEEN_MS)
        else:
            self.idle.emit()
