"""The graphs of the HTML report. All have the same time axis: what lies below each other happened together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..reports.lane import CANCELLED, DONE, FAILED, PAUSED, RUNNING, WAITING, Floats, Lane
from ..reports.scales import LAG_MS, LogScale, nice_step, nice_ticks, time_ticks
from ..utils import formatting
from .svg import WIDTH, Area, element, picture

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ..reports.series import Frozen

LEFT, RIGHT, TOP, BOTTOM = 120, 16, 8, 24
PLOT = WIDTH - LEFT - RIGHT
"""How many pixels wide the graphs are."""

MAX_MARKS = 8
LABEL_CHARACTERS = 16
STATES = {
    **{RUNNING: "running", DONE: "done", WAITING: "waiting", PAUSED: "paused"},
    **{CANCELLED: "cancelled", FAILED: "failed"},
}
"""A bar's kind -> its class, from the least to the most telling: where two share a pixel, the latter is drawn."""


def _area(height: float) -> Area:
    return Area(LEFT, TOP, WIDTH - RIGHT, height - BOTTOM)


def time_axis(wall_s: float, area: Area) -> str:
    """Marks in steps that are round in seconds or minutes, with their words."""
    marks = time_ticks(wall_s, MAX_MARKS)
    return area.columns((mark / (wall_s or 1.0), formatting.seconds(mark) if mark else "0 s") for mark in marks)


def rate_graph(moments: Floats, rates: Floats, wall_s: float, unit: str) -> str:
    """The throughput over time, from 0 on."""
    area = _area(150)
    top = nice_step(max(rates, default=0.0) or 1.0, (1, 2, 3, 4, 5, 6, 8))
    marks = [
        (mark / top, formatting.short_rate(mark, unit) if mark else "0") for mark in nice_ticks(0.0, top, 4)
    ]
    points = zip(moments / (wall_s or 1.0), rates / top, strict=True)
    return picture(150, "Throughput over time", (time_axis(wall_s, area), area.rows(marks), area.curve(points)))


def lag_graph(lags_ms: Floats, wall_s: float, what: str) -> str:
    """The worst lag in each of equal parts of the run, on a logarithmic scale and on the bands of lag.

    A negative one was not measured: the line goes straight on to the next that was.
    """
    area = _area(190)
    worst = max(lags_ms, default=0.0)
    scale = LogScale(LAG_MS.low, 10.0 ** max(3, math.ceil(math.log10(max(LAG_MS.low, worst)) - 1e-9)))
    marks = ((scale.share(tick), formatting.milliseconds(tick)) for tick in scale.ticks())
    points = (((n + 0.5) / len(lags_ms), scale.share(lag)) for n, lag in enumerate(lags_ms) if lag >= 0)
    parts = (area.bands(scale), time_axis(wall_s, area), area.rows(marks), area.curve(points))
    return picture(190, f"{what} over time, in ms", parts)


def timeline(lanes: Sequence[Lane], wall_s: float, frozen: Sequence[Frozen]) -> Generator[str, None, str]:
    """What each lane did, pixel by pixel, and the window's freezes behind the bars of all lanes.

    As many tasks as you like make no more bars than there are pixels; each is a pixel wide at least. Yields breaths,
    empty texts.
    """
    row = 18 if len(lanes) <= 24 else 12
    height = TOP + row * len(lanes) + BOTTOM
    area = _area(height)
    edges = np.array([(each.begin, each.end) for each in frozen]).reshape(-1, 2)
    parts = [time_axis(wall_s, area)]
    parts += [
        element("rect", class_="freeze", x=LEFT + begin, y=TOP, width=end - begin, height=area.bottom - TOP)
        for begin, end in _stretches(_covered(edges[:, 0], edges[:, 1], wall_s))
    ]
    for number, lane in enumerate(lanes):
        y = TOP + row * (number + 0.5)
        name = lane.title if len(lane.title) <= LABEL_CHARACTERS else f"{lane.title[: LABEL_CHARACTERS - 1]}…"
        parts.append(element("text", name, x=LEFT - 8, y=y + 4, text_anchor="end"))
        starts, ends, kinds = lane.columns()
        shown = np.full(PLOT, -1)
        there = [kind for kind in STATES if kind in kinds]
        for kind in there:
            shown[_covered(starts[kinds == kind], ends[kinds == kind], wall_s)] = kind
        for kind in there:
            bars = "".join(f"M{LEFT + begin} {y:g}h{end - begin}" for begin, end in _stretches(shown == kind))
            parts.append(element("path", class_=f"bar {STATES[kind]}", stroke_width=row - 4, d=bars))
        yield ""
    return picture(height, "What each place did over time", parts)


def _covered(begins: Floats, ends: Floats, wall_s: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which pixels are covered by stretches of time, in seconds since Start."""
    per_s = PLOT / wall_s if wall_s > 0 else 0.0
    first = np.clip(begins * per_s, 0, PLOT - 1).astype(np.intp)
    last = np.clip(np.round(ends * per_s).astype(np.intp), first + 1, PLOT)
    covers = np.bincount(first, minlength=PLOT + 1) - np.bincount(last, minlength=PLOT + 1)
    return np.cumsum(covers)[:PLOT] > 0


def _stretches(pixels: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    changes = np.flatnonzero(np.diff(pixels, prepend=False, append=False))
    return [(int(begin), int(end)) for begin, end in changes.reshape(-1, 2)]
