"""Pools that nobody shuts down: their threads stay.

A pool keeps its threads for the next job, until it is shut down or nobody knows it any more. A program that makes one
for each request and keeps it, in a list, an attribute or a cache, has a few threads more after each of them: each
costs memory, and the system lets a process have only so many. `with` shuts the pool down, whatever happens in the
block.

(At the end of this lab they are shut down after all, so that nothing of it is left behind.)
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Leak"
ORDER = 150
UNIT = "pools"
RUNNER = "thread_per_task"
TASKS = 1
WORKERS = 1
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "kept": {"right": False, "shows": "Each pool is kept and never shut down: four threads more each time."},
    "with_block": {"right": True, "shows": "Each pool is shut down by its with block: no thread is left."},
    "one_pool": {"right": True, "shows": "One pool for all requests: four threads, however many there are."},
}
THREADS = 4


def make(waits: Waits) -> SimpleNamespace:
    before = threading.active_count()
    waits.watch("threads more", lambda: threading.active_count() - before)
    memory = reader_of_memory()
    if memory is not None:
        at_first = memory()
        waits.watch("MB more", lambda: memory() - at_first)
    return SimpleNamespace(clean_up=ExitStack())


def reader_of_memory() -> Callable[[], float] | None:
    """What tells the memory of this process, in MB; None where psutil is missing."""
    try:
        import psutil
    except ImportError:
        return None
    process = psutil.Process()
    return lambda: float(process.memory_info().rss) / 1e6


def requests(pool: ThreadPoolExecutor) -> None:
    """Have a pool do something in all of its threads at once: they meet, so none of them does the work of two."""
    meeting = threading.Barrier(THREADS, timeout=5.0)
    list(pool.map(lambda _: meeting.wait(), range(THREADS)))


def kept(shared: SimpleNamespace, *, pools: int = 100) -> Generator[int, None, None]:
    """Make pools, and keep them.

    Args:
        pools: how many (1 to 500)
    """
    made = []
    with shared.clean_up:
        for _ in range(pools):
            pool = ThreadPoolExecutor(THREADS)
            made.append(pool)
            shared.clean_up.callback(pool.shutdown)  # for this lab alone: a program that leaks has no such line
            requests(pool)
            yield 1


def with_block(shared: SimpleNamespace, *, pools: int = 100) -> Generator[int, None, None]:
    """Make pools, and shut each of them down.

    Args:
        pools: how many (1 to 500)
    """
    for _ in range(pools):
        with ThreadPoolExecutor(THREADS) as pool:
            requests(pool)
        yield 1


def one_pool(shared: SimpleNamespace, *, pools: int = 100) -> Generator[int, None, None]:
    """Make one pool, and use it again and again.

    Args:
        pools: how often (1 to 500)
    """
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(pools):
            requests(pool)
            yield 1


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    """What was there while the run lasted; at its end all threads are gone."""
    sharing = run.recorder.sharing
    return {
        "pools": run.recorder.amount,
        "most threads": sharing.most("threads more"),
        "MB more": sharing.most("MB more"),
    }


def leaks(kept: Run) -> tuple[bool, str]:
    pools, threads, megabytes = figures(kept).values()
    return threads >= THREADS * pools, (
        f"{pools:,.0f} pools that were kept left {threads:,.0f} threads behind, and took {megabytes:,.1f} MB of memory."
    )


def leaves_none(with_block: Run) -> tuple[bool, str]:
    pools, threads, _ = figures(with_block).values()
    left = f"up to {threads:,.0f} threads" if threads else "no thread"
    return threads <= 2 * THREADS, f"{pools:,.0f} pools in with blocks left {left} behind."


def needs_four(one_pool: Run) -> tuple[bool, str]:
    times, threads, _ = figures(one_pool).values()
    return threads <= 2 * THREADS, f"One pool, used {times:,.0f} times, had {threads:,.0f} threads."


CLAIMS = (leaks, leaves_none, needs_four)
