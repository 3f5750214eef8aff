"""Lists, dicts and deques that several threads use: what is one step, and what is not.

`append` and `popleft` are one step each, whatever the other threads do: nothing is lost, and no lock is needed. But
two of them are two steps. `if jobs: jobs.popleft()` asks, and takes a moment later: by then the last one may be gone.
And to iterate is many steps: who adds meanwhile makes it fail.

Take a copy while you hold the lock, and iterate over that. And where threads hand things to each other, use a queue:
it asks and takes in one step, and can wait.
"""

from __future__ import annotations

import collections
from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import Empty, Lock, Queue, sleep
from ..utils.formatting import none_or

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Containers"
ORDER = 35
UNIT = "items"
RUNNER = "thread_per_task"
TASKS = 4
WORKERS = 4
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "append": {"right": True, "shows": "All append to one list, without a lock: nothing is lost."},
    "iterate_while_filled": {
        "right": False,
        "shows": "One reads a dict from end to end while others fill it: RuntimeError.",
    },
    "copied": {"right": True, "shows": "Copies the dict while it holds the lock, and reads the copy."},
    "deque": {"right": False, "shows": "Asks whether there is a job, and takes it later: IndexError."},
    "queue": {"right": True, "shows": "A queue asks and takes in one step."},
}


def make(waits: Waits, items: int = 0) -> SimpleNamespace:
    shared = SimpleNamespace(
        **{"list": [], "pages": {}, "lock": Lock(), "deque": collections.deque(range(items)), "jobs": Queue()}
    )
    for item in range(items):
        shared.jobs.put(item)
    waits.watch("in the list", lambda: len(shared.list))
    return shared


def append(shared: SimpleNamespace, *, appends: int = 10_000) -> Generator[int, None, None]:
    """Append to one list.

    Args:
        appends: how many each task makes (1 to 1,000,000)
    """
    for item in range(appends):
        shared.list.append(item)
        if item % 1_000 == 999:
            yield 1_000
    yield appends % 1_000


def iterate_while_filled(index: int, shared: SimpleNamespace, *, items: int = 50) -> Generator[int, None, None]:
    """The first task reads all pages, again and again; the others add some.

    Args:
        items: how many each task adds, and how often all are read (10 to 10,000)
    """
    for item in range(items):
        if index:
            shared.pages[index, item] = "text"
            sleep(0.001)
        else:
            for _ in shared.pages:
                sleep(0.001)
            sleep(0.001)
        yield 1


def copied(index: int, shared: SimpleNamespace, *, items: int = 50) -> Generator[int, None, None]:
    """The first task reads a copy of all pages, again and again; the others add some.

    Args:
        items: how many each task adds, and how often all are read (10 to 10,000)
    """
    for item in range(items):
        if index:
            with shared.lock:
                shared.pages[index, item] = "text"
            sleep(0.001)
        else:
            with shared.lock:
                pages = list(shared.pages)
            for _ in pages[:5]:
                sleep(0.001)
        yield 1


def deque(shared: SimpleNamespace, *, items: int = 100) -> Generator[int, None, None]:
    """Take jobs as long as there are some.

    Args:
        items: how many there are (1 to 10,000)
    """
    while shared.deque:
        sleep(0.001)
        shared.deque.popleft()
        yield 1


def queue(shared: SimpleNamespace, *, items: int = 100) -> Generator[int, None, None]:
    """Take jobs from a queue, until it says that there are none.

    Args:
        items: how many there are (1 to 10,000)
    """
    while True:
        try:
            shared.jobs.get_nowait()
        except Empty:
            return
        sleep(0.001)
        yield 1


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    recorder = run.recorder
    return {
        "items": recorder.amount,
        "in the list": recorder.sharing.figure("in the list"),
        "errors": recorder.failed,
    }


def keeps_all(append: Run) -> tuple[bool, str]:
    added, there, _ = figures(append).values()
    return added == there, f"{added:,.0f} items were appended, and {there:,.0f} are in the list."


def _told(run: Run, error: str) -> int:
    return sum(error in text for text in run.recorder.errors.values())


def fails_to_iterate(iterate_while_filled: Run) -> tuple[bool, str]:
    told = _told(iterate_while_filled, "RuntimeError: dictionary changed size during iteration")
    return (
        told == 1,
        f"Read while others add: {told:,} task failed, for the dictionary changed its size meanwhile.",
    )


def reads_a_copy(copied: Run) -> tuple[bool, str]:
    items, _, errors = figures(copied).values()
    return (
        not errors,
        f"With a copy {items:,.0f} pages were added and copies read, and {none_or(errors)} of the tasks failed.",
    )


def finds_none(deque: Run) -> tuple[bool, str]:
    told = _told(deque, "IndexError: pop from an empty deque")
    return (
        told > 0,
        f"Asked first and taken later: {told:,} of {deque.recorder.count:,} tasks found nothing there.",
    )


def takes_each_once(queue: Run) -> tuple[bool, str]:
    items, _, errors = figures(queue).values()
    is_so = not errors and items == queue.settings.param("items")
    return (
        is_so,
        f"With a queue {items:,.0f} jobs were taken, each once, and {none_or(errors)} of the tasks failed.",
    )


CLAIMS = (keeps_all, fails_to_iterate, reads_a_copy, finds_none, takes_each_once)
