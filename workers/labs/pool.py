"""A pool that waits for itself: its tasks wait for others that have no thread to begin in.

A task hands a part of its work to the pool that it runs in itself, and waits for the result. As long as a thread is
free for the part, all goes well. Once all threads are taken by tasks that wait, the parts stand in line behind them,
and nobody can ever begin. More threads only make it rarer.

A part for which somebody waits in a pool belongs in another one, or its result is not waited for there: who asked for
the whole hands the parts out, too.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import Queue, sleep

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run

TITLE = "Pool"
ORDER = 100
UNIT = "results"
RUNNER = "thread_pool"
TASKS = 4
WORKERS = 2
SWITCH_MS = 0.5
SHARED = "make"
MEETS = True
VERSIONS = {
    "waits_for_itself": {
        "right": False,
        "shows": "Both threads wait for parts that stand in line behind them: nothing goes on.",
    },
    "enough_threads": {
        "right": False,
        "shows": "The same with a thread for each: all goes well, until there is one task more.",
        "WORKERS": 4,
    },
    "two_pools": {
        "right": True,
        "shows": "The parts have a pool of their own: it never waits for the other one.",
        "TASKS": 2,
    },
}


def make(tasks: int = 2) -> SimpleNamespace:
    """A place for the result of each part, as a Future is one."""
    return SimpleNamespace(result=[Queue() for _ in range(max(1, tasks // 2))])


def part(number: int) -> int:
    sleep(0.02)
    return number * number


def waits_for_itself(index: int, tasks: int, shared: SimpleNamespace) -> Generator[int, None, int]:
    """The first half of the tasks needs the results of the other half, which comes later in the same pool."""
    half = len(shared.result)
    if index < half:
        found: int = shared.result[index].get()
    else:
        found = part(index)
        shared.result[index % half].put(found)
    yield 1
    return found


def enough_threads(index: int, tasks: int, shared: SimpleNamespace) -> Generator[int, None, int]:
    """The same."""
    return (yield from waits_for_itself(index, tasks, shared))


def two_pools(index: int, shared: SimpleNamespace) -> Generator[int, None, int]:
    """Each task hands its part to a second pool, and waits for that."""
    with ThreadPoolExecutor(1, "parts") as parts:
        future = parts.submit(part, index)
        found = future.result()
    yield 1
    return found


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    recorder = run.recorder
    return {"done": recorder.done, "failed": recorder.failed, "deadlocks": len(recorder.sharing.deadlocks)}


def starves(waits_for_itself: Run) -> tuple[bool, str]:
    run = waits_for_itself
    named = next(iter(run.recorder.sharing.deadlocks), "")
    threads = run.settings.workers
    is_so = all(
        f"pool {number} waits for an item of queue result {number}" in named for number in range(1, threads + 1)
    )
    return is_so and run.recorder.failed > 0, f"With {threads} threads: {named or 'nobody is stuck'}."


def goes_well_by_luck(enough_threads: Run) -> tuple[bool, str]:
    done, failed, deadlocks = figures(enough_threads).values()
    threads = enough_threads.settings.workers
    return not failed and not deadlocks, f"With {threads} threads for {done:,.0f} tasks all were done, by luck."


def has_its_own(two_pools: Run) -> tuple[bool, str]:
    done, failed, deadlocks = figures(two_pools).values()
    is_so = done == two_pools.recorder.count and not failed and not deadlocks
    return is_so, f"With a second pool {done:,.0f} tasks were done, in {two_pools.settings.workers} threads."


CLAIMS = (starves, goes_well_by_luck, has_its_own)
