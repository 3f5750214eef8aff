"""Two runs over each other: throughput and lag since Start. Nothing in it moves. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPen

from gui.charts.chart import GAP, Chart, Graph
from gui.charts.scales import LAG_TICKS, MAX_LAG, lag_height, time_ticks
from workers.reports.scales import fitting_top, rate_ticks
from workers.reports.series import lags, rates
from workers.reports.watched import is_watched
from workers.utils.formatting import per_second

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers.reports.differences import Side
    from workers.reports.lane import Floats

PINS = ("A", "B")
"""What the two runs are called that lie over each other."""


class OverlayGraph(Chart):
    """Throughput and lag of runs A and B, aligned at their starts, in their runners' colours.

    B is dashed where both had the same runner, and so the same colour.
    """

    NAME = "Throughput and lag of runs A and B"
    FILE = "runs-a-and-b"
    PICTURE = QSize(960, 600)
    MIN_SIZE = QSize(160, 80)
    shown: tuple[Side, Side]

    def show_runs(self, a: Side, b: Side, names: tuple[str, str]) -> None:
        self._names = names
        self.show_all((a, b), [f"A is {names[0]}, B is {names[1]}"])

    def fill(self, width: int, height: int) -> None:
        left = self.wide(["100 ms", "500k", "100 %"]) + GAP
        columns = max(1, width - left)
        self.label(" &nbsp; ".join(map(self._legend, range(2))), 0, 0, width, 2)
        span_s = max(1e-3, *(side.run.wall_s for side in self.shown))
        time = time_ticks(span_s)
        late = [lags(side.run, columns, span_s) if side.run.lag else None for side in self.shown]
        absent = [letter for letter, one in zip(PINS, late, strict=True) if one is None]
        note = f"that of {' and '.join(absent)} was not measured" if absent else "of the GUI thread"
        graphs: list[tuple[Graph, Sequence[tuple[Floats, Floats] | None]]] = []
        if not all(is_watched(side.run) for side in self.shown):
            unit, end, ticks, speeds = self._speeds(columns, span_s)
            speed = Graph(self, 2, 1, columns, span_s, end)
            speed.show_title("Throughput", unit)
            speed.show_axis("left", ticks, left)
            speed.show_lines([at for at, _ in time], level=False)
            graphs.append((speed, speeds))
        lag = Graph(self, 4, 1, columns, span_s, MAX_LAG)
        lag.show_title("Lag", note)
        lag.show_bands(span_s, MAX_LAG)
        lag.show_axis("left", LAG_TICKS, left)
        lag.show_axis("bottom", time)
        graphs.append((lag, [one and (one[0], np.array([*map(lag_height, one[1])])) for one in late]))
        for (
            graph,
            curves,
        ) in graphs:  # now that the whole grid is there, and letters are put where lines will be
            self._draw(graph, curves)

    def _speeds(
        self, columns: int, span_s: float
    ) -> tuple[str, float, list[tuple[float, str]], list[tuple[Floats, Floats]]]:
        """The unit of throughput, where its axis ends, the marks on it, and both curves."""
        a, b = (side.unit for side in self.shown)
        found = [rates(side.run, columns, span_s) for side in self.shown]
        peaks = [float(values.max(initial=0.0)) or 1.0 for _, values in found]
        divisor = 1e6 if a == "bytes" else 1.0
        if a == b:
            end = fitting_top(max(peaks) / divisor, 0.0)
            lines = [(times, values / divisor) for times, values in found]
            return per_second(a), end, rate_ticks(end), lines
        lines = [(times, values / peak) for (times, values), peak in zip(found, peaks, strict=True)]
        ticks = [(0.0, "0"), (0.5, "50 %"), (1.0, "100 %")]
        return "each against its own highest, for the units differ", 1.0, ticks, lines

    def pen(self, which: int) -> QPen:
        a, b = (side.run.settings.runner for side in self.shown)
        dashes = Qt.PenStyle.DashLine if which and a == b else Qt.PenStyle.SolidLine
        return QPen(self.theme.runner_color((a, b)[which]), 0, dashes)

    def _legend(self, which: int) -> str:
        pen, name = self.pen(which), self._names[which]
        sample = "━━━" if pen.style() is Qt.PenStyle.SolidLine else "╺╺╺"
        return (
            f"{self.colored(sample, pen.color())}&nbsp;{self._badge(which)}&nbsp;{self.colored(name, 'text')}"
        )

    def _badge(self, which: int) -> str:
        color = self.pen(which).color()
        on = QColor("black" if color.lightnessF() > 0.45 else "white")
        style = f"background-color: {color.name()}; font-weight: 600; font-size: {self.small.pointSizeF() * 0.85:g}pt"
        return self.colored(f"\N{NO-BREAK SPACE}{PINS[which]}\N{NO-BREAK SPACE}", on, style)

    def _draw(self, graph: Graph, curves: Sequence[tuple[Floats, Floats] | None]) -> None:
        """Draw A above B, and name both: A at a third of its length, B at two thirds."""
        for which in (1, 0):
            curve = curves[which]
            if curve is not None and len(curve[0]):
                pen, (x, y) = self.pen(which), curve
                graph.addItem(pg.PlotCurveItem(x, y, pen=pen))
                at = int(np.searchsorted(x, x[-1] * (which + 1) / 3))
                letter = pg.TextItem(html=self._badge(which), anchor=(0.5, 0.5))
                letter.setPos(graph.spot(x[at], y[at]))
                letter.setParentItem(self.grid)  # whole, also where it stands at the graph's edge
