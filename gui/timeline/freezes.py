"""When the window of one run was slow or frozen: the gaps between its beats, and what the watchdog saw besides.

In the GUI thread. While a run goes on, beats are read as they come; afterwards the run has them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workers.monitors.lag import PERIOD_S, SLOW_OVER_S
from workers.reports.lane import Lane

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
            edges = np.append(self._seen, np.frombuffer(self._lag.beats(self._seen, now)))
            self._seen = float(edges[-1])
            self._add(*self._gaps(edges))
            self.lane.open = [(0, 0, self._seen - self._run.started)] if now - self._seen > SLOW_GAP_S else []

    def _gaps(self, edges: Floats) -> tuple[Floats, Floats]:
        at = np.flatnonzero(np.diff(edges) > SLOW_GAP_S)
        return edges[at] - self._run.started, edges[at + 1] - self._run.started

    def _add(self, starts: Floats, ends: Floats) -> None:
        if len(starts):
            self.version += 1
            zeros = np.zeros(len(starts), np.uint8)
            self.lane.add(starts, ends, zeros, zeros)

    def _take_all(self) -> None:
        """The run is over: its own beats say more than what was seen, and the watchdog has spoken."""
        run = self._run
        assert run.ended is not None
        starts, ends = np.empty(0), np.empty(0)
        if run.lag is not None:  # else there was no window
            starts, ends = self._gaps(np.array([run.started, *run.beats, run.ended]))
        seen = [(freeze.started - run.started, freeze.ended - run.started) for freeze in run.freezes]
        # Of most of them the beats tell better where they begin and end.
        alone = [(low, high) for low, high in seen if not np.any((starts < high) & (ends > low))]
        found = np.array(sorted([*zip(starts.tolist(), ends.tolist(), strict=True), *alone])).reshape(-1, 2)
        self.lane = Lane("freezes")
        self.version += 1
        self._add(found[:, 0], found[:, 1])

    def cards(self, band: Bar) -> list[Freeze]:
        # One that only shares a beat with it is another's, also where rounding says that it begins a hair before.
        low, high = band.start + self._run.started + SLACK_S, band.end + self._run.started - SLACK_S
        return [freeze for freeze in self._run.freezes if freeze.started < high and freeze.ended > low]
