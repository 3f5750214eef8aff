"""Steps of a workload, run to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator


def finish(steps: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    """Run to the end: what was yielded, and the result."""
    amounts = []
    while True:
        try:
            amounts.append(next(steps))
        except StopIteration as end:
            return amounts, end.value
