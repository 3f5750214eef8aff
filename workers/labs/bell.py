"""A lost wake-up: the bell rang before anybody listened.

`notify` wakes who waits just then, and nobody else: it is not kept. Who comes a moment later waits for a bell that has
rung already. What has to be kept is kept in a variable, under the same lock, and asked before one waits: `wait_for`.
An `Event` is such a variable with a bell.

And who was woken need not find what it was woken for: another one may have been quicker. `if` asks once, before the
wait; `while`, and `wait_for`, ask again after it.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import Condition, Event, sleep

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run

TITLE = "Bell"
ORDER = 70
UNIT = "steps"
RUNNER = "thread_per_task"
TASKS = 2
WORKERS = 2
SWITCH_MS = 0.5
SHARED = "make"
MEETS = True
VERSIONS = {
    "notify": {"right": False, "shows": "Rings before the other waits: that one waits for ever."},
    "predicate": {"right": True, "shows": "Says that it has rung, and the other asks before it waits."},
    "event": {"right": True, "shows": "An Event stays set: who comes later goes on at once."},
    "if_wait": {
        "right": False,
        "shows": "All are woken for one loaf, and all take one.",
        "TASKS": 4,
        "WORKERS": 4,
    },
    "while_wait": {
        "right": True,
        "shows": "All are woken, and ask again: one takes it.",
        "TASKS": 4,
        "WORKERS": 4,
    },
}


def make() -> SimpleNamespace:
    return SimpleNamespace(
        **{"bell": Condition(), "has_rung": False, "too_late": Event(), "door": Event()},
        **{"shop": Condition(), "customers": 0, "bread": []},
    )


def notify(index: int, shared: SimpleNamespace, *, late: float = 0.02) -> Generator[int, None, None]:
    """The first task rings. The second one comes too late, and waits.

    Args:
        late: how much too late, in seconds (0 to 10)
    """
    if index == 0:
        with shared.bell:
            shared.bell.notify()
        shared.too_late.set()
    else:
        shared.too_late.wait()
        sleep(late)
        with shared.bell:
            shared.bell.wait()
    yield 1


def predicate(index: int, shared: SimpleNamespace, *, late: float = 0.02) -> Generator[int, None, None]:
    """The first task rings, and says that it has. The second one waits only if it has not.

    Args:
        late: how much too late, in seconds (0 to 10)
    """
    if index == 0:
        with shared.bell:
            shared.has_rung = True
            shared.bell.notify()
    else:
        sleep(late)
        with shared.bell:
            shared.bell.wait_for(lambda: shared.has_rung)
    yield 1


def event(index: int, shared: SimpleNamespace, *, late: float = 0.02) -> Generator[int, None, None]:
    """The first task sets an event. The second one waits for it.

    Args:
        late: how much too late, in seconds (0 to 10)
    """
    if index == 0:
        shared.door.set()
    else:
        sleep(late)
        shared.door.wait()
    yield 1


def bake(customers: int, shared: SimpleNamespace) -> None:
    """Once all customers wait, bake a loaf for each, one after the other, and call all of them each time."""
    with shared.shop:
        shared.shop.wait_for(lambda: shared.customers == customers)
    for _ in range(customers):
        with shared.shop:
            shared.bread.append("loaf")
            shared.shop.notify_all()
        sleep(0.01)


def if_wait(index: int, tasks: int, shared: SimpleNamespace) -> Generator[int, None, None]:
    """The first task bakes. The others wait if there is no bread, and take some."""
    if index == 0:
        bake(tasks - 1, shared)
    else:
        with shared.shop:
            shared.customers += 1
            shared.shop.notify_all()
            if not shared.bread:
                shared.shop.wait()
            shared.bread.pop()
    yield 1


def while_wait(index: int, tasks: int, shared: SimpleNamespace) -> Generator[int, None, None]:
    """The first task bakes. The others wait while there is no bread, and take some."""
    if index == 0:
        bake(tasks - 1, shared)
    else:
        with shared.shop:
            shared.customers += 1
            shared.shop.notify_all()
            while not shared.bread:
                shared.shop.wait()
            shared.bread.pop()
    yield 1


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    recorder = run.recorder
    return {"done": recorder.done, "failed": recorder.failed, "deadlocks": len(recorder.sharing.deadlocks)}


def is_lost(notify: Run) -> tuple[bool, str]:
    named = "; ".join(notify.recorder.sharing.deadlocks)
    is_so = named == "bell 2 waits for a notify of condition bell" and notify.recorder.done == 1
    return is_so, f"It rang before anybody waited: {named or 'nobody is stuck'}."


def is_kept(predicate: Run) -> tuple[bool, str]:
    done, failed, _ = figures(predicate).values()
    return (
        not failed and done == predicate.recorder.count,
        f"With wait_for {done:,.0f} of {done + failed:,.0f} tasks went on.",
    )


def stays_set(event: Run) -> tuple[bool, str]:
    done, failed, _ = figures(event).values()
    return (
        not failed and done == event.recorder.count,
        f"With an Event {done:,.0f} of {done + failed:,.0f} tasks went on.",
    )


def finds_none(if_wait: Run) -> tuple[bool, str]:
    empty = [text for text in if_wait.recorder.errors.values() if "IndexError: pop from empty list" in text]
    return bool(
        empty
    ), f"With if {len(empty):,} of {if_wait.recorder.count - 1:,} customers took bread that was not there."


def asks_again(while_wait: Run) -> tuple[bool, str]:
    done, failed, _ = figures(while_wait).values()
    return (
        not failed and done == while_wait.recorder.count,
        f"With while all {done - 1:,.0f} customers got their bread.",
    )


CLAIMS = (is_lost, is_kept, stays_set, finds_none, asks_again)
