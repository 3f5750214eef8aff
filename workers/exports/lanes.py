"""Where the tasks of a finished run were, and when: a lane for each place. For the exports, in any thread.

Tasks that shared one place, such as coroutines, get lanes of their own below the place's first: no two tasks on a
lane overlap. Times are whole microseconds since Start, so that what touches does not overlap by a rounding.
"""

from __future__ import annotations

import heapq
from array import array
from typing import TYPE_CHECKING, NamedTuple

from ..engine.task import Phase

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ..engine.run import Run

STEP = 2_000
_STATES = {Phase.WAITING: "waiting", Phase.PAUSED: "paused", Phase.RESUMED: "running"}


class Lane(NamedTuple):
    """One place, or one of several lanes of a place.

    Attributes:
        name: the place's name; where tasks overlapped in it, with a number: "asyncio (2)".
        tasks: the indices of its tasks, the earliest first.
    """

    name: str
    tasks: array[int]


class Stretch(NamedTuple):
    """What a task did for a while: "running", "waiting" (for its turn) or "paused"; in microseconds since Start."""

    begin: int
    end: int
    state: str


class Lanes:
    """The lanes of one run. Call `sort` first, and drive it to its end.

    Attributes:
        lanes: in the order in which the places were first used.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        columns = run.recorder.columns()
        self._started_at, self._ended_at = columns["started_at"], columns["ended_at"]
        self._place_of, self._places = columns["place_of"], columns["places"]
        self._tasks, self._phases = columns["change_tasks"], columns["change_phases"]
        self._times = columns["change_times"]
        self._first = array("I", bytes(4 * (run.recorder.count + 1)))
        self._order = array("I", bytes(4 * len(self._tasks)))
        self.lanes: list[Lane] = []

    def sort(self) -> Generator[str, None, None]:
        """Find the lanes; yields breaths."""
        by_place: list[list[int]] = [[] for _ in self._places]
        for index, begin in enumerate(self._started_at):
            if begin:
                by_place[self._place_of[index]].append(index)
            if index % STEP == 0:
                yield ""
        for place, tasks in zip(self._places, by_place, strict=True):
            tasks.sort(key=self._started_at.__getitem__)
            yield ""
            yield from self._share_out(place, tasks)
        yield from self._sort_changes()

    def _share_out(self, place: str, tasks: list[int]) -> Generator[str, None, None]:
        """Each task goes to the lane that has been free for longest, or to a new one."""
        lanes: list[Lane] = []
        free: list[tuple[int, int]] = []
        for number, index in enumerate(tasks):
            begin, end = self.span(index)
            if free and free[0][0] <= begin:
                lane = heapq.heapreplace(free, (end, free[0][1]))[1]
            else:
                lane = len(lanes)
                lanes.append(Lane(f"{place} ({lane + 1})" if lane else place, array("I")))
                heapq.heappush(free, (end, lane))
            lanes[lane].tasks.append(index)
            if number % STEP == 0:
                yield ""
        self.lanes += lanes

    def _sort_changes(self) -> Generator[str, None, None]:
        """Sort the changes by task, each task's in their order: `_order` has those of task n from `_first[n]` on."""
        first, order = self._first, self._order
        for number, task in enumerate(self._tasks):
            first[task + 1] += 1
            if number % STEP == 0:
                yield ""
        total = 0
        for task in range(len(first)):
            total += first[task]
            first[task] = total
            if task % STEP == 0:
                yield ""
        place = first[:]
        for number, task in enumerate(self._tasks):
            order[place[task]] = number
            place[task] += 1
            if number % STEP == 0:
                yield ""

    def span(self, index: int) -> tuple[int, int]:
        """From when to when a task had its place, in microseconds since Start."""
        start = self._run.started
        begin = max(0, round((self._started_at[index] - start) * 1e6))
        ended = self._ended_at[index] or self._run.ended or start
        return begin, max(begin, round((ended - start) * 1e6))

    def stretches(self, index: int) -> Iterator[Stretch]:
        """What a task did in its place, without gaps from its begin to its end; what took no time is left out."""
        begin, end = self.span(index)
        now, state = begin, "running"
        for number in self._order[self._first[index] : self._first[index + 1]]:
            after = _STATES.get(Phase(self._phases[number]))
            if after is None or after == state:
                continue
            moment = min(end, max(now, round((self._times[number] - self._run.started) * 1e6)))
            if moment > now:
                yield Stretch(now, moment, state)
            now, state = moment, after
        if end > now or now == begin:
            yield Stretch(now, end, state)
