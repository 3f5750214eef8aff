"""What the timeline draws of one run: its changes, sorted into lanes of bars. For one thread.

The recorder tells changes in the order in which they came; here they become bars, a few ten thousand in one go and
each of them once. All loops over changes are numpy's: 200,000 take some 40 ms, in pieces of a few.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from ..monitors.freeze import GUI
from .labs.things import Things
from .lane import (
    BLOCKED,
    KIND_OF,
    KINDS,
    NONE,
    OUTCOME_OF,
    OUTCOMES,
    RUNNING,
    WITH_REASON,
    Lane,
    by_key,
    grown,
    ordered,
)

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from .lane import Floats, Ints

PIECE = 30_000
"""So many changes are taken up in one go: some 5 ms."""

SHORT_PIECE = 2_000
"""The same for a thread that is to step aside every millisecond."""

MAX_TRACKS = 256
"""A place that carries out more tasks side by side piles the further ones up in its last lane."""

TOLERANCE_S = 1e-6
NO_LANE = 0  # in lane_of: lanes count from 1 there


class TimelineData:
    """The lanes of one run, brought up to date by `take_up`; all times in seconds since its Start.

    Attributes:
        run: whose.
        lanes: in the order in which they came up; the first is the GUI thread's.
        order: the same in the order in which people read them, and below them those of locks.
        things: what the tasks share: locks, queues and the like.
        version: grows with every change.
        begun: when each task that has begun did so, sorted, and when one ended that never began.
        is_threads: whether bars are what threads did, and not tasks.
    """

    is_threads = False

    def __init__(self, run: Run) -> None:
        self.run = run
        # It is there for every run, for freezes happen in it; the runner on the GUI thread calls its place so.
        self.lanes = [Lane(GUI)]
        self.order = [self.lanes[0]]
        self.things = Things(run)
        self.version = 0
        self._taken = self._reasons_taken = 0
        self._begun: Floats = np.empty(1024)
        self._begun_count = 0
        self._lane_of: Ints = np.zeros(run.recorder.count, np.uint16)
        self._tracks: dict[str, list[int]] = {GUI: [0]}  # place -> lanes
        self._free_at: list[float] = [-np.inf]  # by lane
        self._crowded: set[str] = set()  # places with several tasks at once
        self._open_tasks: Ints = np.empty(0, np.uint32)
        self._open_phases: Ints = np.empty(0, np.uint8)
        self._open_since: Floats = np.empty(0)
        self._first_row: dict[int, int] = {}

    @property
    def begun(self) -> Floats:
        return self._begun[: self._begun_count]

    @property
    def end(self) -> float:
        """When the run ended; 0.0 while it goes on."""
        return 0.0 if self.run.ended is None else self.run.ended - self.run.started

    @property
    def is_behind(self) -> bool:
        return self._taken < len(self.run.recorder.changes)

    @property
    def kinds(self) -> int:
        """How many kinds of bars there may be: of the last there are none as long as no task waited for another."""
        return KINDS if self.run.recorder.sharing.rows else BLOCKED

    def lane_of(self, task: int) -> Lane | None:
        """The lane in which a task lies; None before it has begun."""
        lane = int(self._lane_of[task])
        return None if lane == NO_LANE else self.lanes[lane - 1]

    def take_up(self, most: int = PIECE) -> bool:
        """Take up the next changes, `most` of them at most; returns whether there were any."""
        changes, recorder = self.run.recorder.changes, self.run.recorder
        if self.things.take_up():
            self.version += 1
            if len(self.order) < len(self.lanes) + len(self.things.lanes):
                self._put_in_order()
        low = self._taken
        high = min(len(changes), low + most)
        if high == low:
            return False
        self._taken = high
        self.version += 1
        # Slices are copies: a view of an array that grows would make its next append fail.
        tasks = np.concatenate((self._open_tasks, np.frombuffer(changes.tasks[low:high], np.uintc)))
        phases = np.concatenate((self._open_phases, np.frombuffer(bytes(changes.phases[low:high]), np.uint8)))
        self._mark_reasons(phases[len(self._open_phases) :], low, high)
        times = np.concatenate((self._open_since, np.frombuffer(changes.times[low:high]) - recorder.started))
        carried = len(self._open_tasks)
        order = ordered(tasks)
        tasks, phases, times = tasks[order], phases[order], times[order]

        # One group for each task: where it begins and ends in the columns.
        ends = np.append(np.flatnonzero(tasks[1:] != tasks[:-1]), len(tasks) - 1)
        firsts = np.append(0, ends[:-1] + 1)
        group = np.repeat(np.arange(len(ends)), ends - firsts + 1)
        kinds = KIND_OF[phases]
        is_open = kinds[ends] != NONE
        has_bars = kinds[firsts] != NONE
        outcomes = OUTCOME_OF[phases[ends]]
        is_carried = order[firsts] < carried
        self._note_begun(np.concatenate((times[firsts[has_bars & ~is_carried]], times[firsts[~has_bars]])))

        group_tasks = tasks[firsts]
        group_ends = np.where(is_open, np.inf, times[ends])
        self._assign(group_tasks, times[firsts], group_ends, np.flatnonzero(has_bars), is_carried)
        lanes = self._lane_of[group_tasks]
        for at in np.flatnonzero(is_open & ~is_carried):
            self._first_row[int(group_tasks[at])] = self.lanes[lanes[at] - 1].count
        for at in np.flatnonzero(is_carried & ~is_open):
            task = int(group_tasks[at])
            self.lanes[lanes[at] - 1].settle(task, int(outcomes[at]), self._first_row.pop(task))

        begins = kinds != NONE
        begins[ends] = False  # the last state of each task lasts
        rows = np.flatnonzero(begins)
        bar_kinds = np.where(kinds[rows] == RUNNING, outcomes[group[rows]], kinds[rows])
        bar_ends = np.maximum(times[rows + 1], times[rows])
        self._add_bars(lanes[group[rows]], times[rows], bar_ends, bar_kinds, tasks[rows])

        last = ends[is_open]
        self._open_tasks, self._open_phases, self._open_since = tasks[last], phases[last], times[last]
        self._show_open(lanes[is_open], kinds[last])
        return True

    def _mark_reasons(self, phases: Ints, low: int, high: int) -> None:
        """Tell those of some changes apart that are a wait for something that tasks share."""
        rows, first = self.run.recorder.sharing.rows, self._reasons_taken
        self._reasons_taken = bisect_left(rows, high, first)
        if self._reasons_taken > first:
            phases[np.frombuffer(rows[first : self._reasons_taken], np.uintc) - low] = WITH_REASON

    def _put_in_order(self) -> None:
        self.order = sorted(self.lanes, key=_reading_order) + self.things.lanes

    def _note_begun(self, moments: Floats) -> None:
        before, after = self._begun_count, self._begun_count + len(moments)
        if after > len(self._begun):
            self._begun = grown(self._begun, max(after, 2 * len(self._begun)))
        self._begun[before:after] = moments
        self._begun[:after].sort(kind="stable")  # which costs little where it is sorted but for its end
        self._begun_count = after

    # ---------------------------------------------------------------- lanes

    def _assign(self, tasks: Ints, starts: Floats, ends: Floats, which: Ints, is_carried: Ints) -> None:
        """Give each of the tasks `which` a lane: its place's, or one of several where tasks of a place overlap."""
        if not len(which):
            return
        recorder = self.run.recorder
        low, high = int(tasks[which[0]]), int(tasks[which[-1]])
        places = np.frombuffer(recorder.place_indices(low, high + 1), np.uintc)[tasks[which] - low].astype(
            np.uint16
        )
        names = recorder.places
        lanes = len(self.lanes)
        for members in by_key(places):
            place = names[int(places[members[0]])]
            groups = which[members]
            groups = groups[np.argsort(starts[groups], kind="stable")]
            if place not in self._crowded and np.any(starts[groups][1:] < ends[groups][:-1] - TOLERANCE_S):
                self._crowded.add(place)
            if place in self._crowded:
                self._part(place, groups, tasks, starts, ends, is_carried)
            else:
                lane = self._track(place, 0)
                self._lane_of[tasks[groups]] = lane + 1
                self._free_at[lane] = float(ends[groups[-1]])
        if len(self.lanes) > lanes:
            self._put_in_order()

    def _part(
        self, place: str, groups: Ints, tasks: Ints, starts: Floats, ends: Floats, is_carried: Ints
    ) -> None:
        """Put tasks that overlap into tracks: each into the first that is free when it begins."""
        for at in groups[is_carried[groups]]:
            self._free_at[int(self._lane_of[tasks[at]]) - 1] = float(ends[at])
        for at in groups[~is_carried[groups]].tolist():
            start = float(starts[at]) + TOLERANCE_S
            tracks = self._tracks.get(place, [])
            number = next(
                (track for track, lane in enumerate(tracks) if self._free_at[lane] <= start), len(tracks)
            )
            lane = self._track(place, min(number, MAX_TRACKS - 1))
            self._lane_of[tasks[at]] = lane + 1
            self._free_at[lane] = float(ends[at])

    def _track(self, place: str, number: int) -> int:
        tracks = self._tracks.setdefault(place, [])
        if number >= len(tracks):
            tracks.append(len(self.lanes))
            self.lanes.append(Lane(place, number))
            self._free_at.append(-np.inf)
        return tracks[number]

    def _add_bars(self, lanes: Ints, starts: Floats, ends: Floats, kinds: Ints, tasks: Ints) -> None:
        for rows in by_key(lanes):
            if np.any(starts[rows][1:] < starts[rows][:-1]):
                rows = rows[np.argsort(starts[rows], kind="stable")]
            self.lanes[int(lanes[rows[0]]) - 1].add(starts[rows], ends[rows], kinds[rows], tasks[rows])

    def _show_open(self, lanes: Ints, kinds: Ints) -> None:
        for lane in self.lanes:
            lane.open = []
        columns = (lanes.tolist(), self._open_tasks.tolist(), kinds.tolist(), self._open_since.tolist())
        for number, task, kind, since in zip(*columns, strict=True):
            self.lanes[number - 1].open.append((task, kind, since))

    def close_open(self) -> None:
        """The run has ended and all was taken up: where changes were lost, bars end where the recorder says.

        There are none left open otherwise.
        """
        recorder = self.run.recorder
        self.things.close()
        for lane in self.lanes:
            if lane.open:
                self.version += 1
            for task, kind, since in lane.open:
                row = recorder.row(task)
                end = max(since, row.ended - recorder.started) if row.ended else max(since, self.end)
                outcome = OUTCOMES.get(row.phase, RUNNING)
                lane.settle(task, outcome, self._first_row.pop(task, 0))
                kinds = np.array([outcome if kind == RUNNING else kind], np.uint8)
                lane.add(np.array([since]), np.array([end]), kinds, np.array([task], np.uint32))
            lane.open = []
        self._open_tasks, self._open_phases = self._open_tasks[:0], self._open_phases[:0]
        self._open_since = self._open_since[:0]

    def waiting(self, moments: Floats) -> Floats:
        """How many tasks were queued at each of some moments. Those of a cancelled run wait until its end."""
        recorder = self.run.recorder
        left = recorder.count - np.searchsorted(self.begun, moments, "right").astype(np.float64)
        if self.run.ended is not None and not recorder.queued:
            left[moments >= self.end] = 0.0
        return left


def finished_lanes(run: Run) -> Generator[str, None, tuple[list[Lane], Things]]:
    """The lanes of a finished run in which there was a task, as people read them, and what its tasks shared.

    Yields breaths, empty texts.
    """
    data = TimelineData(run)
    while data.take_up(SHORT_PIECE):
        yield ""
    data.close_open()
    return [lane for lane in data.order[: len(data.lanes)] if lane.count], data.things


def _reading_order(lane: Lane) -> tuple[bool, list[tuple[bool, int, str]], int]:
    """The GUI thread first; "pool 2" before "pool 10"."""
    parts = [part for part in re.split(r"(\d+)", lane.place) if part]
    natural = [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]
    return lane.place != GUI, natural, lane.track
