"""Turns for the GIL: how threads that compute in Python leave the GUI thread room to breathe. Knows nothing of Qt.

A window that 'uses threads' can be as frozen as one that does not. Every call into Qt gives the GIL up, and taking it
back costs the GUI thread up to a switch interval for EACH thread that computes. Two things help, and neither costs
the work anything that it could have had, for only one thread can run Python at a time anyway:

- **turns**: tasks that hold the GIL take turns of 10 ms, first in, first out. So the GUI thread has one rival at
  the most, however many threads there are.
- the **gate**: it is shut while the GUI thread has events to handle. At its next step a task waits there until the
  GUI thread waits for events again, but no longer than GATE_S: a window that is stuck must not stop the work.

Tasks take part inside `workers.engine.task.drive`; no runner has a line about it. On a build without the GIL nothing of
this is needed, and nothing is done.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ..utils.gil import gil_enabled

if TYPE_CHECKING:
    from collections.abc import Callable

TURN_S = 0.010
"""How long a turn lasts while others wait for theirs."""

GATE_S = 0.020
"""How long a task waits at the gate at the most."""

NICE = 10
"""Niceness of threads that compute without the GIL, as of a background job."""

NEVER = float("inf")


class FairLock:
    """A lock that is handed on in the order of asking. A plain lock goes to whoever is quickest: some would starve.

    Attributes:
        is_taken: whether somebody has it.
        is_given_up: whether nobody waits for it any more.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Lock] = deque()
        self.is_taken = self.is_given_up = False

    @property
    def is_wanted(self) -> bool:
        return bool(self._queue)

    def take(self, before_waiting: Callable[[], object] = lambda: None) -> bool:
        """Take it, after a wait if need be; `before_waiting` is called before one. Returns whether there was one."""
        with self._guard:
            if not self.is_taken or self.is_given_up:
                self.is_taken = True
                return False
            mine = threading.Lock()
            mine.acquire()
            self._queue.append(mine)
        before_waiting()
        mine.acquire()
        return True

    def give(self) -> None:
        """Hand it to whoever has waited longest."""
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self.is_taken = False

    def give_up(self) -> None:
        """Let all go on that wait, and whoever comes later: it was no good to wait."""
        with self._guard:
            self.is_given_up = True
            while self._queue:
                self._queue.popleft().release()


class EventLoopGate:
    """Shut while the GUI thread handles events, open while it waits for some. Make it in the GUI thread.

    Attributes:
        shut: whether a task is to `wait`. Read without a lock: it is a hint, and a late look costs one step.
    """

    def __init__(self) -> None:
        self.shut = False
        self._owner = threading.get_ident()
        # A lock for each who waits. One lock for all would be taken by whoever passes just when `close` wants it.
        self._waiting: deque[threading.Lock] = deque()

    def close(self) -> None:
        """Called by the GUI thread when it has something to do; never blocks."""
        self.shut = True

    def open(self) -> None:
        """Called by the GUI thread when it has nothing more to do."""
        self.shut = False
        while self._waiting:
            self._waiting.popleft().release()

    def wait(self) -> None:
        """Called by a task: wait until the gate is open, but no longer than GATE_S.

        After that nobody waits before it has been open again: a GUI thread that is stuck shall not stop the work.
        """
        mine = threading.Lock()
        mine.acquire()
        self._waiting.append(mine)
        # Looked at once more after queueing, as `open` looks at the queue after clearing the flag: one sees the other.
        if self.shut and not mine.acquire(timeout=GATE_S):
            self.shut = False

    @property
    def holds_up(self) -> bool:
        """Whether a task waits just now."""
        return self.shut and bool(self._waiting)

    @property
    def is_mine(self) -> bool:
        """Whether the calling thread is the GUI thread: work there would wait for itself."""
        return threading.get_ident() == self._owner


class Turn:
    """One task's part in the politeness of its run.

    Attributes:
        ends: when the task is to call `renew`, in seconds of `time.perf_counter`.
        has_it: whether it is this task's turn.
    """

    def __init__(self, fair_lock: FairLock | None) -> None:
        self._fair_lock = fair_lock
        self.has_it = False
        self.ends = NEVER if fair_lock is None else 0.0

    def renew(self, before_waiting: Callable[[], object]) -> bool:
        """Begin a turn, after all those who wait already.

        Args:
            before_waiting: is called if others come first.

        Returns:
            Whether others came first.
        """
        fair_lock = self._fair_lock
        if fair_lock is None:
            return False
        if self.has_it and fair_lock.is_wanted:
            self.leave()
        waited = not self.has_it and fair_lock.take(before_waiting)
        self.has_it = True
        self.ends = time.perf_counter() + TURN_S
        return waited

    def leave(self) -> None:
        """Let others have the turn: the task pauses or has ended."""
        if self.has_it and self._fair_lock is not None:
            self.has_it = False
            self.ends = 0.0
            self._fair_lock.give()


