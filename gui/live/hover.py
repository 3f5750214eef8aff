"""The values under the mouse in the live graphs. Runs in the GUI thread, and only while the mouse is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.charts.scales import SPAN_S
from gui.live.traces import NEAR_S
from workers.utils import formatting

if TYPE_CHECKING:
    from gui.live.run_strip import RunStrip
    from gui.live.scene import GraphScene
    from gui.live.traces import LagHistory
    from gui.theme.theme import Theme


def rate_at(moment: float, strips: list[RunStrip]) -> str:
    """The throughput at a moment (seconds of `time.perf_counter`) as text; empty where there was no run."""
    for strip in strips:
        times = strip.times
        if len(times) and times[0] <= moment <= times[-1]:
            return formatting.rate(float(np.interp(moment, times, strip.rates)), strip.unit)
    return ""


def lag_at(moment: float, lag: LagHistory) -> str:
    """The lag at a moment (seconds of `time.perf_counter`) as text; empty where it is not known."""
    times = lag.times
    if not len(times):
        return ""
    index = min(int(np.searchsorted(times, moment)), len(times) - 1)
    if index and moment - times[index - 1] < times[index] - moment:
        index -= 1
    return formatting.milliseconds(float(lag.lags[index])) if abs(times[index] - moment) <= NEAR_S else ""


def paint_hover(painter: QPainter, scene: GraphScene, theme: Theme, x: float, scroll: float) -> None:
    """Paint a line through all graphs at column `x`, and beside it what they show there."""
    at = scene.axes.geometry
    if not at.left <= x <= at.right:
        return
    x = int(x)
    moment = (scroll + x - at.right) / at.per_s
    ago_s = min(SPAN_S, (at.right - x) / at.per_s)
    painter.setPen(theme.color("muted"))
    for top, bottom in at.areas:
        painter.drawLine(x, top, x, bottom)
    font = theme.numbers_font(0.88)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    values = {
        "throughput": rate_at(moment, scene.strips),
        "lag": lag_at(moment, scene.lag),
        "gil": scene.gil.wait_at(moment),
    }
    for name, (top, bottom) in zip(at.shown, at.areas, strict=True):
        value = values[name]
        text = f"{value or '–'}  ·  {ago_s:.1f} s ago"
        width = metrics.horizontalAdvance(text) + 16
        left = x + 6 if x + 6 + width <= at.right else x - 6 - width
        height = metrics.height() + 6
        y = top + at.label_height + 2 if top in at.labelled else (top + bottom - height) / 2
        box = QRectF(left, y, width, height)
        painter.fillRect(box, theme.color("raised"))
        painter.setPen(theme.color("line"))
        painter.drawRect(box)
        painter.setPen(theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
