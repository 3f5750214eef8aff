"""Turns for the GIL in a run: how tasks that compute in Python leave the GUI thread room to breathe.

What it is made of, and why, says `workers.utils.gil.polite`: turns and the gate, which any program may have. Here is
who of a run's tasks heeds what.

Tasks take part inside `workers.engine.task.drive`; no runner has a line about it. On a build without the GIL nothing of
this is needed, and nothing is done.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple, Protocol

from ..utils.gil import gil_enabled
from ..utils.gil.polite import NEVER, EventLoopGate, FairLock, Turn, step_back


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

    def leave(self) -> None:
        """The calling thread's task hardly computes any more: others have its turn until it was `away`."""
        turn: LooseTurn | None = getattr(self.mine, "turn", None)
        if turn is not None:
            turn.leave()


def impolite() -> GilScheduler:
    """Every task runs as it likes: no turns, and a gate that nobody shuts."""
    return GilScheduler(None, EventLoopGate())


def polite(gate: EventLoopGate, learner: Learner | None = None) -> GilScheduler:
    """Turns, and the gate of the GUI thread; without a GIL there is nothing to take turns for."""
    if not gil_enabled():
        return impolite()
    return GilScheduler(FairLock(), gate, threading.local(), learner)