class LooseTurn(Turn):
    """The turn of a task that computes in Python between waits: it gives its turn up when it waits.

    `renew` is never due: it is the task's turn unless it is `away`, and is away far more often than every TURN_S.
    """

    def __init__(self, fair_lock: FairLock, gate: EventLoopGate) -> None:
        super().__init__(fair_lock)
        self.ends = NEVER
        self._mine, self._gate = fair_lock, gate
        self.come_back()

    def leave(self) -> None:
        if self.has_it:
            self.has_it = False
            self._mine.give()

    def come_back(self) -> None:
        """Take the turn again, after all those who wait already; then wait while the GUI thread is busy."""
        if not self.has_it:
            self._mine.take()
            self.has_it = True
        if self._gate.shut:
            self._gate.wait()

    def __enter__(self) -> None:
        self.leave()

    def __exit__(self, *error: object) -> None:
        self.come_back()


# What tasks heed that heed nothing: neither ever changes, and of short tasks there are a hundred thousand a second.
OPEN, NO_TURN = EventLoopGate(), Turn(None)
NOWHERE = nullcontext()


class Learner(Protocol):
    """Finds out by the first calls of a run whether they hold the GIL."""

    def turn(self) -> Turn:
        """That of a call which begins in the calling thread, as far as is known by now."""


class GilScheduler(NamedTuple):
    """What the tasks of a run share.

    Attributes:
        fair_lock: what tasks that hold the GIL take turns with; None where nobody is to.
        gate: shut while the GUI thread is busy.
        mine: of each thread, as `turn`, the loose turn of the task that runs there; None where there are none.
        learner: knows of work that declares nothing; None where nobody is to.
    """

    fair_lock: FairLock | None
    gate: EventLoopGate
    mine: threading.local | None = None
    learner: Learner | None = None

    def here(self, gil: str) -> tuple[EventLoopGate, Turn]:
        """What a new task heeds in the calling thread: a gate and its turn.

        A thread whose work releases the GIL steps back behind the GUI thread, for it competes for processors instead.

        Args:
            gil: what the task's workload declares: "holds"; "keeps", for long in one call; "releases"; "between",
                where it computes in Python between waits and calls into C, and says of these that it is `away`;
                "unknown", where it may be learned; or something else, for none of these.
        """
        if self.mine is not None:
            self.mine.turn = None
        if self.fair_lock is None or self.gate.is_mine:
            return OPEN, NO_TURN
        if gil == "unknown":
            return self.gate, NO_TURN if self.learner is None else self.learner.turn()
        if gil in {"holds", "keeps"}:
            return self.gate, Turn(self.fair_lock)
        if gil in {"releases", "between"}:
            step_back()
        if gil == "between" and self.mine is not None:
            turn = self.mine.turn = LooseTurn(self.fair_lock, self.gate)
            return self.gate, turn
        return self.gate, NO_TURN

    def away(self) -> AbstractContextManager[None]:
        """Within this block the task that runs in the calling thread waits, or is in C: others may have its turn."""
        turn: LooseTurn | None = getattr(self.mine, "turn", None)
        return NOWHERE if turn is None else turn


def step_back() -> None:
    """Give the calling thread a niceness of NICE, where threads have one of their own: on Linux."""
    if sys.platform.startswith("linux"):
        me = threading.get_native_id()
        if os.getpriority(os.PRIO_PROCESS, me) < NICE:
            os.setpriority(os.PRIO_PROCESS, me, NICE)


def impolite() -> GilScheduler:
    """Every task runs as it likes: no turns, and a gate that nobody shuts."""
    return GilScheduler(None, EventLoopGate())


def polite(gate: EventLoopGate, learner: Learner | None = None) -> GilScheduler:
    """Turns, and the gate of the GUI thread; without a GIL there is nothing to take turns for."""
    if not gil_enabled():
        return impolite()
    return GilScheduler(FairLock(), gate, threading.local(), learner)
