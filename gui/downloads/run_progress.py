"""How a run gets on with the items of the queue: read from its recorder, a few times a second. In the GUI thread.

The recorder knows tasks, the list knows items. What changed is read from the recorder's own list of changes, from where
the last look ended: ten thousand tasks that do nothing cost nothing.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from typing import TYPE_CHECKING

from gui.downloads.state import State
from workers.engine.task import Phase
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gui.downloads.state import Listing
    from workers.engine.recorder import Row
    from workers.engine.run import Run

ITEM_S, OVERALL_S = 3.0, 6.0
"""The speed of one item, and of all, is that of so many seconds."""

PHASES = {
    Phase.STARTED: State.RUNNING,
    Phase.WAITING: State.RUNNING,
    Phase.PAUSED: State.PAUSED,
    Phase.RESUMED: State.RUNNING,
    Phase.DONE: State.DONE,
    Phase.FAILED: State.FAILED,
}
"""What happened to a task -> the state of its item; an item whose task was cancelled waits for the next run."""


class Pace:
    """How fast something grows, over its last few seconds."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._marks: deque[tuple[float, float]] = deque()

    def note(self, now: float, amount: float) -> None:
        """Note how much there is now."""
        marks = self._marks
        marks.append((now, amount))
        while len(marks) > 2 and marks[1][0] <= now - self._window_s:
            marks.popleft()

    @property
    def per_s(self) -> float:
        """The growth per second; 0.0 while it is not known."""
        if len(self._marks) < 2:
            return 0.0
        (began, before), (now, amount) = self._marks[0], self._marks[-1]
        return max(0.0, amount - before) / (now - began) if now > began else 0.0


class Live:
    """One run over the queue.

    Attributes:
        run: the run.
        tasks: the number of an item -> the index of its task in the run.
        states: the number of an item -> its state, for those that have begun.
        pace: of the whole run, in bytes.
        fresh: the number of an item that is done -> its bytes, as long as the list has not heard of it from the file.
        sizes: of the files that are done, in bytes, the smallest first.
    """

    def __init__(self, run: Run, tasks: Mapping[int, int], sizes: Iterable[int] = ()) -> None:
        """Follow a run.

        Args:
            run: whatever it has done already is told by the first `advance`.
            tasks: the number of an item -> the index of its task.
            sizes: of files that were done before, in bytes and sorted: what the files to come may be like.
        """
        self.run, self.tasks = run, tasks
        self.states: dict[int, State] = {}
        self.pace = Pace(OVERALL_S)
        self.fresh: dict[int, float] = {}
        self.sizes: list[float] = list(sizes)
        self._items = {index: item for item, index in tasks.items()}
        self._running: set[int] = set()
        self._again: set[int] = set()
        self._expected: dict[int, int] = {}
        self._paces: dict[int, Pace] = {}
        self._cursor = 0

    @property
    def has_ended(self) -> bool:
        """Whether the run is over."""
        return self.run.ended is not None

    def advance(self, now: float) -> list[int]:
        """Take in what happened since the last call; returns the items whose state may be another one now."""
        recorder = self.run.recorder
        changes = recorder.changes
        changed: list[int] = []
        end = len(changes)
        for index, value in zip(changes.tasks[self._cursor : end], changes.phases[self._cursor : end], strict=True):
            item = self._items.get(index)
            if item is None:
                continue
            phase = Phase(value)
            state = PHASES.get(phase)
            if state is None:
                self.states.pop(item, None)
            else:
                self.states[item] = state
            changed.append(item)
            if phase < Phase.DONE:
                self._running.add(index)
                continue
            self._running.discard(index)
            self._paces.pop(index, None)
            if phase is Phase.DONE:
                amount = recorder.row(index).amount
                self.fresh[item] = amount
                insort(self.sizes, amount)
        self._cursor = end
        self.pace.note(now, recorder.amount)
        return changed

    def look(self, item: int, now: float) -> None:
        """Note how far an item is that can be seen: so its speed is known at the next look."""
        index = self.tasks.get(item)
        if index in self._running:
            self._paces.setdefault(index, Pace(ITEM_S)).note(now, self.run.recorder.row(index).amount)

    def row(self, item: int) -> Row | None:
        """What the recorder knows of an item; None where the run has not begun with it, or knows nothing of it."""
        index = self.tasks.get(item)
        if index is None:
            return None
        row = self.run.recorder.row(index)
        return row if row.started else None

    def speed(self, item: int) -> float:
        """Bytes per second, of an item that runs of late, of one that has ended over its whole time."""
        index = self.tasks.get(item)
        if index is None:
            return 0.0
        pace = self._paces.get(index)
        return (pace.per_s if pace is not None else 0.0) or self.run.recorder.row(index).speed

    def why(self, item: int) -> str:
        """Why an item failed in this run, in a sentence; empty where it did not."""
        trace = self.run.recorder.errors.get(self.tasks.get(item, -1), "")
        return formatting.error_line(trace) if trace else ""

    def number(self, item: int) -> int | None:
        """The number of the task of an item that has not ended in this run; None for all others."""
        index = self.tasks.get(item)
        if index is None or self.has_ended or self.states.get(item, State.WAITING) >= State.FAILED:
            return None
        return self.run.recorder.first + index

    def is_held(self, item: int) -> bool:
        """Whether an item is to wait by itself, be the whole run paused or not."""
        number = self.number(item)
        return number is not None and number in self.run.control.held

    def is_new(self, item: int) -> bool:
        """Whether the run knows nothing of an item that waits: it was added, or is to be tried again, meanwhile."""
        return item not in self.tasks or item in self._again

    @property
    def has_retried(self) -> bool:
        """Whether any of its items are to be tried again in the next run."""
        return bool(self._again)

    def forget(self, items: Iterable[int]) -> None:
        """Leave what became of these items to the queue's file again: they are to be tried once more."""
        for item in items:
            if self.states.get(item, State.WAITING) >= State.FAILED:
                del self.states[item]
                self._again.add(item)

    def settle(self, listing: Listing) -> None:
        """The list was read anew: what it says is done is no news any more, and it may know how long files will be."""
        for item in list(self.fresh):
            place = listing.places.get(item)
            if place is None or listing.states[place] == State.DONE:
                del self.fresh[item]
        places = ((index, listing.places.get(self._items[index])) for index in self._running)
        sizes = {index: listing.items[place].size for index, place in places if place is not None}
        self._expected = {index: size for index, size in sizes.items() if size}

    @property
    def bytes_besides(self) -> float:
        """What has come besides the files that the list says are done."""
        row = self.run.recorder.row
        return sum(self.fresh.values()) + sum(row(index).amount for index in self._running)

    def left_s(self, waiting: int) -> float | None:
        """Seconds that the rest will take, by the speed of late and the middle size of files; None: no telling.

        Args:
            waiting: how many items of this run have not begun.
        """
        speed, expected = self.pace.per_s, self._expected
        known = self.sizes or sorted(expected.values())
        if not speed or not known or self.run.control.paused:
            return None
        usual = known[len(known) // 2]
        row = self.run.recorder.row
        under_way = sum(max(0.0, expected.get(index, usual) - row(index).amount) for index in self._running)
        return (max(0, waiting) * usual + under_way) / speed
