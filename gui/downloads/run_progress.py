"""How a run gets on with the items of the queue: read from its recorder, a few times a second. In the GUI thread.

The recorder knows tasks, the list knows items, and the plan which is for which. What changed is read from the
recorder's own list of changes, from where the last look ended: ten thousand tasks that do nothing cost nothing.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from gui.downloads.state import State
from workers.downloads.queue_items import NOTE_BYTES
from workers.engine.task import Phase
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.downloads.state import Listing
    from workers.engine.recorder import Row
    from workers.engine.run import Run

ITEM_S, OVERALL_S = 3.0, 6.0
"""Seconds over which the speed of one item, and of all of them, is measured."""

PHASES = {
    Phase.STARTED: State.RUNNING,
    Phase.WAITING: State.RUNNING,
    Phase.PAUSED: State.PAUSED,
    Phase.RESUMED: State.RUNNING,
    Phase.DONE: State.DONE,
    Phase.FAILED: State.FAILED,
}
"""What happened to a task -> the state of its item; an item whose task was cancelled waits for the next run."""


class DownloadPace:
    """How fast something grows, over its last few seconds."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._marks: deque[tuple[float, float]] = deque()

    def note(self, now: float, amount: float) -> None:
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
    """

    def __init__(self, run: Run) -> None:
        """Follow a run; whatever it has done already is told by the first `advance`."""
        self.run = run
        self._items = run.plan.items
        self.tasks = {item: index for index, item in enumerate(self._items)}
        self.states: dict[int, State] = {}
        self.pace = DownloadPace(OVERALL_S)
        self._running: set[int] = set()
        self._paces: dict[int, DownloadPace] = {}
        self._cursor = 0

    def advance(self, now: float) -> list[int]:
        """Take in what happened since the last call; returns the items whose state may be another one now."""
        recorder = self.run.recorder
        changes = recorder.changes
        changed: list[int] = []
        end = len(changes)
        for index, value in zip(
            changes.tasks[self._cursor : end], changes.phases[self._cursor : end], strict=True
        ):
            item, phase = self._items[index], Phase(value)
            state = PHASES.get(phase)
            if state is None:
                self.states.pop(item, None)
            else:
                self.states[item] = state
            changed.append(item)
            if phase < Phase.DONE:
                self._running.add(index)
            else:
                self._running.discard(index)
                self._paces.pop(index, None)
        self._cursor = end
        self.pace.note(now, recorder.amount)
        return changed

    def look(self, item: int, now: float) -> None:
        """Note how far an item is that can be seen: so its speed is known at the next look."""
        index = self.tasks.get(item)
        if index in self._running:
            self._paces.setdefault(index, DownloadPace(ITEM_S)).note(now, self.run.recorder.row(index).amount)

    def row(self, item: int) -> Row | None:
        """What the recorder knows of an item; None where the run has not begun with it, or knows nothing of it."""
        index = self.tasks.get(item)
        if index is None:
            return None
        row = self.run.recorder.row(index)
        return row if row.started else None

    def speed(self, item: int) -> float:
        """Bytes per second: of an item that runs, just now; of one that has ended, over its whole time."""
        index = self.tasks.get(item)
        if index is None:
            return 0.0
        pace = self._paces.get(index)
        return (pace.per_s if pace is not None else 0.0) or self.run.recorder.row(index).speed

    def why(self, item: int) -> str:
        """Why an item failed in this run, in a sentence; empty where it did not."""
        trace = self.run.recorder.errors.get(self.tasks.get(item, -1), "")
        return formatting.error_line(trace) if trace else ""

    def made(self, item: int) -> tuple[str, int]:
        """The name of an item's file, empty where there is none, and how many bytes have come of it."""
        index, recorder = self.tasks[item], self.run.recorder
        return recorder.names.get(index, ""), round(recorder.row(index).amount)

    def number(self, item: int) -> int | None:
        """The number of the task of an item that has not ended in this run; None for all others."""
        index = self.tasks.get(item)
        if index is None or self.run.ended is not None or self.states.get(item, State.WAITING) >= State.FAILED:
            return None
        return self.run.recorder.first + index

    def is_held(self, item: int) -> bool:
        """Whether an item is to wait by itself, be the whole run paused or not."""
        number = self.number(item)
        return number is not None and number in self.run.control.held

    def new(self, waiting: Iterable[int]) -> list[int]:
        """Those of the items that wait that were added, or are to be tried again, since the run was planned."""
        phases, ended = self.run.recorder.phases(), {Phase.DONE, Phase.FAILED}
        return [item for item in waiting if item not in self.tasks or phases[self.tasks[item]] in ended]

    def forget(self, items: Iterable[int]) -> None:
        """Leave the state of these items to the queue's file: they are to be retried."""
        for item in items:
            if self.states.get(item, State.WAITING) >= State.FAILED:
                del self.states[item]

    @property
    def bytes_running(self) -> float:
        """What has come of the files that are not done."""
        row = self.run.recorder.row
        return sum(row(index).amount for index in self._running)

    def lacks_lengths(self, listing: Listing) -> bool:
        """Whether the queue's file may know how long a running file will be, and the list does not."""
        row = self.run.recorder.row
        return any(not listing.size(self._items[at]) and row(at).amount >= NOTE_BYTES for at in self._running)
