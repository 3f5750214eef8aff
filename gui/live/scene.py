"""What the live graphs show, and how a frame of it is painted: onto the screen or into a picture. In the GUI thread.

Every call into Qt gives up the GIL, and a busy worker thread may keep it for a while. So all that stands still is one
picture, and a frame is that picture with a few lines on top: some 30 calls, where pyqtgraph's own curves and axes need
hundreds.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from gui.charts.scales import SPAN_S, fitting_top
from gui.live.axes import GraphAxes
from gui.live.gil_graph import GilGraph
from gui.live.polyline import Polyline
from gui.live.run_strip import RunStrip
from gui.live.traces import LagHistory

if TYPE_CHECKING:
    import pyqtgraph as pg
    from PySide6.QtGui import QPixmap

    from gui.live.gil_graph import Meter, Watcher
    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.monitors.lag import LagMonitor

YOUNG_S = 1.5
"""The axis of rates does not shrink to fit the small rates with which a run begins."""

LEGEND_GAP = 16


class GraphScene:
    """Runs, lag and waits for the GIL over one axis of time, fixed to the present.

    Attributes:
        axes: all that stands still.
        strips: the runs that are in sight, the oldest first.
        lag: the line of lag.
        gil: the line of waits for the GIL, with its marks.
        still: the picture of what stands still; None where it has to be made again.
        area: where anything moves, in pixels.
    """

    def __init__(
        self, view: pg.GraphicsView, theme: Theme, lag: LagMonitor, gil_meter: Meter, watchdog: Watcher
    ) -> None:
        self._theme = theme
        self.axes = GraphAxes(view, theme)
        self.strips: list[RunStrip] = []
        self.lag = LagHistory(lag.trace)
        self.gil = GilGraph(theme, gil_meter, watchdog)
        self._lag_line = Polyline()
        self._lag_pen = QPen(theme.color("text"), theme.line_width)
        self.still: QPixmap | None = None
        self.area = QRect()

    def add_run(self, run: Run, title: str, unit: str) -> None:
        """Show a run, from now on until it has scrolled out of sight; see `LiveGraphs.add_run`."""
        self.axes.set_unit(unit)
        self.strips.append(RunStrip(run, title, unit, self._theme))
        self.forget_pictures()

    def restyle(self) -> None:
        self.axes.restyle()
        self._lag_pen = QPen(self._theme.color("text"), self._theme.line_width)
        self.gil.restyle()
        for strip in self.strips:
            strip.restyle()
        self.forget_pictures()

    def forget_pictures(self) -> None:
        """Something has changed that stood still: with the next frame it is laid out again."""
        self.still = None
        for strip in self.strips:
            strip.forget_pictures()
        self.gil.forget_pictures()

    def lay_out(self, size: QSize, ratio: float) -> None:
        """Make the picture of what stands still; `ratio` pixels of the device are one of `size`."""
        self.forget_pictures()
        self.still = self.axes.picture(size, ratio, not self.strips)
        at = self.axes.geometry
        # To the very right: the label of a run that has just begun has no room before "now".
        self.area = QRect(at.left, at.top, size.width() - at.left, at.bottom - at.top + 1)

    def scroll(self, now: float) -> float:
        """The present in whole pixels of the screen, so that what is painted moves as a whole and does not shimmer."""
        at = self.axes.geometry
        return math.floor(now * at.per_s * at.ratio) / at.ratio

    def take_in(self, now: float) -> None:
        """See what came since the last frame: lag, work done, runs out of sight, a scale that does not fit any more."""
        self.lag.update()
        if "gil" in self.axes.shown:
            self.gil.update(now)
        gone = now - SPAN_S
        while self.strips and self.strips[0].run.ended is not None and self.strips[0].run.ended < gone:
            del self.strips[0]
            if not self.strips:
                self.still = None  # the graph is empty and says so
        if not self.strips:
            return
        for strip in self.strips:
            strip.update(now)
        newest = self.strips[-1]
        peak = max(strip.peak for strip in self.strips if strip.unit == newest.unit)
        top = fitting_top(peak / self.axes.divisor, self.axes.top)
        is_young = newest.run.ended is None and now - newest.run.started < YOUNG_S
        if top > self.axes.top or (top < self.axes.top and not is_young):
            self.axes.top = top
            self.forget_pictures()

    def paint(self, painter: QPainter, now: float) -> float:
        """Paint what stands still and what moves; returns the present in pixels."""
        axes = self.axes
        at = axes.geometry
        scroll = self.scroll(now)
        since = now - SPAN_S
        if self.still is not None:
            painter.drawPixmap(0, 0, self.still)
        painter.setClipRect(self.area)
        following: float | None = None
        for strip in reversed(self.strips):
            divisor = axes.divisor if strip.unit == self.strips[-1].unit else None
            strip.paint(painter, at, scroll, divisor, following)
            following = strip.run.started
        first = self.lag.since(since)
        if "lag" in axes.shown and first < len(self.lag.times):
            self._lag_line.put(
                at.right + self.lag.times[first:] * at.per_s - scroll,
                at.lag_bottom - self.lag.heights[first:] * at.per_ten,
            )
            painter.setPen(self._lag_pen)
            painter.drawPolyline(self._lag_line.polygon)
        if "gil" in axes.shown:
            self.gil.paint(painter, at, scroll, since)
        return scroll

    def paint_legend(self, painter: QPainter) -> None:
        """Paint each runner's marker and title once, in the order of their first runs: for pictures without a mouse."""
        theme = self._theme
        font = theme.numbers_font(0.88)
        metrics = QFontMetricsF(font)
        painter.setClipping(False)
        painter.setFont(font)
        right = float(self.axes.geometry.right)
        y = self.axes.title_middle + (metrics.ascent() - metrics.descent()) / 2
        for runner, title in reversed(
            {strip.run.settings.runner: strip.title for strip in self.strips}.items()
        ):
            marker = f"{theme.runner_marker(runner)} "
            for text, color in ((title, theme.color("text")), (marker, theme.runner_color(runner))):
                right -= metrics.horizontalAdvance(text)
                painter.setPen(color)
                painter.drawText(QPointF(right, y), text)
            right -= LEGEND_GAP

    def image(self, size: QSize, ratio: float) -> QImage:
        """A picture of its own with a legend; afterwards the screen's is to be laid out again."""
        now = time.perf_counter()
        self.take_in(now)
        self.lay_out(size, ratio)
        image = QImage(size * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        with QPainter(image) as painter:
            self.paint(painter, now)
            self.paint_legend(painter)
        return image
