"""The thread of a watched event loop: whether it is inside of something that the loop delivered, or in its own lines.

In a beat the frame that called us is the one that runs the loop. Later a stack is inside of the loop if that frame's
code, at that instruction, is in it. A program's own lines, before its loop, between two and after, are no freeze.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from ...monitors.dump import DUMP_AFTER_S, parse
from ...monitors.lag import PERIOD_S
from ...monitors.stacks import processor_waits
from ...monitors.threads.standing import COUNTS
from ...monitors.threads.watched import WatchedThread
from ...monitors.watchdog import MAX_S
from . import hidden
from .deliveries import NOTHING, Seen, delivery, dumped_delivery, seen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...monitors.evidence import Gap, StackSample
    from ...monitors.guilt import SourceFiles
    from ...monitors.stacks import Call, Place
    from ..messages import Delivery
    from .watched_loop import WatchedLoop

MAX_LOOKS = 1_000
MAX_LEAP_S = 2 * MAX_S


def _is_same(kept: list[Seen], stack: list[Call]) -> bool:
    """Whether a thread is where it was. Codes are compared by identity: equal ones may be of other modules."""
    return len(kept) == len(stack) and all(
        one.code is call.code and one.instruction == call.instruction
        for one, call in zip(kept, stack)  # noqa: B905 (Python 3.9)
    )


class _Look(NamedTuple):
    moment: float
    stack: list[Seen]  # the innermost first; empty where there is a dump, and where the thread has gone
    dump: list[Place]  # the outermost first


class LoopThread(WatchedThread):
    """What the watchdog sees of it."""

    def __init__(self, loop: WatchedLoop, files: SourceFiles, over_s: float) -> None:
        """Make it.

        Args:
            loop: the thread's loops.
            files: tells libraries from the program.
            over_s: stretches over this are freezes.
        """
        super().__init__(loop.ident, files)
        self._loop, self._over_s = loop, over_s
        self._looks: deque[_Look] = deque(maxlen=MAX_LOOKS)
        self._inside: int | None = None  # of the look that is under way
        self.ours = hidden.idents
        self._no_processor = processor_waits(f"self/task/{loop.native}")

    # ------------------------------------------------------------ in the watchdog's thread

    def frozen_since(self, before: float, now: float) -> float:
        own = self.own_lines(before, now)
        return own[-1][1] if own else before

    def stack(self, now: float, stacks: Mapping[int, list[Call]]) -> list[Call]:
        stack = super().stack(now, stacks)
        if stack or self.ident not in {thread.ident for thread in threading.enumerate()}:
            last = self._looks[-1].stack if self._looks else []
            self._looks.append(_Look(now, last if _is_same(last, stack) else list(map(seen, stack)), []))
        self._inside = self._loop.inside(stack)
        return stack

    def waits_for_events(self, stack: list[Call]) -> bool:
        return self._loop.inside(stack) == 0

    def is_busy_itself(self, gap: Gap) -> bool:
        return gap.used.get(self.ident, 0.0) > gap.length / 2

    def was_in_c(self, gap: Gap) -> bool:
        # What went by in one leap, such as while the process was stopped, tells nothing.
        waited = next(self._no_processor)
        return self.is_busy_itself(gap) or (gap.length < MAX_LEAP_S and waited < gap.length / 2 and COUNTS)

    def waits(self, ident: int, calls: list[Place]) -> bool:
        if ident == self.ident and self._loop.inside_dump(calls) == 0:
            return True
        return super().waits(ident, calls)

    def guilty(self, ident: int, calls: Sequence[Place]) -> int:
        """Of what the loop delivered, not of the lines that run it."""
        inside = -1
        if ident == self.ident:
            inside = self._loop.inside_dump(calls) if self._inside is None else self._inside
        if inside <= 0:
            return super().guilty(ident, calls)
        return len(calls) - inside + super().guilty(ident, calls[-inside:])

    def from_dump(self, text: str, began: float, now: float, gap: Gap) -> StackSample | None:
        calls = parse(text).get(self.ident)
        if calls:
            # It was written somewhere between: the loop may have beaten before the watchdog got to read it.
            self._looks.append(_Look(min(now, began + DUMP_AFTER_S, (began + now) / 2), [], calls))
        self._inside = None
        return super().from_dump(text, began, now, gap)

    # ------------------------------------------------------------ in any thread

    def _where(self, look: _Look) -> int:
        return self._loop.inside(look.stack) if look.stack else self._loop.inside_dump(look.dump)

    def own_lines(self, before: float, end: float) -> list[tuple[float, float]]:
        """When it was in its own lines, in a gap between two beats; each look tells of the time since the last."""
        found: list[tuple[float, float]] = []
        since, is_own = before, False
        looks = [look for look in list(self._looks) if before < look.moment <= end]
        if not looks and before <= self._loop.began:
            return [(before, end)]  # no loop has run yet
        for look in looks:
            until = end if look is looks[-1] else look.moment
            was_own, is_own = is_own, self._where(look) < 0
            if is_own and was_own:
                found[-1] = found[-1][0], until
            elif is_own:
                found.append((since, until))
            since = look.moment
        return found

    def stretches(self, before: float, beat: float) -> list[tuple[float, float]]:
        found = []
        since = before
        for began, ended in [*self.own_lines(before, beat), (beat, beat)]:
            if began - since - PERIOD_S > self._over_s:
                found.append((since, began))
            since = ended
        return found

    def delivery(self, started: float, ended: float) -> Delivery:
        """What the loop had called for the longest part of a freeze."""
        lasted: dict[Delivery, float] = {}
        since = started
        for look in list(self._looks):
            if started < look.moment <= ended:
                inside = self._where(look)
                if inside > 0:
                    told = self._told(look, inside)
                    lasted[told] = lasted.get(told, 0.0) + look.moment - since
                since = look.moment
        return max(lasted, key=lasted.__getitem__, default=NOTHING)

    def _told(self, look: _Look, inside: int) -> Delivery:
        if look.stack:
            return delivery(self._loop.kind, look.stack[inside - 1 :: -1], self.files)
        return dumped_delivery(self._loop.kind, look.dump[-inside:], self.files)
