"""Some things are for a few at a time: a server answers four requests at once, and lets all others wait.

A semaphore is a lock with several places. It counts those that are free: `acquire` takes one, and waits where there is
none; `release` gives it back. A `with` block does both, also when an exception ends it.

It does not matter then how many threads there are: no more than the places allow are ever inside. The others stand in
front of it and wait. Here twelve tasks visit a server that has four places, first with four threads, then with twelve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs import turnstile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "So many at a time"
ORDER = 110
MINUTES = 3
ASKS = "A server has four places, and four threads keep all of them busy. What do twelve threads bring?"
ANSWERS = {
    "Three times as much is done in a second": (
        "Four are inside at a time, whoever they are. The other eight threads only wait in front of the server."
    ),
    "Next to nothing: more of them wait": "Four are served, as before, and the others wait until a place falls free.",
    "It gets slower and slower": "A thread that waits for a place costs next to nothing: it sleeps until it is woken.",
}
RIGHT = "Next to nothing: more of them wait"
STEPS = (
    {
        "says": "Four threads, four places",
        "workload": "turnstile.semaphore",
        "tasks": 12,
        "workers": 4,
        "params": {"places": 4, "visits": 3, "stay": 0.05},
        "look": "timeline",
    },
    {
        "says": "Twelve threads, four places",
        "workload": "turnstile.semaphore",
        "tasks": 12,
        "workers": 12,
        "params": {"places": 4, "visits": 3, "stay": 0.05},
        "look": "waits",
    },
)
TAKE_HOME = (
    "A semaphore lets in as many as there is room for; more threads than places only wait in front of it."
)
TRY = (
    {"says": "With one place: a semaphore as a lock", "step": 2, "params": {"places": 1}},
    {"says": "Places that are given back twice", "step": 2, "workload": "turnstile.leaky"},
    {"says": "A BoundedSemaphore, which says so", "step": 2, "workload": "turnstile.bounded"},
    {"says": "First come, first served", "step": 2, "workload": "turnstile.fair"},
)
SABOTEUR = {"step": 2, "workload": "turnstile.leaky"}
SNIPPET = """
import time
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

places = BoundedSemaphore(4)  # Bounded: to give back more than was taken is an error


def ask(number: int) -> int:
    with places:  # waits for a place, and gives it back whatever happens
        time.sleep(0.05)  # the server's answer
        return number


started = time.perf_counter()
with ThreadPoolExecutor(12) as pool:
    answers = list(pool.map(ask, range(12)))
print(f"{len(answers)} answers in {time.perf_counter() - started:.2f} s")
"""


def claims(few: Run, many: Run) -> Iterator[tuple[bool, str]]:
    least_s, param = turnstile.least_s(many), many.settings.param
    few_ms, many_ms = (turnstile.figures(run)["mean wait (ms)"] for run in (few, many))
    yield turnstile.keeps_to_its_places(many)
    yield (
        many.wall_s >= least_s,
        f"Four threads took {few.wall_s:.2f} s, and twelve took {many.wall_s:.2f} s. The server cannot do it in less "
        f"than {least_s:.2f} s: {many.recorder.amount:.0f} visits of {param('stay'):g} s each, {param('places')} at a "
        "time.",
    )
    yield (
        many_ms > 3 * few_ms,
        f"With twelve threads a visit waited for {many_ms:,.0f} ms on average, and with four for {few_ms:,.0f} ms.",
    )
