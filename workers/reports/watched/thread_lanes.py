"""What the threads of a watched program did, as lanes: a bar for each stretch in one state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...monitors.threads.history import CODES, ENDED, STATES
from ..lane import Lane
from ..lanes import PIECE, TimelineData
from . import is_watched

if TYPE_CHECKING:
    from ...engine.run import Run

KINDS = tuple(state for state in STATES if state != ENDED)
"""What a bar can be, by its kind."""

COLORS = {
    **{"python": "accent", "gil": "bad", "c": "painting", "io": "input", "network": "good"},
    **{"sleep": "line", "lock": "warn", "waits": "muted"},
}
"""What a thread does -> the role of its colour (`reports.palette`)."""

MAIN = "MainThread"


class ThreadsData(TimelineData):
    """The lanes of a watched run: one for each thread, in the order in which they were first seen."""

    is_threads = True

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.lanes = [Lane(MAIN)]
        self.order = self.lanes
        self._lane_at: dict[int, Lane] = {}
        self._since: dict[int, tuple[int, float]] = {}

    @property
    def is_behind(self) -> bool:
        return self._taken < len(self.run.threads.states)

    @property
    def kinds(self) -> int:
        return len(KINDS)

    def lane_of(self, task: int) -> None:
        """The program itself lies in none."""

    def take_up(self, most: int = PIECE) -> bool:
        # Another thread may add to the columns, the states as the last of them.
        threads, low = self.run.threads, self._taken
        high = self._taken = min(len(threads.states), low + most)
        if high == low:
            return False
        self.version += 1
        bars: dict[int, list[tuple[float, float, int]]] = {}
        columns = (threads.times[low:high], threads.which[low:high], threads.states[low:high])
        for moment, thread, code in zip(*columns, strict=True):
            at = moment - self.run.started
            kind, since = self._since.get(thread, (CODES[ENDED], at))
            if kind != CODES[ENDED]:
                bars.setdefault(thread, []).append((since, max(since, at), kind))
            self._since[thread] = (code, at)
            if thread not in self._lane_at:
                self._add_lane(thread)
        for thread, rows in bars.items():
            starts, ends, kinds = map(np.array, zip(*rows, strict=True))
            tasks = np.zeros(len(rows), np.uint32)
            self._lane_at[thread].add(starts, ends, kinds.astype(np.uint8), tasks)
        for thread, (kind, since) in self._since.items():
            self._lane_at[thread].open = [(0, kind, since)] if kind != CODES[ENDED] else []
        return True

    def _add_lane(self, thread: int) -> None:
        lane, name = self.lanes[0], self.run.threads.names[thread]
        if name != MAIN or lane in self._lane_at.values():
            lane = Lane(name)
            self.lanes.append(lane)
        self._lane_at[thread] = lane

    def close_open(self) -> None:
        for lane in self.lanes:
            for _, kind, since in lane.open:
                end = np.array([max(since, self.end)])
                lane.add(np.array([since]), end, np.array([kind], np.uint8), np.zeros(1, np.uint32))
            lane.open = []


def lanes_of(run: Run) -> TimelineData:
    """Where a program is watched, a lane for each of its threads; else those of places with their tasks."""
    has_threads = is_watched(run) and (run.ended is None or len(run.threads) > 0)
    return ThreadsData(run) if has_threads else TimelineData(run)


def thread_lanes(run: Run) -> list[Lane]:
    """All of it, of a run that has ended: a lane for each thread that did something."""
    data = ThreadsData(run)
    while data.take_up():
        pass
    data.close_open()
    return [lane for lane in data.lanes if lane.count]
