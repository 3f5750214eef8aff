"""Tells whether what a process holds stays the same while something is done again and again: threads, files, memory."""

from __future__ import annotations

import ctypes
import gc
import itertools
import statistics
import sys
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

import psutil

if TYPE_CHECKING:
    from collections.abc import Sequence

MIB = 1 << 20


class Held(NamedTuple):
    """What this process holds at a moment.

    Attributes:
        threads: of the system, Qt's included.
        files: open file descriptors.
        children: processes.
        memory: resident, in MiB, after everything that can be given back was.
        objects: that Python's garbage collector knows.
    """

    threads: int
    files: int
    children: int
    memory: float
    objects: int


def held() -> Held:
    """Look. Collects garbage: call it where that is allowed, in the GUI thread."""
    for _ in range(3):
        gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)  # what was freed, and is kept for the next time, is no leak
    process = psutil.Process()
    return Held(
        process.num_threads(),
        process.num_fds(),
        len(process.children(recursive=True)),
        process.memory_info().rss / MIB,
        len(gc.get_objects()),
    )


def slope(values: Sequence[float]) -> float:
    """How much a value grows from one look to the next: the middle one of the slopes between any two of them.

    A single step, such as a piece of memory that the allocator takes for good, does not count (Theil and Sen).
    """
    pairs = itertools.combinations(enumerate(values), 2)
    return statistics.median((other - one) / (later - earlier) for (earlier, one), (later, other) in pairs)


def settled(seconds: float = 0.5) -> None:
    """Wait for threads that are on their way out, so long at most for all of them: some are there to stay."""
    deadline = time.monotonic() + seconds
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join(max(0.0, deadline - time.monotonic()))


def check_flat(looks: list[Held], times: int, max_bytes: float) -> None:
    """Fail where something grew.

    Args:
        looks: made after each so many times; the first after a warm-up.
        times: how many times between two of them.
        max_bytes: memory that each time may cost, in bytes: noise of the allocator, and no more.
    """
    text = "\n".join(map(str, looks))
    assert looks[-1].threads <= looks[0].threads, f"threads were left:\n{text}"
    assert looks[-1].files <= looks[0].files, f"files were left open:\n{text}"
    assert looks[-1].children <= looks[0].children, f"processes were left:\n{text}"
    objects = slope([look.objects for look in looks]) / times
    assert objects < 1, f"{objects:.1f} objects more each time:\n{text}"
    grown = slope([look.memory for look in looks]) / times * MIB
    assert grown < max_bytes, f"{grown:,.0f} bytes more each time:\n{text}"
