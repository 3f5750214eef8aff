"""A thread that computes in Python holds the GIL. A process has only one, so at any moment one thread runs.

When others want it, Python takes it away after about five milliseconds and gives it to another thread: they take turns.
A thread that waits for the GIL cannot use a core, even if one is free.

Each process has an interpreter of its own, with a GIL of its own. Two processes compute at the same time, on two cores.
The price is that they have to be started, and that everything they get or give back is copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._seen import cores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Computing is not"
ORDER = 30
MINUTES = 3
ASKS = "A thread looks for prime numbers, in pure Python. How much faster are four threads, on two cores?"
ANSWERS = {
    "Four times as fast": "Waiting threads would be. But to compute, each needs the GIL, and there is just one.",
    "Twice as fast: there are two cores": (
        "Two processes would be. Threads of one process share a GIL, and only the one that has it can use a core."
    ),
    "Not at all": "One GIL, so one thread computes at any moment, and the others wait for their turn.",
}
RIGHT = "Not at all"
STEPS = (
    {
        "says": "One thread",
        "workload": "primes",
        "runner": "thread_pool",
        "tasks": 8,
        "workers": 1,
        "params": {"numbers": 60_000},
        "look": "timeline",
    },
    {
        "says": "Four threads",
        "workload": "primes",
        "runner": "thread_pool",
        "tasks": 8,
        "workers": 4,
        "params": {"numbers": 60_000},
        "look": "timeline",
    },
    {
        "says": "Two processes",
        "workload": "primes",
        "runner": "process_pool",
        "tasks": 8,
        "workers": 2,
        "params": {"numbers": 60_000},
        "look": "timeline",
    },
)
TAKE_HOME = "Threads do not make Python code compute faster: use processes for that, or a library in C."
TRY = (
    {"says": "In eight threads", "step": 2, "workers": 8},
    {
        "says": "So little to compute that the start of the processes takes longer",
        "step": 3,
        "params": {"numbers": 500},
    },
)
SABOTEUR = {"step": 3, "runner": "thread_pool"}
CORES = 1.8
SNIPPET = """
from concurrent.futures import ProcessPoolExecutor


def primes(first: int) -> int:
    found = range(first, first + 5_000)
    return sum(all(number % divisor for divisor in range(2, 100)) for number in found)


if __name__ == "__main__":  # each process imports this file, and must not start processes itself
    with ProcessPoolExecutor(2) as pool:
        counts = list(pool.map(primes, range(100, 9_000, 5_000)))
    print(counts)
"""


def claims(one: Run, four: Run, processes: Run) -> Iterator[tuple[bool, str]]:
    # By processor time: from one run to the next a machine may well change its speed by a third.
    threads, apart = cores(four), cores(processes)
    yield (
        threads < 1.5,
        f"Four threads took {four.wall_s:.2f} s, and one {one.wall_s:.2f} s: the four kept {threads:.1f} cores busy.",
    )
    yield (
        apart > 1.5,
        f"Two processes kept {apart:.1f} cores busy, and took {processes.wall_s:.2f} s with the "
        f"{processes.startup_s:.2f} s of their start.",
    )
