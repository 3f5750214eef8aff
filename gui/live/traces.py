"""What the lag monitor and the GIL meter measured, as the live graphs draw it: arrays that grow. In the GUI thread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gui.charts.scales import LATE_S, MIN_LAG_MS
from workers.reports.scales import WAIT_MS
from workers.reports.series import drawn_waits

if TYPE_CHECKING:
    from collections import deque

    Floats = np.ndarray[Any, np.dtype[np.float64]]


class LagHistory:
    """The newest points of a lag monitor's trace, taken over one by one.

    Attributes:
        times: in seconds of `time.perf_counter`, rising.
        lags: in ms; below 0 where nothing is known.
        heights: the logarithm to base 10 of the lag in `least`, not below 0; -1 where nothing is known.
    """

    _ROOM = 8192  # points; at most 50 to 100 come in a second, so that half of the room holds 40 s and more

    def __init__(self, trace: deque[tuple[float, float]], least: float = MIN_LAG_MS) -> None:
        self._trace, self._least = trace, least
        self._columns = np.empty((3, self._ROOM))
        self._size = 0
        self._last = -math.inf
        self.times, self.lags, self.heights = self._columns[:, :0]

    def update(self) -> int:
        """Take over the points that came since the last call; returns how many there were."""
        new = newest(self._trace, self._last)
        if not new:
            return 0
        points = self._drawn(np.array(new))[-self._ROOM // 2 :]
        if self._size + len(points) > self._ROOM:
            keep = self._ROOM // 2
            self._columns[:, :keep] = self._columns[:, self._size - keep : self._size].copy()
            self._size = keep
        end = self._size + len(points)
        columns = self._columns[:, self._size : end]
        columns[:2] = points.T
        columns[2] = np.log10(np.maximum(columns[1], self._least) / self._least)
        columns[2][columns[1] < 0.0] = -1.0
        self._size = end
        self.times, self.lags, self.heights = self._columns[:, :end]
        self._last = new[-1][0]
        return len(new)

    def _drawn(self, points: Floats) -> Floats:
        """What is kept of new points (rows of a time and a value)."""
        return points

    def since(self, time: float) -> int:
        """The index of the last point before `time`, or 0: where a line begins that is to reach the left edge."""
        return max(0, int(np.searchsorted(self.times, time)) - 1)


class WaitHistory(LagHistory):
    """The same of a GIL meter's trace, whose moments are those when the thread woke at last; see `drawn_waits`."""

    def __init__(self, trace: deque[tuple[float, float]]) -> None:
        super().__init__(trace, WAIT_MS.low)

    def _drawn(self, points: Floats) -> Floats:
        return drawn_waits(points, self._last)


def newest(trace: deque[tuple[float, float]], after: float) -> list[tuple[float, float]]:
    """The points of `trace` later than `after`, in the order of their times, while other threads append to it.

    An iterator would raise RuntimeError as soon as the deque changes. An index counted from the end does not, with the
    GIL and without it: points that are appended meanwhile only shift what it finds to newer points. So some are found
    twice. After the newest that was found, the index goes back one point at a time, to points that are long known or
    to the deque's own end: what lies between and is missing was dropped by the deque itself, which holds only so many.

    A late point may stand behind a newer one, and one at or before `after` is no sign yet that all before it are known.
    """
    found = []
    behind = 0
    while True:
        behind += 1
        try:
            point = trace[-behind]
        except IndexError:
            break
        if point[0] > after:
            found.append(point)
        elif point[0] <= after - LATE_S:
            break
    return sorted(set(found)) if len(found) > 1 else found


NEAR_S = 0.3
"""A point of lag speaks for the moments around it up to this distance."""
