"""A thread that waits uses no processor: it sleeps until the network, the disk or a clock wakes it.

While it sleeps it does not hold the GIL either. Python gives the GIL up before it waits, and takes it back afterwards.
So any number of threads can wait at the same time, on one core, in one process.

Here sixteen tasks wait for a tenth of a second each, as they would for the answer of a server. One thread waits for one
answer after the other. Four threads wait for four at a time, and sixteen for all of them at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Waiting is free"
ORDER = 20
MINUTES = 2
ASKS = "Sixteen tasks wait for 0.1 s each. How long do they take in sixteen threads, on two cores?"
ANSWERS = {
    "1.6 s: only one thread runs at a time": (
        "Only one runs Python code at a time. But a thread that waits runs nothing, and has given up the GIL."
    ),
    "0.8 s: two cores can do two things at once": "Waiting needs no core, so their number does not matter here.",
    "Hardly more than 0.1 s": "All of them wait at the same time, and none of them needs the GIL or a core for that.",
}
RIGHT = "Hardly more than 0.1 s"
STEPS = (
    {
        "says": "One thread",
        "workload": "sleep",
        "runner": "thread_pool",
        "tasks": 16,
        "workers": 1,
        "params": {"seconds": 0.1},
        "look": "timeline",
    },
    {
        "says": "Four threads",
        "workload": "sleep",
        "runner": "thread_pool",
        "tasks": 16,
        "workers": 4,
        "params": {"seconds": 0.1},
        "look": "timeline",
    },
    {
        "says": "Sixteen threads",
        "workload": "sleep",
        "runner": "thread_pool",
        "tasks": 16,
        "workers": 16,
        "params": {"seconds": 0.1},
        "look": "timeline",
    },
)
TAKE_HOME = (
    "For work that waits, such as downloads, use as many threads as there are things to wait for at once."
)
TRY = (
    {"says": "Two hundred waits in two hundred threads", "step": 3, "tasks": 200, "workers": 200},
    {"says": "In one thread, with asyncio", "step": 3, "runner": "asyncio_loop"},
)
SABOTEUR = {"step": 3, "workers": 1}
SNIPPET = """
import time
from concurrent.futures import ThreadPoolExecutor


def fetch(number: int) -> str:
    time.sleep(0.1)  # a server takes its time to answer
    return f"answer {number}"


started = time.perf_counter()
with ThreadPoolExecutor(16) as pool:
    answers = list(pool.map(fetch, range(16)))
print(f"{len(answers)} answers in {time.perf_counter() - started:.2f} s")
"""


def claims(one: Run, four: Run, sixteen: Run) -> Iterator[tuple[bool, str]]:
    yield one.wall_s > 1.5, f"In one thread the waits added up to {one.wall_s:.2f} s."
    by_four, by_sixteen = one.wall_s / four.wall_s, one.wall_s / sixteen.wall_s
    yield by_four > 2, f"Four threads took {four.wall_s:.2f} s: {by_four:.1f} times as fast."
    yield by_sixteen > 4, f"Sixteen threads took {sixteen.wall_s:.2f} s: {by_sixteen:.1f} times as fast."
