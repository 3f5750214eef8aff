"""Why there is a GIL: Python counts for each object how many references to it there are.

Each name, each place in a list is a reference. When the last one goes, so does the object: at once, in the thread that
has dropped it. So whatever a program does changes counts, also those of what all threads use: functions, classes. A
count that threads change without a lock is soon wrong, and then an object goes while it is used, or never goes.

Without a lock two processors could add to one count at the same moment, in C. Here Python does it, where threads seldom
change just between reading and writing: so whoever counts without a lock waits there, and the others come in between.

A lock for each object would do, but it would be taken at each reference. One lock for all is taken once for a while,
and makes all else in the interpreter safe, too. That is the GIL. Who wants it asks for it after the switch interval
(`sys.getswitchinterval()`, 5 ms), and whoever computes lets go then. A Python without a GIL counts otherwise: mostly
without a lock for the thread that has made the object, and with more costly steps for all others.

Tasks of this lab compute, and take no turns with the window: so it may be a little late meanwhile.
"""

from __future__ import annotations

import sys
import threading
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import sleep

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "GIL"
ORDER = 175
UNIT = "steps"
RUNNER = "thread_per_task"
TASKS = 4
WORKERS = 4
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "no_lock": {
        "right": False,
        "shows": "Counts references without a lock, and waits between reading and writing: most are never counted.",
    },
    "one_lock": {"right": True, "shows": "Takes one lock for a thousand references, as the GIL is taken."},
    "lock_each": {
        "right": True,
        "shows": "Takes the object's own lock for each reference: right, but expensive.",
    },
    "names": {"right": True, "shows": "Python itself counts, under its GIL: the count is right."},
    "turns": {
        "right": True,
        "shows": "Two threads compute. The GIL changes hands every 5 ms, which is Python's own switch interval.",
        "TASKS": 2,
        "WORKERS": 2,
        "SWITCH_MS": 5.0,
    },
    "long_turns": {
        "right": True,
        "shows": "The same with a switch interval of 100 ms: whoever waits for the GIL waits for long.",
        "TASKS": 2,
        "WORKERS": 2,
        "SWITCH_MS": 100.0,
    },
}

COUNT_S, HOLD_S = 0.001, 0.1
"""Without a lock: the time between reading and writing; and how long the references are held, until all are made."""


class Thing:
    """Something that threads refer to, with a count of its own beside Python's."""

    def __init__(self) -> None:
        self.count = 0
        self.lock = threading.Lock()


def make(waits: Waits) -> SimpleNamespace:
    thing = Thing()
    shared = SimpleNamespace(thing=thing, gil=threading.Lock(), sample=waits.sample)
    shared.began, shared.took_s, shared.last, shared.changes = time.perf_counter(), 0.0, 0, 0
    counted = getattr(sys, "getrefcount", None)  # there is none where a collector does all
    at_first = counted(thing) if counted else 0
    waits.watch("references", lambda: thing.count + (counted(thing) - at_first if counted else 0))
    waits.watch("changes of thread", lambda: shared.changes)
    waits.watch("took (ms)", lambda: shared.took_s * 1e3)
    return shared


def no_lock(shared: SimpleNamespace, *, references: int = 50) -> Generator[int, None, None]:
    """Count references without a lock, with time between reading and writing; hold them for a while; drop them.

    Args:
        references: how many each task has at most (20 to 100,000)
    """

    def refer(by: int, times: int) -> None:
        for _ in range(times):
            count = shared.thing.count
            if by > 0:
                sleep(COUNT_S)  # the others read the same count, and all write the same sum
            shared.thing.count = count + by

    yield from up_and_down(refer, references, shared, HOLD_S)


def one_lock(shared: SimpleNamespace, *, references: int = 30_000) -> Generator[int, None, None]:
    """Count references, and drop them again, under one lock for all objects.

    Args:
        references: how many each task has at most (20 to 10,000,000)
    """

    def refer(by: int, times: int) -> None:
        with shared.gil:
            for _ in range(times):
                shared.thing.count = add(shared.thing.count, by)

    yield from up_and_down(refer, references, shared)


def lock_each(shared: SimpleNamespace, *, references: int = 30_000) -> Generator[int, None, None]:
    """Count references, and drop them again, each time under the lock of the object.

    Args:
        references: how many each task has at most (20 to 10,000,000)
    """

    def refer(by: int, times: int) -> None:
        for _ in range(times):
            with shared.thing.lock:
                shared.thing.count = add(shared.thing.count, by)

    yield from up_and_down(refer, references, shared)


