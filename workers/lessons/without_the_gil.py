"""From 3.13 on there is a second build of Python, without a GIL. In it threads compute in parallel.

Python's own objects stay whole there, too. Lists and dicts have locks of their own, and references are counted in
another way: cheaply by the thread that made the object, and with more costly steps by others. One thread alone is a
little slower for that.

What lies between your own steps was never safe, and now it shows. `counter += 1` reads, adds and writes. With a GIL
Python 3.10 and later happen not to change threads in between. Without one, two threads can do it at the same moment.
What helps is the same as ever: a lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs.counter import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Without the GIL"
ORDER = 180
MINUTES = 3
ASKS = "Four threads run counter += 1, a million times in all, in a Python without a GIL. What does the counter say?"
ANSWERS = {
    "A million": "With a GIL it happens to. Nobody has promised that, and without one it does not.",
    "Less than a million": "Two threads read the same number at the same moment, and both write the same sum.",
    "Python crashes": "Python's own objects are whole without the GIL as well. What is wrong is only your sum.",
}
RIGHT = "Less than a million"
STEPS = (
    {
        "says": "counter += 1 in this Python",
        "workload": "counter.plus",
        "params": {"counts": 250_000},
        "look": "timeline",
    },
    {
        "says": "The same in a Python without the GIL",
        "workload": "counter.plus",
        "runner": "other_python",
        "params": {"counts": 250_000, "python": "free-threaded"},
        "look": "timeline",
        "may_lack": True,
    },
    {
        "says": "There with a lock",
        "workload": "counter.fixed",
        "runner": "other_python",
        "params": {"python": "free-threaded"},
        "look": "timeline",
        "may_lack": True,
    },
)
TAKE_HOME = "Code that needs a lock needs it with the GIL, too: without the GIL it only shows sooner."
TRY = (
    {"says": "Four times as many additions without the GIL", "step": 2, "params": {"counts": 1_000_000}},
    {"says": "With a call between reading and writing, in this Python", "step": 1, "workload": "counter.call"},
)
SABOTEUR = {"step": 2, "workload": "counter.fixed", "params": {"counts": 50}}
SNIPPET = """
import sys
from threading import Lock, Thread

count = 0
lock = Lock()


def add() -> None:
    global count
    for _ in range(50_000):
        with lock:  # needed with the GIL, too
            count += 1


has_gil = getattr(sys, "_is_gil_enabled", lambda: True)()  # Python 3.13 and later can tell
threads = [Thread(target=add) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"{'With' if has_gil else 'Without'} the GIL: {count:,}")
"""


def claims(here: Run, there: Run | None, locked: Run | None) -> Iterator[tuple[bool, str]]:
    if there is None or locked is None:
        return
    with_gil, without, safe = figures(here), figures(there), figures(locked)
    yield (
        without["lost"] > 0,
        f"Of {without['expected']:,.0f} additions {without['lost']:,.0f} were lost without the GIL, and "
        f"{with_gil['lost']:,.0f} of {with_gil['expected']:,.0f} in this Python.",
    )
    yield (
        safe["lost"] == 0,
        f"With the lock {safe['lost']:,.0f} of {safe['expected']:,.0f} additions were lost without the GIL.",
    )
