"""A plain function as a person might bring one: it knows nothing of Thaw, and takes some microseconds."""

from __future__ import annotations


def collatz(index: int) -> int:
    """How many steps, 20 at the most, a number takes towards 1."""
    number, steps = index + 1, 0
    while number != 1 and steps < 20:
        number = 3 * number + 1 if number % 2 else number // 2
        steps += 1
    return steps
