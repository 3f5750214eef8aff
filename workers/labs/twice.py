"""A lock taken twice: a task waits for itself.

A method takes the lock and calls another one, which takes it too. A `Lock` does not know who has it: it makes its own
holder wait, for ever. An `RLock` lets its holder in again, and is free when it was let go as often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..sync import Lock, RLock

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run

TITLE = "Taken twice"
ORDER = 50
UNIT = "entries"
RUNNER = "thread_per_task"
TASKS = 1
WORKERS = 1
SWITCH_MS = 0.5
SHARED = "make_lock"
VERSIONS = {
    "lock": {"right": False, "shows": "A Lock makes its own holder wait, for ever."},
    "rlock": {"right": True, "shows": "An RLock lets its holder in again.", "SHARED": "make_rlock"},
}


class Log:
    """Lines that several tasks write."""

    def __init__(self, lock: Lock) -> None:
        self.lock, self.lines = lock, list[str]()

    def write(self, line: str) -> None:
        with self.lock:
            self.lines.append(line)

    def write_all(self, lines: list[str]) -> None:
        with self.lock:
            for line in lines:
                self.write(line)


def make_lock() -> Log:
    return Log(Lock())


def make_rlock() -> Log:
    return Log(RLock())


def lock(shared: Log, *, lines: int = 10) -> Generator[int, None, int]:
    """Write some lines into a log with a Lock.

    Args:
        lines: how many (1 to 1,000)
    """
    shared.write_all([f"line {number}" for number in range(lines)])
    yield lines
    return len(shared.lines)


def rlock(shared: Log, *, lines: int = 10) -> Generator[int, None, int]:
    """Write some lines into a log with an RLock.

    Args:
        lines: how many (1 to 1,000)
    """
    yield from lock(shared, lines=lines)
    return len(shared.lines)


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    return {"lines": run.recorder.amount, "done": run.recorder.done, "failed": run.recorder.failed}


def waits_for_itself(lock: Run) -> tuple[bool, str]:
    named = "; ".join(lock.recorder.sharing.deadlocks)
    return "held by itself" in named and lock.recorder.failed == lock.recorder.count, (
        f"With a Lock: {named or 'no deadlock'}."
    )


def is_let_in(rlock: Run) -> tuple[bool, str]:
    lines, done, failed = figures(rlock).values()
    return not failed and done == rlock.recorder.count, (
        f"With an RLock whoever has it may take it again: {lines:,.0f} lines are in the log."
    )


CLAIMS = (waits_for_itself, is_let_in)
