"""From what was measured to what the graphs draw: arrays of times and values, and the scale. Knows nothing of Qt.

All of it runs in the GUI thread. The traces of the lag monitor and the GIL meter grow in other threads meanwhile.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from workers.reports import scales
from workers.reports.scales import nice_ticks
from workers.utils import formatting

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]


SPAN_S = 40.0
"""How far back the graphs look, in seconds."""

MIN_LAG_MS = 1.0
"""The foot of the lag axis: smaller lags lie on it."""

LATE_S = 0.25
"""A thread may lose the GIL between looking at the clock and appending to a trace, and append so much later."""


def time_ticks(span_s: float, most: int = 6) -> list[tuple[float, str]]:
    """Marks from 0 to `span_s` seconds, at most `most` and the one at 0, with their texts."""
    _, *marks = scales.time_ticks(span_s, most)
    return [(0.0, "Start"), *((mark, formatting.seconds(mark)) for mark in marks)]


def speed_up_ticks(end: float) -> list[tuple[float, str]]:
    """Marks from 0 to `end` with their texts; one of them is where the GUI thread stands."""
    return [(mark, f"{mark:g}×" if mark else "0") for mark in nice_ticks(0.0, end, 6)]


def lag_height(lag_ms: float) -> float:
    """Where a lag lies on its axis, from 0 to `MAX_LAG`."""
    return min(MAX_LAG, math.log10(max(lag_ms, MIN_LAG_MS)))


LAG_TICKS = [(0.0, "1 ms"), (1.0, "10 ms"), (2.0, "100 ms"), (3.0, "1 s"), (4.0, "10 s")]


MAX_LAG = 4.0  # as a power of ten, of the least; of waits likewise
