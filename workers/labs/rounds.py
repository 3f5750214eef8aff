"""In step: a barrier lets nobody into the next round before all have finished this one.

Each task computes a part, and needs the parts of all others for the next round. Without a barrier the quick ones run
ahead, and take what is out of date. A barrier waits for as many as it was told: if one of them fails before it comes,
the others wait for ever, unless they have a time-out; and a pool with fewer threads than that never lets anybody
through, for those who wait have the threads that the others need.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import Barrier, BrokenBarrierError, sleep

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Rounds"
ORDER = 90
UNIT = "rounds"
RUNNER = "thread_per_task"
TASKS = 4
WORKERS = 4
SWITCH_MS = 0.5
SHARED = "make"
MEETS = True
VERSIONS = {
    "free": {"right": False, "shows": "No barrier: the quick ones run ahead of the slow."},
    "barrier": {"right": True, "shows": "Nobody is more than a round ahead."},
    "one_dies": {"right": False, "shows": "One fails before it comes: the others wait for ever."},
    "timeout": {
        "right": True,
        "shows": "One fails, and the others give up after a while, and know why.",
        "FAILS": "The first task fails, so that there is something to give up for.",
    },
    "too_few": {
        "right": False,
        "shows": "Four that are to meet, and two threads: nobody gets through.",
        "WORKERS": 2,
    },
}


def make(waits: Waits, tasks: int) -> SimpleNamespace:
    shared = SimpleNamespace(meeting=Barrier(tasks), at=dict.fromkeys(range(tasks), 0), ahead=[], broken=[])
    waits.watch("most ahead", lambda: max(shared.ahead, default=0))
    waits.watch("gave up", lambda: len(shared.broken))
    return shared


def free(index: int, tasks: int, shared: SimpleNamespace, *, rounds: int = 5) -> Generator[int, None, None]:
    """Compute each round as soon as the last one is done.

    Args:
        rounds: how many there are (1 to 1,000)
    """
    for number in range(1, rounds + 1):
        compute(index, number)
        note(index, number, shared)
        yield 1


def barrier(index: int, tasks: int, shared: SimpleNamespace, *, rounds: int = 5) -> Generator[int, None, None]:
    """Wait for all others after each round.

    Args:
        rounds: how many there are (1 to 1,000)
    """
    for number in range(1, rounds + 1):
        compute(index, number)
        note(index, number, shared)
        shared.meeting.wait()
        yield 1


def one_dies(index: int, tasks: int, shared: SimpleNamespace, *, rounds: int = 5) -> Generator[int, None, None]:
    """Wait for all others; but the first task fails in its second round.

    Args:
        rounds: how many there are (2 to 1,000)
    """
    for number in range(1, rounds + 1):
        compute(index, number, fails=True)
        shared.meeting.wait()
        yield 1


def timeout(index: int, tasks: int, shared: SimpleNamespace, *, rounds: int = 5) -> Generator[int, None, None]:
    """Wait for all others, but no longer than half a second.

    Args:
        rounds: how many there are (2 to 1,000)
    """
    for number in range(1, rounds + 1):
        compute(index, number, fails=True)
        try:
            shared.meeting.wait(0.5)
        except BrokenBarrierError:
            shared.broken.append(index)
            return
        yield 1


def too_few(index: int, tasks: int, shared: SimpleNamespace, *, rounds: int = 5) -> Generator[int, None, None]:
    """Wait for all others, of which some never begin.

    Args:
        rounds: how many there are (1 to 1,000)
    """
    yield from barrier(index, tasks, shared, rounds=rounds)


def compute(index: int, number: int, fails: bool = False) -> None:
    """A part of a round: it takes the first task 2 ms, the second 4, and so on."""
    if fails and index == 0 and number == 2:
        raise ValueError("the first task fails in its second round")
    sleep(0.002 * (index + 1))


def note(index: int, number: int, shared: SimpleNamespace) -> None:
    """Note that a task has computed a round, and how far the first is ahead of the last."""
    shared.at[index] = number
    shared.ahead.append(max(shared.at.values()) - min(shared.at.values()))


def check(shared: SimpleNamespace) -> None:
    """What must hold in any order: nobody runs ahead, and if one gives up, so do all others that are left."""
    assert max(shared.ahead, default=0) <= 1
    assert len(shared.broken) in {0, len(shared.at) - 1}


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    recorder = run.recorder
    return {
        "rounds": recorder.amount,
        "done": recorder.done,
        "failed": recorder.failed,
        "most ahead": recorder.sharing.most("most ahead"),
        "gave up": recorder.sharing.figure("gave up"),
    }


def runs_ahead(free: Run) -> tuple[bool, str]:
    ahead = figures(free)["most ahead"]
    return ahead > 1, f"Without a barrier the quickest was {ahead:,.0f} rounds ahead of the slowest."


def is_in_step(barrier: Run) -> tuple[bool, str]:
    _, done, _, ahead, _ = figures(barrier).values()
    return done == barrier.recorder.count and ahead <= 1, (
        f"With a barrier nobody was {f'more than {ahead:,.0f} rounds ' if ahead else ''}ahead, and {done:,.0f} tasks "
        "were done."
    )


def leaves_them_waiting(one_dies: Run) -> tuple[bool, str]:
    named = one_dies.recorder.sharing.deadlocks
    is_so = bool(named) and one_dies.recorder.failed == one_dies.recorder.count
    return is_so, f"One failed, and so did all others: {named[0] if named else 'nobody is stuck'}."


def gives_up(timeout: Run) -> tuple[bool, str]:
    gave_up = figures(timeout)["gave up"]
    is_so = gave_up == timeout.recorder.count - 1 and timeout.recorder.failed == 1
    return (
        is_so,
        f"With a time-out {gave_up:,.0f} of the others gave up, and only the one that failed has failed.",
    )


def lets_nobody_through(too_few: Run) -> tuple[bool, str]:
    rounds, done, *_ = figures(too_few).values()
    return not rounds and not done and bool(too_few.recorder.sharing.deadlocks), (
        f"With {too_few.settings.workers} threads for {too_few.recorder.count} tasks the barrier "
        f"{'opened' if rounds else 'never opened'}."
    )


CLAIMS = (runs_ahead, is_in_step, leaves_them_waiting, gives_up, lets_nobody_through)
