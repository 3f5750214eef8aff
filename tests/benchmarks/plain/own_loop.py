"""Plain functions of pure Python as a person might bring them, of some 0.1 s a call."""

from __future__ import annotations


def loop() -> int:
    """Declares nothing."""
    total = 0
    for number in range(1_500_000):
        total += number & 3
    return total


def free() -> int:
    """The same, without turns."""
    return loop()


free.GIL = "waits"  # type: ignore[attr-defined]
