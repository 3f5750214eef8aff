"""The tasks that were handed to remote workers: each comes to just one end here, whatever becomes of the remote worker.

`take` runs in the threads of the links, the rest in the runner's own; a lock keeps them apart.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from ..engine.task import Phase, TaskEvent
from ..utils.child import unpickle
from .errors import failure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ..engine.task import Control, Emit, Task

TRIES = 2
"""How often a task may be on a remote worker that dies: it may be the one that kills it."""

PHASES = tuple(Phase)
PROGRESS = int(Phase.PROGRESS)


class _One:
    """What is known of a task that is away.

    Attributes:
        link: the number of the link to the remote worker that has it; 0 where none has told that it has.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.tries = 0
        self.began = False
        self.link = 0
        self.amount = 0.0
        self.place = ""


class InFlight:
    """Hands tasks out, passes their events on, and sees to their ends.

    Attributes:
        received: how many events came from remote workers so far.
        ended: how many tasks have ended.
    """

    def __init__(self, tasks: Iterator[Task], emit: Emit, control: Control) -> None:
        self._tasks, self._emit, self._control = tasks, emit, control
        self._lock = threading.Lock()
        self._in_flight: dict[int, _One] = {}
        self._again: deque[_One] = deque()
        self.received = self.ended = 0

    def __len__(self) -> int:
        return len(self._in_flight)

    def __contains__(self, number: object) -> bool:
        return number in self._in_flight

    def next(self) -> Task | None:
        """The next task to hand out: one that has to be run again, or a new one; None where there is none."""
        with self._lock:
            one = self._again.popleft() if self._again else None
        if one is None:
            task = next(self._tasks, None)
            if task is None:
                return None
            one = _One(task)
        with self._lock:
            self._in_flight[one.task.number] = one
        return one.task

    def take(self, rows: Iterable[tuple[Any, ...]], link: int) -> bool:
        """Pass on what a remote worker tells; of a task's progress in one batch only the last.

        Args:
            rows: events as plain data, as `workers.remote.worker` makes them.
            link: the number of the link to it.

        Returns:
            Whether any of the tasks ended.
        """
        before = len(self._in_flight)
        latest: dict[int, tuple[Any, ...]] = {}
        count = 0
        with self._lock:
            for row in rows:
                count += 1
                if row[1] == PROGRESS and row[5] is None:  # what has samples is passed on
                    latest[row[0]] = row
                    continue
                if row[0] in latest:
                    self._pass(latest.pop(row[0]), link)
                self._pass(row, link)
            for row in latest.values():
                self._pass(row, link)
            self.received += count
            return len(self._in_flight) < before

    def took(self, number: int, link: int) -> None:
        """A remote worker has a task from now on, whether it has begun it or not."""
        with self._lock:
            one = self._in_flight.get(number)
            if one is not None:
                one.link = link

    def waiting(self) -> list[int]:
        """The numbers of tasks that were handed out, and that no remote worker has told that it has."""
        with self._lock:
            return [number for number, one in self._in_flight.items() if not one.link]

    def _pass(self, row: tuple[Any, ...], link: int) -> None:
        number, value, moment, amount, place, detail = row
        one = self._in_flight.get(number)
        phase = PHASES[value]
        if one is None or (one.link not in (0, link) and phase is not Phase.STARTED):
            return  # it has ended here already, or it is run once more by another
        one.link, one.amount, one.place = link, max(one.amount, amount), place
        if phase is Phase.STARTED:
            if one.began:
                phase = Phase.RESUMED  # for the run it began when it did so first
            one.began = True
        elif phase is Phase.DONE and detail is not None:
            try:
                detail = unpickle(detail)
            except Exception as error:  # whatever a person's own class raises
                phase = Phase.FAILED
                detail = f"{failure(error)}The result cannot be read in the program: {error}"
        if phase.is_final:
            del self._in_flight[number]
            self.ended += 1
        self._emit(TaskEvent(number, phase, min(moment, time.perf_counter()), one.amount, place, detail))

    def requeue(self, why: str, guilty: Collection[int] | None = None) -> None:
        """The remote workers have gone, and with them all tasks in flight: run these again, or let them fail.

        Args:
            why: what happened to them, as a sentence.
            guilty: the links to those that went by themselves; None: all. Tasks on others were only near by, and those
                that had not begun were not tried. Where none is known to have been on the guilty, it was one of these.
        """
        with self._lock:
            were_away = list(self._in_flight.values())
            tried = [one for one in were_away if one.link and (guilty is None or one.link in guilty)]
            tried = tried or [one for one in were_away if not one.link]
            for one in were_away:
                self._put_back(one, why, one in tried)

    def requeue_link(self, link: int, why: str) -> int:
        """One remote worker has gone, and others go on: run its tasks once more, or let them fail.

        Args:
            link: the number of the link to it.
            why: what happened to it, as a sentence.

        Returns:
            How many tasks it had.
        """
        with self._lock:
            had = [one for one in self._in_flight.values() if one.link == link]
            for one in had:
                self._put_back(one, why, was_tried=True)
            return len(had)

    def lost(self, number: int, why: str = "", *, was_tried: bool = True) -> None:
        """The remote worker has gone that had this task alone: run it again or let it fail, unless it has ended.

        Args:
            number: the task's.
            why: what happened to the remote worker, as a sentence.
            was_tried: whether there was a remote worker at all.
        """
        with self._lock:
            one = self._in_flight.get(number)
            if one is not None:
                self._put_back(one, why, was_tried)

    def _put_back(self, one: _One, why: str, was_tried: bool) -> None:
        one.tries += was_tried
        one.link = 0
        if self._control.cancelled:
            self._end(one, Phase.CANCELLED)
        elif one.tries >= TRIES:
            self._end(one, Phase.FAILED, f"{why} It was tried {one.tries} times.")
        else:
            del self._in_flight[one.task.number]
            self._again.append(one)
            if one.began:
                self._tell(one, Phase.WAITING)

    def fail(self, number: int, text: str) -> None:
        """End one task that could not be handed out."""
        with self._lock:
            if number in self._in_flight:
                self._end(self._in_flight[number], Phase.FAILED, text)

    def fail_rest(self, text: str) -> None:
        """End all tasks that are in flight or still to come: there is no remote worker that could run them."""
        while True:
            with self._lock:
                for one in list(self._in_flight.values()):
                    self._end(one, Phase.CANCELLED if self._control.cancelled else Phase.FAILED, text)
            if self.next() is None:
                return

    def cancel(self, *, unbegun: bool = False) -> None:
        """End all tasks in flight as cancelled; what remote workers may still tell of them is not heard.

        Args:
            unbegun: only those that no remote worker has told of: they still lie in a queue.
        """
        with self._lock:
            for one in [*self._in_flight.values(), *self._again]:
                if not (unbegun and one.link):
                    self._end(one, Phase.CANCELLED)
            self._again.clear()

    def _end(self, one: _One, phase: Phase, text: str = "") -> None:
        self._in_flight.pop(one.task.number, None)
        self.ended += 1
        self._tell(one, phase, text if phase is Phase.FAILED else None)

    def _tell(self, one: _One, phase: Phase, detail: str | None = None) -> None:
        self._emit(TaskEvent(one.task.number, phase, time.perf_counter(), one.amount, one.place or "-", detail))
