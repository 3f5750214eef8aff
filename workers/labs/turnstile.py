"""So many at a time: a semaphore lets three in, and the others wait outside.

It counts free places: `acquire` takes one, `release` gives it back. Who gives back one that he never took makes a place
more, and one too many comes in; a `BoundedSemaphore` knows how many there are, and says so at once.

A semaphore of Python is not fair: a place goes to whoever asks just then, and who has just given his back is quicker
than those who sleep. A fair one lets in who came first; it is made here of a condition and a line.
"""

from __future__ import annotations

import time
from collections import deque
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import BoundedSemaphore, Condition, Semaphore, sleep

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from contextlib import AbstractContextManager

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Turnstile"
ORDER = 60
UNIT = "visits"
RUNNER = "thread_pool"
TASKS = 8
WORKERS = 8
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "semaphore": {
        "right": True,
        "shows": "Three at a time; but who is inside comes in again before all who wait.",
    },
    "leaky": {
        "right": False,
        "shows": "Gives a place back twice: from then on more come in than there is room for.",
    },
    "bounded": {
        "right": False,
        "shows": "The same with a BoundedSemaphore: the second time is an error, at once.",
    },
    "fair": {"right": True, "shows": "Three at a time, and first come, first served."},
}


class FairSemaphore:
    """Lets in who came first."""

    def __init__(self, places: int) -> None:
        self.condition, self.free, self.line = Condition(), places, deque[object]()

    def __enter__(self) -> None:
        me = object()
        with self.condition:
            self.line.append(me)
            self.condition.wait_for(lambda: self.free and self.line[0] is me)
            self.line.popleft()
            self.free -= 1
            self.condition.notify_all()

    def __exit__(self, *error: object) -> None:
        with self.condition:
            self.free += 1
            self.condition.notify_all()


def make(waits: Waits, places: int) -> SimpleNamespace:
    shared = SimpleNamespace(
        places=places,
        gate=Semaphore(places),
        bounded=BoundedSemaphore(places),
        fair=FairSemaphore(places),
        inside=[],
        counts=[],
        outside=[],
        overtaken=[],
        waits=[],
    )
    shared.note = lambda: waits.sample("inside", len(shared.inside))
    waits.watch("mean wait (ms)", lambda: 1e3 * sum(shared.waits) / max(1, len(shared.waits)))
    waits.watch("longest wait (ms)", lambda: 1e3 * max(shared.waits, default=0.0))
    waits.watch("overtaken", lambda: sum(shared.overtaken))
    return shared


@contextmanager
def visit(gate: AbstractContextManager[object], shared: SimpleNamespace) -> Iterator[None]:
    """Go through the gate, and note who is inside, and how many wait who came before."""
    came, me = time.perf_counter(), object()
    shared.outside.append(me)
    with gate:
        shared.waits.append(time.perf_counter() - came)
        shared.overtaken.append(shared.outside.index(me))
        shared.outside.remove(me)
        shared.inside.append(1)
        shared.counts.append(len(shared.inside))
        shared.note()
        yield
        shared.inside.pop()
        shared.note()


def semaphore(
    shared: SimpleNamespace, *, places: int = 3, visits: int = 5, stay: float = 0.01
) -> Generator[int, None, None]:
    """Go in and out.

    Args:
        places: for how many there is room (1 to 1,000)
        visits: how often each task goes in (1 to 1,000)
        stay: for how long, in seconds (0 to 10)
    """
    for _ in range(visits):
        with visit(shared.gate, shared):
            sleep(stay)
        yield 1


def leaky(
    shared: SimpleNamespace, *, places: int = 3, visits: int = 5, stay: float = 0.01
) -> Generator[int, None, None]:
    """Go in and out, and give the place back once more.

    Args:
        places: for how many there is room (1 to 1,000)
        visits: how often each task goes in (1 to 1,000)
        stay: for how long, in seconds (0 to 10)
    """
    for _ in range(visits):
        with visit(shared.gate, shared):
            sleep(stay)
        shared.gate.release()
        yield 1


def bounded(
    shared: SimpleNamespace, *, places: int = 3, visits: int = 5, stay: float = 0.01
) -> Generator[int, None, None]:
    """Go in and out, and give the place back once more, to a semaphore that counts them.

    Args:
        places: for how many there is room (1 to 1,000)
        visits: how often each task goes in (1 to 1,000)
        stay: for how long, in seconds (0 to 10)
    """
    for number in range(visits):
        with visit(shared.bounded, shared):
            sleep(stay)
        if number == visits - 1:
            for _ in range(places):  # some of them may be taken just now
                shared.bounded.release()
        yield 1


def fair(
    shared: SimpleNamespace, *, places: int = 3, visits: int = 5, stay: float = 0.01
) -> Generator[int, None, None]:
    """Go in and out, in the order of coming.

    Args:
        places: for how many there is room (1 to 1,000)
        visits: how often each task goes in (1 to 1,000)
        stay: for how long, in seconds (0 to 10)
    """
    for _ in range(visits):
        with visit(shared.fair, shared):
            sleep(stay)
        yield 1


def check(shared: SimpleNamespace) -> None:
    """What must hold in any order: no more come in than there is room for."""
    assert max(shared.counts) <= shared.places


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    sharing = run.recorder.sharing
    return {
        "visits": run.recorder.amount,
        "most inside": sharing.most("inside"),
        "mean wait (ms)": sharing.figure("mean wait (ms)"),
        "longest wait (ms)": sharing.figure("longest wait (ms)"),
        "overtaken": sharing.figure("overtaken"),
        "errors": run.recorder.failed,
    }


def least_s(run: Run) -> float:
    """How long its visits take at least: with all places taken all the time."""
    stay, places = (float(run.settings.param(name)) for name in ("stay", "places"))
    return run.recorder.amount * stay / places


def keeps_to_its_places(semaphore: Run) -> tuple[bool, str]:
    most, places = figures(semaphore)["most inside"], semaphore.settings.param("places")
    return most == places, f"Never more than {most:,.0f} of {semaphore.recorder.count:,} were inside."


def lets_too_many_in(leaky: Run) -> tuple[bool, str]:
    most, places = figures(leaky)["most inside"], leaky.settings.param("places")
    return (
        most > places,
        f"With places given back twice {most:,.0f} were inside, of {places:,} that are allowed.",
    )


def says_so(bounded: Run) -> tuple[bool, str]:
    errors = [
        text for text in bounded.recorder.errors.values() if "ValueError: Semaphore released too many" in text
    ]
    return bool(errors), f"A BoundedSemaphore told {len(errors):,} tasks that they gave back what they had not."


def is_not_fair(semaphore: Run, fair: Run) -> tuple[bool, str]:
    found = [figures(run) for run in (semaphore, fair)]
    worst, fair_worst = (one["longest wait (ms)"] for one in found)
    overtaken, fairly = (one["overtaken"] for one in found)
    return overtaken > 5 * max(1, fairly), (
        f"Who waited was overtaken {overtaken:,.0f} times, and waited {worst:,.0f} ms at worst; first come, first "
        f"served {f'{fairly:,.0f} times' if fairly else 'never'}, and {fair_worst:,.0f} ms."
    )


CLAIMS = (keeps_to_its_places, lets_too_many_in, says_so, is_not_fair)
