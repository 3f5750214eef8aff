"""Check, then act: an account pays out more than it has.

Each task asks whether there is enough, and takes it a moment later. What was true when it asked need not be true when
it takes: others have taken in between. No single line of it is wrong, and no value is lost; but the check and the act
have to be one step, and only a lock around both makes them one.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import Lock, sleep

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Account"
ORDER = 20
UNIT = "payments"
RUNNER = "thread_per_task"
TASKS = 4
WORKERS = 4
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "broken": {"right": False, "shows": "Asks first and takes later: the account ends below zero."},
    "fixed": {"right": True, "shows": "Holds a lock while it asks and takes: the account ends at zero."},
}


def make(waits: Waits, balance: int) -> SimpleNamespace:
    shared = SimpleNamespace(balance=balance, lock=Lock())
    waits.watch("balance", lambda: shared.balance)
    return shared


def broken(shared: SimpleNamespace, *, balance: int = 1_000, each: int = 10) -> Generator[int, None, int]:
    """Take money out as long as there is some.

    Args:
        balance: what is in the account at first (1 to 100,000)
        each: how much is taken at a time (1 to 100,000)
    """
    paid = 0
    while shared.balance >= each:
        sleep(0.001)
        shared.balance -= each
        paid += each
        yield 1
    return paid


def fixed(shared: SimpleNamespace, *, balance: int = 1_000, each: int = 10) -> Generator[int, None, int]:
    """Take money out as long as there is some, holding the lock.

    Args:
        balance: what is in the account at first (1 to 100,000)
        each: how much is taken at a time (1 to 100,000)
    """
    paid = 0
    while True:
        with shared.lock:
            if shared.balance < each:
                return paid
            sleep(0.001)
            shared.balance -= each
        paid += each
        yield 1


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    before = run.settings.param("balance")
    paid = run.recorder.amount * run.settings.param("each")
    return {"balance before": before, "paid out": paid, "balance after": run.recorder.sharing.figure("balance")}


def overdrawn(broken: Run) -> tuple[bool, str]:
    before, paid, after = figures(broken).values()
    return after < 0, f"Of {before:,.0f} in the account {paid:,.0f} were paid out: {after:,.0f} are left."


def keeps_limit(fixed: Run) -> tuple[bool, str]:
    before, paid, after = figures(fixed).values()
    return after >= 0 and paid <= before, (
        f"With the lock {paid:,.0f} of {before:,.0f} were paid out, and {after:,.0f} are left."
    )


CLAIMS = (overdrawn, keeps_limit)
