"""Threads live in one process and see the same objects: what one of them writes, the others read.

Processes do not. Each has its own interpreter, its own GIL and its own memory. What you hand to one is copied, and so
is what it hands back. So a number that both of them count in is really two numbers, and neither is the sum. No error
tells you: each process is content with its own.

That has its good side: what is not shared needs no lock. You hand each process its part of the work, and put the
results together at the end.

Tasks that must meet have no place there: a threading.Barrier or a queue.Queue cannot be sent to another process, and
where each makes its own, nobody else ever comes. So Thaw refuses to run such work in processes. The module
multiprocessing has queues and locks of its own, which do reach across.

Both runs have the same code, with the same lock: first in two threads, then in two processes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs.counter import figures
from ..utils.formatting import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Processes share no memory"
ORDER = 80
MINUTES = 3
ASKS = "Two processes run the same code, and each adds 50 to the counter. What does it say at the end?"
ANSWERS = {
    "100, as it does in threads": "A process does not see what another one has written.",
    "Less than 100: additions are lost": "None is lost: nobody else writes to a process's counter, and there is "
    "a lock as well.",
    "There are two, which add up to 100": "Each process makes a counter of its own, and adds to that alone.",
}
RIGHT = "There are two, which add up to 100"
STEPS = (
    {
        "says": "In two threads",
        "workload": "counter.fixed",
        "runner": "thread_per_task",
        "tasks": 2,
        "workers": 2,
        "params": {"counts": 50},
        "look": "timeline",
    },
    {
        "says": "In two processes",
        "workload": "counter.fixed",
        "runner": "process_per_task",
        "tasks": 2,
        "workers": 2,
        "params": {"counts": 50},
        "look": "timeline",
    },
)
TAKE_HOME = "Processes share nothing: hand each its part, and put the results together yourself."
TRY = (
    {
        "says": "Without a lock: in processes nothing is lost all the same",
        "step": 2,
        "workload": "counter.broken",
    },
    {"says": "In four processes", "step": 2, "tasks": 4, "workers": 4},
)
SABOTEUR = {"step": 2, "runner": "thread_per_task"}
SNIPPET = """
from concurrent.futures import ProcessPoolExecutor

if __name__ == "__main__":  # a new process may import this file: it must not start processes again
    numbers = list(range(1_000))
    parts = [numbers[start::4] for start in range(4)]
    with ProcessPoolExecutor(2) as pool:
        sums = list(pool.map(sum, parts))  # each part is copied there, and its sum back
    print(sums, sum(sums))  # put together here: 499500
"""


def claims(threads: Run, processes: Run) -> Iterator[tuple[bool, str]]:
    one, several = counters(threads), counters(processes)
    expected = figures(processes)["expected"]
    yield one == [figures(threads)["expected"]], f"In threads there is one counter, and it says {said(one)}."
    yield (
        len(several) > 1 and max(several) < expected,
        f"In processes there are {len(several)}: they say {said(several)}, and none says {expected:,.0f}.",
    )
    yield (
        sum(several) == expected,
        f"Added up that is {sum(several):,.0f}: nothing is lost, but nobody has the whole.",
    )


def counters(run: Run) -> list[float]:
    """What each counter of a run said last."""
    gauges = run.recorder.sharing.gauges
    return [gauge.values[-1] for name, gauge in gauges.items() if name.startswith("counter")]


def said(values: list[float]) -> str:
    return listed([f"{value:,.0f}" for value in values])
