"""The line of one quantity over the last hour: point by point, and in bins of several widths. In the GUI thread.

It is there point by point for the last minute, and as the least and the most of every 0.1 s, 0.2 s ... 3.2 s for an
hour: 0.6 MB, which is all that it ever takes. What is drawn comes from the level that suits the span, so that a frame
of half an hour costs as much as one of 40 s. Short spans of the past are made again from what the monitors keep.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from workers.reports.lane import Floats

EXACT_S = 60.0
"""Spans up to this are drawn point by point."""

LEAF_S = 0.1
LEVELS = 6
LEAVES = 36_864  # 61 minutes; the least multiple of 2 to the power of LEVELS above an hour
MAX_BINS = 800
"""So many bins are drawn at most, with two points each."""

UNKNOWN = -1.0
NEAR_S = 0.3
"""A line speaks for the moments before and after it up to this distance."""

MAX_STRETCHES = 2
"""So many stretches of the past are kept as points: two runs may lie over each other."""


class Stretch(NamedTuple):
    """The line's points from one moment to another, both in seconds of `time.perf_counter`."""

    since: float
    until: float
    times: Floats
    heights: Floats


class Levels:
    """The least and the most of a line in bins of several widths, each twice as wide as the one before."""

    def __init__(self) -> None:
        self._rings = [np.full((2, LEAVES >> level), UNKNOWN, np.float32) for level in range(LEVELS)]
        # In leaves, counted since the clock's 0: the first, and the first that is not known.
        self._begin = self._end = -1
        self._rest: tuple[Floats, Floats] = (np.empty(0), np.empty(0))

    def add(self, times: Floats, values: Floats) -> None:
        """Go on with the line through these points; their times rise."""
        times = np.concatenate((self._rest[0], times))
        values = np.concatenate((self._rest[1], values))
        end = int(times[-1] / LEAF_S)
        if self._end < 0:
            self._begin = self._end = int(times[0] / LEAF_S)
        first = max(self._end, end - LEAVES)
        if end > first:
            leaves = np.arange(first, end)
            most = np.interp((leaves + 1) * LEAF_S, times, values)
            least = most.copy()
            at = (times / LEAF_S).astype(np.intp) - first
            inside = (at >= 0) & (at < len(leaves))
            np.maximum.at(most, at[inside], values[inside])
            np.minimum.at(least, at[inside], values[inside])
            self._rings[0][:, leaves % LEAVES] = least, most
            for level in range(1, LEVELS):
                finer, size = self._rings[level - 1], LEAVES >> level
                bins = np.arange(first >> level, end >> level)
                halves = finer[:, 2 * bins % (2 * size)], finer[:, (2 * bins + 1) % (2 * size)]
                self._rings[level][0, bins % size] = np.minimum(halves[0][0], halves[1][0])
                self._rings[level][1, bins % size] = np.maximum(halves[0][1], halves[1][1])
            self._end = end
        keep = max(0, int(np.searchsorted(times, self._end * LEAF_S)) - 1)
        self._rest = (times[keep:], values[keep:])

    def read(self, level: int, since: float, until: float) -> tuple[Floats, Floats]:
        """Times and values of two points for each bin of a level, which make a line from the least to the most."""
        width, size = LEAF_S * 2**level, LEAVES >> level
        begin, end = self._begin >> level, self._end >> level
        bins = np.arange(max(int(since / width), begin, end - size + 1), min(int(until / width) + 1, end))
        least, most = self._rings[level][:, bins % size]
        pairs = np.stack((np.where(least < 0.0, most, least), most), 1)
        # There and back: no slanting line from the top of one to the foot of the next.
        pairs[1::2] = pairs[1::2, ::-1]
        return np.repeat((bins + 0.5) * width, 2), pairs.ravel()


class History:
    """A line of the last hour.

    Attributes:
        begun: nothing before this is known, in seconds of `time.perf_counter`; inf before anything is.
        times: of the last minute's points, in seconds of `time.perf_counter`, rising.
        heights: of these: the logarithm to base 10 of the value in `least`, not below 0; -1 where nothing is known.
    """

    def __init__(self, least: float) -> None:
        self.begun = self._oldest = math.inf
        self.times: Floats = np.empty(0)
        self.heights: Floats = np.empty(0)
        self._least, self._levels = least, Levels()
        self._stretches: list[Stretch] = []

    def take(self, times: Floats, values: Floats) -> None:
        """Go on with these points: moments, and milliseconds that are below 0 where nothing is known."""
        self._oldest = min(self._oldest, float(times[0]))
        known = np.concatenate((self.times, times))
        keep = int(np.searchsorted(known, times[-1] - 1.5 * EXACT_S))
        self.times = known[keep:]
        self.heights = np.concatenate((self.heights, self._heights(values)))[keep:]
        self._levels.add(times, values)

    def _heights(self, values: Floats) -> Floats:
        heights = np.log10(np.maximum(values, self._least) / self._least)
        heights[values < 0.0] = UNKNOWN
        return heights

    def _past(self, since: float, until: float) -> tuple[Floats, Floats]:
        """Points from before those that are kept, as times and values."""
        raise NotImplementedError

    def _stretch(self, since: float, until: float) -> Stretch:
        """Points from before those that are kept; made once for as long as one looks hardly farther."""
        found = next((one for one in self._stretches if one.since <= since and until <= one.until), None)
        if found is None:
            low, high = since - (until - since), min(until + (until - since), float(self.times[-1]))
            times, values = self._past(max(low, self.begun), high)
            found = Stretch(low, high, times, self._heights(values))
            self._stretches = [found, *self._stretches][:MAX_STRETCHES]
        return found

    def points(self, since: float, until: float) -> tuple[Floats, Floats]:
        """Times and heights of the line that reaches from edge to edge of a stretch of time."""
        times, heights = self.times, self.heights
        span = until - since
        if span > EXACT_S:
            level = min(LEVELS - 1, max(0, math.ceil(math.log2(span / LEAF_S / MAX_BINS))))
            coarse, values = self._levels.read(level, since, until)
            newer = int(np.searchsorted(times, coarse[-1])) if len(coarse) else 0
            times = np.concatenate((coarse, times[newer:]))
            heights = np.concatenate((self._heights(values), heights[newer:]))
        elif len(times) and since < min(until, times[0]) and self._oldest < times[0]:
            _, _, times, heights = self._stretch(since, until)
        first = max(0, int(np.searchsorted(times, since)) - 1)
        last = int(np.searchsorted(times, until, side="right")) + 1
        return times[first:last], heights[first:last]

    def value_at(self, moment: float, since: float, until: float) -> float | None:
        """What the line from `since` to `until` shows at a moment of these, in ms; None where nothing is known."""
        times, heights = self.points(since, until)
        after = int(np.searchsorted(times, moment))
        around = [at for at in (after - 1, after) if 0 <= at < len(times)]
        if not around or any(heights[at] < 0.0 for at in around):
            return None
        if len(around) < 2 and abs(times[around[0]] - moment) > NEAR_S:
            return None
        if after > 1 and times[after - 2] == times[after - 1] and after + 1 < len(times):
            # The worst of the bins there.
            return float(self._least * 10.0 ** heights[after - 2 : after + 2].max())
        return float(np.interp(moment, times[around], self._least * 10.0 ** heights[around]))
