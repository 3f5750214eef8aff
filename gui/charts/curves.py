"""Curves of a benchmark: speed-up and lag over the number of workers, a line for each runner. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPen

from gui.charts.chart import GAP, Chart, Graph
from gui.charts.scales import LAG_TICKS, MAX_LAG, lag_height, speed_up_ticks
from workers.benchmark.findings import times
from workers.engine.plan import BLOCKING
from workers.reports.scales import fitting_top

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gui.theme.theme import Theme
    from workers.benchmark.results import CellResult, Spread

    Axis = tuple[str, str, list[tuple[float, str]], float, Callable[[float], float]]

SHIFT = 3.0
"""So many pixels apart stand the points of two runners: else the whiskers of equal ones would hide each other."""


class CurveLine(NamedTuple):
    """A runner's cells of one workload, by the number of workers."""

    runner: str
    title: str
    results: tuple[CellResult, ...]


class BenchmarkCurves(Chart):
    """Two graphs beside each other. The GUI thread does one task at a time: it is a level line."""

    PICTURE = QSize(960, 420)

    NAME = "Speed-up and lag over the number of workers"
    FILE = "benchmark-curves"
    shown: Sequence[CurveLine]

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._base: CellResult | None = None
        self._cores = 0

    def show_results(self, results: Sequence[CellResult], titles: Mapping[str, str], cores: int) -> None:
        """Show the cells of one workload; `cores` is how many processors the program may use."""
        by_runner: dict[str, list[CellResult]] = {}
        self._base = None
        self._cores = cores
        for result in results:
            if result.gains is None:
                continue
            if result.cell.runner == BLOCKING:
                self._base = result
            else:
                by_runner.setdefault(result.cell.runner, []).append(result)
        lines = [
            CurveLine(runner, titles[runner], tuple(sorted(own, key=lambda result: result.cell.workers)))
            for runner, own in by_runner.items()
        ]
        self.show_all(lines, map(_told, lines))

    def fill(self, width: int, height: int) -> None:
        names = [(line.runner, line.title) for line in self.shown]
        if self._base is not None:
            names.append((BLOCKING, "GUI thread"))
        legend = [
            self.colored(self.theme.runner_marker(runner), self.theme.runner_color(runner))
            + self.colored(f" {title}".replace(" ", "\N{NO-BREAK SPACE}"), "text")
            for runner, title in names
        ]
        self.label(" &nbsp; ".join(legend), 0, 0, width, 5)
        peak = max([1.0, *(one.high for own in self.shown for _, one in _points(own, "gains"))])
        end = fitting_top(peak, 0.0)
        graphs: list[Axis] = [("gains", "Speed-up over the GUI thread", speed_up_ticks(end), end, float)]
        if any(_points(own, "lag_p99_ms") for own in self.shown):
            graphs.append(("lag_p99_ms", "Lag p99 of the window", LAG_TICKS, MAX_LAG, lag_height))
        for at, about in enumerate(graphs):
            self.grid.layout.setColumnFixedWidth(3 * at + 2, GAP)
            self._fill_graph(3 * at, (width - GAP * (len(graphs) - 1)) // len(graphs), *about)

    def _fill_graph(
        self,
        column: int,
        width: int,
        figure: str,
        title: str,
        ticks: list[tuple[float, str]],
        end: float,
        height: Callable[[float], float],
    ) -> None:
        counts = sorted({result.cell.workers for own in self.shown for result in own.results})
        left = self.wide(["100 ms", "100×"]) + GAP
        graph = Graph(self, 2, column + 1, width - left, len(counts), end)
        graph.show_title(title)
        graph.show_axis("left", ticks, left)
        graph.show_axis(
            "bottom", [(at + 0.5, f"{workers:,}") for at, workers in enumerate(counts)], lines=False
        )
        below = self.colored(f"workers, on {self._cores:,} core{'s' if self._cores != 1 else ''}", "muted")
        self.label(f"<p align='center'>{below}</p>", 4, column + 1, width - left)
        if figure == "lag_p99_ms":
            graph.show_bands(len(counts), end)
        level: Spread | None = getattr(self._base, figure, None)
        if level is not None:
            pen = QPen(self.theme.runner_color(BLOCKING), 0, Qt.PenStyle.DashLine)
            graph.addItem(pg.InfiniteLine(height(level.median), 0, pen=pen))
        pixel = len(counts) / max(1, width - left)
        spots: list[tuple[float, float, str]] = []
        for number, line in enumerate(self.shown):
            points = _points(line, figure)
            if not points:
                continue
            shift = 0.5 + SHIFT * pixel * (number - (len(self.shown) - 1) / 2)
            x = np.array([counts.index(result.cell.workers) + shift for result, _ in points])
            low, y, high = np.array([[height(value) for value in one] for _, one in points]).T
            color = self.theme.runner_color(line.runner)
            graph.addItem(pg.ErrorBarItem(x=x, y=y, bottom=y - low, top=high - y, pen=color))
            graph.addItem(pg.PlotCurveItem(x, y, pen=color, antialias=True))
            spots += zip(x, y, [line.runner] * len(x), strict=True)
        graph.addItem(self.markers(*zip(*spots, strict=True)))


def _points(line: CurveLine, figure: str) -> list[tuple[CellResult, Spread]]:
    found = ((result, getattr(result, figure)) for result in line.results)
    return [(result, one) for result, one in found if one is not None]


def _told(line: CurveLine) -> str:
    speeds = (f"{times(one.median)} with {result.cell.workers:,}" for result, one in _points(line, "gains"))
    return f"{line.title}: {', '.join(speeds)}"
