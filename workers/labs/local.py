"""One variable for all, or one for each thread.

What a thread keeps for a moment in a variable that all share, a name say, another one overwrites in that moment: what
it reads back is somebody else's. That is no matter of steps, and no `+=` is in it: the variable is in the wrong
place.

The best place is a local variable of the function. Where something has to be reached from everywhere, such as a
connection or the request that is just being answered, `threading.local` has one of it for each thread. It belongs to
the thread, not to the task: in a pool the next task finds there what the last one left.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import sleep
from ..utils.formatting import none_or

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Thread-local"
ORDER = 130
UNIT = "requests"
RUNNER = "thread_per_task"
TASKS = 4
WORKERS = 4
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "shared": {"right": False, "shows": "One name for all threads: each reads what another one wrote."},
    "local": {"right": True, "shows": "A name for each thread: each reads its own."},
    "left_over": {
        "right": False,
        "shows": "A pool of one thread: each request finds the name that the first one left.",
        "TASKS": 1,
        "WORKERS": 1,
    },
}


def make(waits: Waits) -> SimpleNamespace:
    made = SimpleNamespace(one=SimpleNamespace(name=""), own=threading.local(), wrong=[])
    waits.watch("wrong names", lambda: len(made.wrong))
    return made


def shared(index: int, shared: SimpleNamespace, *, requests: int = 20) -> Generator[int, None, None]:
    """Note whose request it is where all can see it, work a little, and read it again.

    Args:
        requests: how many each task answers (1 to 10,000)
    """
    yield from answer(f"user {index}", shared.one, shared.wrong, requests)


def local(index: int, shared: SimpleNamespace, *, requests: int = 20) -> Generator[int, None, None]:
    """The same, where the own thread alone can see it.

    Args:
        requests: how many each task answers (1 to 10,000)
    """
    yield from answer(f"user {index}", shared.own, shared.wrong, requests)


def answer(
    name: str, place: SimpleNamespace | threading.local, wrong: list[str], requests: int
) -> Generator[int, None, None]:
    for _ in range(requests):
        place.name = name
        sleep(0.001)
        if place.name != name:
            wrong.append(place.name)
        yield 1


def left_over(shared: SimpleNamespace, *, requests: int = 20) -> Generator[int, None, None]:
    """Answer requests in a pool of one thread.

    Args:
        requests: how many (1 to 10,000)
    """
    with ThreadPoolExecutor(1) as pool:
        for number in range(requests):
            pool.submit(log_in, f"user {number}", shared).result()
            yield 1


def log_in(name: str, shared: SimpleNamespace) -> None:
    """Log in, if nobody is logged in in this thread."""
    if not hasattr(shared.own, "name"):
        shared.own.name = name
    if shared.own.name != name:
        shared.wrong.append(shared.own.name)


def check(shared: SimpleNamespace) -> None:
    """What must hold in any order: each request has found its own name."""
    assert not shared.wrong


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    return {"requests": run.recorder.amount, "wrong": run.recorder.sharing.figure("wrong names")}


def reads_others(shared: Run) -> tuple[bool, str]:
    requests, wrong = figures(shared).values()
    return (
        wrong > 0,
        f"With one name for all {wrong:,.0f} of {requests:,.0f} requests were taken for another user's.",
    )


def reads_its_own(local: Run) -> tuple[bool, str]:
    requests, wrong = figures(local).values()
    return wrong == 0, f"With a name for each thread {none_or(wrong)} of {requests:,.0f} were."


def finds_what_was_left(left_over: Run) -> tuple[bool, str]:
    requests, wrong = figures(left_over).values()
    return wrong == requests - 1, (
        f"In a pool of one thread {wrong:,.0f} of {requests:,.0f} requests found another one's name there."
    )


CLAIMS = (reads_others, reads_its_own, finds_what_was_left)
