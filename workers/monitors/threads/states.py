"""What each thread of this process does, at one look after the other: told as changes. For one thread at a time.

A look touches no frame for longer than one call into C, as those of `monitors.stacks`.
"""

from __future__ import annotations

import time
from itertools import chain, tee
from operator import itemgetter, methodcaller
from typing import TYPE_CHECKING

from ..kinds import WORK, Kinds
from ..stacks import (
    PARTS,
    Call,
    current_frames,
    goes_on_without_gil,
    has_gil,
    processor_times,
    thread_names,
    unnamed,
)
from .changes import Change

if TYPE_CHECKING:
    from collections.abc import Collection

RUNS = 0.5
"""From this part of the time on a thread that had the processor runs; below it, it waits for what the others have."""

LIVES = 0.02
"""Below this part of the time a thread inside of a call into C waits there."""

LATE_S = 0.100
"""When a look comes so much too late, C held the GIL."""


class ThreadStates:
    """Looks at all threads but those that look on."""

    def __init__(self, every_s: float) -> None:
        """Make it.

        Args:
            every_s: how often it is to look.
        """
        self._every_s = every_s
        self._kinds = Kinds()
        self._states: dict[int, tuple[str, str]] = {}
        self._used: dict[int, float] = {}
        self._looked = 0.0

    def look(self, but: Collection[int] = ()) -> list[Change]:
        """What has changed since the last look.

        Without a GIL nobody is looked at, for that would stop all threads until each is out of its call into C. Only
        those that `threading` knows are told of, and only whether they compute.

        Args:
            but: the idents of threads that are not looked at.
        """
        before, self._used = self._used, processor_times(None if has_gil() else thread_names())
        now = time.perf_counter()
        length, self._looked = now - self._looked, now
        used = {
            ident: total - before.get(ident, total) for ident, total in self._used.items() if ident not in but
        }
        names = thread_names()
        changes = []
        seen: dict[int, tuple[str, str]] = {}
        calls = innermost_calls() if has_gil() else dict.fromkeys(self._used)
        for ident, call in calls.items():
            if ident not in but:
                name = names.get(ident) or self._states.get(ident, (unnamed(),))[0]
                seen[ident] = name, self._state(ident, call, used, length)
        for ident, (name, _) in self._states.items():
            if ident not in seen:
                changes.append(Change(now, ident, name, "ended"))
        changes += [
            Change(now, ident, *told) for ident, told in seen.items() if self._states.get(ident) != told
        ]
        self._states = seen
        return changes

    def _state(self, ident: int, call: Call | None, used: dict[int, float], length: float) -> str:
        """What it did most since the last look."""
        if call is None:
            return "python" if used.get(ident, 0.0) >= RUNS * length else "waits"
        kind, in_c = self._kinds.of(call)
        if not used:  # nobody can tell: what it does just now
            return "python" if kind == WORK else kind
        mine = used.get(ident, 0.0)
        others = sum(used.values()) - mine
        if kind != WORK and (self._kinds.is_certain(call) or mine < RUNS * length):
            return kind
        if mine >= RUNS * length:
            held = length > self._every_s + LATE_S
            return "c" if held or goes_on_without_gil(ident) else "python"
        if others > RUNS * length and (mine >= LIVES * length or not in_c):
            return "gil"
        return "waits" if in_c else "python"


def innermost_calls() -> dict[int, Call]:
    """Where each thread that runs Python is, by its ident."""
    items, same = tee(chain.from_iterable(map(methodcaller("items"), current_frames())))
    parts = map(PARTS, map(itemgetter(1), same))
    return {ident: Call(*found) for ident, found in list(zip(map(itemgetter(0), items), parts))}  # noqa: B905 (3.9)
