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


def rate_at(moment: float, strips: list[RunStrip]) -> str:
    """The throughput at a moment (seconds of `time.perf_counter`) as text; empty where there was no run."""
    for strip in strips:
        times = strip.times
        if len(times) and times[0] <= moment <= times[-1]:
            return formatting.rate(float(np.interp(moment, times, strip.rates)), strip.unit)
    return ""


def lag_at(moment: float, lag: LagHistory) -> str:
    """The lag at a moment (seconds of `time.perf_counter`) as text; empty where it is not known."""
    value = lag.value_at(moment)
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


def paint_hover(painter: QPainter, scene: GraphScene, theme: Theme, x: float, scroll: float) -> None:
    """Paint a line through all graphs at column `x`, and beside it what they show there."""
    at = scene.axes.geometry
    if not at.left <= x <= at.right:
        return
    x = int(x)
    moment = (scroll + x - at.right) / at.per_s
    painter.setPen(theme.color("muted"))
    for top, bottom in at.areas:
        painter.drawLine(x, top, x, bottom)
    font = theme.numbers_font(0.88)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    told = when(moment, scene.sight, time.perf_counter())
    for name, (top, bottom) in at.spots.items():
        text = "  ·  ".join([*values_at(name, moment, scene), told])
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


def values_at(name: str, moment: float, scene: GraphScene) -> list[str]:
    """What a graph shows at a moment: one value, or that of each of two runs that lie over each other."""
    if scene.pair is None:
        strips = scene.strips
        told = {
            "throughput": rate_at(moment, strips),
            "lag": lag_at(moment, scene.lag),
            "gil": scene.gil.wait_at(moment),
        }
        return [told[name] or "–"]
    found, (over, under) = [], scene.pair
    for strip in (under, over):
        then = moment + strip.run.started - under.run.started
        # What was drawn last is the other run's.
        scene.lag.points(then - 0.5, then + 0.5)
        scene.gil.waits.points(then - 0.5, then + 0.5)
        is_over = strip.run.ended is not None and then > strip.run.ended
        told = {
            "throughput": rate_at(then, [strip]),
            "lag": lag_at(then, scene.lag),
            "gil": scene.gil.wait_at(then),
        }
        found.append(f"run {strip.number}: {'–' if is_over else told[name] or '–'}")
    return found
