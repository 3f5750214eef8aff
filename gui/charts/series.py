"""What stands beside the curves of two finished runs: heights of lags, and marks of time. Knows nothing of Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gui.charts.scales import MIN_LAG_MS
from workers.reports import scales
from workers.utils import formatting

if TYPE_CHECKING:
    from gui.charts.scales import Floats

MAX_MARKS = 6


def lag_heights(lag_ms: Floats) -> Floats:
    """The logarithm to base 10 of lags, not below that of `MIN_LAG_MS`."""
    heights: Floats = np.log10(np.maximum(lag_ms, MIN_LAG_MS))
    return heights


def time_ticks(span_s: float, most: int = MAX_MARKS) -> list[tuple[float, str]]:
    """Marks from 0 to `span_s` seconds, at most `most` and the one at 0, with their words."""
    _, *marks = scales.time_ticks(span_s, most)
    return [(0.0, "Start"), *((mark, formatting.seconds(mark)) for mark in marks)]
