"""How many threads should a pool have? That depends on what stops a task from going on.

If it waits, for a clock or for answers of many servers, threads help until all tasks wait at the same time. If it
computes in Python, it needs the GIL, and one thread keeps that busy: more of them take turns. If it waits for something
that has so many places, such as a server or a database, threads help until all places are taken.

The three kinds are run with four threads and with thirty-two, thirty-two tasks each. Without a number Python's own pool
has four threads more than there are cores, and 32 at most: a guess for programs that do some of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs.turnstile import least_s
from ._seen import cores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "How many workers?"
ORDER = 140
MINUTES = 3
ASKS = "Three kinds of tasks, with four threads and with thirty-two. Which are done much sooner by thirty-two?"
ANSWERS = {
    "Those that wait for 0.1 s each": "Nothing stops thirty-two of them from waiting at the same time.",
    "Those that compute in Python": "All of them need the one GIL, so the fifth thread brings as little as the second.",
    "Those that ask a server which answers four at a time": (
        "Four threads take all of its places. The others wait for one, and not for an answer."
    ),
    "All of them": "Only those that share nothing. The GIL and the server are shared, and four threads keep them busy.",
}
RIGHT = "Those that wait for 0.1 s each"
STEPS = (
    {
        "says": "Waiting, four threads",
        "workload": "sleep",
        "runner": "thread_pool",
        "tasks": 32,
        "workers": 4,
        "params": {"seconds": 0.1},
        "look": "timeline",
    },
    {
        "says": "Waiting, thirty-two threads",
        "workload": "sleep",
        "runner": "thread_pool",
        "tasks": 32,
        "workers": 32,
        "params": {"seconds": 0.1},
        "look": "timeline",
    },
    {
        "says": "Computing, four threads",
        "workload": "primes",
        "runner": "thread_pool",
        "tasks": 32,
        "workers": 4,
        "params": {"numbers": 6_000},
        "look": "timeline",
    },
    {
        "says": "Computing, thirty-two threads",
        "workload": "primes",
        "runner": "thread_pool",
        "tasks": 32,
        "workers": 32,
        "params": {"numbers": 6_000},
        "look": "timeline",
    },
    {
        "says": "A server of four places, four threads",
        "workload": "turnstile.semaphore",
        "tasks": 32,
        "workers": 4,
        "params": {"places": 4, "visits": 1, "stay": 0.05},
        "look": "timeline",
    },
    {
        "says": "A server of four places, thirty-two threads",
        "workload": "turnstile.semaphore",
        "tasks": 32,
        "workers": 32,
        "params": {"places": 4, "visits": 1, "stay": 0.05},
        "look": "timeline",
    },
)
TAKE_HOME = "Ask what a task waits for, have as many workers as that can serve at once, and measure it."
TRY = (
    {"says": "Computing in two processes", "step": 3, "runner": "process_pool", "workers": 2},
    {"says": "A server that has eight places", "step": 6, "params": {"places": 8}},
)
SABOTEUR = {"step": 2, "workers": 4}
SNIPPET = """
import time
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

server = BoundedSemaphore(4)


def ask(number: int) -> None:
    with server:
        time.sleep(0.02)


for workers in (1, 2, 4, 8, 16):  # the right number is where it gets no faster
    started = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(ask, range(16)))
    print(f"{workers:>2} workers: {time.perf_counter() - started:.2f} s")
"""


def claims(
    waits: Run, more_waits: Run, computes: Run, more_compute: Run, asks: Run, more_ask: Run
) -> Iterator[tuple[bool, str]]:
    faster = waits.wall_s / more_waits.wall_s
    yield (
        faster > 2.5,
        f"Waiting took four threads {waits.wall_s:.2f} s and thirty-two {more_waits.wall_s:.2f} s: "
        f"that is {faster:.1f} times as fast.",
    )
    few, many = cores(computes), cores(more_compute)
    yield (
        max(few, many) < 1.5,
        f"Computing kept {few:.1f} cores busy with four and {many:.1f} with thirty-two: one thread can do as much.",
    )
    yield (
        more_ask.wall_s >= least_s(more_ask),
        f"Asking the server took four {asks.wall_s:.2f} s and thirty-two {more_ask.wall_s:.2f} s: with all of its "
        f"places taken it needs {least_s(more_ask):.2f} s, whoever asks.",
    )
