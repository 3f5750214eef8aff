"""Waits and does nothing else: what threads are best at, for a thread that waits costs nobody anything.

On the GUI thread the waits add up and the window is frozen all the while, though the processor has nothing to do.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

TITLE = "Sleep (waits only)"
ORDER = 50
UNIT = "seconds"
TASKS = 17
LABELS = {"seconds": "Seconds per task"}

SLICE_S = 0.05
"""The longest wait between two chances to cancel, in seconds."""


def sleep(*, seconds: float = 0.25) -> Generator[float, None, None]:
    """Wait.

    Args:
        seconds: how long each task waits, in seconds (0 to 3,600)

    Yields:
        How many seconds were slept since the last yield; a task of 0 seconds yields once.
    """
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"A wait takes 0 seconds or more, not {seconds:g}.")
    slices, rest = divmod(seconds, SLICE_S)
    for _ in range(int(slices)):
        time.sleep(SLICE_S)
        yield SLICE_S
    if rest or not slices:
        time.sleep(rest)
        yield rest


def seconds(*, seconds: float = 0.25) -> float:
    """About how long one task takes on the GUI thread, in seconds."""
    return seconds
