"""Is there enough money? Then take it. Is the entry not there? Then make it.

Each reads like one thought, and is two steps: check, then act. What was true when a thread looked need not be true when
it acts. Others look in the meantime, find the same, and act as well. No line is wrong by itself: each thread does what
was right a moment ago.

Here four threads take 10 at a time from an account of 1,000, as long as there is enough; and four threads look up 50
keys in a cache and build what is missing. Then both hold a lock from the check to the end of the act, so that nobody
gets in between. A lock around each of the two steps alone would not help.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs import account, cache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Check, then act"
ORDER = 70
MINUTES = 3
ASKS = "Four threads take 10 at a time from an account of 1,000, if at least 10 are there. What is left at the end?"
ANSWERS = {
    "0": "It would be, if nobody took anything between a check and its act.",
    "Less than 0": "Several threads see the last 10, and each of them takes it.",
    "More than 0": "No thread stops while there is enough: too much is paid out, not too little.",
}
RIGHT = "Less than 0"
STEPS = (
    {"says": "The account without a lock", "workload": "account.broken", "look": "timeline"},
    {"says": "The account with a lock", "workload": "account.fixed", "look": "timeline"},
    {"says": "The cache without a lock", "workload": "cache.broken", "look": "timeline"},
    {"says": "The cache with a lock", "workload": "cache.fixed", "look": "timeline"},
)
TAKE_HOME = (
    "A check is worth something only while nobody can change what was checked: lock check and act together."
)
TRY = (
    {"says": "With 16 threads: further below 0", "step": 1, "tasks": 16, "workers": 16},
    {
        "says": "setdefault: one object for all, but most are built in vain",
        "step": 3,
        "workload": "cache.setdefault",
    },
)
SABOTEUR = ({"step": 2, "workload": "account.broken"}, {"step": 4, "workload": "cache.broken"})
SNIPPET = """
from threading import Lock, Thread

balance = 1_000
lock = Lock()
paid: list[int] = []


def spend() -> None:
    global balance
    while True:
        with lock:  # from the check to the end of the act
            if balance < 10:
                return
            balance -= 10
        paid.append(10)


threads = [Thread(target=spend) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(paid), balance)  # 1000 0
"""


def claims(unlocked: Run, locked: Run, unlocked_cache: Run, locked_cache: Run) -> Iterator[tuple[bool, str]]:
    yield account.overdrawn(unlocked)
    yield account.keeps_limit(locked)
    yield cache.builds_twice(unlocked_cache)
    yield cache.builds_once(locked_cache)
