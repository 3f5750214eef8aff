"""Tells at the end of a long run that it is over, where the person looks at another window by then. GUI thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from workers.utils.formatting import plural, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gui.controllers.benchmark import BenchmarkLeader
    from gui.controllers.run import Director
    from workers.engine.run import Run

LONG_S = 10.0
TITLE = "Thaw"


class EndNotice(QObject):
    """Asks for attention, and says in the window's title what is done until the window is looked at again."""

    def __init__(
        self,
        window: QWidget,
        director: Director,
        leader: BenchmarkLeader,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(window)
        self._window, self._leader, self._clock = window, leader, clock
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._app = app
        self._began: float | None = None
        self._done = ""
        director.announced.connect(self._begin)
        director.finished.connect(self._note_run)
        director.compared.connect(self._note_pair)
        director.idle.connect(self._end_runs)
        leader.begun.connect(self._begin)
        leader.finished.connect(self._end_benchmark)

    @Slot()
    def _begin(self) -> None:
        """The first of two runs, or of a benchmark's, counts."""
        if self._began is None:
            self._began = self._clock()

    @Slot(object)
    def _note_run(self, run: Run) -> None:
        recorder = run.recorder
        failed = f", {recorder.failed:,} failed" if recorder.failed else ""
        self._done = "" if recorder.cancelled else f"{plural(recorder.done, 'task')} done{failed}"

    @Slot()
    def _note_pair(self) -> None:
        if self._done:
            self._done = "comparison done"

    @Slot()
    def _end_runs(self) -> None:
        if not self._leader.is_running:
            self._end(self._done)

    @Slot()
    def _end_benchmark(self) -> None:
        self._end("benchmark done")

    def _end(self, done: str) -> None:
        if self._began is None:
            return
        took, self._began = self._clock() - self._began, None
        if done and took > LONG_S and not self._window.isActiveWindow():
            self._window.setWindowTitle(f"{TITLE} — {done} in {seconds(took)}")
            self._app.focusWindowChanged.connect(self._look_again)
            QApplication.alert(self._window)

    @Slot()
    def _look_again(self) -> None:
        if self._window.isActiveWindow():
            self._window.setWindowTitle(TITLE)
            self._app.focusWindowChanged.disconnect(self._look_again)
