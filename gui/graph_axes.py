"""All of the two graphs that stands still: axes, bands, grid, titles. Made once with pyqtgraph, kept as one picture.

The axis of time is fixed to the present ("seconds ago"), so that what moves is the data alone: an axis that scrolls
costs over a thousand calls into Qt a frame. Runs in the GUI thread.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from gui.graph_data import LEAST_LAG_MS, SPAN_S, rate_ticks

if TYPE_CHECKING:
    from gui.theme import Theme

LAG_TICKS = [(0.0, "1 ms"), (1.0, "10 ms"), (2.0, "100 ms"), (3.0, "1 s"), (4.0, "10 s")]
TIME_TICKS = [(-40.0, "40 s ago"), (-30.0, "30 s"), (-20.0, "20 s"), (-10.0, "10 s"), (0.0, "now")]
MOST_LAG = 4.0  # as a power of ten, in ms

EMPTY = "Press Start: the throughput of the run appears here"
SMALL = 0.88  # of ordinary text
GAP = 8


class Geometry(NamedTuple):
    """Where things lie, in pixels of the view: plain numbers, for asking a QRect is a call into Qt.

    Attributes:
        left: of both graphs; `right` is their last column, the present.
        rate_top: of the throughput; `rate_bottom` is its last row, the rate 0.
        lag_top: of the lag; `lag_bottom` is its last row, the least lag.
        label_height: how much of the top of either belongs to the labels of runs.
        per_s: pixels a second.
        per_rate: pixels for one of the rate's unit.
        per_ten: pixels for a lag ten times as long.
        ratio: pixels of the screen to one of these.
    """

    left: int
    right: int
    rate_top: int
    rate_bottom: int
    lag_top: int
    lag_bottom: int
    label_height: int
    per_s: float
    per_rate: float
    per_ten: float
    ratio: float


class GraphAxes:
    """The scene of both graphs and where things lie in it.

    Attributes:
        unit: of the rates: "MB/s".
        divisor: amounts per second in one of `unit`.
        top: the rate at the last mark of its axis, in `unit`.
        geometry: where things lie since the last `picture`.
    """

    def __init__(self, view: pg.GraphicsView, theme: Theme) -> None:
        self._view, self._theme = view, theme
        self._layout = pg.GraphicsLayout()
        self._layout.layout.setSpacing(0)
        self.rate_box, self.lag_box = (pg.ViewBox(enableMouse=False, enableMenu=False) for _ in range(2))
        self.rate_axis, self.lag_axis, self.time_axis = (
            pg.AxisItem(side, linkView=box, maxTickLength=0)
            for side, box in (("left", self.rate_box), ("left", self.lag_box), ("bottom", self.lag_box))
        )
        # Rows: title, graph, title, graph, axis of time. Columns: marks, graph, words of the bands.
        for row, axis, box in ((1, self.rate_axis, self.rate_box), (3, self.lag_axis, self.lag_box)):
            self._layout.addItem(axis, row, 0)
            self._layout.addItem(box, row, 1)
            box.setXRange(-SPAN_S, 0.0, padding=0)
            self._layout.layout.setRowStretchFactor(row, 1)
        self._layout.addItem(self.time_axis, 4, 1)
        for axis in (self.rate_axis, self.lag_axis, self.time_axis):
            axis.setStyle(hideOverlappingLabels=100, autoExpandTextSpace=False, tickTextOffset=6)
        self.lag_axis.setTicks([LAG_TICKS])
        self.time_axis.setTicks([TIME_TICKS])
        view.setCentralItem(self._layout)
        self.unit, self.divisor, self.top = "", 1.0, 1.0
        self.restyle()

    # ---------------------------------------------------------------- what is shown

    def set_unit(self, unit: str) -> None:
        """Show rates of what a workload counts: megabytes for "bytes", else the unit as it is."""
        name, divisor = ("MB/s", 1e6) if unit == "bytes" else (f"{unit}/s", 1.0)
        if name != self.unit:
            self.unit, self.divisor = name, divisor
            self.set_top(1.0)

    def set_top(self, top: float) -> None:
        """End the axis of rates at this value, in `unit`."""
        self.top = top
        self._fit_marks()

    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        self._font = self._theme.numbers_font(SMALL)
        self._metrics = QFontMetricsF(self._font)
        self._title_font = QFont(self._theme.numbers_font())
        self._title_font.setWeight(QFont.Weight.DemiBold)
        self._title_height = math.ceil(QFontMetricsF(self._title_font).height()) + GAP
        self._label_height = math.ceil(self._metrics.height()) + 4
        for axis in (self.rate_axis, self.lag_axis, self.time_axis):
            axis.setTickFont(self._font)
            axis.setPen(self._theme.color("line"))
            axis.setTextPen(self._theme.color("muted"))
        # Far enough below for the first word not to touch the foot of the lag axis.
        offset = math.ceil(self._metrics.height() * 0.6)
        self.time_axis.setStyle(tickTextOffset=offset)
        self.time_axis.setHeight(math.ceil(self._metrics.height()) + offset + 2)
        grid = self._layout.layout
        grid.setRowFixedHeight(0, self._title_height)
        grid.setRowFixedHeight(2, self._title_height + GAP // 2)
        words = max(self._width(self._theme.lag_word(edge)) for edge, _ in self._theme.bands())
        grid.setColumnFixedWidth(2, math.ceil(words) + GAP)
        grid.setContentsMargins(4, 4, 4, 4)
        self._fit_marks()

    def _fit_marks(self) -> None:
        texts = [text for _, text in rate_ticks(self.top)]
        width = max(self._width(text) for text in (*texts, "100 ms", "40 s a"))
        for axis in (self.rate_axis, self.lag_axis):
            axis.setWidth(math.ceil(width) + GAP)

    def _width(self, text: str) -> float:
        return self._metrics.horizontalAdvance(text)

    # ---------------------------------------------------------------- the picture

    def picture(self, size: QSize, ratio: float, empty: bool) -> QPixmap:
        """Lay everything out for `size` pixels (`ratio` of the device to one of them), and paint it."""
        self.rate_axis.setTicks([[] if empty else rate_ticks(self.top)])
        self._layout.layout.activate()
        rate, lag = (box.mapRectToScene(box.rect()).toRect() for box in (self.rate_box, self.lag_box))
        label = self._label_height
        heights = [max(1, area.height() - label) for area in (rate, lag)]
        self.geometry = at = Geometry(
            left=rate.left(),
            right=rate.right(),
            rate_top=rate.top(),
            rate_bottom=rate.bottom(),
            lag_top=lag.top(),
            lag_bottom=lag.bottom(),
            label_height=label,
            per_s=rate.width() / SPAN_S,
            per_rate=heights[0] / self.top,
            per_ten=heights[1] / MOST_LAG,
            ratio=ratio,
        )
        # The labels of runs get a strip of their own above the last mark.
        self.rate_box.setYRange(0.0, rate.height() / at.per_rate, padding=0)
        self.lag_box.setYRange(0.0, lag.height() / at.per_ten, padding=0)
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.color("panel"))
        painter = QPainter(picture)
        self._paint_bands(painter)
        self._paint_grid(painter, empty)
        self._view.render(painter, QRectF(0, 0, size.width(), size.height()), QRect(0, 0, size.width(), size.height()))
        self._paint_titles(painter)
        if empty:
            painter.setFont(self._theme.numbers_font())
            painter.setPen(self._theme.color("muted"))
            painter.drawText(rate, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, EMPTY)
        painter.end()
        return picture

    def _paint_bands(self, painter: QPainter) -> None:
        at, foot = self.geometry, math.log10(LEAST_LAG_MS)
        painter.setFont(self._font)
        below = free = at.lag_bottom + 1.0  # words end above `free`: in a low graph they would run into each other
        for edge, color in self._theme.bands():
            above = at.lag_top if math.isinf(edge) else at.lag_bottom - (math.log10(edge) - foot) * at.per_ten
            painter.fillRect(QRectF(at.left, above, at.right - at.left + 1, below - above), color)
            word = QRectF(at.right + 1 + GAP, above, 1000, below - above)
            if word.center().y() <= free:
                painter.setPen(self._theme.lag_color(edge))
                painter.drawText(word, Qt.AlignmentFlag.AlignVCenter, self._theme.lag_word(edge))
                free = word.center().y() - self._metrics.ascent()
            below = above

    def _paint_grid(self, painter: QPainter, empty: bool) -> None:
        at = self.geometry
        line = QColor(self._theme.color("line"))
        line.setAlphaF(0.6)
        painter.setPen(QPen(line, 0))
        rates = [] if empty else [tick * at.per_rate for tick, _ in rate_ticks(self.top)]
        lags = [tick * at.per_ten for tick, _ in LAG_TICKS]
        for top, bottom, heights in (
            (at.rate_top, at.rate_bottom, rates),
            (at.lag_top, at.lag_bottom, lags),
        ):
            for height in heights:
                painter.drawLine(QPointF(at.left, bottom - height), QPointF(at.right, bottom - height))
            for tick, _ in TIME_TICKS if heights else ():
                x = at.right + tick * at.per_s
                painter.drawLine(QPointF(x, top), QPointF(x, bottom))

    def _paint_titles(self, painter: QPainter) -> None:
        for below, title, more in (
            (self.geometry.rate_top, "Throughput", self.unit),
            (self.geometry.lag_top, "Lag of the GUI thread", "how late the window reacts"),
        ):
            line = QRectF(GAP, below - self._title_height, self.geometry.right, self._title_height - 2)
            painter.setFont(self._title_font)
            painter.setPen(self._theme.color("text"))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, title)
            line.adjust(QFontMetricsF(self._title_font).horizontalAdvance(title) + GAP, 0, 0, 0)
            painter.setFont(self._font)
            painter.setPen(self._theme.color("muted"))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, more)
