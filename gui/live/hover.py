"""The values under the mouse in the live graphs. Runs in the GUI thread, and only while the mouse is there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.charts.scales import MIN_LAG_MS
from workers.utils import formatting

if TYPE_CHECKING:
    from gui.live.run_strip import RunStrip
    from gui.live.scene import GraphScene
    from gui.live.sight import Sight
    from gui.live.traces import LagHistory
    from gui.theme.theme import Theme

UNKNOWN = "–"


def rate_at(moment: float, strips: list[RunStrip]) -> str:
    """The throughput at a moment (seconds of `time.perf_counter`) as text; empty where there was no run."""
    for strip in strips:
        times = strip.times
        if len(times) and times[0] <= moment <= times[-1]:
            return formatting.rate(float(np.interp(moment, times, strip.rates)), strip.unit)
    return ""


def lag_at(moment: float, lag: LagHistory, since: float, until: float) -> str:
    """The lag at a moment of what is drawn from `since` to `until` as text; empty where it is not known."""
    value = lag.value_at(moment, since, until)
    if value is None:
        return ""
    return formatting.milliseconds(value) if value > MIN_LAG_MS else f"under {MIN_LAG_MS:g} ms"


def when(moment: float, sight: Sight, now: float) -> str:
    """How long ago a moment was, or how long after a run's Start, or at what time of the past."""
    if sight.origin is not None:
        return f"{moment - sight.origin:.1f} s after Start"
    if sight.is_live:
        return f"{now - moment:.1f} s ago"
    return time.strftime("%H:%M:%S", time.localtime(time.time() - now + moment))


def paint_hover(painter: QPainter, scene: GraphScene, theme: Theme, x: float, now: float) -> None:
    """Paint a line through all graphs at column `x`, and beside it what they show there in the frame of `now`."""
    at = scene.axes.geometry
    if not at.left <= x <= at.right:
        return
    x = int(x)
    moment = (scene.scroll(now) + x - at.right) / at.per_s
    painter.setPen(theme.color("muted"))
    for top, bottom in at.areas:
        painter.drawLine(x, top, x, bottom)
    font = theme.numbers_font(0.88)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    told = when(moment, scene.sight, now)
    for name, (top, bottom) in at.spots.items():
        if name == "throughput" and not scene.seen(now):
            continue  # there stands why it is empty
        text = "  ·  ".join([*values_at(name, moment, scene, now), told])
        width = metrics.horizontalAdvance(text) + 16
        left = x + 6 if x + 6 + width <= at.right else x - 6 - width
        height = metrics.height() + 6
        y = top + at.label_height + 2 if top == at.top else (top + bottom - height) / 2
        box = QRectF(left, y, width, height)
        painter.fillRect(box, theme.color("raised"))
        painter.setPen(theme.color("line"))
        painter.drawRect(box)
        painter.setPen(theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def values_at(name: str, moment: float, scene: GraphScene, now: float) -> list[str]:
    """What a graph shows at a moment: one value, or that of each of two runs that lie over each other."""
    if scene.pair is None:
        return [_value(name, moment, scene, scene.strips, scene.edges(now))]
    found, (over, under) = [], scene.pair
    for strip in (under, over):
        then, edges = moment + strip.run.started - under.run.started, scene.pair_edges(strip)
        is_there = edges[0] <= then <= edges[1]
        told = _value(name, then, scene, [strip], edges) if is_there else UNKNOWN
        found.append(f"run {strip.number}: {told}")
    return found


def _value(
    name: str, moment: float, scene: GraphScene, strips: list[RunStrip], edges: tuple[float, float]
) -> str:
    """What one graph shows at a moment of what is drawn between these edges; the others are not looked at."""
    if name == "throughput":
        found = rate_at(moment, strips)
    elif name == "lag":
        found = lag_at(moment, scene.lag, *edges)
    else:
        found = scene.gil.wait_at(moment, *edges)
    return found or UNKNOWN
