"""For each object Python counts how many references to it there are: names, places in lists, arguments.

`sys.getrefcount(a)` tells that count. When it reaches 0, the object is freed at once. So whatever a program does
changes counts, also those of what all threads use: functions, classes, modules. Changed by two threads without a lock,
a count would soon be wrong, and an object that is still in use would be freed.

A lock for each object would keep its count right. Python has one lock for the whole interpreter instead: that is the
GIL. A thread that computes keeps it for the switch interval, 5 ms, and lets go then if another thread wants it
(`sys.getswitchinterval()`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs import gil

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Why a GIL"
ORDER = 170
MINUTES = 4
ASKS = "Why does Python not simply have a lock for each object?"
ANSWERS = {
    "It would cost too much": "A lock would be taken each time a name or a list refers to the object, and that is "
    "all the time. The program would be slower with one thread, too.",
    "It would be wrong": "It would be right: whoever changes an object's count is alone with it. But it is expensive.",
    "Threads could not compute at the same time": "With a lock for each object they could. It is the one lock for all, "
    "the GIL, that lets one thread run Python code at a time.",
}
RIGHT = "It would cost too much"
STEPS = (
    {
        "says": "Python counts references from four threads",
        "workload": "gil.names",
        "params": {"references": 15_000},
        "look": "timeline",
    },
    {
        "says": "The same by hand, one lock for all",
        "workload": "gil.one_lock",
        "params": {"references": 15_000},
        "look": "timeline",
    },
    {
        "says": "A lock for each object",
        "workload": "gil.lock_each",
        "params": {"references": 15_000},
        "look": "timeline",
    },
    {"says": "Two threads compute, 5 ms each", "workload": "gil.turns", "look": "timeline"},
    {"says": "The same, 100 ms each", "workload": "gil.long_turns", "look": "timeline"},
)
TAKE_HOME = (
    "The GIL keeps Python's own counts right at little cost, and says nothing of what lies between your lines."
)
TRY = (
    {
        "says": "Count by hand, without any lock",
        "step": 2,
        "workload": "gil.no_lock",
        "params": {"references": 50},
    },
    {"says": "Change threads every 0.1 ms", "step": 4, "switch_ms": 0.1},
)
SABOTEUR = (
    {"step": 1, "workload": "gil.no_lock", "params": {"references": 50}},
    {"step": 4, "workload": "gil.long_turns", "switch_ms": 100.0},
)
SNIPPET = """
import sys
import threading

thing = object()
alone = sys.getrefcount(thing)  # its name, and perhaps the argument of this call


def refer() -> None:
    held = [thing] * 100_000
    more.append(sys.getrefcount(thing) - alone)
    held.clear()


more: list[int] = []
threads = [threading.Thread(target=refer) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"Up to {max(more):,} references more, and at last {sys.getrefcount(thing) - alone} more.")
print(f"A thread may keep the GIL for {sys.getswitchinterval() * 1e3:g} ms.")
"""


def claims(
    names: Run, one_lock: Run, lock_each: Run, turns: Run, long_turns: Run
) -> Iterator[tuple[bool, str]]:
    yield gil.is_counted(names)
    yield gil.is_right(one_lock)
    yield gil.costs_more(one_lock, lock_each)
    yield gil.changes_more_often(turns, long_turns)
