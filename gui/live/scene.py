"""What the live graphs show, and how a frame of it is painted: onto the screen or into a picture. In the GUI thread.

Every call into Qt gives up the GIL, and a busy worker thread may keep it for a while. So all that stands still is one
picture, and a frame is that picture with a few lines on top: some 30 calls, where pyqtgraph's own curves and axes need
hundreds.
"""

from __future__ import annotations

import math
import time
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from gui.charts.scales import HISTORY_S, MAX_LAG, SPAN_S
from gui.live.axes import GraphAxes
from gui.live.geometry import Polyline
from gui.live.gil_graph import GilGraph
from gui.live.run_strip import RunStrip, bins_per_point
from gui.live.sight import Sight
from gui.live.traces import LagHistory
from workers.engine.recorder import BIN_S
from workers.reports.scales import fitting_top
from workers.reports.series import MEAN_S
from workers.utils import formatting

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from gui.live.gil_graph import Watcher
    from gui.live.traces import Meter
    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.monitors.lag import LagMonitor

YOUNG_S = 1.5
"""The axis of rates does not shrink to fit the small rates with which a run begins."""

LEGEND_GAP = 16
MAX_STRIPS = 200
MIN_FREEZE_PX = 4
"""A freeze is hit by a click as near as this."""

EMPTY = "Press Start: the throughput of the run appears here"
AWAITED = "The throughput of the run appears here"


