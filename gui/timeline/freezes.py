"""The freezes of one run as stretches of time: the gaps between the window's beats, and the watchdog's freezes.

In the GUI thread. While a run goes on, beats are read as they come; afterwards the run has them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workers.monitors.lag import FREEZE_OVER_S, PERIOD_S
from workers.reports.lane import Lane

if TYPE_CHECKING:
    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze
    from workers.monitors.lag import LagMonitor
    from workers.reports.lane import Bar, Floats

FREEZE_GAP_S = FREEZE_OVER_S + PERIOD_S
SLACK_S = 1e-6


class FreezeBands:
    """Where a run's window was frozen, in seconds since Start.

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
            self.lane.open = [(0, 0, self._seen - self._run.started)] if now - self._seen > FREEZE_GAP_S else []

    def _gaps(self, edges: Floats) -> tuple[Floats, Floats]:
        at = np.flatnonzero(np.diff(edges) > FREEZE_GAP_S)
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
        starts = np.append(starts, [freeze.started - run.started for freeze in run.freezes])
        ends = np.append(ends, [freeze.ended - run.started for freeze in run.freezes])
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], np.maximum.accumulate(ends[order])
        self.lane = Lane("freezes")
        self.version += 1
        if len(starts):
            first = np.append(True, starts[1:] > ends[:-1])  # of those that overlap
            self._add(starts[first], ends[np.append(np.flatnonzero(first)[1:] - 1, len(ends) - 1)])

    def cards(self, band: Bar) -> list[Freeze]:
        # One that only shares a beat with it is another's, also where rounding says that it begins a hair before.
        low, high = band.start + self._run.started + SLACK_S, band.end + self._run.started - SLACK_S
        return [freeze for freeze in self._run.freezes if freeze.started < high and freeze.ended > low]
