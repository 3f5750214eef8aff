"""How many times as fast one place is as another, and how sure that is. Plain arithmetic."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME = 0.05
"""Medians closer than this part of each other are not told apart, however little they spread."""

UNLIKE = 1.25
"""Of what may differ by more it is not said that it is alike."""

ONCE = 1.5
"""Of what was measured but once so many times as much may be chance."""

STUDENT_T = {1: 6.31, 2: 2.92, 3: 2.35, 4: 2.13, 5: 2.02, 6: 1.94, 7: 1.89, 8: 1.86, 9: 1.83}
"""By degrees of freedom: the 95 % point of Student's t, so nine of ten intervals hold what they are of."""


class Ratio(NamedTuple):
    """How many times as fast a place is as another.

    Attributes:
        low, high: between these it is, nine times of ten.
        middle: of the medians, as tables and words have them.
    """

    low: float
    middle: float
    high: float

    @property
    def is_told(self) -> bool:
        """Whether the two differ, by more than chance and by more than anybody would care for."""
        return (self.low > 1 or self.high < 1) and abs(self.middle - 1) > SAME

    @property
    def is_alike(self) -> bool:
        """Whether the two are as fast as each other, as far as anybody would care."""
        return not self.is_told and 1 / UNLIKE < self.middle < UNLIKE


def ratio(one: Sequence[float], other: Sequence[float]) -> Ratio:
    """How many times as much the one is as the other, from runs that were made in turn.

    Each pair gives a ratio, for what disturbs a machine disturbs both of a pair; their logarithms have a mean and an
    interval around it by Student's t. Where nothing was done nothing is known of it.
    """
    # Here: the window imports this module before its first frame, and need not wait.
    from statistics import median

    if not (one and other) or min(*one, *other) <= 0:
        return Ratio(0.0, 1.0, math.inf)
    middle = median(one) / median(other)
    logs = [math.log(mine / theirs) for mine, theirs in zip(one, other, strict=False)]
    count = len(logs)
    if count < 2:
        return Ratio(middle / ONCE, middle, middle * ONCE)
    mean = sum(logs) / count
    variance = sum((value - mean) ** 2 for value in logs) / (count - 1)
    reach = STUDENT_T[min(count - 1, max(STUDENT_T))] * math.sqrt(variance / count)
    return Ratio(min(middle, math.exp(mean - reach)), middle, max(middle, math.exp(mean + reach)))
