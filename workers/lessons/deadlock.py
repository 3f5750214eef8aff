"""Money goes from one account to another, and both are locked meanwhile.

One thread pays from a to b, the other from b to a. Each locks the account that it takes from, then the one that it pays
into, and lets go of both when it has paid. No line is wrong, and it may go well a thousand times.

A ring of threads, each of which waits for the next, is a deadlock. It cannot arise if all take their locks in the same
order: then nobody who holds a later one asks for an earlier one.

One thread is enough, too. A method holds a lock and calls another one that takes it again. A Lock does not care who
holds it, and makes its own holder wait. An RLock lets its holder in again, and counts how often.

A real program would hang for good. Thaw watches the locks of its labs, names who waits for whom, and ends one task by
an error, so that the others can go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs import transfer, twice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Deadlock"
ORDER = 90
MINUTES = 3
ASKS = "Two threads pay in opposite directions, and each locks its own account first. What happens?"
ANSWERS = {
    "The balances come out wrong": "They cannot: whoever changes them holds both locks. It is the waiting "
    "that goes wrong.",
    "It only gets slower": "It would if one of them let go. But each lets go only once it has had the "
    "other's lock, too.",
    "Both wait for ever": "Each holds what the other one needs, and neither lets go first.",
}
RIGHT = "Both wait for ever"
STEPS = (
    {"says": "Each takes its own lock first", "workload": "transfer.crossed", "look": "waits"},
    {"says": "Both take the locks in the same order", "workload": "transfer.ordered", "look": "timeline"},
    {"says": "One thread takes a Lock twice", "workload": "twice.lock", "look": "waits"},
    {"says": "One thread takes an RLock twice", "workload": "twice.rlock", "look": "timeline"},
)
TAKE_HOME = "Take several locks in one order that is the same everywhere, and keep them only briefly."
TRY = (
    {"says": "Give up after a while, let go, and try again", "step": 1, "workload": "transfer.timeout"},
    {
        "says": "A ring of five: philosophers",
        "step": 1,
        "workload": "philosophers.naive",
        "tasks": 5,
        "workers": 5,
    },
)
SABOTEUR = {"step": 2, "workload": "transfer.crossed"}
SNIPPET = """
from threading import Lock, Thread


class Account:
    def __init__(self, number: int) -> None:
        self.number, self.balance, self.lock = number, 1_000, Lock()


def pay(giver: Account, taker: Account) -> None:
    first, second = sorted((giver, taker), key=lambda account: account.number)
    for _ in range(1_000):
        with first.lock, second.lock:  # the lower number first, whoever pays
            giver.balance -= 1
            taker.balance += 1


a, b = Account(1), Account(2)
threads = [Thread(target=pay, args=pair) for pair in ((a, b), (b, a))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(a.balance, b.balance)  # 1000 1000
"""


def claims(crossed: Run, ordered: Run, lock: Run, rlock: Run) -> Iterator[tuple[bool, str]]:
    yield transfer.is_named(crossed)
    yield transfer.goes_well(ordered)
    yield twice.waits_for_itself(lock)
    yield twice.is_let_in(rlock)
