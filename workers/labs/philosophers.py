"""Five philosophers and five forks: each needs two to eat, and all take the left one first.

If each has taken the left fork, each waits for the right one, which his neighbour has: a circle of five, and no fork
will ever be put down. That is a deadlock as with two, only that nobody sees it in any one of the five.

In order: if the forks have numbers and everybody takes the lower one first, the last philosopher begins at the other
side, and the circle is open. That all go on does not mean that all get equally much: who is quick eats more. A waiter
is another way: he gives both forks at once, and to nobody who has had more than the others.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import Barrier, Condition, Lock, sleep

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Philosophers"
ORDER = 45
UNIT = "meals"
RUNNER = "thread_per_task"
TASKS = 5
WORKERS = 5
SWITCH_MS = 0.5
SHARED = "make"
MEETS = True
VERSIONS = {
    "naive": {"right": False, "shows": "All take the left fork first: five wait in a circle, for ever."},
    "ordered": {
        "right": True,
        "shows": "All take the lower fork first: nobody waits in a circle; but some eat more.",
    },
    "waiter": {
        "right": True,
        "shows": "A waiter gives both forks at once, and sees that all get equally much.",
    },
}


def make(waits: Waits, tasks: int, meals: int) -> SimpleNamespace:
    shared = SimpleNamespace(
        **{
            "fork": [Lock() for _ in range(tasks)],
            "left_forks": Barrier(tasks),
            "waiter": Condition(),
            "taken": set(),
        },
        **{"pot": Lock(), "meals": meals, "left": meals, "eaten": [0] * tasks},
    )
    waits.watch("fewest meals", lambda: min(shared.eaten))
    waits.watch("most meals", lambda: max(shared.eaten))
    return shared


def naive(index: int, tasks: int, shared: SimpleNamespace, *, meals: int = 100) -> Generator[int, None, None]:
    """Take the left fork, then the right one, and eat; until the pot is empty.

    Args:
        meals: how many there are for all (1 to 10,000)
    """
    left, right = shared.fork[index], shared.fork[(index + 1) % tasks]
    is_first = True
    while shared.left:
        with left:
            if is_first:
                shared.left_forks.wait()  # elsewhere this is a matter of luck, and comes to pass one day
            is_first = False
            with right:
                yield eat(index, shared)
        sleep(0.003)


def ordered(index: int, tasks: int, shared: SimpleNamespace, *, meals: int = 100) -> Generator[int, None, None]:
    """Take the fork with the lower number first.

    Args:
        meals: how many there are for all (1 to 10,000)
    """
    first, second = (shared.fork[number] for number in sorted((index, (index + 1) % tasks)))
    while shared.left:
        with first, second:
            yield eat(index, shared)
        sleep(0.003)


def waiter(index: int, tasks: int, shared: SimpleNamespace, *, meals: int = 100) -> Generator[int, None, None]:
    """Ask the waiter for both forks, and give both back to him.

    Args:
        meals: how many there are for all (1 to 10,000)
    """
    forks = {index, (index + 1) % tasks}
    while True:
        with shared.waiter:
            shared.waiter.wait_for(
                lambda: (
                    not shared.left
                    or (not forks & shared.taken and shared.eaten[index] <= min(shared.eaten) + 1)
                )
            )
            if not shared.left:
                return
            shared.taken |= forks
        yield eat(index, shared)
        with shared.waiter:
            shared.taken -= forks
            shared.waiter.notify_all()
        sleep(0.003)


def eat(index: int, shared: SimpleNamespace) -> int:
    """Take a meal out of the pot, if there is one; returns how many were eaten."""
    with shared.pot:
        if not shared.left:
            return 0
        shared.left -= 1
        shared.eaten[index] += 1
    sleep(0.002)
    return 1


def check(shared: SimpleNamespace) -> None:
    """What must hold in any order: each meal is eaten, and once."""
    assert (shared.left, sum(shared.eaten)) == (0, shared.meals)


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    sharing = run.recorder.sharing
    return {
        "meals": run.recorder.amount,
        "fewest": sharing.figure("fewest meals"),
        "most": sharing.figure("most meals"),
        "deadlocks": len(sharing.deadlocks),
    }


def all_are_named(naive: Run) -> tuple[bool, str]:
    recorder = naive.recorder
    named = "; ".join(recorder.sharing.deadlocks)
    seats = range(1, recorder.count + 1)
    circle = [f"philosophers {one} waits for lock fork {one % len(seats) + 1}, held by" for one in seats]
    return all(part in named for part in circle), f"A deadlock: {named}." if named else "There was no deadlock."


def lets_others_go_on(naive: Run) -> tuple[bool, str]:
    done, failed = naive.recorder.done, naive.recorder.failed
    return (failed, done) == (1, naive.recorder.count - 1), (
        f"When {failed:,} of them had put the forks down, the other {done:,} could eat."
    )


def is_in_order(ordered: Run) -> tuple[bool, str]:
    meals, fewest, most, deadlocks = figures(ordered).values()
    is_so = not deadlocks and ordered.recorder.done == ordered.recorder.count
    return is_so, f"In order {meals:,.0f} meals were eaten: {fewest:,.0f} by one, {most:,.0f} by another."


def is_fair(waiter: Run) -> tuple[bool, str]:
    meals, fewest, most, deadlocks = figures(waiter).values()
    is_so = not deadlocks and most - fewest <= 0.2 * most
    return is_so, (
        f"With a waiter {meals:,.0f} meals were eaten: nobody had fewer than {fewest:,.0f}, or more than {most:,.0f}."
    )


CLAIMS = (all_are_named, lets_others_go_on, is_in_order, is_fair)
