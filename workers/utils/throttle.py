"""Lets something happen at most once in a while. It belongs to no thread: whoever keeps one asks it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Throttle:
    """A pause after everything that happens; the first time it is due at once."""

    def __init__(self, period_s: float, clock: Callable[[], float] = time.perf_counter) -> None:
        self._period_s, self._clock = period_s, clock
        self._due = float("-inf")

    @property
    def left_s(self) -> float:
        """How much of the pause is left; 0 or less when it is over."""
        return self._due - self._clock()

    def is_due(self, at_once: bool = False) -> bool:
        """Whether it may happen now, which `at_once` allows always; if so, the next pause begins."""
        if not at_once and self.left_s > 0:
            return False
        self.pause()
        return True

    def pause(self, period_s: float | None = None) -> None:
        """Begin a pause now, of the usual length or of another."""
        self._due = self._clock() + (self._period_s if period_s is None else period_s)

    def reset(self) -> None:
        """End the pause: it is due at once."""
        self._due = float("-inf")
