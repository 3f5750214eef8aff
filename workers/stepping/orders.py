"""Orders of threads: who is next at each step, by a seed, by a list, or as if there were but one thread at a time."""

from __future__ import annotations

import itertools
import random
import re
from typing import TYPE_CHECKING

from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .stepper import Choose

DEFAULT_ORDERS = 200
"""So many are tried before something is called right."""

PATIENCE = 250
"""A thread that has gone on for so many steps makes way for another one: it may wait for something in a loop."""

LONG_PATIENCE = 3_000
"""The same where they are to go on one by one, as long as they can."""

MAX_ORDER = 100_000


class Seeded:
    """By a seed. There are four ways, in turn: any thread at each step; seldom another; some before others.

    Which threads there are, and what they do, is all that the order depends on beside the seed.
    """

    def __init__(self, schedule: int) -> None:
        self._random = random.Random(schedule)
        self._way = schedule % 4
        self._ranks: dict[int, float] = {}
        self._in_a_row = 0

    def __call__(self, ready: list[int], current: int | None) -> int:
        if len(ready) == 1:
            return ready[0]
        chosen = self._choose(ready, current)
        self._in_a_row = self._in_a_row + 1 if chosen == current else 0
        if self._in_a_row > PATIENCE:
            self._in_a_row = 0
            self._ranks[chosen] = -self._random.random()
            others = [one for one in ready if one != chosen]
            return self._random.choice(others)
        return chosen

    def _choose(self, ready: list[int], current: int | None) -> int:
        draw = self._random
        if self._way == 3:  # each has a rank, and now and then who goes on loses it
            for one in ready:
                self._ranks.setdefault(one, draw.random())
            if current is not None and draw.random() < 0.08:
                self._ranks[current] = min(self._ranks.values()) - draw.random()
            return max(ready, key=self._ranks.__getitem__)
        if current is not None and self._way and draw.random() > (0.35, 0.12)[self._way - 1]:
            return current
        return draw.choice(ready)


class OneByOne:
    """A thread goes on until it ends or waits; where there are several then, a script says which.

    Attributes:
        forks: how many there were each time.
        was_impatient: whether one had to make way that went round in a loop.
    """

    def __init__(self, script: Sequence[int] = ()) -> None:
        self._script = script
        self._in_a_row = 0
        self.forks: list[int] = []
        self.was_impatient = False

    def __call__(self, ready: list[int], current: int | None) -> int:
        if current is not None:
            self._in_a_row += 1
            if self._in_a_row < LONG_PATIENCE or len(ready) == 1:
                return current
            self.was_impatient = True
            ready = [one for one in ready if one != current]
        self._in_a_row = 0
        at = len(self.forks)
        self.forks.append(len(ready))
        return ready[min(self._script[at] if at < len(self._script) else 0, len(ready) - 1)]

    def next_script(self) -> list[int] | None:
        """The script of the next such order; None where this was the last."""
        script = [*self._script, *[0] * (len(self.forks) - len(self._script))][: len(self.forks)]
        for at in reversed(range(len(self.forks))):
            if script[at] + 1 < self.forks[at]:
                return [*script[:at], script[at] + 1]
        return None


class Listed:
    """A list of threads, of which whoever cannot go on is left out; after its end by something else."""

    def __init__(self, order: Iterable[int], then: Choose | None = None) -> None:
        self._order = iter(order)
        self._then = OneByOne() if then is None else then

    def __call__(self, ready: list[int], current: int | None) -> int:
        for one in self._order:
            if one in ready:
                return one
        return self._then(ready, current)


def text_of(order: Iterable[int]) -> str:
    """An order as people can copy it: "1x12 2x5", the thread's number and how many steps it makes."""
    return " ".join(f"{one + 1}x{count}" for one, count in runs_of(order))


def order_of(text: str) -> list[int]:
    """The order of a text.

    Raises:
        BadInput: it is none, with a sentence.
    """
    order: list[int] = []
    for part in text.replace(",", " ").split():
        found = re.fullmatch(r"([1-9]\d{0,3})(?:x([1-9]\d{0,5}))?", part)
        if found is None:
            raise BadInput(
                f"An order is said as 1x12 2x5, a thread and how many steps it makes, and not {part!r}"
            )
        order += [int(found[1]) - 1] * int(found[2] or 1)
        if len(order) > MAX_ORDER:
            raise BadInput(f"An order has {MAX_ORDER:,} steps at most")
    return order


def runs_of(order: Iterable[int]) -> list[tuple[int, int]]:
    """Which thread goes on for how many steps, one after the other."""
    return [(one, len(list(row))) for one, row in itertools.groupby(order)]
