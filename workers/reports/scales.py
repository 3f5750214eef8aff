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


MIN_FILL = 0.35
"""The rate axis shrinks only when the curves fill less than this much of it."""

FINE_DIGITS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Where the rate axis ends: finer than its steps, so that the curves fill it."""


def fitting_top(peak: float, top: float) -> float:
    """Where the rate axis is to end: at `top`, as before, unless `peak` does not fit it any more.

    Args:
        peak: the highest value that is shown.
        top: where the axis ends now; 0.0 at first.
    """
    if not peak > 0:
        return top or 1.0
    if MIN_FILL * top <= peak <= top:
        return top
    return nice_step(peak * 1.02, FINE_DIGITS)


def rate_ticks(top: float) -> list[tuple[float, str]]:
    """Marks from 0 to `top` in steps of 1, 2 or 5 times a power of ten, three to six of them, with their texts."""
    marks = nice_ticks(0.0, top, 5)
    # In thousands or millions as `formatting.count` says them, so that the marks stay narrow; all of them in the same.
    size, name = (1e6, "M") if top >= 0.9995e6 else (1e3, "k") if top >= 9999.5 else (1.0, "")
    digits = max(0, -math.floor(math.log10(marks[1] / size * 1.001)))
    return [(mark, f"{mark / size:,.{digits}f}{name}" if mark else "0") for mark in marks]


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

    def reaching(self, value: float) -> LogScale:
        """The same scale, with as many powers of ten more on top as a value needs."""
        return self._replace(high=max(self.high, 10.0 ** math.ceil(math.log10(max(value, self.low)) - 1e-9)))


def power_words(ms: float) -> str:
    """A power of ten in ms as a mark says it: 0.1 ms, 100 ms, 10 s."""
    return f"{ms:g} ms" if ms < 1e3 else f"{ms / 1e3:g} s"


LAG_MS = LogScale(1.0, 10_000.0)
"""The window's lag, in every graph of it, in ms."""

WAIT_MS = LogScale(0.1, 1_000.0)
"""Waits for the GIL likewise."""
