"""One thread that is watched, as it was seen: what it did at a moment, and whether it or another one is to blame.

The watchdog's thread calls it, with the watchdog's lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..dump import line_of, not_at_rest, only_waits, parse
from ..evidence import StackSample
from ..freeze import GUI
from ..guilt import SourceFiles, waits_for_events
from ..kinds import WAITS, WORK, Kinds
from ..stacks import goes_on_without_gil, has_gil, stack_of, thread_names, unnamed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..evidence import Gap
    from ..stacks import Call, Place


class WatchedThread:
    """Thaw's own GUI thread, or any whose innermost line tells whether it waits for events.

    Attributes:
        ident: its ident.
        files: tells libraries from the program.
        ours: the idents of threads that only look on, and are never to blame.
        names: of threads, at the last look.
    """

    def __init__(self, ident: int, files: SourceFiles | None = None) -> None:
        self.ident = ident
        self.ours: set[int] = set()
        self.files = files or SourceFiles()
        self.names: dict[int, str] = {}
        self._kinds = Kinds()

    # ------------------------------------------------------------ what another kind of event loop tells otherwise

    def stretches(self, before: float, beat: float) -> list[tuple[float, float]]:
        """Which parts of a gap between two beats are freezes."""
        return [(before, beat)]

    def frozen_since(self, before: float, now: float) -> float:
        """Since when it has been frozen, in a gap that began with a beat `before` and lasts; `now` where it is not."""
        return before

    def stack(self, now: float, stacks: Mapping[int, list[Call]]) -> list[Call]:
        """Where it is, the innermost call first; `stacks` are those of all threads, if they are known."""
        return stacks.get(self.ident) or stack_of(self.ident)

    def waits_for_events(self, stack: list[Call]) -> bool:
        """Whether it has nothing to do at these calls."""
        return waits_for_events(line_of(*stack[0].place))

    def is_busy_itself(self, gap: Gap) -> bool:
        """Whether its loop, which no Python of the program's interrupts, has computed all the same: in C."""
        return False

    def was_in_c(self, gap: Gap) -> bool:
        """Whether its loop has computed so, or waited in C, and not for a processor."""
        return False

    def waits(self, ident: int, calls: list[Place]) -> bool:
        """Whether a thread of a dump cannot have held the GIL."""
        return only_waits(calls, self.files)

    def guilty(self, ident: int, calls: Sequence[Place]) -> int:
        """Which of a thread's calls is to blame."""
        return self.files.guilty([call[0] for call in calls])

    # ------------------------------------------------------------ a look

    def sample(self, now: float, before: float, gap: Gap) -> StackSample | None:
        """Look at the thread that is to blame now.

        Args:
            now: the moment.
            before: when it was looked at before, or was not silent yet.
            gap: what is known of the time since.
        """
        ident, stack = self.ident, self.stack(now, gap.stacks)
        if not stack:
            return None
        busiest = gap.busiest((self.ident, *self.ours))
        if busiest and self._is_victim(stack, gap):
            if other := stack_of(busiest):
                ident, stack = busiest, other
        kind = self._kind(ident, stack[0], gap)
        calls = tuple(call.place for call in reversed(stack))
        is_at_rest = kind in WAITS
        if ident == self.ident:
            is_at_rest = self.waits_for_events(stack)
            if is_at_rest and self.was_in_c(gap):
                is_at_rest, kind = False, "loop"
        if is_at_rest:
            return None  # it holds nothing up: whatever did, is not to be seen any more
        return StackSample(now, now - before, kind, self._name(ident), calls, self.guilty(ident, calls))

    def from_dump(self, text: str, began: float, now: float, gap: Gap) -> StackSample | None:
        """What faulthandler wrote while C held the GIL, from `began` to `now`."""
        threads = {
            ident: calls
            for ident, calls in parse(text).items()
            # Ours had the GIL to lose, wherever they stood then.
            if ident not in self.ours and not self.waits(ident, calls)
            if (gap.used.get(ident, 1.0) if has_gil() else ident == self.ident)
        }
        ident = self._holder(threads, gap)
        if ident not in threads:
            return None
        calls = tuple(threads[ident])
        return StackSample(now, now - began, long_in_c(), self._name(ident), calls, self.guilty(ident, calls))

    def from_stacks(
        self, stacks: Mapping[int, list[Call]], began: float, now: float, gap: Gap
    ) -> StackSample | None:
        """Where all stood behind a call into C that lasted from `began` to `now`; see `standing`.

        Who has gone on since is not in a call into C any more, as a rule, and then nobody knows.
        """
        self.stack(now, stacks)
        calls = {
            ident: stack[0]
            for ident, stack in stacks.items()
            if stack and ident not in self.ours and not (ident == self.ident and self.waits_for_events(stack))
            # Without a GIL nobody holds others up. With one, who got it has computed a moment at the least.
            if (gap.used.get(ident, 1.0) if has_gil() else ident == self.ident)
        }
        can = [
            ident
            for ident, call in calls.items()
            if self._kinds.of(call)[1] and not self._kinds.is_certain(call)
        ]
        if not has_gil():  # no wait stops who looks on; a name tells of one, but for sleeps
            can = [one for one in can if self._kinds.of(calls[one])[0] in (WORK, "sleep")]
        ident = gap.busiest(self.ours) if has_gil() else self.ident
        if not ident:  # nobody computed: C slept on the GIL, in a call that no table says to let it go
            ranks = {one: (WORK, "sleep", *WAITS).index(self._kinds.of(calls[one])[0]) for one in can}
            likely = [one for one in can if one == self.ident or ranks[one] < 2]
            ident = min(likely, key=lambda one: (ranks[one], one != self.ident), default=0)
        if ident not in can:
            return None
        found = tuple(call.place for call in reversed(stacks[ident]))
        return StackSample(now, now - began, long_in_c(), self._name(ident), found, self.guilty(ident, found))

    def _holder(self, threads: dict[int, list[Place]], gap: Gap) -> int:
        """Which of the threads of a dump held the GIL."""
        busiest = gap.busiest(self.ours)
        if busiest in threads:
            return busiest
        # Nobody computed: C slept on the GIL.
        return not_at_rest(threads, self.ident) or self.ident

    def _is_victim(self, stack: list[Call], gap: Gap) -> bool:
        """Whether it would go on if only it got the GIL, which another thread uses."""
        if not has_gil():
            return False
        if self.waits_for_events(stack):
            return not self.is_busy_itself(gap)
        if gap.was_free or self._kinds.of(stack[0])[0] != WORK:
            return False
        mine = gap.used.get(self.ident, 0.0)
        return mine < gap.length / 5 and sum(gap.used.values()) - mine > gap.length / 2

    def _kind(self, ident: int, innermost: Call, gap: Gap) -> str:
        kind, in_c = self._kinds.of(innermost)
        if kind != WORK and self._kinds.is_certain(innermost):
            return kind
        used = gap.used.get(ident, 0.0)
        # Without a GIL it is worth the stops only where it can be told.
        goes_on = goes_on_without_gil(ident) if in_c or has_gil() else False
        without_gil = goes_on or (in_c and gap.was_free)
        if gap.held and gap.busiest(self.ours) in (0, ident):
            return long_in_c()
        if kind != WORK:  # by its name, which may be that of a method that only computes
            return "python" if used > gap.length / 2 and not without_gil else kind
        if not without_gil:
            return "unknown" if in_c and gap.was_free is None and (has_gil() or goes_on is None) else "python"
        return "c" if used > gap.length / 50 or not gap.used else "unknown"

    def _name(self, ident: int) -> str:
        # It may have ended since the last look. What Python did not start has no name that would say anything.
        return GUI if ident == self.ident else (self.names | thread_names()).get(ident, unnamed())


def long_in_c() -> str:
    """The kind of a call into C that nobody could look into while it lasted."""
    return "c_gil" if has_gil() else "c"
