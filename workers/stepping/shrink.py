"""Finds a shorter order that goes wrong as well: with fewer switches from thread to thread, then with fewer steps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .orders import Listed, runs_of
from .play import play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .played import Job, Played

MAX_TRIES = 400
MAX_S = 6.0


class Shrink:
    """Looks for the shortest order that is wrong.

    Attributes:
        best: the shortest so far.
        is_shortest: whether all orders with fewer switches have been tried.
    """

    def __init__(self, job: Job, found: Played, is_wrong: Callable[[Played], bool]) -> None:
        self._job, self._is_wrong = job, is_wrong
        self._tries, self._ends = MAX_TRIES, time.perf_counter() + MAX_S
        self.best = found
        self.is_shortest = False

    def run(self, one_by_one: Sequence[Played], are_all: bool) -> None:
        """Look for it.

        Args:
            one_by_one: orders without a switch, which are right.
            are_all: whether there are no others.
        """
        while self.best.switches > 1 and self._take_first(self._shorter()):
            pass
        if self.best.switches > 1:
            tried_all = not self._take_first(self._with_one_switch(one_by_one)) and self._has_time
            self.is_shortest = self.best.switches == 1 or (tried_all and self.best.switches == 2)
        while self._take_first(self._shorter()):
            pass
        self.is_shortest = are_all and (self.is_shortest or self.best.switches <= 1)

    @property
    def _has_time(self) -> bool:
        return self._tries > 0 and time.perf_counter() < self._ends

    def _take_first(self, orders: Iterable[list[int]]) -> bool:
        """Take the first of some orders that is wrong and shorter; returns whether there was one."""
        tried = {self.best.order}
        for order in orders:
            if not self._has_time:
                return False
            if tuple(order) in tried:
                continue
            tried.add(tuple(order))
            self._tries -= 1
            found = play(self._job, Listed(order))
            if _length(found) < _length(self.best) and self._is_wrong(found):
                self.best = found
                return True
        return False

    def _shorter(self) -> Iterator[list[int]]:
        """Orders that may be shorter than the best: its beginnings, and it with a part left for later."""
        runs = runs_of(self.best.order)
        for end in range(1, len(runs)):
            yield _order(runs[:end])
        for at in range(len(runs)):
            yield _order(runs[:at] + runs[at + 1 :])
        for at in range(len(runs) - 1):
            yield _order([*runs[:at], runs[at + 1], runs[at], *runs[at + 2 :]])
        for at, (one, count) in enumerate(runs):
            for fewer in {1, count // 2, count - 1} - {0, count}:
                yield _order([*runs[:at], (one, fewer), *runs[at + 1 :]])

    def _with_one_switch(self, one_by_one: Sequence[Played]) -> Iterator[list[int]]:
        for played in one_by_one:
            threads = range(len(played.threads))
            for at in range(1, len(played.order)):
                for other in threads:
                    if other != played.order[at]:
                        yield [*played.order[:at], other]


def _order(runs: Iterable[tuple[int, int]]) -> list[int]:
    return [one for one, count in runs for _ in range(count)]


def _length(played: Played) -> tuple[int, int, int]:
    return (played.switches, len(runs_of(played.order)), len(played.order))


def beginning(job: Job, played: Played) -> list[int]:
    """So much of an order as tells it from all others: after that its threads go on one by one."""
    runs = runs_of(played.order)
    for end in range(1, len(runs)):
        order = _order(runs[:end])
        if play(job, Listed(order)).order == played.order:
            return order
    return list(played.order)
