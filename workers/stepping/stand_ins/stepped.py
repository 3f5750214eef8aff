"""A thread that is stepped, and where in a function it stops."""

from __future__ import annotations

import dis
import functools
import threading
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType


class Owner(Protocol):
    """Whose threads they are: a `workers.stepping.stepper.Stepper`."""

    made: int
    threads: list[Stepped]

    def add(self, name: str) -> Stepped:
        """Add a thread."""

    def carry_out(self, one: Stepped, work: Callable[[], object], told: Callable[[], object] = bool) -> None:
        """Run a thread's work, in that thread."""

    def read_clock(self) -> float:
        """The order's own time, for who asks."""


READY, BLOCKED, OUTSIDE, ENDED = range(4)

NO_STOP = (
    "RESUME LOAD_FAST STORE_FAST DELETE_FAST LOAD_CONST LOAD_SMALL_INT PUSH_NULL PRECALL CACHE NOP NOT_TAKEN COPY SWAP "
    "POP_TOP POP_ITER POP_JUMP JUMP EXTENDED_ARG RETURN KW_NAMES MAKE_FUNCTION MAKE_CELL COPY_FREE_VARS LOAD_CLOSURE "
    "GET_ITER END_FOR END_SEND PUSH_EXC_INFO POP_EXCEPT CHECK_EXC_MATCH RERAISE SET_FUNCTION_ATTRIBUTE TO_BOOL"
).split()
"""Instructions, by how they begin, that touch nothing that other threads see: to stop before them changes nothing."""


class NotStepped(BaseException):
    """What a person's file does cannot be stepped; the message is a sentence."""


class Turns(threading.local):
    """Of each thread, the one of a stepper that it is."""

    mine: Stepped | None = None


TURNS = Turns()


class Stepped:
    """A thread that is stepped. Its attributes change only while it, or the one before it, has its turn.

    Attributes:
        number: which of the run's threads it is, 0 at first.
        name: what people call it.
        stepper: whose it is.
        state: READY to go on, BLOCKED until it is woken or `until` has come, OUTSIDE or ENDED.
        line: the line that it comes to next; 0 before its first.
        function: the function that this line is of.
        frame: where it is; None while it is in none of the file's functions.
        error: what it ended by.
        asked: how often it was asked to end since a cancel.
    """

    def __init__(self, stepper: Owner, number: int, name: str) -> None:
        self.stepper, self.number, self.name = stepper, number, name
        self.state, self.until = READY, 0.0
        self.woken: threading.Lock | None = None
        self.line, self.function = 0, ""
        self.frame: FrameType | None = None
        self.error: BaseException | None = None
        self.asked = self.stops = self.calls = 0
        """How often it was to end, and how many calls it has made since."""
        self.joins = False
        """Whether it waits for a thread's end just now."""
        self.is_helper = False
        """Whether nobody waits for its end: a daemon."""
        self.is_timer = False
        """Whether it waits for its time to come, and for nothing else."""
        self.thread: threading.Thread | None = None
        """The thread itself, for who asks which there are."""
        self.gate = threading.Lock()
        self.gate.acquire()

    @property
    def has_ended(self) -> bool:
        return self.state == ENDED


@functools.lru_cache(maxsize=1_000)
def stops(code: CodeType) -> frozenset[int]:
    """The places of those instructions of a function that other threads could notice."""
    return frozenset(
        one.offset for one in dis.get_instructions(code) if not one.opname.startswith(tuple(NO_STOP))
    )
