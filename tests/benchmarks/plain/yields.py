"""A workload that does nothing but yield: what a yield itself costs, and how many a second the program can take.

The benchmarks name it as `tests.benchmarks.plain.yields:yields`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

TITLE = "Yields"
UNIT = "yields"
GIL = "holds"


def yields(*, count: int = 1_000_000) -> Generator[int, None, None]:
    """Yield, and do nothing else.

    Args:
        count: how often (1 to 1,000,000,000)

    Yields:
        1, each time.
    """
    for _ in range(count):
        yield 1
