"""The live graphs: throughput, lag and waits for the GIL over the last 40 seconds, each run in its runner's colour.

Runs in the GUI thread. While that is blocked nothing is painted here; the lag monitor's own thread goes on, and the
first frame afterwards shows the whole freeze. So does the GIL meter's.

Every call into Qt gives up the GIL, and a busy worker thread may keep it for a while. So all that stands still is one
picture, and a frame is that picture with a few lines on top: some 30 calls, where pyqtgraph's own curves and axes need
hundreds.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPen
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from gui.charts.polyline import Polyline
from gui.charts.scales import SPAN_S, fitting_top
from gui.live.axes import GRAPHS, GraphAxes
from gui.live.canvas import Canvas
from gui.live.gil_graph import GilGraph
from gui.live.hover import paint_hover, paint_legend
from gui.live.run_strip import RunStrip
from gui.live.traces import LagHistory
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPixmap, QResizeEvent, QShowEvent

    from gui.live.gil_graph import Meter, Watcher
    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.monitors.lag import LagMonitor

MIN_WIDTH, MIN_HEIGHT, MIN_HEIGHT_WITH_GIL = 320, 220, 260
PICTURE = {"throughput": 280, "lag": 280, "gil": 200}
"""How high the picture of one graph is, in pixels; it is as wide as they are on the screen, but for:"""

PICTURE_WIDTH = 640  # at least

YOUNG_S = 1.5
"""The axis of rates does not shrink to fit the small rates with which a run begins."""


class LiveGraphs(QWidget):
    """Throughput, lag and, where there is a meter, waits for the GIL, over one axis of time, fixed to the present.

    Attributes:
        frames: how many frames were painted on the screen.
        strips: the runs that are in sight, the oldest first.
    """

    def __init__(
        self,
        theme: Theme,
        lag: LagMonitor,
        gil_meter: Meter | None = None,
        watchdog: Watcher | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make them; nothing is painted before they are shown.

        Args:
            theme: colours and fonts.
            lag: whose trace is drawn.
            gil_meter: whose trace is drawn in a third graph; without it there are two.
            watchdog: knows when code in C held the GIL, which is marked in the third.
            parent: Qt's.
        """
        super().__init__(parent)
        self.frames = 0
        self.strips: list[RunStrip] = []
        self._theme = theme
        self._lag = LagHistory(lag.trace)
        self._lag_line = Polyline()
        self._gil = None if gil_meter is None else GilGraph(theme, gil_meter, watchdog)
        self._since = -math.inf
        self._still: QPixmap | None = None
        self._area = QRect()
        self._painted_at = -math.inf
        self._hover: float | None = None
        self._is_copying = False
        self._canvas = Canvas(self._paint)
        self._viewport = self._canvas.viewport()
        self.axes = GraphAxes(self._canvas, theme)
        fill(QVBoxLayout(self), self._canvas)
        self._copy_button = QToolButton(self, autoRaise=True)
        self._copy_button.setText("Copy")
        self._copy_button.setToolTip("Copy the graphs as a picture")
        self._copy_button.setAccessibleName("Copy the graphs")
        self._copy_button.clicked.connect(self.copy)
        self.setMouseTracking(True)
        theme.changed.connect(self.restyle)
        self._lag_pen = QPen(theme.color("text"), 0)
        self._show_gil(self._gil is not None)

    # ---------------------------------------------------------------- which graphs

    @property
    def is_gil_visible(self) -> bool:
        return "gil" in self.axes.shown

    def set_gil_visible(self, on: bool) -> None:
        """Show the graph of waits for the GIL, or give its place to the others; without a meter there is none."""
        if on != self.is_gil_visible and self._gil is not None:
            self._show_gil(on)
            self._repaint()

    def _show_gil(self, on: bool) -> None:
        self.axes.show([name for name in GRAPHS if on or name != "gil"])
        self.setMinimumSize(MIN_WIDTH, MIN_HEIGHT_WITH_GIL if on else MIN_HEIGHT)
        more = ", lag and waits for the GIL" if on else " and lag"
        self.setAccessibleName(f"Live graphs of throughput{more}")

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
        self._repaint()

    def clear(self) -> None:
        """Forget all runs, and what the monitors saw up to now."""
        self.strips.clear()
        self._since = time.perf_counter()
        self._repaint()

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

    def _repaint(self) -> None:
        """Paint everything anew: something is another that stood still."""
        self._forget_pictures()
        self._viewport.update()

    def _forget_pictures(self) -> None:
        self._still = None
        for strip in self.strips:
            strip.forget_pictures()
        if self._gil is not None:
            self._gil.forget_pictures()

    def _scroll(self, now: float) -> float:
        """The present in whole pixels of the screen, so that what is painted moves as a whole and does not shimmer."""
        at = self.axes.geometry
        return math.floor(now * at.per_s * at.ratio) / at.ratio

    def _paint(self) -> None:
        now = time.perf_counter()
        self._take_in(now)
        ratio = self._viewport.devicePixelRatioF()
        if self._still is None or ratio != self.axes.geometry.ratio:
            self._still = self._lay_out(self._canvas.size(), ratio)
            self._viewport.update()  # this frame may be for the inside alone: the figures outside are others, too
        painter = QPainter(self._viewport)
        scroll = self._paint_all(painter, self._still, now)
        if self._hover is not None:
            at = self.axes.geometry
            paint_hover(painter, at, self._theme, self._hover, scroll, self.strips, self._lag, self._gil)
        if self._is_copying:
            self._paint_legend(painter)
        painter.end()
        if not self._is_copying:
            self.frames += 1
            self._painted_at = scroll

    def _lay_out(self, size: QSize, ratio: float) -> QPixmap:
        """The picture of what stands still."""
        self._forget_pictures()
        still = self.axes.picture(size, ratio, not self.strips)
        at = self.axes.geometry
        # To the very right: the label of a run that has just begun has no room before "now".
        self._area = QRect(at.left, at.top, size.width() - at.left, at.bottom - at.top + 1)
        return still

    def _paint_all(self, painter: QPainter, still: QPixmap, now: float) -> float:
        """Paint what stands still and what moves; returns the present in pixels."""
        at, axes = self.axes.geometry, self.axes
        scroll, since = self._scroll(now), max(now - SPAN_S, self._since)
        painter.drawPixmap(0, 0, still)
        painter.setClipRect(self._area)
        following: float | None = None
        for strip in reversed(self.strips):
            divisor = axes.divisor if strip.unit == self.strips[-1].unit else None
            strip.paint(painter, at, scroll, divisor, following)
            following = strip.run.started
        first = self._lag.since(since)
        if "lag" in axes.shown and first < len(self._lag.times):
            self._lag_line.put(
                at.right + self._lag.times[first:] * at.per_s - scroll,
                at.lag_bottom - self._lag.heights[first:] * at.per_ten,
            )
            painter.setPen(self._lag_pen)
            painter.drawPolyline(self._lag_line.polygon)
        if self._gil is not None and "gil" in axes.shown:
            self._gil.paint(painter, at, scroll, since)
        return scroll

    def _paint_legend(self, painter: QPainter) -> None:
        painter.setClipping(False)
        at = self.axes.geometry
        paint_legend(painter, self._theme, self.strips, at.right, self.axes.title_middle)

    def _take_in(self, now: float) -> None:
        """See what came since the last frame: lag, work done, runs out of sight, a scale that does not fit any more."""
        self._lag.update()
        if self._gil is not None and self.is_gil_visible:
            self._gil.update(now, self._since)
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

    def image(self, which: str = "all") -> QImage:
        """Graphs as they are now, with titles, axes and a legend of the runners.

        Args:
            which: "all" that are shown, as they are on the screen, or one of `graph_axes.GRAPHS` by itself.

        Raises:
            ValueError: there is no such graph.
        """
        if which == "all":
            self._is_copying = True
            try:
                return QImage(self._canvas.grab().toImage())
            finally:
                self._is_copying = False
        if which not in GRAPHS or (which == "gil" and self._gil is None):
            raise ValueError(f"there is no graph {which!r}")
        shown = self.axes.shown
        self.axes.show([which])
        try:
            return self._image_of(QSize(max(PICTURE_WIDTH, self._canvas.width()), PICTURE[which]))
        finally:
            self.axes.show(shown)
            self._repaint()

    def _image_of(self, size: QSize) -> QImage:
        now, ratio = time.perf_counter(), self._viewport.devicePixelRatioF()
        self._take_in(now)
        still = self._lay_out(size, ratio)
        image = QImage(size * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        self._paint_all(painter, still, now)
        self._paint_legend(painter)
        painter.end()
        return image

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setImage(self.image())

    # ---------------------------------------------------------------- looks, sizes, mouse

    @Slot()
    def restyle(self) -> None:
        self.axes.restyle()
        self._lag_pen = QPen(self._theme.color("text"), 0)
        if self._gil is not None:
            self._gil.restyle()
        self._place_button()
        self._repaint()

    def _place_button(self) -> None:
        size = self._copy_button.sizeHint()
        self._copy_button.setGeometry(self.width() - size.width() - 4, 2, size.width(), size.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out now, before there is a window: it answers the sooner once it is there."""
        super().showEvent(event)
        self._still = self._lay_out(self._canvas.size(), self._viewport.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()
        self._repaint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position().x()
        self._update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self._update()
