"""Lost updates: four threads add to one counter, and most of what they add is gone.

To add is to read, to compute and to write. Whoever is interrupted between reading and writing writes what is out of
date by then: all that others have added in between is lost. A lock makes one step of the three, for nobody else gets in
between. The GIL does not: it changes hands between any two of these steps.

`counter += 1` alone is no example: Python 3.10 and later change threads only at calls and at the ends of loops, so it
loses nothing there. But nobody has promised that; Python 3.9 loses, and so does a Python without the GIL.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import Lock, sleep

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Counter"
ORDER = 10
UNIT = "additions"
RUNNER = "thread_per_task"
TASKS = 4
WORKERS = 4
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "broken": {"right": False, "shows": "Reads, waits and writes: what others wrote in between is lost."},
    "call": {"right": False, "shows": "Calls a function between reading and writing, and loses as well."},
    "plus": {
        "right": False,
        "shows": "Looks right on Python 3.10 and later, where it is luck; on 3.9 it loses.",
    },
    "fixed": {
        "right": True,
        "shows": "Holds a lock from reading to writing: nothing is lost, and all takes longer.",
    },
}
ADD_S = 0.001
STEPS = 20
"""`call` and `plus` take so many steps: between two they can be paused and cancelled."""


def make(waits: Waits) -> SimpleNamespace:
    """What the tasks share."""
    shared = SimpleNamespace(counter=0, lock=Lock())
    waits.watch("counter", lambda: shared.counter)
    waits.watch("expected counter", lambda: waits.amount)
    return shared


def broken(shared: SimpleNamespace, *, counts: int = 50) -> Generator[int, None, int]:
    """Add, with time between reading and writing.

    Args:
        counts: how many additions each task makes (1 to 100,000)
    """
    for _ in range(counts):
        value = shared.counter
        sleep(ADD_S)
        shared.counter = value + 1
        yield 1
    return counts


def call(shared: SimpleNamespace, *, counts: int = 300_000) -> Generator[int, None, int]:
    """Add, with a call between reading and writing.

    Args:
        counts: how many additions each task makes (1 to 100,000,000)
    """
    for part in parts(counts):
        for _ in range(part):
            shared.counter = add(shared.counter, 1)
        yield part
    return counts


def add(a: int, b: int) -> int:
    return a + b


def plus(shared: SimpleNamespace, *, counts: int = 300_000) -> Generator[int, None, int]:
    """Add, by one statement.

    Args:
        counts: how many additions each task makes (1 to 100,000,000)
    """
    for part in parts(counts):
        for _ in range(part):
            shared.counter += 1
        yield part
    return counts


def fixed(shared: SimpleNamespace, *, counts: int = 50) -> Generator[int, None, int]:
    """Add, holding the lock.

    Args:
        counts: how many additions each task makes (1 to 100,000)
    """
    for _ in range(counts):
        with shared.lock:
            value = shared.counter
            sleep(ADD_S)
            shared.counter = value + 1
            yield 1
    return counts


def parts(counts: int) -> list[int]:
    """A number in STEPS parts."""
    each, rest = divmod(counts, STEPS)
    return [each + (number < rest) for number in range(STEPS)]


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    """The result of a run; of several processes, each with a counter of its own, the sum."""
    gauges = run.recorder.sharing.gauges
    expected = run.recorder.amount
    actual = sum(gauge.values[-1] for name, gauge in gauges.items() if name.startswith("counter"))
    return {"expected": expected, "actual": actual, "lost": expected - actual}


def loses(broken: Run) -> tuple[bool, str]:
    made, actual, lost = figures(broken).values()
    return lost > 0, f"{made:,.0f} additions, and the counter says {actual:,.0f}: {lost:,.0f} were lost."


def loses_by_a_call(call: Run) -> tuple[bool, str]:
    made, _, lost = figures(call).values()
    return (
        lost > 0,
        f"With a call between reading and writing {lost / made:.0%} of {made:,.0f} additions were lost.",
    )


def keeps_all(fixed: Run) -> tuple[bool, str]:
    made, actual, lost = figures(fixed).values()
    return (
        lost == 0,
        f"With the lock the counter says {actual:,.0f} after {made:,.0f} additions: all are there.",
    )


def takes_longer(broken: Run, fixed: Run) -> tuple[bool, str]:
    locked, free = fixed.wall_s, broken.wall_s
    alone = fixed.recorder.amount * ADD_S
    return locked >= alone, (
        f"With the lock it took {locked:.2f} s, for {alone:.2f} s go by from reading to writing, one after the other; "
        f"without it {free:.2f} s."
    )


CLAIMS = (loses, loses_by_a_call, keeps_all, takes_longer)
