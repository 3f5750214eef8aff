"""What the GUI thread did, as a lane of spans: made of the `Marks` of its track. For one thread."""

from __future__ import annotations

import sys
from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..monitors.freeze import GUI
from ..monitors.lag import between
from ..monitors.track.marks import BEAT, GARBAGE, INPUT, KINDS, PAINT, QT, REST, SLOT, TASKS
from .lane import Lane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..engine.run import Run
    from ..monitors.track.marks import Marks
    from .lane import Bar, Floats, Ints

TINY_S = 0.000_5
"""Qt's own way to a slot and back, if it takes no longer than this, counts as the slot's."""

BEAT_S = 0.002
"""A time awake in which nothing but the beat is known is the beat's, if it is no longer than this."""

_TOLD = (PAINT, INPUT, SLOT, TASKS, GARBAGE)


class Span(NamedTuple):
    """Something that the GUI thread did; times in seconds since Start.

    Attributes:
        start: when it began.
        end: when it ended.
        kind: a key of `workers.monitors.track.marks.KINDS`.
        name: what it is called; empty where its kind says all.
    """

    start: float
    end: float
    kind: int
    name: str


class MainLane:
    """The spans of marks that may become more.

    Attributes:
        lane: a bar for each span; its kind is the span's, and its task stands for the name.
        version: grows with every change.
    """

    def __init__(self, marks: Marks, started: float, beats: Callable[[float, float], Sequence[float]]) -> None:
        """Make it with nothing in it.

        Args:
            marks: what the thread did.
            started: the moment from which the lane's times count.
            beats: gives the lag monitor's beats between two moments.
        """
        self.lane = Lane(GUI)
        self.version = 0
        self._marks, self._started, self._beats = marks, started, beats
        # Edges in pairs: the first that is of interest is a wake.
        self._seen = marks.dropped + int(np.searchsorted(marks.edges, started)) // 2 * 2

    def update(self, most: int = sys.maxsize) -> bool:
        """Take up what has come, as far as it is settled: up to the last rest; returns whether there was anything.

        Args:
            most: so many edges at the most.
        """
        marks = self._marks
        low = max(0, self._seen - marks.dropped)
        high = min(low + most, len(marks)) // 2 * 2
        if high <= low:
            return False
        self._seen = marks.dropped + high
        edges = np.frombuffer(marks.edges[low:high])  # slices are copies: a view would hinder appends
        first, last = bisect_left(marks.times, edges[0]), bisect_left(marks.times, edges[-1])
        times = np.concatenate((edges, np.frombuffer(marks.times[first:last])))
        alternate = np.tile(np.array([QT, REST], np.uint32), len(edges) // 2)
        codes = np.concatenate((alternate, np.frombuffer(marks.codes[first:last], np.ushort)))
        order = np.argsort(times, kind="stable")
        kinds = np.array([kind for kind, _ in marks.names], np.uint8)
        beats = np.array(self._beats(float(edges[0]), float(edges[-1])))
        starts, ends, codes = _spans(times[order], codes[order], kinds, beats)
        self.lane.add(starts - self._started, ends - self._started, kinds[codes], codes)
        self.version += len(starts) > 0
        return True

    def span(self, bar: Bar) -> Span:
        return Span(bar.start, bar.end, *self._marks.names[bar.task])

    def seconds(self, low: float, high: float) -> Floats:
        """The time spent in each kind between two moments, in seconds since Start."""
        starts, ends, kinds = self.lane.columns()
        inside = np.minimum(ends, high) - np.maximum(starts, low)
        found: Floats = np.bincount(kinds, np.maximum(inside, 0.0), len(KINDS)).astype(np.float64)
        return found


def empty_main_lane(run: Run) -> MainLane:
    """The lane of what a run has kept of what the GUI thread did, with nothing taken up yet."""
    return MainLane(run.main_thread, run.started, partial(between, run.beats))


def finished_main_lane(run: Run) -> MainLane:
    """All of it."""
    found = empty_main_lane(run)
    found.update()
    return found


def _spans(times: Floats, codes: Ints, kinds: Ints, beats: Floats) -> tuple[Floats, Floats, Ints]:
    """The starts, ends and codes of all that lasted; what goes on without a pause is one."""
    starts, ends, codes = times[:-1], times[1:], codes[:-1].astype(np.uint32)
    told, lengths, is_qt = np.isin(kinds[codes], _TOLD), ends - starts, kinds[codes] == QT
    has_beat = np.searchsorted(beats, ends, "right") > np.searchsorted(beats, starts, "left")
    before, after = np.append(np.uint32(REST), codes[:-1]), np.append(codes[1:], np.uint32(REST))
    is_tiny = is_qt & (lengths < TINY_S)
    codes = np.select(
        [
            is_tiny & np.append(told[1:], False),
            is_tiny & np.append(False, told[:-1]),
            is_qt & has_beat & (lengths < BEAT_S),
        ],
        [after, before, np.uint32(BEAT)],
        codes,
    )
    lasts = (kinds[codes] != REST) & (ends > starts)
    starts, ends, codes = starts[lasts], ends[lasts], codes[lasts]
    if not len(starts):
        return starts, ends, codes
    first = np.append(True, (starts[1:] > ends[:-1]) | (codes[1:] != codes[:-1]))
    return starts[first], ends[np.append(np.flatnonzero(first)[1:] - 1, len(ends) - 1)], codes[first]
