"""Producer and consumer: a queue between those who make and those who use.

A queue hands things over, one to each, and lets wait who has nothing to do. Without a limit it grows as long as makers
are quicker than users; with one the makers wait for room, and all are as fast: who is slow sets the pace in any case.
At the end each maker puts a None in, so that a user knows.

`join` waits until `task_done` was said for each item. Who forgets it waits for ever; so does who says it only where all
goes well, and then fails: it belongs in a `finally`. And a list is no queue: who finds it empty can only ask again.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import Queue, sleep

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Pipeline"
ORDER = 80
UNIT = "items"
RUNNER = "thread_per_task"
TASKS = 4
WORKERS = 4
SWITCH_MS = 0.5
SHARED = "make"
MEETS = True
VERSIONS = {
    "queue": {"right": True, "shows": "Room for five: makers wait for room, and nothing piles up."},
    "endless": {"right": True, "shows": "Room for any number: it piles up, and is no faster."},
    "list_and_sleep": {"right": False, "shows": "A list in place of a queue: asks in vain, again and again."},
    "no_task_done": {"right": False, "shows": "Never says task_done: join waits for ever."},
}
ROOM = 5
PATIENCE = 500


def make(waits: Waits) -> SimpleNamespace:
    shared = SimpleNamespace(jobs=Queue(ROOM), pile=Queue(), list=[], makers=0, in_vain=[])
    waits.watch("asked in vain", lambda: len(shared.in_vain))
    return shared


def queue(
    index: int, shared: SimpleNamespace, *, items: int = 100, make_s: float = 0.002, use_s: float = 0.004
) -> Generator[int, None, None]:
    """Every second task makes items, the others use them.

    Args:
        items: how many each maker makes (1 to 10,000)
        make_s: how long it makes one, in seconds (0 to 10)
        use_s: how long one is used, in seconds (0 to 10)
    """
    if index % 2 == 0:
        yield from puts(shared.jobs, items, make_s)
    else:
        yield from gets(shared.jobs, use_s)


def endless(
    index: int, shared: SimpleNamespace, *, items: int = 100, make_s: float = 0.002, use_s: float = 0.004
) -> Generator[int, None, None]:
    """The same with a queue that has no limit.

    Args:
        items: how many each maker makes (1 to 10,000)
        make_s: how long it makes one, in seconds (0 to 10)
        use_s: how long one is used, in seconds (0 to 10)
    """
    if index % 2 == 0:
        yield from puts(shared.pile, items, make_s)
    else:
        yield from gets(shared.pile, use_s)


def puts(jobs: Queue, items: int, make_s: float) -> Generator[int, None, None]:
    for item in range(items):
        sleep(make_s)
        jobs.put(item)
        yield 1
    jobs.put(None)


def gets(jobs: Queue, use_s: float) -> Generator[int, None, None]:
    while jobs.get() is not None:
        sleep(use_s)
        yield 1


def list_and_sleep(
    index: int, shared: SimpleNamespace, *, items: int = 30, make_s: float = 0.004, use_s: float = 0.001
) -> Generator[int, None, None]:
    """The same with a list: who finds it empty sleeps, and asks again.

    Args:
        items: how many each maker makes (1 to 10,000)
        make_s: how long it makes one, in seconds (0 to 10)
        use_s: how long one is used, in seconds (0 to 10)
    """
    if index % 2 == 0:
        for item in range(items):
            sleep(make_s)
            shared.list.append(item)
            yield 1
        shared.list.append(None)
        return
    while True:
        asked = 0
        while not shared.list:
            shared.in_vain.append(index)
            asked += 1
            if asked > PATIENCE:  # the makers may wait for this very thread, and nobody can tell who only asks
                raise TimeoutError("the list stays empty")
            sleep(0.001)
            yield 0
        item = shared.list.pop(0)
        if item is None:
            return
        sleep(use_s)
        yield 1


def no_task_done(
    index: int, shared: SimpleNamespace, *, items: int = 10, make_s: float = 0.002, use_s: float = 0.004
) -> Generator[int, None, None]:
    """The makers wait until all is used; but nobody says so.

    Args:
        items: how many each maker makes (1 to 10,000)
        make_s: how long it makes one, in seconds (0 to 10)
        use_s: how long one is used, in seconds (0 to 10)
    """
    if index % 2 == 0:
        yield from puts(shared.jobs, items, make_s)
        shared.jobs.join()
    else:
        yield from gets(shared.jobs, use_s)


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    sharing = run.recorder.sharing
    return {
        "items": run.recorder.amount / 2,
        "deepest": max(sharing.most("queue jobs"), sharing.most("queue pile")),
        "asked in vain": sharing.figure("asked in vain"),
        "deadlocks": len(sharing.deadlocks),
    }


def is_bounded(queue: Run) -> tuple[bool, str]:
    items, deepest, *_ = figures(queue).values()
    is_so = deepest <= ROOM and queue.recorder.done == queue.recorder.count
    return is_so, f"With room for {ROOM} no more than {deepest:,.0f} of {items:,.0f} items lay in the queue."


def piles_up(endless: Run) -> tuple[bool, str]:
    items, deepest, *_ = figures(endless).values()
    # On a busy machine makers and users are nearly as fast as each other.
    return (
        deepest > min(4 * ROOM, 0.3 * items),
        f"Without a limit {deepest:,.0f} of {items:,.0f} items lay in the queue at once.",
    )


def idle(run: Run) -> float:
    """For which share of the run those who use items waited for one."""
    waits = run.recorder.sharing.waits(run.recorder.changes)
    waited_s = sum(ended - began for _, reason, began, ended in waits if reason.what.startswith("an item"))
    return waited_s / (run.wall_s * (run.recorder.count // 2))


def is_as_fast(queue: Run, endless: Run) -> tuple[bool, str]:
    with_room, without = idle(queue), idle(endless)
    return max(with_room, without) < 0.35, (
        f"It took {queue.wall_s:.2f} s with the limit, and {endless.wall_s:.2f} s without: who uses the items sets the "
        f"pace, and waited for {with_room:.0%} and {without:.0%} of it."
    )


def asks_in_vain(list_and_sleep: Run) -> tuple[bool, str]:
    items, _, in_vain, _ = figures(list_and_sleep).values()
    return in_vain > 0, f"For {items:,.0f} items the list was asked {in_vain:,.0f} times in vain."


def never_ends(no_task_done: Run) -> tuple[bool, str]:
    named = no_task_done.recorder.sharing.deadlocks
    is_so = "pipeline 1 waits for task_done of queue jobs" in "; ".join(named)
    return is_so, f"Without task_done: {named[0] if named else 'nobody is stuck'}."


CLAIMS = (is_bounded, piles_up, is_as_fast, asks_in_vain, never_ends)
