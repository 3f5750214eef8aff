"""What the live graphs ask for, of a run that grows in the watcher's thread. In the GUI thread.

Slices are copies: a view of an array that grows would make its next append fail.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from gui.live.graphs import LiveGraphs
from gui.live.traces import LagHistory
from gui.watch.texts import silent_s
from workers.monitors.lag import PERIOD_S, LagMonitor
from workers.reports.series import RAMP

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.reports.lane import Floats
    from workers.watch.watched import Watched
    from workers.watch.watcher import Watcher


class RunMeter:
    """The waits for the GIL, and when code in C held it.

    Attributes:
        trace: the waits: pairs of a moment and how late a thread woke, in ms.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.trace = run.waits

    def waits(self, start: float, end: float) -> list[tuple[float, float]]:
        return self.trace[bisect_left(self.trace, (start,)) : bisect_left(self.trace, (end,))]

    def held(self, start: float, end: float) -> list[tuple[float, float]]:
        """Between two moments, as spans."""
        spans, at = self._run.held, bisect_left(self._run.held, (start,))
        near = spans[max(0, at - 1) : bisect_left(spans, (end,))]
        return [(max(start, since), min(end, until)) for since, until in near if until > start]


class GrowingLag(LagHistory):
    """The line of lag, with the ramp of a freeze that still lasts."""

    def __init__(self, watched: Watched) -> None:
        super().__init__(LagMonitor(watched.run.beats))
        self._watched = watched

    def update(self) -> None:
        self.grows = self._watched.run.ended is None
        super().update()

    def points(self, since: float, until: float) -> tuple[Floats, Floats]:
        times, heights = super().points(since, until)
        silent = silent_s(self._watched, time.perf_counter())
        if not silent or until < self._watched.run.beats[-1]:
            return times, heights
        grown = np.array(RAMP) * silent
        rise = self._watched.run.beats[-1] + PERIOD_S + grown
        return np.concatenate((times, rise)), np.concatenate((heights, self._heights(grown * 1e3)))


def graphs_of(watcher: Watcher, theme: Theme, number: int) -> LiveGraphs:
    """The live graphs of a program that is watched, as run `number`: its lag, and its waits for the GIL."""
    run, meter = watcher.run, RunMeter(watcher.run)
    graphs = LiveGraphs(theme, LagMonitor(run.beats), meter, meter, ("lag", "gil"))
    graphs.axes.lag_of = watcher.program.name
    graphs.scene.lag = GrowingLag(watcher.watched)
    graphs.add_run(run, watcher.program.name, run.plan.unit, number)
    return graphs
