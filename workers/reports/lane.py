"""One lane of the timeline: the bars of one thread, as numpy columns sorted by their starts. For one thread.

Beside the bars stand running sums of the time spent in each state. With them the share of a state in any stretch is
the difference of two of them, however many bars lie between: a picture of a lane costs as much as it is wide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.task import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[Any]

RUNNING, DONE, FAILED, CANCELLED, WAITING, PAUSED, BLOCKED = range(7)
"""What a bar can be. The first four are work, told apart by how its task ended, if it did.

WAITING is for a turn, BLOCKED for something that tasks share: for a lock, say. It is the last, for most runs have none.
"""

KINDS = 7
NONE = 255
"""A state that has no bar: queued, and after the end."""

NO_TASK = -1

OUTCOMES = {Phase.DONE: DONE, Phase.FAILED: FAILED, Phase.CANCELLED: CANCELLED}
_BARS = {Phase.STARTED: RUNNING, Phase.RESUMED: RUNNING, Phase.WAITING: WAITING, Phase.PAUSED: PAUSED}

WITH_REASON = len(Phase)
"""What stands in columns of phases for a WAITING that says what it is for."""


def _table(entries: dict[Phase, int], default: int, with_reason: int) -> Ints:
    """A column by which numpy translates a whole column of phases."""
    table = np.array([*(entries.get(phase, default) for phase in Phase), with_reason], np.uint8)
    table.setflags(write=False)
    return table


KIND_OF = _table(_BARS, NONE, BLOCKED)
OUTCOME_OF = _table(OUTCOMES, RUNNING, RUNNING)


class Bar(NamedTuple):
    """A stretch of one task in one state; times in seconds since Start.

    Attributes:
        task: the task's index in its run.
        kind: RUNNING to BLOCKED.
        start: when it began.
        end: when it ended; where it has not, what the caller said is now.
    """

    task: int
    kind: int
    start: float
    end: float


class Lane:
    """The bars of one place, or of one of the tasks that such a place carries out side by side.

    Attributes:
        place: the name of the thread or process.
        track: 0, or a further number where a place has several tasks at once.
        count: how many bars have ended.
        open: the bars that have not, as (task, kind, start).
    """

    def __init__(self, place: str, track: int = 0) -> None:
        self.place, self.track = place, track
        self.count = 0
        self.open: list[tuple[int, int, float]] = []
        self._starts: Floats = np.empty(64)
        self._ends: Floats = np.empty(64)
        self._kinds: Ints = np.empty(64, np.uint8)
        self._tasks: Ints = np.empty(64, np.uint32)
        self._sums: dict[int, Floats] = {}
        self._summed = 0

    @property
    def title(self) -> str:
        """The place's name; of its further lanes with a number: "asyncio (2)"."""
        return f"{self.place} ({self.track + 1})" if self.track else self.place

    # ---------------------------------------------------------------- taking in

    def add(self, starts: Floats, ends: Floats, kinds: Ints, tasks: Ints) -> None:
        before, after = self.count, self.count + len(starts)
        if after > len(self._starts):
            room = max(after, 2 * len(self._starts))
            self._starts, self._ends = grown(self._starts, room), grown(self._ends, room)
            self._kinds, self._tasks = grown(self._kinds, room), grown(self._tasks, room)
            self._sums = {kind: grown(sums, room + 1) for kind, sums in self._sums.items()}
        self._starts[before:after], self._ends[before:after] = starts, ends
        self._kinds[before:after], self._tasks[before:after] = kinds, tasks
        self.count = after
        if 0 < before < after and starts[0] < self._starts[before - 1]:
            self._sort()

    def _sort(self) -> None:
        """Clocks of several processes may differ by a hair: put everything in order again."""
        order = np.argsort(self._starts[: self.count], kind="stable")
        for column in (self._starts, self._ends, self._kinds, self._tasks):
            column[: self.count] = column[: self.count][order]
        self._summed = 0

    def settle(self, task: int, kind: int, row: int) -> None:
        """A task has ended: what it did so far, from bar `row` on, becomes `kind`."""
        kinds = self._kinds[row : self.count]
        kinds[(self._tasks[row : self.count] == task) & (kinds == RUNNING)] = kind
        self._summed = min(self._summed, row)

    def _sum(self) -> None:
        low, high = self._summed, self.count
        kinds = self._kinds[low:high]
        lengths = self._ends[low:high] - self._starts[low:high]
        for kind in {*self._sums, *np.flatnonzero(np.bincount(kinds, minlength=KINDS)).tolist()}:
            sums = self._sums.get(kind)
            if sums is None:
                sums = self._sums[kind] = np.zeros(len(self._starts) + 1)
            np.cumsum(np.where(kinds == kind, lengths, 0.0), out=sums[low + 1 : high + 1])
            sums[low + 1 : high + 1] += sums[low]
        self._summed = high

    # ---------------------------------------------------------------- looking

    def cover(self, edges: Floats, now: float, shares: npt.NDArray[np.float32], tasks: Ints) -> None:
        """How much of each column of a picture is in which state, and which task is the last in it.

        Args:
            edges: the moments between the columns, one more than there are columns, at equal distances.
            now: up to which moment the bars go that have not ended.
            shares: gets the shares, 0 to 1, as [kind, column]; all zeros before.
            tasks: gets the index of the newest task that began up to each edge, NO_TASK before the first.
        """
        tasks[:] = NO_TASK
        width = edges[1] - edges[0]
        if self.count:
            self._cover_ended(edges, width, shares, tasks)
        for task, kind, start in self.open:
            if start < edges[-1] and now > edges[0]:
                inside = np.minimum(edges[1:], now) - np.maximum(edges[:-1], start)
                shares[kind] += np.maximum(inside, 0.0) / width
                tasks[edges >= start] = task

    def _cover_ended(self, edges: Floats, width: float, shares: npt.NDArray[np.float32], tasks: Ints) -> None:
        if self._summed < self.count:
            self._sum()
        at = np.searchsorted(self._starts[: self.count], edges, "right")
        first, last = int(at[0]), int(at[-1])
        if not last:
            return
        before = np.maximum(at - 1, 0)
        over = np.maximum(self._ends[before] - edges, 0.0)
        if not first:
            over[at == 0] = 0.0
        elif first == last and not over[0]:
            tasks[:] = self._tasks[last - 1]
            return  # all of it lies in a gap
        np.copyto(tasks, self._tasks[before], where=at > 0, casting="unsafe")
        kinds = self._kinds[before]
        for kind, sums in self._sums.items():
            if sums[last] > sums[max(first - 1, 0)]:
                done = sums[at]
                done -= np.where(kinds == kind, over, 0.0)
                shares[kind] += np.maximum(np.diff(done), 0.0) / width

    def bar_at(self, moment: float, slack: float, now: float) -> Bar | None:
        """The bar at a moment, or the nearest one not farther away than `slack` seconds."""
        middle = int(np.searchsorted(self._starts[: self.count], moment, "right"))
        found = [self.bar(row) for row in (middle - 1, middle) if 0 <= row < self.count]
        found += [Bar(task, kind, start, max(start, now)) for task, kind, start in self.open]
        if not found:
            return None
        best = min(found, key=lambda bar: max(bar.start - moment, moment - bar.end, 0.0))
        return best if best.start - slack <= moment <= best.end + slack else None

    def columns(self) -> tuple[Floats, Floats, Ints]:
        """The starts, ends and kinds of all bars that have ended, by row: views, good until more are taken in."""
        return self._starts[: self.count], self._ends[: self.count], self._kinds[: self.count]

    def is_open(self, bar: Bar) -> bool:
        return any(task == bar.task and since == bar.start for task, _, since in self.open)

    def bar(self, row: int) -> Bar:
        return Bar(
            int(self._tasks[row]), int(self._kinds[row]), float(self._starts[row]), float(self._ends[row])
        )

    def between(self, low: float, high: float, most: int) -> list[Bar]:
        """The bars that have ended and touch a stretch; none where there are more than `most`."""
        starts = self._starts[: self.count]
        first, last = np.searchsorted(starts, (low, high), "right")
        first = max(0, int(first) - 1)
        return [] if last - first > most else [self.bar(row) for row in range(first, int(last))]

    def tasks_between(self, low: float, high: float) -> Sequence[int]:
        """The different tasks whose bars begin in a stretch, or last into it."""
        first, last = np.searchsorted(self._starts[: self.count], (low, high), "right")
        if first and self._ends[first - 1] > low:
            first -= 1
        ended: list[int] = np.unique(self._tasks[first:last]).tolist()
        return ended + [task for task, _, start in self.open if start < high and task not in ended]

    def neighbour(self, task: int, start: float, step: int) -> int:
        """The task that comes before (`step` -1) or after (+1) the one that began at `start`; NO_TASK at the end."""
        rows = range(int(np.searchsorted(self._starts[: self.count], start, "right")), self.count)
        if step < 0:
            rows = range(int(np.searchsorted(self._starts[: self.count], start, "left")) - 1, -1, -1)
        for row in rows:
            if self._tasks[row] != task:
                return int(self._tasks[row])
        others = [other for other, _, since in self.open if other != task and (since - start) * step > 0]
        return others[0] if others else NO_TASK


def grown(column: Any, room: int) -> Any:
    """A copy of a column with room for more."""
    larger = np.empty(room, column.dtype)
    larger[: len(column)] = column
    return larger


def ordered(keys: Ints) -> Ints:
    """The stable order of whole numbers: those of 16 bits are sorted by their digits, several times as fast."""
    low = keys.min()
    if int(keys.max()) - int(low) < 65_536:
        keys = (keys - low).astype(np.uint16)
    return np.argsort(keys, kind="stable")


def by_key(keys: Ints) -> list[Ints]:
    """The rows of each key, in their order."""
    if not len(keys):
        return []
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1)
