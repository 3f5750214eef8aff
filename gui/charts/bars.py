"""Bars of throughput and of lag for each runner, over all runs of one workload. In the GUI thread."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Slot
from PySide6.QtGui import QFontMetricsF

from gui.charts.chart import GAP, SMALL, Chart, Graph
from gui.charts.scales import LAG_TICKS, lag_height
from workers.reports.scales import fitting_top, rate_ticks
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Scale = tuple[str, list[tuple[float, str]], Callable[[float], float], Callable[[float], str]]

MAX_THICKNESS = 36
NOT_MEASURED = "not measured"


class BarSpread(NamedTuple):
    """A figure of some runs."""

    low: float
    median: float
    high: float


class ChartBar(NamedTuple):
    """A runner.

    Attributes:
        runner: its name, for its colour.
        title: what it is called.
        runs: how many there are of it; with more than one, whiskers show how far they lie apart.
        note: stands below its title.
        many: stands behind the title where there is no room for the note; 1 is left out.
        rate: amounts per second.
        lag: the p99 of the lag in ms; None where none of the runs had a window.
    """

    runner: str
    title: str
    runs: int
    note: str
    many: int
    rate: BarSpread
    lag: BarSpread | None


class RunnerBars(Chart):
    """A row for each runner: its name, its throughput, its lag. It is as high as its rows need."""

    NAME = "Throughput and lag by runner"
    FILE = "runners"
    PICTURE = QSize(960, 0)
    shown: Sequence[ChartBar]
    unit = ""

    def show_bars(self, bars: Sequence[ChartBar], unit: str) -> None:
        self.unit = unit
        self.show_all(bars, map(self._told, bars))

    @Slot()
    def restyle(self) -> None:
        line = math.ceil(QFontMetricsF(self.theme.numbers_font(SMALL)).height())
        self.setMinimumHeight(2 * line + 3 * GAP + len(self.shown) * (line + GAP))
        super().restyle()

    def fill(self, width: int, height: int) -> None:
        free = height - 2 * self.line - GAP
        row = min(6 * self.line, free / len(self.shown))
        self.grid.layout.setContentsMargins(GAP, GAP / 2, GAP, GAP / 2 + free - row * len(self.shown))
        shift = self.wide(self.theme.runner_marker(bar.runner) for bar in self.shown) + GAP // 2
        names = shift + self.wide(text for bar in self.shown for text in (bar.title, bar.note)) + 2 * GAP
        names = int(min(names, width * 0.32))
        half = (width - names) // 2
        self.grid.layout.setColumnFixedWidth(0, names)
        self.grid.layout.setColumnFixedWidth(2, GAP)
        lag = ("Lag p99", LAG_TICKS, lag_height, formatting.milliseconds)
        speeds = self._add_graph(1, half, row, [bar.rate for bar in self.shown], *self._rate_scale())
        lags = self._add_graph(3, half, row, [bar.lag for bar in self.shown], *lag)
        for graph, values in (speeds, lags):
            for at, (text, end) in enumerate(values):
                self.write(
                    text,
                    graph.spot(end, at + 0.5) + QPointF(GAP / 2, 0),
                    "muted" if text == NOT_MEASURED else "text",
                )
        two = row >= 2 * self.line + 2
        for at, bar in enumerate(self.shown):
            place = QPointF(GAP, speeds[0].spot(0.0, at + 0.5).y() - (self.line / 2 if two else 0.0))
            self.write(self.theme.runner_marker(bar.runner), place, self.theme.runner_color(bar.runner))
            place += QPointF(shift, 0.0)
            title = bar.title if two or bar.many == 1 else f"{bar.title} ×{bar.many:,}"
            self.write(self.elided(title, names - shift - GAP), place)
            if two:
                self.write(self.elided(bar.note, names - shift - GAP), place + QPointF(0, self.line), "muted")

    def _add_graph(
        self,
        column: int,
        width: int,
        row: float,
        spreads: Sequence[BarSpread | None],
        title: str,
        ticks: list[tuple[float, str]],
        along: Callable[[float], float],
        said: Callable[[float], str],
    ) -> tuple[Graph, list[tuple[str, float]]]:
        """Add a title, an axis, bars and whiskers; returns the graph, and each median as text with its place."""
        values = [(said(one.median), along(one.high)) if one else (NOT_MEASURED, 0.0) for one in spreads]
        pixel = ticks[-1][0] / max(1.0, width - self.wide(text for text, _ in values) - GAP)
        graph = Graph(self, 1, column, width, pixel * width, len(spreads))
        graph.show_title(title)
        graph.invertY()
        graph.show_axis("bottom", ticks)
        known = [(at, bar, one) for at, (bar, one) in enumerate(zip(self.shown, spreads, strict=True)) if one]
        if known:
            y, many = np.array([(at + 0.5, bar.runs > 1) for at, bar, _ in known]).T
            low, median, high = np.array([[along(figure) for figure in one] for *_, one in known]).T
            # A bar of nothing is still a bar: two pixels tell it from none.
            long = np.maximum(2 * pixel, median)
            thick = min(MAX_THICKNESS / row, 0.55)
            colors = [self.theme.runner_color(bar.runner) for _, bar, _ in known]
            graph.addItem(pg.BarGraphItem(x0=0.0, y=y, width=long, height=thick, brushes=colors, pen=None))
            x, y, left, right = np.array([median, y, median - low, high - median])[:, many > 0]
            pen = self.theme.color("text")
            graph.addItem(pg.ErrorBarItem(x=x, y=y, left=left, right=right, beam=thick / 2, pen=pen))
        return graph, values

    def _rate_scale(self) -> Scale:
        """The axis on the left: its title, its marks from 0 to its end, where a value lies on it, a value as text."""
        divisor = 1e6 if self.unit == "bytes" else 1.0
        end = fitting_top(max(bar.rate.high for bar in self.shown) / divisor, 0.0)
        name = formatting.per_second(self.unit)
        said = partial(formatting.short_rate, unit=self.unit)
        return f"Throughput, {name}", rate_ticks(end), lambda value: value / divisor, said

    def _told(self, bar: ChartBar) -> str:
        lag = formatting.milliseconds(bar.lag.median) if bar.lag else NOT_MEASURED
        return f"{bar.title}: {formatting.rate(bar.rate.median, self.unit)}, lag p99 {lag}"
