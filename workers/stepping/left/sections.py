"""Whether all that threads share is changed under a lock: then what is left may hang on their order, and be right.

A program that counts how many are inside, or writes down each new balance, leaves what no order of whole tasks leaves,
and is right all the same. One that looks under the lock, lets it go and takes it again to write is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping


class Sections:
    """Of one order, which of what is shared was changed under which locks."""

    def __init__(self) -> None:
        self._held: dict[int, set[int]] = {}
        self._during: dict[int, set[int]] = {}
        self._guards: dict[Hashable, set[int]] = {}
        self._owners: dict[Hashable, set[int]] = {}
        self._has_changed: dict[int, bool] = {}
        self._has_only_looked: set[int] = set()
        self._is_gap = False

    def hold(self, thread: int, thing: object, is_held: bool) -> None:
        """A thread has taken a lock, or lets it go."""
        held = self._held.setdefault(thread, set())
        if is_held:
            if not held:
                self._has_changed[thread] = False
            held.add(id(thing))
            self._during.setdefault(thread, set()).add(id(thing))
            return
        held.discard(id(thing))
        if not held and not self._has_changed.get(thread, True):
            self._has_only_looked.add(thread)

    def step(self, thread: int, changed: Mapping[Hashable, set[int]]) -> None:
        """A thread has made a step.

        Args:
            thread: its number.
            changed: what is different since the step before, with the threads that can reach it.
        """
        during = self._during.get(thread, set()) | self._held.get(thread, set())
        for what, owners in changed.items():
            self._owners.setdefault(what, set()).update(owners)
            guards = self._guards.get(what)
            self._guards[what] = set(during) if guards is None else guards & during
            self._has_changed[thread] = True
            self._is_gap |= thread in self._has_only_looked
        self._during[thread] = set(self._held.get(thread, ()))

    @property
    def are_whole(self) -> bool:
        """Whether all changes of each thing were made under a lock, and none after a look under it alone."""
        shared = [guards for what, guards in self._guards.items() if len(self._owners[what]) > 1]
        return bool(shared) and all(shared) and not self._is_gap
