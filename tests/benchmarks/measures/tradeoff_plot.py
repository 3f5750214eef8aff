"""Draws the trade-off between a smooth window and the work's share, with pyqtgraph and no display. GUI thread only."""

from __future__ import annotations

import os
from math import log10
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPen
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 1400, 1240
COLOURS = ("0072B2", "009E73", "E69F00", "CC79A7", "56B4E9", "D55E00", "808080", "000000")
"""One for each group of points, told apart by colour-blind people (Okabe and Ito)."""

SHAPES = {"0.1": "o", "0.5": "s", "1": "t", "5": "d"}
"""Each switch interval, in ms, has its shape."""

DEFAULT = "default"
LIMIT_MS, MIN_SHARE = 12.0, 80.0
TICKS_MS = (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
MIN_SHOWN = 60.0
"""Where the upper picture ends: there is room for the legend."""

NEAR_MS = 30.0
"""What the lower picture shows."""

GREY = QColor("#888")


def draw(points: list[dict[str, Any]], path: Path) -> None:
    """Save both pictures in one: all points above, those of a smooth window below, with the spread of their lag.

    To the right goes the worse of the two p99s, inside and outside; upwards the workers' share of processor time.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    view = pg.GraphicsLayoutWidget(show=False)
    view.setBackground("w")
    view.resize(WIDTH, HEIGHT)
    title = "Four threads that count primes: what a smooth window costs the work"
    above = _plot(view, 0, title, "lag of the window in ms, p99, on a scale of powers")
    above.getAxis("bottom").setTicks([[(log10(tick), f"{tick:,}") for tick in TICKS_MS], []])
    above.setYRange(MIN_SHOWN, max(103, *(point["cpu"] * 100 + 2 for point in points)))
    below = _plot(
        view,
        1,
        "The same, near: a line goes from a setting's least p99 to its greatest",
        "lag of the window in ms, p99",
    )
    below.setXRange(0, NEAR_MS, padding=0.01)
    near = [point["cpu"] * 100 for point in points if point["lag"] <= NEAR_MS]
    below.setYRange(min(near) - 1, max(near) + 1)
    _legend(above, points)
    groups = list(dict.fromkeys(point["group"] for point in points if point["group"] != DEFAULT))
    for point in sorted(points, key=lambda point: point["group"] == DEFAULT):  # the default last: on top
        is_default = point["group"] == DEFAULT
        color = QColor("k") if is_default else _color(groups.index(point["group"]))
        shape = "star" if is_default else SHAPES.get(point["label"], "+")
        share = point["cpu"] * 100
        below.plot([point["lag_least"], point["lag_greatest"]], [share, share], pen=pg.mkPen(color, width=1))
        for plot, x in ((above, log10(point["lag"])), (below, point["lag"])):
            plot.plot([x], [share], **_look(color, shape))
    _limit(above, log10(LIMIT_MS), 90, "the promise: 12 ms")
    _limit(above, MIN_SHARE, 0, "the promise: 80 %")
    _limit(below, LIMIT_MS, 90, "the promise: 12 ms")
    application.processEvents()
    if not view.grab().save(str(path)):
        raise OSError(f"{path} cannot be written")


def _plot(view: pg.GraphicsLayoutWidget, row: int, title: str, across: str) -> pg.PlotItem:
    plot = view.addPlot(row=row, col=0)
    plot.setTitle(title, color="k", size="14pt")
    labels = {"color": "#000", "font-size": "12pt"}
    plot.setLabel("bottom", across, **labels)
    plot.setLabel("left", "workers' processor time, % of a plain script's", **labels)
    plot.showGrid(x=True, y=True, alpha=0.15)
    for name in ("bottom", "left"):
        axis = plot.getAxis(name)
        axis.enableAutoSIPrefix(False)
        axis.setPen("k")
        axis.setTextPen("k")
        axis.setStyle(tickFont=QFont("sans-serif", 11))
    return plot


def _legend(plot: pg.PlotItem, points: list[dict[str, Any]]) -> None:
    """Colours for the groups, shapes for the switch intervals, and the default."""
    legend = plot.addLegend(
        offset=(-20, -20), colCount=2, labelTextColor="k", brush=QColor(255, 255, 255, 235), pen=QPen(GREY)
    )
    legend.setLabelTextSize("11pt")
    groups: dict[str, list[str]] = {}
    for point in points:
        groups.setdefault(point["group"], []).append(point["label"])
    default = groups.pop(DEFAULT)[0]
    for index, (group, labels) in enumerate(groups.items()):
        others = [label for label in labels if label not in SHAPES]
        words = f"{group}: {', '.join(others)}" if others else group
        legend.addItem(pg.ScatterPlotItem(**_look(_color(index), "+" if others else "s")), words)
    for label, shape in SHAPES.items():
        legend.addItem(pg.ScatterPlotItem(**_look(GREY, shape)), f"switch interval {label} ms")
    legend.addItem(pg.ScatterPlotItem(**_look(QColor("k"), "star")), f"the default: {default}")


def _look(color: QColor, shape: str) -> dict[str, Any]:
    if shape == "star":
        return {"pen": None, "symbol": shape, "symbolSize": 26, "symbolPen": "k", "symbolBrush": "#FFD21F"} | {
            "size": 26,
            "brush": "#FFD21F",
        }
    return {"pen": None, "symbol": shape, "symbolSize": 13, "symbolPen": color, "symbolBrush": color} | {
        "size": 13,
        "brush": color,
    }


def _limit(plot: pg.PlotItem, at: float, angle: int, words: str) -> None:
    line = pg.InfiniteLine(at, angle, QPen(GREY, 0, Qt.PenStyle.DashLine), label=words)
    line.label.setColor("#555")
    line.label.setPosition(0.06 if angle else 0.3)
    plot.addItem(line)


def _color(index: int) -> QColor:
    return QColor(f"#{COLOURS[index % len(COLOURS)]}")
