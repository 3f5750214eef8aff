"""The statement count += 1 takes three steps: read the number, add one, write it back.

A thread that is stopped between reading and writing overwrites what others have added since. But try it on CPython 3.10
or later with the GIL, and you can wait for ever: this interpreter happens to change threads only at calls and at the
end of each turn of a loop, so never inside that statement. Python 3.9 does lose additions there, and a build without
the GIL may. The language promises nothing. That is the worst kind of race: all tests pass, until somebody puts a call
into the line, or the Python changes.

In the first run the threads go as this Python lets them. In the others Thaw decides before each instruction which
thread goes on. That shows what the language allows, not what this Python does. And it can be repeated: the same
schedule makes the same order every time. In the last run there is a lock around the addition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs.counter import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "The race you cannot see"
ORDER = 60
MINUTES = 4
ASKS = "Four threads add with += and no lock, and your test finds the right sum a hundred times. Is the code right?"
ANSWERS = {
    "Yes, += is a single step": "It is one statement, but the interpreter reads, adds and writes in separate steps.",
    "Yes, the GIL protects it": "It keeps Python's own objects whole, not your sum: nothing promises that it stays "
    "with a thread in the middle of +=.",
    "No, your Python was just kind": "It did not change threads there. Other Pythons do, and nothing forbids it.",
}
RIGHT = "No, your Python was just kind"
STEPS = (
    {
        "says": "Threads that run freely, with +=",
        "workload": "counter.plus",
        "params": {"counts": 100_000},
        "look": "graphs",
    },
    {
        "says": "Stopped before each instruction",
        "workload": "counter.plus",
        "runner": "stepped",
        "params": {"counts": 10, "schedule": 1, "opcodes": True},
        "look": "steps",
    },
    {
        "says": "The same schedule again",
        "workload": "counter.plus",
        "runner": "stepped",
        "params": {"counts": 10, "schedule": 1, "opcodes": True},
        "look": "steps",
    },
    {
        "says": "The same schedule, with a lock",
        "workload": "counter.fixed",
        "runner": "stepped",
        "params": {"counts": 10, "schedule": 1, "opcodes": True},
        "look": "steps",
    },
)
TAKE_HOME = "A race that does not show may still be there: what several threads change needs a lock."
TRY = (
    {"says": "Another schedule", "step": 2, "params": {"schedule": 2}},
    {"says": "Stopped before each line only: += is one line", "step": 2, "params": {"opcodes": False}},
    {
        "says": "Freely in another Python: 3.9 loses, one without the GIL may",
        "step": 1,
        "runner": "other_python",
    },
)
SABOTEUR = {"step": 4, "workload": "counter.plus"}
SNIPPET = """
import dis
from threading import Lock, Thread

dis.dis("count += 1")  # several instructions: a thread may be stopped after any of them


class Counter:
    def __init__(self) -> None:
        self.value, self.lock = 0, Lock()

    def add(self) -> None:
        with self.lock:  # right on every Python, with the GIL or without
            self.value += 1


def work() -> None:
    for _ in range(10_000):
        counter.add()


counter = Counter()
threads = [Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(counter.value)  # 40000
"""


def claims(free: Run, stepped: Run, again: Run, locked: Run) -> Iterator[tuple[bool, str]]:
    freely, once, twice, kept = (figures(run) for run in (free, stepped, again, locked))
    yield (
        once["lost"] > 0,
        f"Of {freely['expected']:,.0f} additions {freely['lost']:,.0f} were lost while the threads ran freely, and "
        f"{once['lost']:,.0f} of {once['expected']:,.0f} when they were stopped between reading and writing.",
    )
    yield (
        twice["lost"] == once["lost"],
        f"Run again, the same schedule loses {twice['lost']:,.0f} of {twice['expected']:,.0f}.",
    )
    yield (
        kept["lost"] == 0,
        f"With a lock the same schedule loses {kept['lost']:,.0f} of {kept['expected']:,.0f}.",
    )
