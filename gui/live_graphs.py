"""The two live graphs, throughput and lag over the last 40 seconds, each run tinted in its runner's colour.

Runs in the GUI thread. While that is blocked nothing is painted here; the lag monitor's own thread goes on, and the
first frame afterwards shows the whole freeze.

Every call into Qt gives up the GIL, and a busy worker thread may keep it for a while. So all that stands still is one
picture, and a frame is that picture with a few lines on top: some 30 calls, where pyqtgraph's own curves and axes need
hundreds.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRect, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from gui.graph_axes import GraphAxes
from gui.graph_data import SPAN_S, LagHistory, fitting_top
from gui.graph_hover import paint_hover
from gui.polyline import Polyline
from gui.run_strip import RunStrip

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent, QPixmap, QResizeEvent

    from gui.theme import Theme
    from workers.monitors.lag import LagMonitor
    from workers.run import Run

YOUNG_S = 1.5
"""The axis of rates does not shrink to fit the small rates with which a run begins."""


class LiveGraphs(QWidget):
    """Throughput above lag, over one axis of time that is fixed to the present.

    Attributes:
        frames: how many frames were painted on the screen.
        strips: the runs that are in sight, the oldest first.
    """

    def __init__(self, theme: Theme, lag: LagMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames = 0
        self.strips: list[RunStrip] = []
        self._theme = theme
        self._lag = LagHistory(lag.trace)
        self._lag_line = Polyline()
        self._lag_since = -math.inf
        self._still: QPixmap | None = None
        self._area = QRect()
        self._painted_at = -math.inf
        self._hover: float | None = None
        self._is_copying = False
        self._canvas = Canvas(self._paint)
        self._viewport = self._canvas.viewport()
        self.axes = GraphAxes(self._canvas, theme)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._canvas)
        self._copy_button = QToolButton(self, autoRaise=True)
        self._copy_button.setText("Copy")
        self._copy_button.setToolTip("Copy both graphs as a picture")
        self._copy_button.setAccessibleName("Copy the graphs")
        self._copy_button.clicked.connect(self.copy)
        self.setAccessibleName("Live graphs of throughput and lag")
        self.setMinimumSize(320, 220)
        self.setMouseTracking(True)
        theme.changed.connect(self.restyle)
        self._color_lag()

    # ---------------------------------------------------------------- runs

    def add_run(self, run: Run, title: str, unit: str) -> None:
        """Show a run, from now on until it has scrolled out of sight.

        Args:
            run: just begun.
            title: its runner's name for people.
            unit: what its amounts count; "bytes" are shown as MB.
        """
        self.axes.set_unit(unit)
        self.strips.append(RunStrip(run, title, unit, self._theme))
        self._forget_pictures()
        self._viewport.update()

    def clear(self) -> None:
        """Forget all runs, and the lag up to now."""
        self.strips.clear()
        self._lag_since = time.perf_counter()
        self._forget_pictures()
        self._viewport.update()

    # ---------------------------------------------------------------- frames

    def refresh(self) -> None:
        """Paint a frame if it would differ from the last one; called by the window's timer.

        While a run goes on every call paints, whatever the graphs' width. Else only those do that move by a pixel.
        """
        if not self.isVisible():
            return
        if self._still is not None and not (self.strips and self.strips[-1].run.ended is None):
            if self._scroll(time.perf_counter()) == self._painted_at:
                return
        self._update()

    def _update(self) -> None:
        if self._still is None:
            self._viewport.update()
        else:
            self._viewport.update(self._area)

    def _forget_pictures(self) -> None:
        self._still = None
        for strip in self.strips:
            strip.forget_pictures()

    def _scroll(self, now: float) -> float:
        """The present in whole pixels of the screen, so that what is painted moves as a whole and does not shimmer."""
        at = self.axes.geometry
        return math.floor(now * at.per_s * at.ratio) / at.ratio

    def _paint(self) -> None:
        """Paint one frame; called by the canvas."""
        now = time.perf_counter()
        self._take_in(now)
        ratio = self._viewport.devicePixelRatioF()
        if self._still is None or ratio != self.axes.geometry.ratio:
            self._forget_pictures()
            self._still = self.axes.picture(self._canvas.size(), ratio, not self.strips)
            self._viewport.update()  # this frame may be for the inside alone: the figures outside are others, too
            at = self.axes.geometry
            # To the very right: the label of a run that has just begun has no room before "now".
            self._area = QRect(at.left, at.rate_top, self.width() - at.left, at.lag_bottom - at.rate_top + 1)
        at, axes = self.axes.geometry, self.axes
        scroll = self._scroll(now)
        painter = QPainter(self._viewport)
        painter.drawPixmap(0, 0, self._still)
        painter.setClipRect(self._area)
        following: float | None = None
        for strip in reversed(self.strips):
            divisor = axes.divisor if strip.unit == self.strips[-1].unit else None
            strip.paint(painter, at, scroll, divisor, following)
            following = strip.run.started
        first = self._lag.since(max(now - SPAN_S, self._lag_since))
        if first < len(self._lag.times):
            self._lag_line.put(
                at.right + self._lag.times[first:] * at.per_s - scroll,
                at.lag_bottom - self._lag.heights[first:] * at.per_ten,
            )
            painter.setPen(self._lag_pen)
            painter.drawPolyline(self._lag_line.polygon)
        if self._hover is not None:
            paint_hover(painter, at, self._theme, self._hover, scroll, self.strips, self._lag)
        painter.end()
        if not self._is_copying:
            self.frames += 1
            self._painted_at = scroll

    def _take_in(self, now: float) -> None:
        """See what came since the last frame: lag, work done, runs out of sight, a scale that does not fit any more."""
        self._lag.update()
        gone = now - SPAN_S
        while self.strips and self.strips[0].run.ended is not None and self.strips[0].run.ended < gone:
            del self.strips[0]
            if not self.strips:
                self._still = None  # the graph is empty and says so
        if not self.strips:
            return
        for strip in self.strips:
            strip.update(now)
        unit = self.strips[-1].unit
        peak = max(strip.peak for strip in self.strips if strip.unit == unit)
        top = fitting_top(peak / self.axes.divisor, self.axes.top)
        newest = self.strips[-1].run
        is_young = newest.ended is None and now - newest.started < YOUNG_S
        if top > self.axes.top or (top < self.axes.top and not is_young):
            self.axes.set_top(top)
            self._forget_pictures()

    # ---------------------------------------------------------------- pictures

    def image(self) -> QImage:
        """Both graphs as they are now."""
        self._is_copying = True
        try:
            picture: QImage = self._canvas.grab().toImage()
            return picture
        finally:
            self._is_copying = False

    @Slot()
    def copy(self) -> None:
        """Put `image` on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image())

    # ---------------------------------------------------------------- looks, sizes, mouse

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        self.axes.restyle()
        self._color_lag()
        self._place_button()
        self._forget_pictures()
        self._viewport.update()

    def _color_lag(self) -> None:
        self._lag_pen = QPen(self._theme.color("text"), 0)

    def _place_button(self) -> None:
        size = self._copy_button.sizeHint()
        self._copy_button.setGeometry(self.width() - size.width() - 4, 2, size.width(), size.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew with the next frame."""
        super().resizeEvent(event)
        self._place_button()
        self._forget_pictures()
        self._viewport.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the values under the mouse."""
        self._hover = event.position().x()
        self._update()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell no values any more."""
        self._hover = None
        self._update()


class Canvas(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """pyqtgraph's view, whose scene is painted into a picture now and then, not onto the screen in every frame."""

    def __init__(self, paint: Callable[[], None]) -> None:
        super().__init__(background=None)
        self._paint = paint
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Moving the mouse over a scene of pyqtgraph runs a lot of Python, and nothing here can be dragged.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One frame."""
        self._paint()
