"""What the lag monitor and the GIL meter measured, as the live graphs draw it. In the GUI thread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np

from gui.charts.scales import LATE_S, MIN_LAG_MS
from gui.live.levels import EXACT_S, History
from workers.monitors.lag import BLOCKED_OVER_S, PERIOD_S
from workers.reports.scales import WAIT_MS
from workers.reports.series import POINT_S, RAMP, drawn_waits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers.monitors.lag import LagMonitor
    from workers.reports.lane import Floats


class Meter(Protocol):
    """Measures how long a thread waits for the GIL; see `workers.monitors.gil_meter.GilMeter`.

    Attributes:
        trace: points (moment when the thread woke, in seconds of `time.perf_counter`; how late that was, in ms), which
            a thread may index while another one appends to it.
    """

    @property
    def trace(self) -> Sequence[tuple[float, float]]: ...

    def waits(self, start: float, end: float) -> list[tuple[float, float]]: ...


class LagHistory(History):
    """How late the GUI thread was: the worst of every `POINT_S`, and each gap of over 50 ms as the ramp that it is.

    It begins with the first beat: what was before that is the window's own start.

    Attributes:
        grows: whether more beats may come.
    """

    def __init__(self, lag: LagMonitor) -> None:
        super().__init__(MIN_LAG_MS)
        self._lag, self.grows = lag, True
        self._last = -math.inf

    def begin(self, moment: float) -> None:
        """Let it begin here at the latest: what a run does to the window is seen from its Start on."""
        if moment < self.begun:
            self.begun = self._last = moment

    def update(self) -> None:
        """Take over the beats that came since the last call."""
        beats = np.array(self._lag.beats_around(self._last, math.inf))
        if len(beats) < 2:
            return
        self.begin(float(beats[1]))
        if self.grows:  # the newest bin may do so, too
            beats = beats[: int(np.searchsorted(beats, math.floor(beats[-1] / POINT_S) * POINT_S))]
        beats = beats[max(0, int(np.searchsorted(beats, self._last, side="right")) - 1) :]
        if len(beats) > 1:
            self.take(*saw(beats))
            self._last = float(beats[-1])

    def _past(self, since: float, until: float) -> tuple[Floats, Floats]:
        beats = np.array(self._lag.beats_around(since, until))
        beats = beats[beats >= self.begun]
        return saw(beats) if len(beats) > 1 else (beats, beats)


def saw(beats: Floats) -> tuple[Floats, Floats]:
    """The line of lag between beats, two at least: times and milliseconds.

    An event that arrives in a gap waits for its end: the lag grows from 0 by a second every second, and falls with the
    beat. Of gaps that are no longer than 50 ms only the worst of every `POINT_S` is drawn.
    """
    ends, lags = beats[1:], np.diff(beats) - PERIOD_S
    firsts = np.flatnonzero(np.diff(np.floor(ends / POINT_S), prepend=-1.0))
    worst = np.maximum.reduceat(lags, firsts)
    usual = worst <= BLOCKED_OVER_S
    lasts = np.append(firsts[1:], len(ends)) - 1
    late = lags > BLOCKED_OVER_S
    parts = np.array([*RAMP, 0.0])
    ramps = lags[late][:, None] * parts
    rises = (beats[:-1][late] + PERIOD_S)[:, None] + ramps
    rises[:, -1] = ends[late]
    times = np.concatenate((ends[lasts][usual], rises.ravel()))
    values = np.concatenate((worst[usual], ramps.ravel())) * 1e3
    order = np.argsort(times, kind="stable")
    return times[order], np.maximum(values[order], 0.0)


class WaitHistory(History):
    """The same of a GIL meter's waits, whose moments are those when the thread woke at last; see `drawn_waits`."""

    def __init__(self, meter: Meter) -> None:
        super().__init__(WAIT_MS.low)
        self._meter = meter
        self._last = -math.inf

    def update(self, begun: float) -> None:
        """Take over the points that came since the last call, none of them from before the lag's line began."""
        self.begun = begun
        new = newest(self._meter.trace, max(self._last, begun))
        if new:
            self.take(*drawn_waits(np.array(new), self._last).T)
            self._last = new[-1][0]

    def _past(self, since: float, until: float) -> tuple[Floats, Floats]:
        # A wait that ended later may have begun by then.
        waits = self._meter.waits(since, until + EXACT_S)
        if not waits:
            return np.empty(0), np.empty(0)
        times, values = drawn_waits(np.array(waits), -math.inf).T
        return times, values


def newest(trace: Sequence[tuple[float, float]], after: float) -> list[tuple[float, float]]:
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
