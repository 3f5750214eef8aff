"""Folds task events into columns, totals and rates. Used in one thread only, the GUI thread; knows nothing of Qt.

A task costs 37 bytes here, not an object for each of its events: collecting garbage over 400,000 of those would stop
the window for 86 ms.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from .changes import Changes
from .sharing import Reason, Sharing
from .task import CANCELLED, DONE, FAILED, PROGRESS, QUEUED, STARTED, WAITING, Phase, TaskEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

BIN_S = 0.1
"""Width of one bin of the throughput, in seconds."""

MAX_AMOUNT = 1e15
"""What one task may do counts as no more: sums, rates and graphs stay numbers whatever somebody's function yields."""

MAX_TEXT_LENGTH = 200
"""Letters that are kept of a result."""

_CANCEL_QUEUED = bytes(CANCELLED if value == QUEUED else value for value in range(256))


class Row(NamedTuple):
    """One task, as a table shows it; times are in seconds of `time.perf_counter`, 0.0 where there is none yet."""

    phase: Phase
    started: float
    seen: float
    ended: float
    amount: float
    place: str
    error: str

    @property
    def speed(self) -> float:
        """Amount per second over the task's own time; 0.0 while there is nothing to divide by."""
        seconds = (self.ended or self.seen) - self.started
        return self.amount / seconds if seconds > 0 else 0.0


