"""Deadlock: two tasks have a lock each, and each waits for the other's.

Money goes from one account to another, and both are locked meanwhile. One task pays from a to b, the other from b to a:
each has locked its first account when it asks for the second, which the other has. Neither will ever let go. No line is
wrong, and it may go well a thousand times; whether it does is a matter of moments.

In order: who takes several locks takes them in one order, the same for all. Then nobody waits for one that waits for
him. With a time-out a task gives up, lets go and tries again; that costs time, and needs a way back.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import Lock, sleep
from ..utils.formatting import none_or

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Transfer"
ORDER = 40
UNIT = "payments"
RUNNER = "thread_per_task"
TASKS = 2
WORKERS = 2
SWITCH_MS = 0.5
SHARED = "make"
MEETS = True
VERSIONS = {
    "crossed": {"right": False, "shows": "Each takes its own account's lock first: both wait, for ever."},
    "ordered": {"right": True, "shows": "All take the locks in the same order: nobody waits in a circle."},
    "timeout": {"right": True, "shows": "Gives up after a while, lets go, and tries again."},
}


class Account:
    """Money, and the lock that is to be held while it changes."""

    def __init__(self, number: int, balance: int) -> None:
        self.number, self.balance, self.lock = number, balance, Lock()


def make(waits: Waits) -> SimpleNamespace:
    shared = SimpleNamespace(a=Account(1, 1_000), b=Account(2, 1_000), retries=[])
    waits.watch("balance of both", lambda: shared.a.balance + shared.b.balance)
    waits.watch("retries", lambda: len(shared.retries))
    return shared


def crossed(index: int, shared: SimpleNamespace, *, payments: int = 50) -> Generator[int, None, None]:
    """Pay from one account to the other; every second task the other way.

    Args:
        payments: how many times each task pays (1 to 10,000)
    """
    mine, other = (shared.b, shared.a) if index % 2 else (shared.a, shared.b)
    for _ in range(payments):
        with mine.lock:
            sleep(0.002)
            with other.lock:
                mine.balance -= 1
                other.balance += 1
        yield 1


def ordered(index: int, shared: SimpleNamespace, *, payments: int = 50) -> Generator[int, None, None]:
    """Pay likewise, but lock the account with the lower number first.

    Args:
        payments: how many times each task pays (1 to 10,000)
    """
    mine, other = (shared.b, shared.a) if index % 2 else (shared.a, shared.b)
    first, second = sorted((mine, other), key=lambda account: account.number)
    for _ in range(payments):
        with first.lock:
            sleep(0.002)
            with second.lock:
                mine.balance -= 1
                other.balance += 1
        yield 1


def timeout(index: int, shared: SimpleNamespace, *, payments: int = 10) -> Generator[int, None, None]:
    """Pay likewise, but wait no longer than 10 ms for the second lock.

    Args:
        payments: how many times each task pays (1 to 10,000)
    """
    mine, other = (shared.b, shared.a) if index % 2 else (shared.a, shared.b)
    paid = 0
    while paid < payments:
        with mine.lock:
            sleep(0.002)
            has_both = other.lock.acquire(timeout=0.01)
            if has_both:
                mine.balance -= 1
                other.balance += 1
                other.lock.release()
        if has_both:
            paid += 1
        else:
            shared.retries.append(index)
            sleep(0.001 + 0.004 * (index % 2))  # not as long as the other, or they meet again
        yield int(has_both)


def check(shared: SimpleNamespace) -> None:
    """What must hold in any order: no money comes and none goes, however often somebody had to try again."""
    assert shared.a.balance + shared.b.balance == 2_000


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    recorder = run.recorder
    return {
        "payments": recorder.amount,
        "done": recorder.done,
        "failed": recorder.failed,
        "deadlocks": len(recorder.sharing.deadlocks),
        "retries": recorder.sharing.figure("retries"),
    }


def is_named(crossed: Run) -> tuple[bool, str]:
    found = crossed.recorder.sharing.deadlocks
    named = "; ".join(found)
    both = all(f"transfer {one}" in named and f"lock {lock}" in named for one, lock in ((1, "b"), (2, "a")))
    is_so = both and (crossed.recorder.failed, crossed.recorder.done) == (1, 1)
    if not found:
        return False, "There was no deadlock."
    return is_so, f"A deadlock: {named}. One was ended, so that the other could go on."


def goes_well(ordered: Run) -> tuple[bool, str]:
    paid, done, failed, *_ = figures(ordered).values()
    is_so = not failed and done == ordered.recorder.count and not ordered.recorder.sharing.deadlocks
    return is_so, f"In order all {done:,.0f} tasks were done, with {paid:,.0f} payments."


def gives_up(timeout: Run) -> tuple[bool, str]:
    paid, done, failed, _, retries = figures(timeout).values()
    is_so = not failed and done == timeout.recorder.count and not timeout.recorder.sharing.deadlocks
    return is_so, f"With a time-out {paid:,.0f} payments were made, and {none_or(retries)} tried again."


CLAIMS = (is_named, goes_well, gives_up)
