"""Judges by looks whether the calls of a run hold the GIL, and so are to take turns. It has no clock and no thread.

A look (`learner.py`) sleeps for a millisecond and then wants the GIL. It tells three kinds of work apart:

- work that waits: the GIL is had at once, and the work has used no processor time meanwhile;
- work in C without the GIL: it is had at once, however much processor time the work has used;
- work that holds it: it has to be asked for, a switch interval after the sleep, and the work stands still while the
  looker has it. What goes on all the same is in C, and it was the window, say, that held the GIL.

How late the looker woke plays no part: on a busy machine that says nothing. Turns are a hold-up, and only evidence
upholds them. A run begins on probation, its calls one at a time, and three looks in a row that had the GIL at once end
that after some milliseconds. Where it is not clear there are no turns.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import NamedTuple

LOOKS = 12
"""So many decide, the last ones."""

ASKED = 2
"""So often is a looker put to sleep, or oftener, until it has the GIL of one who does not give it up by itself."""

FREE = 3
"""So many looks in a row that had the GIL at once end the turns."""


class Proof(NamedTuple):
    """What LOOKS must have seen.

    Attributes:
        asked: so many, at the least, had to ask for the GIL.
        free: so many, at the most, had it at once.
        mine: so much of the program's processor time was the work's: else it is another thread that has the GIL.
        beside: so much of the looker's time with the GIL, at the most, the work went on all the same.
        call_s: so much of it a call used: between shorter ones the gate is asked often enough, and a turn costs more.
    """

    asked: int
    free: int
    mine: float
    beside: float
    call_s: float


PROOF = Proof(7, 2, 0.25, 0.15, 0.002)
"""Of calls that hold the GIL: for turns to go on after the probation, or to begin once more."""

UPHELD = Proof(3, 5, 0.15, 0.25, 0.001)
"""That they still do: a window that paints without a pause answers for many a look, which then tells nothing."""

SHORT_CALLS = 4
"""So many within one look may be too short for turns; then nobody waits for eleven looks more."""

TRIES = 2
"""How often it may still be found that calls hold the GIL, where they did not at first."""

OPEN_LOOKS = 100
"""After so many looks without turns nobody looks any more."""

MOSTLY = 0.75
"""That much of these must have had the GIL at once for it to be said, and kept, that the work needs no turns."""


class Look(NamedTuple):
    """What one look saw, and what had happened since the one before it.

    Attributes:
        waits: how often the looker was put to sleep until it had the GIL; 0 where that was free.
        work_s: processor time of the threads that make the run's calls.
        all_s: that of the whole process without the looker.
        calls: how many calls began.
        beside: how much the work went on while the looker had the GIL, as a share of that time.
    """

    waits: int
    work_s: float
    all_s: float
    calls: int
    beside: float = 0.0


class Stage(Enum):
    """What is known."""

    PROBATION = "calls take turns until it is known"
    HOLDS = "they take turns, for they hold the GIL"
    OPEN = "they take none, and it is looked whether they should"
    OVER = "they take none, and nobody looks any more"


class Judge:
    """Takes in looks, which are to be made while a call is going on, and says whether calls take turns.

    Attributes:
        stage: what is known by now.
    """

    def __init__(self, is_known: bool = False) -> None:
        """Begin; `is_known`: calls of the same function held the GIL before."""
        self.stage = Stage.HOLDS if is_known else Stage.PROBATION
        self._looks: deque[Look] = deque(maxlen=LOOKS)
        self._tries = TRIES
        self._open = self._free = 0

    @property
    def take_turns(self) -> bool:
        return self.stage in {Stage.PROBATION, Stage.HOLDS}

    @property
    def verdict(self) -> str:
        """What may be kept of the function: "holds", or "free", which needs no turns; empty where that is not clear."""
        if self.stage is Stage.HOLDS:
            return "holds"
        return "free" if self._open >= LOOKS and self._free >= MOSTLY * self._open else ""

    def look(self, look: Look) -> None:
        """Take in one look."""
        self._looks.append(look)
        if self.stage is Stage.PROBATION:
            self._try()
        elif self.stage is Stage.HOLDS:
            if self._is_free or not (self._few or self._is_held(UPHELD)):
                self._enter(Stage.OPEN)
        elif self.stage is Stage.OPEN:
            self._look_on(look)

    def _try(self) -> None:
        look = self._looks[-1]
        is_short = look.calls >= SHORT_CALLS and look.work_s < PROOF.call_s * look.calls
        if is_short or self._is_free:
            self._enter(Stage.OPEN)
        elif not self._few:
            self._enter(Stage.HOLDS if self._is_held(PROOF) else Stage.OPEN)

    def _look_on(self, look: Look) -> None:
        self._open += 1
        self._free += look.waits == 0
        if self._tries and not self._few and self._is_held(PROOF):
            self._tries -= 1
            self._enter(Stage.PROBATION)
        elif self._open >= OPEN_LOOKS:
            self._enter(Stage.OVER)

    def _enter(self, stage: Stage) -> None:
        self.stage = stage
        self._looks.clear()

    @property
    def _few(self) -> bool:
        return len(self._looks) < LOOKS

    @property
    def _is_free(self) -> bool:
        return len(self._looks) >= FREE and not any(look.waits for look in list(self._looks)[-FREE:])

    def _is_held(self, proof: Proof) -> bool:
        looks = self._looks
        work_s, calls = sum(look.work_s for look in looks), sum(look.calls for look in looks)
        beside = [look.beside for look in looks if look.waits >= ASKED]
        return (
            len(beside) >= proof.asked
            and sum(beside) <= proof.beside * len(beside)
            and sum(look.waits == 0 for look in looks) <= proof.free
            and work_s >= proof.mine * sum(look.all_s for look in looks)
            and work_s >= proof.call_s * max(1, calls)
        )