class Recorder:
    """All that is known of one run's tasks.

    Attributes:
        first: number of the run's first task; they count up from there.
        count: how many tasks the run has.
        started: when the run began, in seconds of `time.perf_counter`.
        amount: work done so far, over all tasks, in the workload's unit.
        running: how many tasks have begun and not ended.
        done: how many ended well; `failed` and `cancelled` likewise.
        last_final: when the latest final event came; `started` before the first.
        largest: the largest amount of a task that ended well; 0.0 before the first.
        errors: the traceback of each failed task, by its index.
        texts: what tasks returned, by their indices, where that was a text: a hash, say, of MAX_TEXT_LENGTH at most.
        names: of the files that tasks made, by their indices.
        bins: amount done in each BIN_S seconds since `started`.
        changes: every state change of every task, but for being queued, and cancelled while queued.
        sharing: what was told by tasks that share something.
    """

    def __init__(self, first: int, count: int, started: float) -> None:
        self.first, self.count, self.started = first, count, started
        self.amount = 0.0
        self.running = self.done = self.failed = self.cancelled = 0
        self.last_final = started
        self.largest = 0.0
        self.errors: dict[int, str] = {}
        self.texts: dict[int, str] = {}
        self.names: dict[int, str] = {}
        self.bins = array("d")
        self.changes = Changes()
        self.sharing = Sharing()
        self._phases = bytearray(count)
        self._started_at = array("d", bytes(8 * count))
        self._seen_at = array("d", bytes(8 * count))
        self._ended_at = array("d", bytes(8 * count))
        self._amounts = array("d", bytes(8 * count))
        self._place_of = array("I", bytes(4 * count))
        self._places = [""]
        self._place_index = {"": 0}
        self._changed_low, self._changed_high = count, -1

    @property
    def finals(self) -> int:
        return self.done + self.failed + self.cancelled

    @property
    def queued(self) -> int:
        return self.count - self.finals - self.running

    def fold(self, events: Iterable[TaskEvent]) -> list[Any]:
        """Take in events, in their order for each task; returns the results that came with them.

        Events of other runs (of a worker that outlived its run's cancel) are passed over.
        """
        results = []
        for number, phase, time, amount, place, detail in events:
            index = number - self.first
            if not 0 <= index < self.count:
                continue
            before = self._phases[index]
            if before >= DONE:
                continue
            if index < self._changed_low:
                self._changed_low = index
            if index > self._changed_high:
                self._changed_high = index
            self._phases[index] = phase
            if phase != PROGRESS:
                self.changes.add(index, phase, time)
            if phase == STARTED:
                self.running += 1
                self._started_at[index] = time
                self._place_of[index] = self._place(place)
            elif amount > self._amounts[index]:
                amount = min(amount, MAX_AMOUNT)
                self._spread(self._seen_at[index], time, amount - self._amounts[index])
                self._amounts[index] = amount
            self._seen_at[index] = time
            if phase >= DONE:
                self._end(index, before, phase, time, detail)
                if phase == DONE and detail is not None:
                    results.append(detail)
            elif detail is not None:
                if phase == PROGRESS:
                    self._phases[index] = before  # it may wait meanwhile
                elif before != WAITING:
                    self.sharing.since[index] = time
                row = None if self.changes.lost else len(self.changes) - 1
                self.sharing.take(index, phase, row, detail)
        return results

    def _end(self, index: int, before: int, phase: Phase, time: float, detail: Any) -> None:
        if before != QUEUED:
            self.running -= 1
        self._ended_at[index] = time
        self.last_final = max(self.last_final, time)
        if phase == DONE:
            self.done += 1
            self.largest = max(self.largest, self._amounts[index])
            if type(detail) is str:
                self.texts[index] = detail[:MAX_TEXT_LENGTH]
            elif detail is not None and type(name := getattr(detail, "name", None)) is str:
                self.names[index] = name
        elif phase == FAILED:
            self.failed += 1
            self.errors[index] = str(detail)
        else:
            self.cancelled += 1

    def cancel_queued(self, time: float) -> None:
        """Count every task that has not begun as cancelled: nobody will pull it any more."""
        if self.queued:
            self.cancelled += self.queued
            self.last_final = max(self.last_final, time)
            self._phases = self._phases.translate(_CANCEL_QUEUED)
            self._changed_low, self._changed_high = 0, self.count - 1

    def cancel_rest(self, time: float) -> None:
        """Count every task that has not ended as cancelled, also those that go on: nobody waits for them any more."""
        began = (index for index, phase in enumerate(self._phases) if QUEUED < phase < DONE)
        self.fold([TaskEvent(self.first + index, CANCELLED, time, 0.0, "") for index in began])
        self.cancel_queued(time)

    def _place(self, name: str) -> int:
        index = self._place_index.get(name)
        if index is None:
            index = self._place_index[name] = len(self._places)
            self._places.append(name)
        return index

    def _spread(self, start: float, end: float, amount: float) -> None:
        """Share `amount` out over the bins from `start` to `end`, for that is when the work was done."""
        self.amount += amount
        first = max(0, int((start - self.started) / BIN_S))
        last = max(first, int((end - self.started) / BIN_S))
        if last >= len(self.bins):
            self.bins.extend([0.0] * (last + 1 - len(self.bins)))
        rest = amount
        for index in range(first, last):
            left = max(start, self.started + index * BIN_S)
            right = self.started + (index + 1) * BIN_S
            share = min(rest, amount * max(0.0, right - left) / (end - start))
            self.bins[index] += share
            rest -= share
        self.bins[last] += rest  # and not its own share, so that rounding loses nothing

    def waiting(self) -> dict[int, Reason]:
        """The tasks that wait just now for something that tasks share, by their indices, each with its reason."""
        latest = self.sharing.latest.items()
        return {index: reason for index, reason in latest if self._phases[index] == WAITING}

    def phases(self) -> bytes:
        """The phase of every task as one byte, by index: a copy, so that a search over 100,000 is one call in C."""
        return bytes(self._phases)

    def columns(self) -> dict[str, Any]:
        """Copies of all columns, for a file: arrays and bytes by their names, and the places' names in a list."""
        return {
            "phases": bytes(self._phases),
            "started_at": self._started_at[:],
            "seen_at": self._seen_at[:],
            "ended_at": self._ended_at[:],
            "amounts": self._amounts[:],
            "place_of": self._place_of[:],
            "places": self._places[:],
            "bins": self.bins[:],
            "change_tasks": self.changes.tasks[:],
            "change_phases": bytes(self.changes.phases),
            "change_times": self.changes.times[:],
        }

    @classmethod
    def of_columns(
        cls, first: int, started: float, columns: dict[str, Any], errors: dict[int, str], texts: dict[int, str]
    ) -> Recorder:
        """A recorder as it was when `columns` was called on it, after its last event.

        Args:
            first: number of the run's first task.
            started: when the run began, in seconds of the clock that the columns' times are of.
            columns: as `columns` made them; they are checked by whoever read them.
            errors: the traceback of each failed task, by its index.
            texts: what tasks returned, by their indices.
        """
        made = cls(first, 0, started)
        made.count = len(columns["phases"])
        made._phases = bytearray(columns["phases"])
        made._started_at, made._seen_at = columns["started_at"], columns["seen_at"]
        made._ended_at, made._amounts = columns["ended_at"], columns["amounts"]
        made._place_of, made._places = columns["place_of"], columns["places"]
        made._place_index = {name: index for index, name in enumerate(made._places)}
        made.bins, made.errors, made.texts = columns["bins"], errors, texts
        made.changes.tasks, made.changes.times = columns["change_tasks"], columns["change_times"]
        made.changes.phases = bytearray(columns["change_phases"])
        made.done, made.failed, made.cancelled = (
            made._phases.count(phase) for phase in (DONE, FAILED, CANCELLED)
        )
        made.running = made.count - made.finals - made._phases.count(QUEUED)
        made.amount = sum(made._amounts)
        made.last_final = max(started, max(made._ended_at, default=started))
        done = (amount for amount, phase in zip(made._amounts, made._phases, strict=True) if phase == DONE)
        made.largest = max(done, default=0.0)
        made._changed_low, made._changed_high = 0, made.count - 1
        return made

    @property
    def places(self) -> list[str]:
        """The names of all places that tasks have run in so far, the earliest first; "" is the place of queued ones."""
        return self._places[:]

    @property
    def place_count(self) -> int:
        return len(self._places)

    def place_indices(self, low: int, high: int) -> array[int]:
        """For the tasks from index `low` up to, not including, `high`: which of `places` each ran in; a copy."""
        return self._place_of[low:high]

    def take_changed(self) -> tuple[int, int] | None:
        """The lowest and highest index that changed since the last call; None where nothing did."""
        low, high = self._changed_low, self._changed_high
        self._changed_low, self._changed_high = self.count, -1
        return (low, high) if high >= low else None

    def row(self, index: int) -> Row:
        return Row(
            Phase(self._phases[index]),
            self._started_at[index],
            self._seen_at[index],
            self._ended_at[index],
            self._amounts[index],
            self._places[self._place_of[index]],
            self.errors.get(index, ""),
        )
