"""All of the graphs that stands still: axes, bands, grid, titles. Made once with pyqtgraph, kept as one picture.

The axis of time is fixed to the present ("seconds ago"), so that what moves is the data alone: an axis that scrolls
costs over a thousand calls into Qt a frame. Runs in the GUI thread.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPixmap

from gui.charts.scales import LAG_TICKS, MAX_LAG, SPAN_S, rate_ticks
from gui.live.geometry import Geometry
from workers.reports.scales import LAG_MS
from workers.utils.formatting import per_second

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.theme.theme import Theme

GRAPHS: tuple[str, ...] = ("throughput", "lag", "gil")
"""From the top to the bottom."""

WAIT_TICKS = [(0.0, "0.1 ms"), (1.0, "1 ms"), (2.0, "10 ms"), (3.0, "100 ms"), (4.0, "1 s")]
TIME_TICKS = [(-40.0, "40 s ago"), (-30.0, "30 s"), (-20.0, "20 s"), (-10.0, "10 s"), (0.0, "now")]

EMPTY = "Press Start: the throughput of the run appears here"
ABOUT_WAITS, HELD_MARK = "how late a thread wakes from a 5 ms sleep", "  ·  C: a call into C held it"
SMALL = 0.88  # of ordinary text
GAP = 8
MARGIN = 4
SHARES = {"throughput": 2, "lag": 2, "gil": 1}  # of the height that is left for graphs
MAX_KEPT = 6  # pictures, some megabytes each on a large screen
HEADROOM = 4  # pixels above the last mark of waits, for those that are longer


class GraphAxes:
    """The scene of the graphs and where things lie in it.

    Attributes:
        shown: the graphs that are, of `GRAPHS`.
        unit: of the rates: "MB/s".
        divisor: amounts per second in one of `unit`.
        top: the rate at the last mark of its axis, in `unit`.
        geometry: where things lie since the last `picture`.
    """

    def __init__(self, view: pg.GraphicsView, theme: Theme) -> None:
        self._theme = theme
        self._layout = pg.GraphicsLayout()
        self._layout.layout.setSpacing(0)
        self.rate_box, self.lag_box, self.gil_box = self._boxes = [
            pg.ViewBox(enableMouse=False, enableMenu=False) for _ in GRAPHS
        ]
        self.rate_axis, self.lag_axis, self.gil_axis = self._marks = [
            pg.AxisItem("left", linkView=box, maxTickLength=0) for box in self._boxes
        ]
        self.time_axis = pg.AxisItem("bottom", linkView=self.rate_box, maxTickLength=0)
        # Rows: a title and a graph for each, then the axis of time. Columns: marks, graph, names of the bands.
        for index, (axis, box) in enumerate(zip(self._marks, self._boxes, strict=True)):
            self._layout.addItem(axis, 2 * index + 1, 0)
            self._layout.addItem(box, 2 * index + 1, 1)
            box.setXRange(-SPAN_S, 0.0, padding=0)
        self._layout.addItem(self.time_axis, 2 * len(GRAPHS), 1)
        for axis in (*self._marks, self.time_axis):
            axis.setStyle(hideOverlappingLabels=100, autoExpandTextSpace=False, tickTextOffset=6)
        self.time_axis.setTicks([TIME_TICKS])
        view.setCentralItem(self._layout)
        self.unit, self.divisor, self.top = "", 1.0, 1.0
        self.geometry: Geometry  # `picture` says
        self._kept: dict[tuple[Any, ...], tuple[Geometry, QPixmap]] = {}
        self.shown = GRAPHS
        self.restyle()

    # ---------------------------------------------------------------- what is shown

    def set_unit(self, unit: str) -> None:
        """Show rates of what a workload counts: megabytes for "bytes", else the unit as it is."""
        name, divisor = per_second(unit), 1e6 if unit == "bytes" else 1.0
        if name != self.unit:
            self.unit, self.divisor = name, divisor
            self.top = 1.0

    def show(self, shown: Sequence[str]) -> None:
        """Show these of `GRAPHS`, one at least, from the next `picture` on."""
        self.shown = tuple(shown)
        self._fit_rows()

    @property
    def title_middle(self) -> float:
        """The middle of the first title, in pixels from the top."""
        return self.geometry.top - self._title_height / 2 - 1

    def restyle(self) -> None:
        self._font = self._theme.numbers_font(SMALL)
        self._metrics = QFontMetricsF(self._font)
        self._title_font = self._theme.numbers_font()
        self._title_font.setWeight(QFont.Weight.DemiBold)
        self._title_height = math.ceil(QFontMetricsF(self._title_font).height()) + GAP
        self._label_height = math.ceil(self._metrics.height()) + 4
        for axis in (*self._marks, self.time_axis):
            axis.setTickFont(self._font)
            axis.setPen(self._theme.color("line"))
            axis.setTextPen(self._theme.color("muted"))
        # Far enough below for the first label not to touch the foot of the lag axis.
        offset = math.ceil(self._metrics.height() * 0.6)
        self.time_axis.setStyle(tickTextOffset=offset)
        self._time_height = math.ceil(self._metrics.height()) + offset + 2
        self.time_axis.setHeight(self._time_height)
        grid = self._layout.layout
        words = max(self._width(self._theme.lag_word(edge)) for edge, _ in self._theme.bands())
        grid.setColumnFixedWidth(2, math.ceil(words) + GAP)
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._fit_rows()
        self._kept.clear()

    def _fit_rows(self) -> None:
        grid = self._layout.layout
        for index, (name, axis, box) in enumerate(zip(GRAPHS, self._marks, self._boxes, strict=True)):
            title, row = 2 * index, 2 * index + 1
            is_shown = name in self.shown
            axis.setVisible(is_shown)
            box.setVisible(is_shown)
            gap = GAP // 2 if name != self.shown[0] else 0
            grid.setRowFixedHeight(title, self._title_height + gap if is_shown else 0)
            grid.setRowFixedHeight(row, 0)  # `_share` gives it more

    def _width(self, text: str) -> float:
        return self._metrics.horizontalAdvance(text)

    # ---------------------------------------------------------------- the picture

    def picture(self, size: QSize, ratio: float, empty: bool) -> QPixmap:
        """Lay everything out for `size` pixels (`ratio` of the device to one of them), and paint it.

        What was painted before is kept: while a run goes on its scale changes to and fro, and to lay it out takes a
        thousand calls of Qt, at each of which the GUI thread has to win the GIL back.
        """
        key = (size.width(), size.height(), ratio, empty, self.top, self.unit, self.shown)
        kept = self._kept.get(key)
        if kept is None:
            picture = self._paint_picture(size, ratio, empty)
            kept = self._kept[key] = (self.geometry, picture)
            while len(self._kept) > MAX_KEPT:
                del self._kept[next(iter(self._kept))]
        self.geometry, picture = kept
        return picture

    def _paint_picture(self, size: QSize, ratio: float, empty: bool) -> QPixmap:
        rates = rate_ticks(self.top)
        widest = max(self._width(text) for text in (*(text for _, text in rates), "100 ms", "40 s a"))
        for axis in self._marks:
            axis.setWidth(math.ceil(widest) + GAP)
        self._share(size.height())
        self._layout.setGeometry(QRectF(0, 0, size.width(), size.height()))
        self._layout.layout.activate()
        areas = {
            name: box.mapRectToScene(box.rect()).toRect() for name, box in zip(GRAPHS, self._boxes, strict=True)
        }
        rate, lag, gil = areas.values()
        width = areas[self.shown[0]]
        label = self._label_height
        # The labels of runs get a strip of their own above the last mark; the low graph of waits has it only if alone.
        heads = {"throughput": label, "lag": label, "gil": HEADROOM if len(self.shown) > 1 else label}
        heights = {name: max(1, area.height() - heads[name]) for name, area in areas.items()}
        at = self.geometry = Geometry(
            left=width.left(),
            right=width.right(),
            rate_top=rate.top(),
            rate_bottom=rate.bottom(),
            lag_top=lag.top(),
            lag_bottom=lag.bottom(),
            gil_top=gil.top(),
            gil_bottom=gil.bottom(),
            shown=self.shown,
            areas=tuple((areas[name].top(), areas[name].bottom()) for name in self.shown),
            labelled=tuple(areas[name].top() for name in self.shown if heads[name] == label),
            label_height=label,
            per_s=width.width() / SPAN_S,
            per_rate=heights["throughput"] / self.top,
            per_ten=heights["lag"] / MAX_LAG,
            per_ten_wait=heights["gil"] / MAX_LAG,
            ratio=ratio,
        )
        self.rate_box.setYRange(0.0, rate.height() / at.per_rate, padding=0)
        self.lag_box.setYRange(0.0, lag.height() / at.per_ten, padding=0)
        self.gil_box.setYRange(0.0, gil.height() / at.per_ten_wait, padding=0)
        self.rate_axis.setTicks([[] if empty else self._fitting(rates, at.per_rate)])
        self.lag_axis.setTicks([self._fitting(LAG_TICKS, at.per_ten)])
        self.gil_axis.setTicks([self._fitting(WAIT_TICKS, at.per_ten_wait)])
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.color("panel"))
        with QPainter(picture) as painter:
            if "lag" in self.shown:
                self._paint_bands(painter)
            self._paint_grid(painter, empty)
            self._layout.scene().render(
                painter, QRectF(0, 0, size.width(), size.height()), self._layout.geometry()
            )
            self._paint_titles(painter)
            if empty and "throughput" in self.shown:
                painter.setFont(self._theme.numbers_font())
                painter.setPen(self._theme.color("muted"))
                painter.drawText(rate, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, EMPTY)
        return picture

    def _share(self, height: int) -> None:
        """Give each graph its share of what titles and axis of time leave; a layout's stretch is not as exact."""
        grid = self._layout.layout
        gaps = GAP // 2 * (len(self.shown) - 1)
        left = height - 2 * MARGIN - len(self.shown) * self._title_height - gaps - self._time_height
        whole = sum(SHARES[name] for name in self.shown)
        for index, name in enumerate(GRAPHS):
            if name in self.shown:
                grid.setRowFixedHeight(2 * index + 1, max(0, left) * SHARES[name] // whole)

    def _fitting(self, ticks: list[tuple[float, str]], per_unit: float) -> list[tuple[float, str]]:
        """All marks, or as many as there is room for, the first and the last among them."""
        steps = len(ticks) - 1
        spacing = (ticks[1][0] - ticks[0][0]) * per_unit
        every = next(
            (n for n in range(1, steps) if steps % n == 0 and n * spacing >= self._metrics.height()), steps
        )
        return ticks[::every]

    def _paint_bands(self, painter: QPainter) -> None:
        at = self.geometry
        painter.setFont(self._font)
        # Names end above `free`: in a low graph they would run into each other.
        below = free = at.lag_bottom + 1.0
        for edge, color in self._theme.bands():
            above = (
                at.lag_top if math.isinf(edge) else at.lag_bottom - LAG_MS.share(edge) * MAX_LAG * at.per_ten
            )
            painter.fillRect(QRectF(at.left, above, at.right - at.left + 1, below - above), color)
            word = QRectF(at.right + 1 + GAP, above, 1000, below - above)
            if word.center().y() <= free:
                painter.setPen(self._theme.lag_color(edge))
                painter.drawText(word, Qt.AlignmentFlag.AlignVCenter, self._theme.lag_word(edge))
                free = word.center().y() - self._metrics.ascent()
            below = above

    def _paint_grid(self, painter: QPainter, empty: bool) -> None:
        at = self.geometry
        painter.setPen(QPen(self._theme.color("line", 0.6), 0))
        rates = (
            []
            if empty
            else [tick * at.per_rate for tick, _ in self._fitting(rate_ticks(self.top), at.per_rate)]
        )
        lags = [tick * at.per_ten for tick, _ in LAG_TICKS]
        waits = [tick * at.per_ten_wait for tick, _ in self._fitting(WAIT_TICKS, at.per_ten_wait)]
        marks = {"throughput": rates, "lag": lags, "gil": waits}
        for name, (top, bottom) in zip(self.shown, at.areas, strict=True):
            heights = marks[name]
            for height in heights:
                painter.drawLine(QPointF(at.left, bottom - height), QPointF(at.right, bottom - height))
            for tick, _ in TIME_TICKS if heights else ():
                x = at.right + tick * at.per_s
                painter.drawLine(QPointF(x, top), QPointF(x, bottom))

    def _paint_titles(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(self._title_font)
        right = self.geometry.right
        room = right - metrics.horizontalAdvance("Wait for the GIL") - 3 * GAP
        has_room = self._width(ABOUT_WAITS + HELD_MARK) <= room
        titles = {
            "throughput": ("Throughput", self.unit),
            "lag": ("Lag of the GUI thread", "how late the window reacts"),
            "gil": ("Wait for the GIL", ABOUT_WAITS + HELD_MARK if has_room else ABOUT_WAITS),
        }
        for name, (below, _) in zip(self.shown, self.geometry.areas, strict=True):
            title, more = titles[name]
            line = QRectF(GAP, below - self._title_height, right, self._title_height - 2)
            painter.setFont(self._title_font)
            painter.setPen(self._theme.color("text"))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, title)
            line.adjust(metrics.horizontalAdvance(title) + GAP, 0, 0, 0)
            painter.setFont(self._font)
            painter.setPen(self._theme.color("muted"))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, more)
