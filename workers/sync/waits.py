"""Who waits for what among the tasks of one run in one process, and what becomes of those who are stuck.

Runs on Python 3.9.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from .judge import Judge
from .made import Made, defaults
from .pace import PACE
from .samples import Samples
from .stuck import stuck
from .thing import HERE, LOOK_S, MUTEX, Member, Stopped, WaitEnded
from .threads import has_others

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from .pace import Pace
    from .samples import Sample
    from .thing import Tell, Waiting

MAX_TOLD = 10_000
"""So many waits of a run are told at once; later ones only when they last for LOOK_S."""

WAITING, RESUMED, PROGRESS = 2, 4, 5
"""Of `workers.engine.task.Phase`, which stands above this."""


class Waits:
    """Who waits for what, of the tasks of one run in this process.

    Attributes:
        pace: how their threads wait.
        samples: what is to be told of gauges.
        judge: names who is stuck.
        amount: the work that its tasks have done here: a gauge that is watched can show what should have come of it.
    """

    def __init__(
        self,
        control: Any,
        first: int = 0,
        tasks: int = 0,
        places: int = 1,
        where: str = "",
        pace: Pace | None = None,
    ) -> None:
        """Make it.

        Args:
            control: of the run: its `cancelled` ends each wait.
            first: the number of the run's first task.
            tasks: how many there are.
            places: how many threads they run in here.
            where: what this process is called, where the tasks run in several; else empty.
            pace: how their threads wait; None: as usual.
        """
        pace = pace or PACE
        self._control, self.pace = control, pace
        self._first, self._tasks, self._places = first, tasks, places
        self.samples = Samples(where)
        self.judge = Judge(pace, self.samples)
        self._members: set[Member] = set()
        self._begun = 0
        self._told = 0
        self._numbers: dict[str, int] = {}
        self._watched: dict[str, Callable[[], float]] = {}
        self._threads = WeakSet(threading.enumerate())
        self._judged = float("-inf")
        self._made = Made()
        self.amount = 0.0

    @property
    def is_cancelled(self) -> bool:
        return bool(self._control.cancelled)

    # ---------------------------------------------------------------- the tasks

    def shared(self, make: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        """What the tasks share: made for the first that asks, and the same for all others."""
        return self._made.get(make, {**arguments, "waits": self})

    def follow(
        self,
        number: int,
        name: str,
        tell: Tell,
        function: Callable[..., Generator[float, None, Any]],
        make: Callable[..., Any],
        arguments: dict[str, Any],
    ) -> Generator[float, None, Any]:
        """Run a task's steps, and know which task it is whose step runs in a thread.

        Args:
            number: the task's number.
            name: what tasks of this kind are called; it is the `number`th of them.
            tell: takes a phase, its detail, and when that was, or 0.0 for now.
            function: makes the workload's steps.
            make: makes what the tasks share.
            arguments: those of the task; the function gets `shared` besides.
        """
        index = number - self._first
        member = Member(self, index, f"{name} {index + 1:,}", tell)
        with MUTEX:
            self._members.add(member)
            self._begun += 1
        steps = None
        try:
            with self._step(member):
                steps = function(**arguments, shared=self.shared(make, {**defaults(function), **arguments}))
            while True:
                with self._step(member):
                    amount = next(steps)
                self._tell_samples(member, amount)
                yield amount
        except StopIteration as end:
            return end.value
        finally:
            try:
                if steps is not None:
                    with self._step(member):
                        steps.close()
            finally:
                with MUTEX:
                    member.has_ended = True
                    self._members.discard(member)
                    is_last = not self._members
                self._tell_samples(member, at_once=True, are_last=is_last)

    @contextmanager
    def _step(self, member: Member) -> Iterator[None]:
        before = getattr(HERE, "task", None)
        HERE.task = member
        member.thread = threading.get_ident()
        self._threads.add(threading.current_thread())
        try:
            yield
        finally:
            HERE.task = before

    def end_wait(self, index: int) -> bool:
        """End the wait of a task by an error, as a person asks; returns whether it waits here."""
        with MUTEX:
            for wait in [member.wait for member in self._members if member.index == index]:
                if wait is not None:
                    wait.error = WaitEnded(f"Its wait for {wait.what} was ended by hand")
                    self._wake(wait)
                    return True
        return False

    @contextmanager
    def helper(self, member: Member) -> Iterator[None]:
        """Within this block the calling thread is one of a task's own, which `member` stands for, known before."""
        try:
            with self._step(member):
                yield
        finally:
            with MUTEX:
                member.has_ended = True
                self._members.discard(member)

    def add_helper(self, index: int, title: str, tell: Tell) -> Member:
        """Let a thread count that a task is about to start: others may wait for what it will give."""
        with MUTEX:
            member = Member(self, index, title, _samples_alone(tell))
            member.thread = -id(member)  # it blocks nobody, and nobody blocks it
            self._members.add(member)
        return member

    def number(self, kind: str) -> int:
        """The number of a thing that nobody has named."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return self._numbers[kind]

    # ---------------------------------------------------------------- gauges

    def sample(self, gauge: str, value: float) -> None:
        """Note what a gauge shows now. Of very many samples only some are kept, and always the last."""
        with MUTEX:
            self.samples.add("", gauge, self.pace.now(), value)

    def watch(self, gauge: str, read: Callable[[], float]) -> None:
        """Let a gauge show something of what is shared, a counter say: it is read after each step of a task."""
        self._watched[gauge] = read

    def _tell_samples(
        self, member: Member, amount: float = 0.0, at_once: bool = False, are_last: bool = False
    ) -> None:
        now = self.pace.now()
        if not self._watched and not at_once and not self.samples.is_due(now):
            return
        with MUTEX:
            self.amount += amount
            for gauge, read in self._watched.items():
                self.samples.add("", gauge, now, read())
            is_due = at_once or self.samples.is_due(now)
            rows: tuple[Sample, ...] = self.samples.take(now, are_last) if is_due else ()
            # Told here, so that what was taken first arrives first: the last sample is what came of it.
            if rows:
                member.tell(PROGRESS, rows, 0.0)

    # ---------------------------------------------------------------- waits; MUTEX is held

    def begin(self, wait: Waiting) -> None:
        """A thread begins to wait."""
        if wait.member is None:
            return
        wait.member.wait = wait
        if self._told < MAX_TOLD:
            self._tell(wait, wait.since)

    def _tell(self, wait: Waiting, moment: float) -> None:
        """Tell what a task waits for, where that is something else than was told last."""
        assert wait.member is not None
        reason = (wait.what, tuple(member.index for member in wait.thing._holders()))
        if reason != wait.told:
            self._told += 1
            wait.told = reason
            wait.member.tell(WAITING, reason, moment)

    def end(self, wait: Waiting) -> None:
        """A thread waits no more."""
        member = wait.member
        if member is None:
            return
        member.wait = None
        if wait.told is not None:
            member.tell(RESUMED, None, 0.0)

    def check(self, wait: Waiting) -> None:
        """Look whether a wait is to end by an error: `Stopped` or `Deadlock`."""
        if self.is_cancelled:
            raise Stopped
        if wait.member is None:
            return
        now = self.pace.now()
        if self.samples.is_due(now):  # of who holds a lock nobody else may come to tell
            wait.member.tell(PROGRESS, self.samples.take(now), 0.0)
        if now - wait.since >= LOOK_S:
            self._tell(wait, now if wait.told is not None else wait.since)
        if now - self._judged >= LOOK_S / 2:
            self._judged = now
            hopeless = self.judge.judge(self.stuck(), now)
            if hopeless is not None:
                self._wake(hopeless)
        if wait.error is not None:
            raise wait.error

    def _wake(self, wait: Waiting) -> None:
        if wait in wait.thing._waiting:
            wait.thing._waiting.remove(wait)
            self.pace.wake(wait.woken)

    def stuck(self) -> frozenset[Waiting]:
        """The waits that can never end: of the largest set of tasks that only tasks of the same set could help."""
        more = self._begun < self._tasks
        found = stuck(self._members, self._places if more else 0)
        if any(one.wait is not None and one.wait.givers() is None for one in found) and has_others(
            self._threads
        ):
            found = stuck(self._members, sys.maxsize)  # what any task might give such a thread might, too
        return frozenset(member.wait for member in found if member.wait is not None)


def _samples_alone(tell: Tell) -> Tell:
    """Tells what gauges show, and who is stuck, and no waits: those are not the task's own."""

    def told(phase: Any, detail: Any, moment: float) -> None:
        if phase == PROGRESS:
            tell(phase, detail, moment)

    return told


def once(owner: Any, name: str, make: Callable[[], Waits]) -> Waits:
    """An attribute of something that several threads want at once, made by the first of them."""
    with MUTEX:
        if getattr(owner, name) is None:
            setattr(owner, name, make())
        found: Waits = getattr(owner, name)
        return found
