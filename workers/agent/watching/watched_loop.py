"""The beats of one thread's event loops, and which frames run these loops. Light: the program waits for its import."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from ...monitors.lag import LagMonitor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, FrameType

    from ...monitors.stacks import Call

    Place = tuple[str, int, str]

MAX_KNOWN = 1_000
"""So many places are known at which a loop was run."""


class WatchedLoop:
    """Takes the beats of the event loops of one thread.

    Attributes:
        kind: of the loop that was made last.
        ident: the thread's.
        lag: its beats.
        checks: is called now and then in a beat; see `agent`.
    """

    def __init__(self, kind: str, checks: Any) -> None:
        self.kind, self.ident, self.checks = kind, threading.get_ident(), checks
        self.lag = LagMonitor()
        self._codes: dict[tuple[int, int], CodeType] = {}  # which are kept: their ids are nobody else's
        self._places: set[Place] = set()
        self._turns: set[CodeType] = set()  # functions that wait for events, and carry out what came
        self._turn_places: set[tuple[str, str]] = set()
        self._count = 0

    def beat(self, frame: FrameType, turn: FrameType | None = None) -> None:
        """The loop's thread: a beat.

        Args:
            frame: that from which the loop called.
            turn: that in which the loop waits for events, where it is another one, which called `frame`.
        """
        key = id(frame.f_code), frame.f_lasti
        if key not in self._codes and len(self._codes) < MAX_KNOWN:
            code = frame.f_code
            self._codes[key] = code
            self._places.add((code.co_filename, frame.f_lineno or code.co_firstlineno, code.co_name))
            if turn is not None:
                self._turns.add(turn.f_code)
                self._turn_places.add((turn.f_code.co_filename, turn.f_code.co_name))
        self.lag.beat()
        self._count += 1
        if self._count % 25 == 1:
            self.checks()

    def inside(self, stack: Sequence[Call]) -> int:
        """How many calls of a stack, the innermost first, are inside of the loop; -1 where no loop runs."""
        known, turns = self._codes, self._turns
        for at, one in enumerate(stack):
            if (id(one.code), one.instruction) in known:
                return at
            if one.code in turns:
                return 0
        return -1

    def inside_dump(self, calls: Sequence[Place]) -> int:
        """The same of a dump, the outermost first."""
        for at, one in enumerate(reversed(calls)):
            if one in self._places:
                return at
            if (one[0], one[2]) in self._turn_places:
                return 0
        return -1
