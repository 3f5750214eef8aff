"""What each thing costs, in nanoseconds, and what it costs when others want it, too.

`one_by_one` measures the things of `threading` and `queue` themselves, for those of the other labs tell what is
waited for, and that costs more than the wait. All are measured in turn, several times: the first time code runs it is
slow, and so is whatever a machine does meanwhile. The order of these figures is the same everywhere, the figures are
not.

`contended` adds to one sum in four threads, and takes the lock for each number; `apart` lets each thread add up what
is its own, and takes the lock once. What is told of these two is time of the processor, without waits. The lock is
cheap. To take it a hundred thousand times is not.

Tasks of this lab compute, and take no turns with the window: turns would be measured with it. So it may be a little
late meanwhile, for half a second at most.
"""

from __future__ import annotations

import collections
import os
import queue
import threading
import time
from statistics import median
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Cost"
ORDER = 180
UNIT = "uses"
RUNNER = "thread_per_task"
TASKS = 4
WORKERS = 4
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "one_by_one": {
        "right": True,
        "shows": "A lock costs about as much as a call, a semaphore and a queue a few times that.",
        "TASKS": 1,
        "WORKERS": 1,
    },
    "contended": {"right": False, "shows": "Takes the lock for each number: most of the time is the lock's."},
    "apart": {"right": True, "shows": "Adds up by itself, and takes the lock once."},
}
USES = 500
CLOCK = time.perf_counter if os.name == "nt" else time.thread_time
"""Windows counts what a thread has used of a processor in ticks of 16 ms: there the waits are in it."""


def things() -> dict[str, Callable[[], object]]:
    """A use of each thing, by its name."""
    lock, rlock, semaphore, condition = (
        threading.Lock(),
        threading.RLock(),
        threading.Semaphore(),
        threading.Condition(),
    )
    event, local, items = threading.Event(), threading.local(), collections.deque[int]()
    full, simple = queue.Queue[int](), queue.SimpleQueue[int]()
    event.set()
    local.value = 0

    def take(
        thing: threading.Lock | threading.RLock | threading.Semaphore | threading.Condition,
    ) -> Callable[[], None]:
        def use() -> None:
            with thing:
                pass

        return use

    def put_and_get(thing: queue.Queue[int] | queue.SimpleQueue[int]) -> Callable[[], None]:
        def use() -> None:
            thing.put(0)
            thing.get()

        return use

    def append_and_pop() -> None:
        items.append(0)
        items.popleft()

    def nothing() -> None:
        pass

    return {
        "nothing": nothing,
        "Lock": take(lock),
        "RLock": take(rlock),
        "Condition": take(condition),
        "Semaphore": take(semaphore),
        "Event.wait": event.wait,
        "Queue": put_and_get(full),
        "SimpleQueue": put_and_get(simple),
        "deque": append_and_pop,
        "thread-local": lambda: local.value,
    }


def make(waits: Waits) -> SimpleNamespace:
    return SimpleNamespace(lock=threading.Lock(), total=0, sample=waits.sample)


def one_by_one(shared: SimpleNamespace, *, rounds: int = 7) -> Generator[int, None, None]:
    """Use each thing, in turn.

    Args:
        rounds: how often all of them are measured (3 to 1,000)
    """
    measured: dict[str, list[float]] = collections.defaultdict(list)
    for _ in range(rounds):
        for name, use in things().items():
            began = time.perf_counter()
            for _ in range(USES):
                use()
            measured[name].append((time.perf_counter() - began) / USES * 1e9)
        yield USES
    call = median(measured.pop("nothing"))
    for name, times in measured.items():
        shared.sample(f"{name} (ns)", max(0.0, median(times) - call))
    yield 0


def contended(shared: SimpleNamespace, *, additions: int = 20_000) -> Generator[int, None, None]:
    """Add numbers to one sum, each with the lock.

    Args:
        additions: how many each task makes (20 to 10,000,000)
    """
    spent = 0.0
    for part in parts(additions):
        began = CLOCK()
        for number in range(part):
            with shared.lock:
                shared.total += number
        spent += CLOCK() - began
        yield part
    shared.sample("each (ns)", spent / additions * 1e9)
    yield 0


def apart(shared: SimpleNamespace, *, additions: int = 20_000) -> Generator[int, None, None]:
    """Add numbers to a sum of its own, and that to the one of all.

    Args:
        additions: how many each task makes (20 to 10,000,000)
    """
    spent, mine = 0.0, 0
    for part in parts(additions):
        began = CLOCK()
        for number in range(part):
            mine += number
        spent += CLOCK() - began
        yield part
    with shared.lock:
        shared.total += mine
    shared.sample("each (ns)", spent / additions * 1e9)
    yield 0


def parts(count: int) -> list[int]:
    """A number in twenty parts: between two of them the task can be paused and cancelled."""
    return [count // 20 + (number < count % 20) for number in range(20)]


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    """The gauges; of several tasks the one that ended last."""
    return {name: gauge.values[-1] for name, gauge in run.recorder.sharing.gauges.items()}


def is_in_order(one_by_one: Run) -> tuple[bool, str]:
    found = figures(one_by_one)
    told = ", ".join(
        f"{name.removesuffix(' (ns)')} {found[name]:,.0f}" for name in sorted(found, key=found.__getitem__)
    )
    return found["Lock (ns)"] < found["Semaphore (ns)"] and found["SimpleQueue (ns)"] < found["Queue (ns)"], (
        f"A use costs, in ns: {told}."
    )


def costs_more(contended: Run, apart: Run) -> tuple[bool, str]:
    each_time, once = (figures(run)["each (ns)"] for run in (contended, apart))
    of = "" if CLOCK is time.perf_counter else " of a processor"
    return (
        each_time > once,
        f"An addition took {each_time:,.0f} ns{of} with the lock each time, and {once:,.0f} with it once.",
    )


CLAIMS = (is_in_order, costs_more)
