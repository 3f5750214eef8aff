"""One thread waits for a bell, another rings it. With a Condition that is `wait` and `notify`.

But `notify` wakes a thread only if it is waiting just then. It is not kept for one that comes a moment later.

So what has happened belongs in a variable, under the same lock, and you look at it before you wait. `wait_for` does
that, and looks again after each wake-up, for another thread may have been quicker: an `if` before a bare `wait` is not
enough.

An Event is such a variable and a bell in one: once it is set, `wait` returns at once.

In each run the one that waits comes 20 ms late, as it may on any busy machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs import bell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "A lost wake-up"
ORDER = 120
MINUTES = 3
ASKS = "The bell rings 20 ms before the other thread begins to wait for it. What happens?"
ANSWERS = {
    "It goes on at once, for the bell has rung": "An Event would have kept that. A Condition keeps nothing.",
    "It waits for ever": "Nobody was there to be woken, and the bell does not ring again.",
    "There is an error, for nobody was there": "To notify when nobody waits is allowed, and quite usual: "
    "nothing tells you.",
}
RIGHT = "It waits for ever"
STEPS = (
    {"says": "Only notify and wait", "workload": "bell.notify", "look": "waits"},
    {"says": "A variable, and wait_for", "workload": "bell.predicate", "look": "timeline"},
    {"says": "An Event", "workload": "bell.event", "look": "timeline"},
)
TAKE_HOME = (
    "Never wait for a signal, wait for a state: `wait_for` with a condition that you can look up, or an Event."
)
TRY = (
    {
        "says": "All are woken for one loaf, and ask only once",
        "step": 1,
        "workload": "bell.if_wait",
        "tasks": 4,
        "workers": 4,
    },
    {"says": "The same with while", "step": 2, "workload": "bell.while_wait", "tasks": 4, "workers": 4},
)
SABOTEUR = {"step": 2, "workload": "bell.notify"}
SNIPPET = """
from threading import Condition, Thread

bell = Condition()
has_rung = False


def wait() -> None:
    with bell:
        bell.wait_for(lambda: has_rung)  # looks before it waits, and after each wake-up
    print("heard")


with bell:
    has_rung = True
    bell.notify_all()  # too early, and no harm is done
waiter = Thread(target=wait)
waiter.start()
waiter.join()
"""


def claims(notify: Run, predicate: Run, event: Run) -> Iterator[tuple[bool, str]]:
    yield bell.is_lost(notify)
    yield bell.is_kept(predicate)
    yield bell.stays_set(event)