def names(shared: SimpleNamespace, *, references: int = 30_000) -> Generator[int, None, None]:
    """Have references, and drop them again; Python counts.

    Args:
        references: how many each task has at most (20 to 10,000,000)
    """
    held: list[Thing] = []

    def refer(by: int, times: int) -> None:
        for _ in range(times):
            if by > 0:
                held.append(shared.thing)
            else:
                held.pop()

    yield from up_and_down(refer, references, shared)


def add(a: int, b: int) -> int:
    return a + b


def up_and_down(
    refer: Callable[[int, int], None], references: int, shared: SimpleNamespace, hold_s: float = 0.0
) -> Generator[int, None, None]:
    """So many references are made, held for some seconds, and then as many dropped."""
    spent = 0.0
    for by in (1, -1):
        for part in parts(references, 20):
            began = time.thread_time()
            refer(by, part)
            spent += time.thread_time() - began
            yield part
        if by > 0 and hold_s:
            sleep(hold_s)
    shared.sample("each (ns)", spent / (2 * references) * 1e9)
    yield 0


def turns(shared: SimpleNamespace, *, steps: int = 1_500_000) -> Generator[int, None, None]:
    """Compute, and note when another thread has done so in between.

    Args:
        steps: how many each task takes (3 to 100,000,000)
    """
    yield from take_turns(shared, steps)


def long_turns(shared: SimpleNamespace, *, steps: int = 1_500_000) -> Generator[int, None, None]:
    """Compute, and note when another thread has done so in between.

    Args:
        steps: how many each task takes (3 to 100,000,000)
    """
    yield from take_turns(shared, steps)


def take_turns(shared: SimpleNamespace, steps: int) -> Generator[int, None, None]:
    me = threading.get_ident()
    for part in parts(steps, 3):  # few, for a thread that is about to go on may let another one pass
        for _ in range(part):
            if shared.last != me:
                shared.last = me
                shared.changes += 1
        shared.took_s = time.perf_counter() - shared.began
        yield part


def parts(count: int, into: int) -> list[int]:
    """A number in parts: between two of them the task can be paused and cancelled."""
    return [count // into + (number < count % into) for number in range(into)]


def check(shared: SimpleNamespace) -> None:
    """What must hold in any order: all references are dropped, and the count says so."""
    assert shared.thing.count == 0


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    sharing = run.recorder.sharing
    if run.settings.workload.endswith("turns"):
        return {name: sharing.figure(name) for name in ("changes of thread", "took (ms)")}
    return {
        "most references": sharing.most("references"),
        "references left": sharing.figure("references"),
        "each (ns)": sharing.figure("each (ns)"),
    }


def is_wrong(no_lock: Run) -> tuple[bool, str]:
    most, left, _ = figures(no_lock).values()
    return left != 0, (
        f"Without a lock {most:,.0f} of {no_lock.recorder.amount / 2:,.0f} references were counted. All were dropped, "
        f"and the count says {left:,.0f}."
    )


def is_right(one_lock: Run) -> tuple[bool, str]:
    _, left, _ = figures(one_lock).values()
    return left == 0, f"With one lock for all, the count says {left:,.0f} when all references are dropped."


def is_counted(names: Run) -> tuple[bool, str]:
    most, left, _ = figures(names).values()
    return most > 0 and left == 0, (
        f"Python counted up to {most:,.0f} references more to one object, and {left:,.0f} more when all were dropped."
    )


def costs_more(one_lock: Run, lock_each: Run) -> tuple[bool, str]:
    once, each_time = (figures(run)["each (ns)"] for run in (one_lock, lock_each))
    return (
        each_time > once,
        f"Counting a reference took {each_time:,.0f} ns of processor time with a lock for each object, and "
        f"{once:,.0f} ns with one lock for all.",
    )


def changes_more_often(turns: Run, long_turns: Run) -> tuple[bool, str]:
    (often, took_ms), (seldom, long_ms) = (figures(run).values() for run in (turns, long_turns))
    return often / took_ms > 1.5 * seldom / long_ms, (  # on a busy machine each change takes long, too
        f"With a switch interval of {turns.settings.switch_interval_ms:g} ms the GIL changed hands {often:,.0f} times "
        f"in {took_ms:,.0f} ms, and with {long_turns.settings.switch_interval_ms:g} ms {seldom:,.0f} times in "
        f"{long_ms:,.0f} ms."
    )


CLAIMS = (is_wrong, is_right, is_counted, costs_more, changes_more_often)
