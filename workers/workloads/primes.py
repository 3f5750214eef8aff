"""Counts prime numbers in pure Python, which holds the GIL: a second thread makes the window free, not the work faster.

Every task takes the next stretch of numbers above one million and tries divisors, with no sieve and no C code: exactly
the kind of loop that a thread can move out of the window's way but cannot spread over the cores.
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

TITLE = "Prime numbers (pure Python)"
ORDER = 10
UNIT = "numbers"
TASKS = 24
GIL = "holds"
BENCHMARKED = 1
LABELS = {"numbers": "Numbers per task"}

FIRST = 1_000_000
"""Where the first task begins: small numbers are done too quickly to tell."""

STEP = 1_000_000
"""Numbers in a step times their root: so many keep the steps at about a millisecond, also where numbers are large."""

SECONDS_A_NUMBER = 1.25e-6
"""Measured with Python 3.11 on a server; it grows with the root of the numbers, which most runs keep small."""


def primes(index: int, *, numbers: int = 140_000) -> Generator[int, None, int]:
    """Count the primes of one stretch of numbers; the result is their count.

    Args:
        index: which stretch; the first begins at one million.
        numbers: how many numbers each task tests (1 to 10,000,000)

    Yields:
        How many numbers were tested since the last yield.
    """
    if numbers < 1:
        raise ValueError(f"Each task must test at least 1 number, not {numbers:,}.")
    start = FIRST + index * numbers
    step = max(1, STEP // isqrt(start + numbers))
    count = 0
    for low in range(start, start + numbers, step):
        high = min(low + step, start + numbers)
        for number in range(low, high):
            if number % 2 and number % 3:
                for divisor in range(5, isqrt(number) + 1, 6):
                    if not number % divisor or not number % (divisor + 2):
                        break
                else:
                    count += 1
        yield high - low
    return count


def seconds(*, numbers: int = 140_000) -> float:
    """About how long one task takes on the GUI thread, in seconds."""
    return numbers * SECONDS_A_NUMBER