class GraphScene:
    """Runs, lag and waits for the GIL over one axis of time.

    Attributes:
        axes: all that stands still.
        sight: which stretch of time is shown.
        strips: the runs of the last hour, the oldest first, and those of a benchmark while they are in sight.
        pair: two runs that lie over each other, aligned at their starts; None where each stands in its own time.
        lag: the line of lag.
        gil: the waits for the GIL, with its marks.
        is_awaiting: whether a run is about to begin: nothing is said of those before it.
        still: the picture of what stands still; None where it has to be made again.
        area: where anything moves, in pixels.
    """

    def __init__(self, theme: Theme, lag: LagMonitor, gil_meter: Meter, watchdog: Watcher) -> None:
        self._theme = theme
        self.axes, self.sight = GraphAxes(theme), Sight()
        self.strips: list[RunStrip] = []
        self.pair: tuple[RunStrip, RunStrip] | None = None
        self.lag = LagHistory(lag)
        self.gil = GilGraph(theme, gil_meter, watchdog)
        self._line = Polyline()
        self._pen = QPen(theme.color("text"), 0)
        self._empty, self.is_awaiting = EMPTY, False
        self.still: QPixmap | None = None
        self.area = QRect()

    # ---------------------------------------------------------------- what is shown

    def add_run(self, run: Run, title: str, unit: str, number: int) -> None:
        """Show a run; see `LiveGraphs.add_run`."""
        self.is_awaiting = False
        self.axes.set_unit(unit)
        self.strips.append(RunStrip(run, title, unit, number, self._theme))
        self.lag.begin(run.started)
        self.forget_pictures()

    def show_run(self, strip: RunStrip, now: float) -> None:
        """Show a run as a whole; one that goes on up to the present."""
        self.pair = None
        if strip.run.ended is None:
            self.sight.go_live()
            self.sight.zoom((now - strip.run.started) * 1.1 / self.sight.span, 1.0, now)
        else:
            self.sight.fit(strip.run.started, strip.run.ended - strip.run.started)
        self.forget_pictures()

    def lay_over(self, over: RunStrip, under: RunStrip) -> None:
        """Show two runs that have ended over each other, aligned at their starts."""
        self.pair = (over, under)
        length = max((strip.run.ended or strip.run.started) - strip.run.started for strip in self.pair)
        self.sight.fit(under.run.started, length)
        self.forget_pictures()

    def go_live(self) -> None:
        self.pair = None
        self.sight.go_live()
        self.forget_pictures()

    def pan(self, seconds: float, now: float) -> None:
        """Move by some seconds, below 0 into the past, as far back as anything is known."""
        self.sight.pan(seconds, now, self.lag.begun)

    def edges(self, now: float) -> tuple[float, float]:
        """From when to when things are shown, in seconds of `time.perf_counter`."""
        until = self.sight.until(now)
        return until - self.sight.span, until

    def pair_edges(self, strip: RunStrip) -> tuple[float, float]:
        """The same of one of two runs that lie over each other: what is seen of it, in the run's own time."""
        assert self.pair is not None
        shift = strip.run.started - self.pair[1].run.started
        since, until = (edge + shift for edge in self.edges(0.0))
        return max(since, strip.run.started), min(until, strip.until(until))

    def seen(self, now: float) -> list[RunStrip]:
        """The runs in sight, the oldest first; of a pair that lies over each other the lower one first."""
        if self.pair is not None:
            return [self.pair[1], self.pair[0]]
        since, until = self.edges(now)
        return [strip for strip in self.strips if strip.run.started < until and strip.until(now) > since]

    def freeze_at(self, moment: float, now: float) -> tuple[Run, float] | None:
        """The run, and the beginning, of the freeze nearest to a moment; None where none is near that has a card."""
        found = (
            (max(freeze.started - moment, moment - freeze.ended), freeze.started, strip.run)
            for strip in self.seen(now)
            if strip.number
            for freeze in strip.run.freezes
        )
        far, began, run = min(found, key=itemgetter(0), default=(math.inf, 0.0, None))
        return (run, began) if run is not None and far * self.axes.geometry.per_s <= MIN_FREEZE_PX else None

    def restyle(self) -> None:
        self.axes.restyle()
        self._pen = QPen(self._theme.color("text"), 0)
        for strip in self.strips:
            strip.restyle()
        self.forget_pictures()

    def forget_pictures(self) -> None:
        """Something has changed that stood still: with the next frame it is laid out again."""
        self.still = None
        for strip in self.strips:
            strip.forget_pictures()
        self.gil.forget_pictures()

    # ---------------------------------------------------------------- frames

    def lay_out(self, size: QSize, ratio: float, weight: int) -> None:
        """Make the picture of what stands still; see `GraphAxes.picture`."""
        self.forget_pictures()
        self.still = self.axes.picture(size, ratio, weight, self.sight, time.perf_counter(), self._empty)
        at = self.axes.geometry
        self.area = QRect(at.left, at.top, at.width + 1, at.bottom - at.top + 1)

    def scroll(self, now: float) -> float:
        """The right edge in whole pixels of the screen: what is painted moves as a whole, and does not shimmer."""
        at = self.axes.geometry
        return math.floor(self.sight.until(now) * at.per_s * at.ratio) / at.ratio

    def take_in(self, now: float) -> None:
        """See what came since the last frame: lag, work done, runs that are forgotten, a scale that does not fit."""
        since, until = self.edges(now)
        self.lag.update()
        if "gil" in self.axes.wanted:
            self.gil.update(now, self.lag.begun, since, until)
        self._forget_runs(now)
        seen = self.seen(now)
        empty = "" if seen else self._why_empty()
        mean_s = max(MEAN_S, bins_per_point(self.sight.span) * BIN_S)
        if (empty, mean_s) != (self._empty, self.axes.mean_s):
            self._empty, self.axes.mean_s = empty, mean_s
            self.still = None
        for strip in seen:
            shift = strip.run.started - self.pair[1].run.started if self.pair is not None else 0.0
            strip.update(now, since + shift, until + shift)
        if seen:
            self._fit_rates(seen, now)

    def _forget_runs(self, now: float) -> None:
        self.strips[:] = [
            strip
            for strip in self.strips[-MAX_STRIPS:]
            if strip.until(now) > now - (HISTORY_S if strip.number else max(SPAN_S, self.sight.span))
        ]

    def _why_empty(self) -> str:
        """What the graph of throughput says where it has nothing to show."""
        if self.is_awaiting:
            return AWAITED
        last = next((strip for strip in reversed(self.strips) if strip.number), None)
        if last is None or last.run.ended is None:
            return EMPTY
        speed = formatting.rate(
            last.run.recorder.amount / max(1e-9, last.run.ended - last.run.started), last.unit
        )
        told = f"Last: run {last.number} {last.run.settings.runner_entry.where}, {speed}"
        when = f"in the last {formatting.seconds(self.sight.span)}" if self.sight.is_live else "at this time"
        return f"No run {when}. {told}"

    def _fit_rates(self, seen: list[RunStrip], now: float) -> None:
        newest = seen[-1]
        unit = self.axes.unit
        self.axes.set_unit(newest.unit)
        peak = max(strip.peak for strip in seen if strip.unit == newest.unit)
        top = fitting_top(peak / self.axes.divisor, self.axes.top)
        is_young = newest.run.ended is None and now - newest.run.started < YOUNG_S
        if top > self.axes.top or (top < self.axes.top and not is_young):
            self.axes.top = top
            self.forget_pictures()
        elif unit != self.axes.unit:
            self.forget_pictures()

    def paint(self, painter: QPainter, now: float) -> float:
        """Paint what stands still and what moves; returns the right edge's moment in pixels."""
        at, scroll = self.axes.geometry, self.scroll(now)
        if self.still is not None:
            painter.drawPixmap(0, 0, self.still)
        painter.setClipRect(self.area)
        if self.pair is not None:
            self._paint_pair(painter, self.pair, scroll)
            return scroll
        seen = self.seen(now)
        following: float | None = None
        for strip in reversed(seen):
            divisor = self.axes.divisor if strip.unit == seen[-1].unit else None
            strip.paint(painter, at, scroll, divisor, following)
            following = strip.run.started
        if "gil" in at.spots:
            self.gil.paint_marks(painter, at, scroll)
        self._paint_lines(painter, scroll, *self.edges(now), self._pen)
        return scroll

    def _paint_pair(self, painter: QPainter, pair: tuple[RunStrip, RunStrip], scroll: float) -> None:
        """Two runs over each other, and the lines of their times in the colours of their runners."""
        at, (over, under) = self.axes.geometry, pair
        indent = 0.0
        for strip in (under, over):
            shift = strip.run.started - under.run.started
            divisor = self.axes.divisor if strip.unit == over.unit else None
            pen = QPen(strip.pen)
            if strip is over and under.run.settings.runner == over.run.settings.runner:
                pen.setStyle(Qt.PenStyle.DashLine)
            strip.paint(painter, at, scroll + shift * at.per_s, divisor, None, indent, pen)
            self._paint_lines(painter, scroll + shift * at.per_s, *self.pair_edges(strip), pen)
            indent += strip.label_width

    def _paint_lines(self, painter: QPainter, scroll: float, since: float, until: float, pen: QPen) -> None:
        """The lines of lag and waits from `since` to `until`, the moment at `scroll` being at the right edge."""
        at, gil = self.axes.geometry, self.gil.waits
        painter.setPen(pen)
        for name, history, per_ten in (("lag", self.lag, at.per_ten), ("gil", gil, at.per_ten_wait)):
            if name in at.spots:
                times, heights = history.points(since, until)
                if len(times):
                    y = at.spots[name][1] - np.minimum(heights, MAX_LAG) * per_ten
                    self._line.put(at.right + times * at.per_s - scroll, y)
                    self._line.paint(painter, at, at.weight)

    def paint_legend(self, painter: QPainter) -> None:
        """Paint each runner's marker and title once, in the order of their first runs: for pictures without a mouse."""
        theme, seen = self._theme, self.seen(time.perf_counter())
        font = theme.numbers_font(0.88)
        metrics = QFontMetricsF(font)
        painter.setClipping(False)
        painter.setFont(font)
        right = float(self.axes.geometry.right)
        y = self.axes.title_middle + (metrics.ascent() - metrics.descent()) / 2
        for runner, title in reversed({strip.run.settings.runner: strip.title for strip in seen}.items()):
            marker = f"{theme.runner_marker(runner)} "
            for text, color in ((title, theme.color("text")), (marker, theme.runner_color(runner))):
                right -= metrics.horizontalAdvance(text)
                painter.setPen(color)
                painter.drawText(QPointF(right, y), text)
            right -= LEGEND_GAP

    def image(self, size: QSize, ratio: float, weight: int) -> QImage:
        """A picture of its own with a legend; afterwards the screen's is to be laid out again."""
        now = time.perf_counter()
        self.take_in(now)
        self.lay_out(size, ratio, weight)
        image = QImage(size * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        with QPainter(image) as painter:
            self.paint(painter, now)
            self.paint_legend(painter)
        return image
