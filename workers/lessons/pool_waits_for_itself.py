"""Two tasks fill a pool of two threads, and each needs the result of another task of the same pool.

Those stand in line for a free thread, and there is none: both are taken by tasks that wait for them.

Nothing is locked here, and still everybody waits for everybody. With three threads it would have gone well, until the
day when there is one task more. A larger pool only makes it rarer.

It is the same with all tasks of a pool that wait for each other. Four that meet at a barrier, in two threads, never do:
two of them wait, and the other two cannot begin.

The way out: what others wait for runs in a pool of its own, in which nobody waits for the first pool. Or no task waits
for another at all: whoever handed out the work also collects the results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs import pool, rounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "A pool that waits for itself"
ORDER = 130
MINUTES = 3
ASKS = "Two tasks fill a pool of two threads. Each waits for the result of a task further back in line. What happens?"
ANSWERS = {
    "The pool starts a third thread": "It never has more than `max_workers`, however long the line is.",
    "The pool lets a waiting task step aside": "A thread cannot put its task aside: it is in the middle of "
    "it, and waits.",
    "Nothing goes on any more": "The threads wait for tasks that wait for a thread.",
}
RIGHT = "Nothing goes on any more"
STEPS = (
    {"says": "Two threads, and parts in the same pool", "workload": "pool.waits_for_itself", "look": "waits"},
    {"says": "Two threads, and a second pool for the parts", "workload": "pool.two_pools", "look": "timeline"},
    {"says": "Four that meet, in two threads", "workload": "rounds.too_few", "look": "waits"},
)
TAKE_HOME = "A task in a pool must not wait for another task of the same pool."
TRY = (
    {"says": "With four threads: it goes well, by luck", "step": 1, "workers": 4},
    {"says": "Four that meet, in four threads", "step": 3, "workers": 4},
)
SABOTEUR = {"step": 1, "workers": 4}
SNIPPET = """
from concurrent.futures import ThreadPoolExecutor


def part(number: int) -> int:
    return number * number


def whole(number: int) -> int:
    return sum(parts.map(part, range(number)))  # waits for the other pool, never for its own


with ThreadPoolExecutor(2) as parts, ThreadPoolExecutor(2) as wholes:
    print(list(wholes.map(whole, range(5))))  # [0, 0, 1, 5, 14]
"""


def claims(one_pool: Run, two_pools: Run, too_few: Run) -> Iterator[tuple[bool, str]]:
    yield pool.starves(one_pool)
    yield pool.has_its_own(two_pools)
    yield rounds.lets_nobody_through(too_few)
