"""The chart of "Your function": how fast each place is against how late the window was meanwhile. In the GUI thread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPen

from gui.charts.chart import GAP, Chart, Graph
from gui.charts.labels import nearest, place_names
from gui.charts.scales import LAG_TICKS, MAX_LAG, lag_height
from workers.reports.scales import fitting_top, rate_ticks
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent

    from gui.theme.theme import Theme

LOG_OVER = 8.0
"""The axis of speed is one of logarithms where the fastest place is more than so many times as fast as the slowest."""

MIN_LAG_END = 2.0
"""The axis of lag goes to 100 ms at least, as a power of ten."""


STEPS: dict[int, int] = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
"""By how many markers a key goes on."""


class Mark(NamedTuple):
    """One place with its figures.

    Attributes:
        runner: its name, by which it has its colour and its marker.
        title: what people call it.
        short: the same where there is little room.
        per_s: its speed, in calls per second (or whatever the function counts).
        lag_ms: the p95 of the window's lag meanwhile, in ms.
    """

    runner: str
    title: str
    short: str
    per_s: float
    lag_ms: float


class OwnChart(Chart):
    """A marker for each place, its name beside it. The one that is advised stands out, and the one that is chosen.

    Signals:
        picked: the name of the runner whose marker was clicked, or reached by the arrow keys.
    """

    picked = Signal(str)

    NAME = "Speed of each place against the window's lag"
    FILE = "your-function"
    shown: Sequence[Mark]

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._best = ""
        self._chosen = ""
        self._unit = "calls"

    def show_marks(self, marks: Sequence[Mark], best: str = "", unit: str = "calls") -> None:
        """Show these; `best` is the runner that is advised, `unit` what is counted."""
        self._best, self._unit = best, unit
        if self._chosen not in [mark.runner for mark in marks]:
            self._chosen = ""
        self.show_all(marks, map(self.told, marks))

    def choose(self, runner: str) -> None:
        if runner != self._chosen:
            self._chosen = runner
            self.restyle()

    def told(self, mark: Mark) -> str:
        """A place's figures as text: "QThread: 120 calls/s, lag p95 3.1 ms, smooth"."""
        lag = f"lag p95 {formatting.milliseconds(mark.lag_ms)}, {self.theme.lag_word(mark.lag_ms)}"
        return f"{mark.title}: {formatting.rate(mark.per_s, self._unit)}, {lag}"

    # ---------------------------------------------------------------- what a person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from marker to marker, from the least lag to the most."""
        step = STEPS.get(event.key())
        if step is None or not self.shown:
            super().keyPressEvent(event)
            return
        names = [mark.runner for mark in sorted(self.shown, key=lambda mark: (mark.lag_ms, -mark.per_s))]
        at = names.index(self._chosen) + step if self._chosen in names else 0
        self._pick(names[at % len(names)])

    def _pick(self, runner: str) -> None:
        self.choose(runner)
        self.picked.emit(runner)

    def _click(self, item: pg.ScatterPlotItem, points: Sequence[pg.SpotItem]) -> None:
        self._pick(points[0].data().runner)

    def _hover(self, item: pg.ScatterPlotItem, points: Sequence[pg.SpotItem]) -> None:
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if len(points) else Qt.CursorShape.ArrowCursor
        )

    # ---------------------------------------------------------------- what is to be seen

    def scale(self) -> tuple[list[tuple[float, str]], Callable[[float], float]]:
        """The axis of speed: its marks from 0 on, and where a speed lies on it."""
        speeds = [mark.per_s for mark in self.shown if mark.per_s > 0]
        if not speeds:
            return [(0.0, "0"), (1.0, "")], float
        if max(speeds) <= LOG_OVER * min(speeds):
            return rate_ticks(fitting_top(max(speeds), 0.0)), float
        low, high = math.floor(math.log10(min(speeds))), math.ceil(math.log10(max(speeds) * 1.001))
        ticks = [(float(power - low), formatting.count(10.0**power)) for power in range(low, high + 1)]
        return ticks, lambda value: math.log10(max(value, 10.0**low)) - low

    def fill(self, width: int, height: int) -> None:
        ticks, at = self.scale()
        worst = max(mark.lag_ms for mark in self.shown)
        across = min(MAX_LAG, max(MIN_LAG_END, float(math.ceil(lag_height(worst * 1.3)))))
        left = self.wide(text for _, text in ticks) + GAP
        # The names of the bands stand above the last mark.
        graph_height = max(1, height - 3 * self.line - GAP)
        top = ticks[-1][0] * graph_height / max(1, graph_height - self.line - GAP)
        graph = Graph(self, 1, 1, width - left, across, top)
        graph.show_title(f"Speed, {self._unit} per second")
        graph.show_axis("left", ticks, left)
        graph.show_axis("bottom", [tick for tick in LAG_TICKS if tick[0] <= across], lines=False)
        title = self.colored("Lag of the window (p95)", "text", "font-weight: 600")
        self.label(f"<p align='center'>{title}</p>", 3, 1, width - left)
        graph.show_bands(top, across, upright=True)
        self._name_bands(graph, across, top, (width - left) / across)
        # Whoever is advised or chosen has the first choice of a place for the name, and lies above the others.
        first = {self._best: 0, self._chosen: 1}
        marks = sorted(self.shown, key=lambda mark: first.get(mark.runner, 2))
        x = [min(across, lag_height(mark.lag_ms)) for mark in marks]
        self._fill_marks(graph, marks, x, [at(mark.per_s) for mark in marks])

    def _name_bands(self, graph: Graph, across: float, top: float, per_ten: float) -> None:
        begin = 0.0
        for edge, _ in self.theme.bands():
            word = self.theme.lag_word(edge)
            end = min(across, lag_height(edge))
            if self.wide([word]) + 6 <= (end - begin) * per_ten:
                place = graph.spot((begin + end) / 2, top) + QPointF(0.0, self.line / 2 + 2)
                self.write(word, place, word, left=0.5)
            begin = end

    def _fill_marks(self, graph: Graph, marks: Sequence[Mark], x: Sequence[float], y: Sequence[float]) -> None:
        spots = list(map(graph.spot, x, y))
        bold = QFont(self.small)
        bold.setWeight(QFont.Weight.Bold)
        fonts = [bold if mark.runner in (self._best, self._chosen) else self.small for mark in marks]
        room = graph.mapRectToScene(graph.rect()).adjusted(2, self.line + 2, 2 * GAP - 2, -2)
        for names in ([mark.title for mark in marks], [mark.short for mark in marks]):
            sizes = [
                QSizeF(QFontMetricsF(font).horizontalAdvance(name) + 4, self.line)
                for name, font in zip(names, fonts, strict=True)
            ]
            places = place_names(spots, sizes, room, self.line * 0.75)
            if None not in places:
                break
        for spot, place, name, font in zip(spots, places, names, fonts, strict=True):
            if place is not None:
                line = QLineF(spot, nearest(place, spot))
                if line.length() > self.line:
                    self.scene().addLine(line, QPen(self.theme.color("muted"), 0))
                self.write(name, place.center(), left=0.5, font=font)
        for mark, lag, speed in zip(marks[:2], x, y, strict=False):
            if mark.runner in (self._best, self._chosen):
                color, wide = ("accent", 2.0) if mark.runner == self._chosen else ("good", 1.5)
                pen = pg.mkPen(self.theme.color(color), width=wide)
                about = {"size": self.line * 1.36, "brush": pg.mkBrush(None), "antialias": True}
                graph.addItem(pg.ScatterPlotItem([lag], [speed], pen=pen, **about))
        about = {"data": marks[::-1], "hoverable": True, "tip": lambda data, **place: self.told(data)}
        markers = self.markers(x[::-1], y[::-1], [mark.runner for mark in reversed(marks)], **about)
        markers.sigClicked.connect(self._click)
        markers.sigHovered.connect(self._hover)
        graph.addItem(markers)
