"""The timeline of a run: its lanes, their legend, and the buttons that zoom and follow. All in the GUI thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QScrollBar, QToolButton, QVBoxLayout, QWidget

from gui.timeline.canvas import TimelineCanvas
from gui.timeline.foot import Foot
from gui.timeline.freezes import FreezeBands
from gui.timeline.legend import Legend
from gui.timeline.overview import Overview
from gui.timeline.scene import MIN_LANE
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import describe, named
from gui.widgets.keys import ZOOM_STEP
from gui.widgets.panels import fill, fill_panel
from workers.reports.lane import BLOCKED
from workers.reports.lanes import PIECE, TimelineData
from workers.reports.main_lane import MainLane, finished_main_lane
from workers.reports.watched.thread_lanes import lanes_of
from workers.utils import formatting
from workers.utils.throttle import Throttle

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.monitors.lag import LagMonitor
    from workers.monitors.main_thread import MainThread

REFRESH_S = 1 / 8
"""While a run goes on the lanes are painted at most so often."""

MAX_SHARE = 1 / 300  # of the time, for frames: one that costs more is followed by a longer pause

BUTTON_ZOOM = ZOOM_STEP**2
FIRST_LANES = 6  # come before the whole run above them, and the second legend below
NOTHING_YET = (
    "Every thread gets a lane here, every task a bar",
    "Press Start: who works when, who waits for a turn, and bands where the window is slow or frozen.",
)
WAITING = ("The run is about to begin", "Here is who works when, as soon as the window can show it.")


class Timeline(QWidget):
    """Shows who did what when. `refresh` may be called with every frame; it does little when nothing is due.

    Attributes:
        canvas: the painted part.
        follow: the box that keeps the present in sight.

    Signals:
        task_clicked: the index of a task whose bar was clicked.
    """

    task_clicked = Signal(int)

    def __init__(self, theme: Theme, lag: LagMonitor | None, track: MainThread | None = None) -> None:
        super().__init__()
        self._theme, self._lag, self._track = theme, lag, track
        self._data: TimelineData | None = None  # of the run that is shown
        self._throttle = Throttle(REFRESH_S)
        self._is_shown = self._is_final = False
        self.canvas = TimelineCanvas(theme)
        self.overview = Overview(theme, self.canvas)
        self.legend, self.foot = Legend(theme), Foot(theme)
        self.follow = QCheckBox("&Follow")
        self.follow.setToolTip("Keep the present, and the tasks that run, in sight")
        self._bar = describe(QScrollBar(Qt.Orientation.Vertical), "Scroll the lanes")
        self._bar.setSingleStep(24)
        self._lost = named(QLabel(), "muted")
        self._lost.hide()
        buttons = []
        for text, name, tip, press in (
            ("−", "Zoom out", "Show more time (-)", self.zoom_out),
            ("+", "Zoom in", "Show less time (+); the wheel zooms at the mouse", self.zoom_in),
            ("Fit", "Show the whole run", "Show the whole run (0)", self.fit),
        ):
            button = QToolButton(autoRaise=True)
            button.setText(text)
            button.clicked.connect(press)
            buttons.append(describe(button, name, tip))
        self._head = head = fill(
            QHBoxLayout(), (self.legend, 1), self._lost, self.follow, *buttons, margins=(8, 1, 4, 1), spacing=4
        )
        page = QWidget()
        lanes = fill(QHBoxLayout(), (self.canvas, 1), self._bar)
        fill(QVBoxLayout(page), head, self.overview, (lanes, 1), self.foot)
        self._empty = EmptyState(theme, *NOTHING_YET)
        self._stack = fill_panel(self, "Timeline", self._empty, page)
        # A backlog is taken up in pieces, with the event loop between them.
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._take_more)
        self._bar.valueChanged.connect(self.canvas.set_scroll)
        self.follow.toggled.connect(self._follow_now)
        self.canvas.task_clicked.connect(self.task_clicked)
        self.canvas.moved.connect(self._stop_following)
        self.canvas.picked.connect(self._fit_parts)
        self.canvas.scrolled.connect(self._scroll)
        self.canvas.laid_out.connect(self._fit_bar)
        self.canvas.laid_out.connect(self._fit_parts)
        self.canvas.fit_asked.connect(self.fit)
        theme.changed.connect(self.restyle)

    # ---------------------------------------------------------------- the run

    @property
    def is_behind(self) -> bool:
        """Whether there is more to take up of what has happened; it comes in pieces."""
        return self._data is not None and self._data.is_behind

    def clear(self) -> None:
        """Show no run: another one is about to begin."""
        self._empty.say(*WAITING)
        self._data = None
        self._more.stop()
        self.canvas.clear()
        self._lost.clear()
        self._stack.setCurrentIndex(0)

    def rest(self) -> None:
        """Nothing goes on: where there is no run to show, say what would be here, and await none."""
        self._empty.say(*NOTHING_YET)

    def show_run(self, run: Run, lag: LagMonitor | None = None) -> None:
        """Show another run: one that goes on is followed, of another all is seen; `lag` is its own where it has one."""
        self._data = lanes_of(run)
        self._is_final = False
        self.canvas.show_run(self._data, FreezeBands(run, lag or self._lag), self._main_lane(run))
        self._fit_parts()
        self._stack.setCurrentIndex(1)
        self.follow.setEnabled(run.ended is None)
        self.follow.setChecked(run.ended is None)
        self._move()
        self.refresh(at_once=True)

    def refresh(self, at_once: bool = False) -> None:
        """Bring the picture up to date. Call it with every frame, and with `at_once` when the run has ended."""
        if self._data is None or not self._is_shown or self._is_final or not self._throttle.is_due(at_once):
            return
        began = time.perf_counter()
        self._take_up(began)
        cost = time.perf_counter() - began + self.canvas.cost_s
        self._throttle.pause(max(REFRESH_S, cost / MAX_SHARE))

    def _take_up(self, now: float, most: int = PIECE) -> None:
        data, scene = self._data, self.canvas.scene
        assert data is not None
        assert scene.freezes is not None
        assert scene.main is not None
        run = data.run
        rows = scene.rows
        data.take_up(most)
        scene.freezes.update(now)
        scene.main.update()
        if data.is_behind:
            self._more.start()
        elif run.ended is not None:
            data.close_open()
            self._is_final = True
            scene.main = finished_main_lane(run)
        if lost := run.recorder.changes.lost:
            self._lost.setText(f"{formatting.count(lost)} changes were too many to keep")
        self._lost.setVisible(lost > 0)
        scene.now = scene.window.extent = now - run.started if run.ended is None else data.end
        if run.ended is not None:
            if self.follow.isChecked():
                self.follow.setChecked(False)  # there is no present any more
                scene.window.fit()
            self.follow.setEnabled(False)
        self._move()
        if scene.rows != rows:
            self._fit_parts()
            self.canvas.lay_out()
        self.legend.tell(data.kinds > BLOCKED, any(one.has_expected for one in scene.strips), data.is_threads)
        self.canvas.update()

    def _main_lane(self, run: Run) -> MainLane:
        """What the GUI thread does, live; the run itself has what it did."""
        if run.ended is None and self._track is not None and self._lag is not None:
            return MainLane(self._track.marks, run.started, self._lag.beats)
        return finished_main_lane(run)

    @Slot()
    def _fit_parts(self) -> None:
        """Show what is around the lanes where there is room for it, and in any case what was clicked in them."""
        scene = self.canvas.scene
        rows = scene.rows if scene.has_things else min(scene.rows, FIRST_LANES)
        wanted = self._head.sizeHint().height() + scene.layout.top + rows * MIN_LANE
        room = self.height() - wanted - self.overview.sizeHint().height()
        self.overview.setVisible(room >= 0)
        self.foot.tell(scene.picked_words, room >= self.foot.legend.sizeHint().height(), scene.is_threads)

    @Slot()
    def _take_more(self) -> None:
        if self._data is not None and self._is_shown and not self._is_final:
            self._take_up(time.perf_counter())

    def _move(self) -> None:
        data, window = self._data, self.canvas.scene.window
        if data is None:
            return
        if data.run.ended is None:
            if self.follow.isChecked():
                window.follow()
        elif not window.extent:
            window.extent = data.end
            window.fit()

    # ---------------------------------------------------------------- what a person does

    def show_task(self, task: int) -> None:
        if self._data is not None and 0 <= task < self._data.run.recorder.count:
            if self.canvas.bring_task(task):
                self._stop_following()
            self.canvas.mark(task)

    @Slot()
    def fit(self) -> None:
        self._stop_following()
        self.canvas.scene.window.fit()
        self.canvas.update()

    @Slot()
    def zoom_in(self) -> None:
        self._zoom(1 / BUTTON_ZOOM)

    @Slot()
    def zoom_out(self) -> None:
        self._zoom(BUTTON_ZOOM)

    def _zoom(self, factor: float) -> None:
        if self.follow.isChecked():
            self.canvas.scene.window.zoom_following(factor)
            self.canvas.update()
        else:
            self.canvas.zoom_middle(factor)

    @Slot()
    def _stop_following(self) -> None:
        self.follow.setChecked(False)

    @Slot()
    def _follow_now(self) -> None:
        self._move()
        self.canvas.update()

    @Slot(int)
    def _scroll(self, pixels: int) -> None:
        self._bar.setValue(self._bar.value() + pixels)

    @Slot()
    def _fit_bar(self) -> None:
        at = self.canvas.scene.layout
        self._bar.setPageStep(max(1, at.bottom - at.top))
        self._bar.setRange(0, at.hidden)
        self._bar.setVisible(at.hidden > 0)

    # ---------------------------------------------------------------- pictures, looks

    def image(self) -> QImage:
        """The timeline as it is, with all lanes and its legend."""
        if self._data is not None and not self._is_final:
            self._take_up(time.perf_counter(), len(self._data.run.recorder.changes))
        canvas = self.canvas.picture()
        ratio = canvas.devicePixelRatio()
        head = self.legend.sizeHint().height() + 6
        picture = QImage(canvas.width(), canvas.height() + round(head * ratio), QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.color("panel"))
        with QPainter(picture) as painter:
            painter.setFont(self.font())
            painter.drawImage(0, head, canvas)
            painter.translate(8, 0)
            self.legend.draw(painter, round(canvas.width() / ratio) - 16, head)
        return picture

    @Slot()
    def restyle(self) -> None:
        self.canvas.restyle()
        self.legend.restyle()
        self.foot.legend.restyle()
        self.overview.restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_parts()

    def showEvent(self, event: QShowEvent) -> None:
        self._is_shown = True
        self.refresh(at_once=True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._is_shown = False
        self._more.stop()
