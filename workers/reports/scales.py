"""The scales of graphs, in the window and in reports: round steps, and logarithms. Plain arithmetic, for any thread."""

from __future__ import annotations

import math
from typing import NamedTuple

DIGITS = (1.0, 2.0, 5.0)
LONG_STEPS_S = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0)
"""What people count time in, once it is more than 10 seconds."""


def nice_step(least: float, digits: tuple[float, ...] = DIGITS) -> float:
    """The least round number that is not below `least` (more than 0): one of `digits` times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * digit for digit in (*digits, 10.0, 20.0) if power * digit >= least * (1 - 1e-9))


def time_step(least: float) -> float:
    """The same of seconds; above 10 it is one that is round in minutes or hours."""
    if least <= 10:
        return nice_step(least)
    return next((step for step in LONG_STEPS_S if step >= least), 7200.0 * math.ceil(least / 7200.0))


def multiples(low: float, high: float, step: float) -> list[float]:
    """The multiples of `step` from `low` to `high`, both included, none of them below 0."""
    return [
        number * step for number in range(max(0, math.ceil(low / step)), math.floor(high / step + 1e-9) + 1)
    ]


def nice_ticks(low: float, high: float, max_count: int) -> list[float]:
    """Round numbers from `low` to `high` (more than `low`), at most `max_count` of them above `low`."""
    return multiples(low, high, nice_step((high - low) / max_count))


def time_ticks(span_s: float, max_count: int) -> list[float]:
    """Round moments from 0 to `span_s` seconds, at most `max_count` of them after 0."""
    return multiples(0.0, span_s, time_step(span_s / max_count)) if span_s > 0 else [0.0]


class LogScale(NamedTuple):
    """A scale of logarithms.

    Attributes:
        low: its foot, more than 0: whatever is less lies on it.
        high: its top, likewise.
    """

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where a value lies, from 0.0 at the foot to 1.0 at the top."""
        return math.log(min(max(value, self.low), self.high) / self.low) / math.log(self.high / self.low)

    def ticks(self) -> list[float]:
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        return [10.0**power for power in range(first, last + 1)]


LAG_MS = LogScale(1.0, 10_000.0)
"""The window's lag, in every graph of it, in ms."""
