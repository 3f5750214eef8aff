"""The beats of one thread's event loops, and which frames run these loops. Light: the program waits for its import.

A beat runs no Python. Whatever does lets Python see to signals, so that a Ctrl+C for which the program had no time yet
would be raised in there, and end in who called it: PyQt aborts the program.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from functools import partial
from itertools import repeat, starmap
from operator import attrgetter, methodcaller
from typing import TYPE_CHECKING, Any

from ...monitors.lag import LagMonitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import CodeType

    from ...monitors.stacks import Place

MAX_KNOWN = 1_000
"""So many places are known at which a loop was run."""

RUN_FROM = attrgetter("f_code", "f_lasti", "f_lineno")


class WatchedLoop:
    """Takes the beats of the event loops of one thread, from when it is made; in that thread.

    Attributes:
        kind: of the loop that was made last.
        ident: the thread's; `native` is the system's number of it.
        began: when it was made, in seconds of `time.perf_counter`.
        lag: its beats.
        is_over: whether nothing beats for it any more.
    """

    def __init__(self, kind: str) -> None:
        self.kind, self.ident = kind, threading.get_ident()
        self.native, self.is_over = threading.get_native_id(), False
        self.lag = LagMonitor()
        self.lag.start()
        self.began = self.lag.last_beat
        self._codes: dict[tuple[int, int], CodeType] = {}  # which are kept: their ids are nobody else's
        self._places: set[Place] = set()
        self._turns: dict[int, CodeType] = {}  # functions that wait for events, and carry out what came
        self._turn_places: set[tuple[str, str]] = set()
        self._carries_out: CodeType | None = None
        self._seen: deque[tuple[tuple[CodeType, int, int | None], CodeType | None]] = deque(maxlen=MAX_KNOWN)
        self._asked: list[Callable[[], object]] = []
        self._stops: list[Callable[[], object]] = []
        self._besides: list[Callable[[], object]] = [int]  # what a beat calls: as a rule what does nothing

    def beater(
        self, depth: int, *more: Iterator[object], carries_out: CodeType | None = None
    ) -> Callable[[], object]:
        """What a loop is to call for each beat, all of it in C.

        Args:
            depth: how many calls of Python are between the one that runs the loop and the beat.
            more: each gives one of its own with every beat.
            carries_out: runs the loop where it is called by another function, which waits for events meanwhile.
        """
        self._carries_out = carries_out
        turns: Iterator[CodeType | None] = repeat(None)
        if carries_out is not None:
            callers = map(getattr, starmap(sys._getframe, repeat((depth,))), repeat("f_back"), repeat(None))
            turns = map(getattr, callers, repeat("f_code"), repeat(None))  # the outermost has no caller
        runs = zip(map(RUN_FROM, starmap(sys._getframe, repeat((depth,)))), turns)  # noqa: B905 (Python 3.9)
        beats = zip(  # noqa: B905 (Python 3.9)
            map(self._seen.append, runs),
            map(self.lag.taker, iter(time.perf_counter, None)),
            map(methodcaller("__call__"), iter(partial(self._besides.__getitem__, 0), None)),
            *more,
        )
        return partial(next, beats)

    def call(self, function: Callable[[], object]) -> None:
        """Any thread: have this called in the loop's own, with its next beat. It is not to raise."""
        self._asked.append(function)
        self._besides[0] = self._call_asked

    def end(self) -> None:
        """Any thread: beat no more."""
        self.is_over = True
        for stop in self._stops:
            self.call(stop)

    def at_end(self, stop: Callable[[], object]) -> None:
        """Have this called, in the loop's thread, when it is to beat no more. It is not to raise."""
        self._stops.append(stop)

    def _call_asked(self) -> None:
        self._besides[0] = int
        while self._asked:
            self._asked.pop(0)()

    # ------------------------------------------------------------ in any thread

    def inside(self, stack: Sequence[Any]) -> int:
        """How many calls of a stack, the innermost first, are inside of the loop; -1 where no loop runs.

        Args:
            stack: what has the `code` and the `instruction` of each call.
        """
        self._learn()
        for at, one in enumerate(stack):
            if (id(one.code), one.instruction) in self._codes:
                return at
            if id(one.code) in self._turns:
                return 0
        return -1

    def inside_dump(self, calls: Sequence[Place]) -> int:
        """The same of a dump, the outermost first."""
        self._learn()
        for at, one in enumerate(reversed(calls)):
            if one in self._places:
                return at
            if (one[0], one[2]) in self._turn_places:
                return 0
        return -1

    def _learn(self) -> None:
        """Note from where the loop was run lately."""
        seen = self._seen
        while seen:
            try:
                (code, instruction, line), caller = seen.popleft()
            except IndexError:  # another thread was quicker
                return
            key = id(code), instruction
            if key not in self._codes and len(self._codes) < MAX_KNOWN:
                self._places.add((code.co_filename, line or code.co_firstlineno, code.co_name))
                self._codes[key] = code
            if code is self._carries_out and caller is not None and len(self._turns) < MAX_KNOWN:
                self._turn_places.add((caller.co_filename, caller.co_name))
                self._turns[id(caller)] = caller
