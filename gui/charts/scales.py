"""The axes of graphs in the window: times, speed-ups, and lags and waits by powers of ten. Knows nothing of Qt."""

from __future__ import annotations

import math

from workers.reports import scales
from workers.reports.scales import LAG_MS, WAIT_MS, LogScale, nice_ticks, power_words
from workers.utils import formatting

SPAN_S, MIN_SPAN_S, MAX_SPAN_S = 40.0, 5.0, 1800.0
"""How much time the live graphs show, in seconds: at first, at least and at most."""

HISTORY_S = 3600.0
"""How far one can go back in them."""

MIN_LAG_MS = LAG_MS.low
"""The foot of the lag axis: smaller lags lie on it."""

LATE_S = 0.25
"""A thread may lose the GIL between looking at the clock and appending to a trace, and append so much later."""


def time_ticks(span_s: float, max_ticks: int = 6) -> list[tuple[float, str]]:
    """Marks from 0 to `span_s` seconds, at most `max_ticks` and the one at 0, with their texts."""
    _, *marks = scales.time_ticks(span_s, max_ticks)
    return [(0.0, "Start"), *((at, formatting.mark(at)) for at in marks)]


def speed_up_ticks(end: float) -> list[tuple[float, str]]:
    """Marks from 0 to `end` with their texts; one of them is where the GUI thread stands."""
    return [(mark, f"{mark:g}×" if mark else "0") for mark in nice_ticks(0.0, end, 6)]


MAX_LAG = math.log10(LAG_MS.high / LAG_MS.low)
"""How many powers of ten an axis of lags has; one of waits has as many."""


def lag_height(lag_ms: float) -> float:
    """Where a lag lies on its axis, from 0 to `MAX_LAG`."""
    return MAX_LAG * LAG_MS.share(lag_ms)


def log_ticks(scale: LogScale) -> list[tuple[float, str]]:
    """A mark at each power of ten, counted from the foot, with its text."""
    return [(math.log10(tick / scale.low), power_words(tick)) for tick in scale.ticks()]


LAG_TICKS, WAIT_TICKS = log_ticks(LAG_MS), log_ticks(WAIT_MS)

WAIT_BANDS = ((1.0, "free", "smooth"), (100.0, "shared", "noticeable"), (math.inf, "held", "frozen"))
"""The bands of waits for the GIL: upper edge in ms, name, and the word of lag whose colours it has.

A thread that waits longer than 1 ms has to share the GIL with others; Python threads alone seldom keep it for 100 ms.
"""
