"""When the window of one run was slow or frozen: the gaps between its beats, and what the watchdog saw besides.

In the GUI thread. While a run goes on, beats are read as they come; afterwards the run has them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workers.monitors.lag import PERIOD_S, SLOW_OVER_S
from workers.reports.lane import KINDS, Lane
from workers.reports.series import edges, slow_gaps

if TYPE_CHECKING:
    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze
    from workers.monitors.lag import LagMonitor
    from workers.reports.lane import Bar, Floats

SLOW_GAP_S = SLOW_OVER_S + PERIOD_S
SLACK_S = 1e-6


class FreezeBands:
    """Where a run's window was slow or frozen, in seconds since Start: a stretch for each gap, to be counted.

    Attributes:
        lane: the stretches, as a lane of bars; their kind is 0.
        version: grows with every change.
    """

    def __init__(self, run: Run, lag: LagMonitor | None) -> None:
        self.lane = Lane("freezes")
        self.version = 0
        self._run, self._lag = run, lag
        self._seen = run.started
        self._is_final = False

    def update(self, now: float) -> None:
        """Look for freezes up to `now`, in seconds of `time.perf_counter`."""
        if self._is_final:
            return
        if self._run.ended is not None:
            self._is_final = True
            self._take_all()
        elif self._lag is not None:
            beats = np.append(self._seen, np.frombuffer(self._lag.beats(self._seen, now)))
            self._seen = float(beats[-1])
            self._add(slow_gaps(beats - self._run.started))
            self.lane.open = [(0, 0, self._seen - self._run.started)] if now - self._seen > SLOW_GAP_S else []

    def _add(self, gaps: Floats) -> None:
        if len(gaps):
            self.version += 1
            zeros = np.zeros(len(gaps), np.uint8)
            self.lane.add(gaps[:, 0], gaps[:, 1], zeros, zeros)

    def _take_all(self) -> None:
        """The run is over: its own beats say more than what was seen, and the watchdog has spoken."""
        run = self._run
        # Without a lag there was no window.
        gaps = slow_gaps(edges(run)) if run.lag is not None else np.empty((0, 2))
        starts, ends = gaps.T
        seen = [(freeze.started - run.started, freeze.ended - run.started) for freeze in run.freezes]
        # Of most of them the beats tell better where they begin and end.
        alone = [(low, high) for low, high in seen if not np.any((starts < high) & (ends > low))]
        self.lane = Lane("freezes")
        self.version += 1
        self._add(np.array(sorted([*map(tuple, gaps.tolist()), *alone])).reshape(-1, 2))

    def shares(self, edges: Floats, now: float) -> Floats:
        """Which part of each column between these moments it was slow or frozen, 0 to 1; up to `now`."""
        covered = np.zeros((KINDS, len(edges) - 1), np.float32)
        self.lane.cover(edges, now, covered, np.empty(len(edges), np.int64))
        found: Floats = np.minimum(covered[0].astype(np.float64), 1.0)
        return found

    def cards(self, band: Bar) -> list[Freeze]:
        # One that only shares a beat with it is another's, also where rounding says that it begins a hair before.
        low, high = band.start + self._run.started + SLACK_S, band.end + self._run.started - SLACK_S
        return [freeze for freeze in self._run.freezes if freeze.started < high and freeze.ended > low]
