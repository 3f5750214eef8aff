"""What comes back from a pool: in which order, when the first, and what becomes of an error.

`map` gives results in the order of the jobs: the first is there when the first job is done, however many others are
done before it. `as_completed` gives each as soon as it is there. Both are right; where somebody waits for the first
of them, the second one is.

An error in a job is kept in its future, for whoever asks. If nobody asks for the result, nobody is ever told: no
traceback, no line in the log. With `map`, an error comes in its place, and the results behind it are lost.
"""

from __future__ import annotations

import time
from concurrent import futures
from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import sleep
from ..utils.formatting import none_or

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Results"
ORDER = 110
UNIT = "results"
RUNNER = "thread_per_task"
TASKS = 1
WORKERS = 1
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "map": {
        "right": True,
        "shows": "In the order of the jobs: the first result comes when the slowest is done.",
    },
    "as_completed": {"right": True, "shows": "Each result as soon as it is there."},
    "map_fails": {"right": False, "shows": "The second job fails: the results behind it are lost."},
    "never_asked": {"right": False, "shows": "A job fails, nobody asks for its result, and nobody is told."},
    "asked": {"right": True, "shows": "Asks each future, and hears of the error."},
}
JOBS = 5


def make(waits: Waits) -> SimpleNamespace:
    shared = SimpleNamespace(began=time.perf_counter(), first_ms=0.0, got=[], raised=[], heard=[])
    waits.watch("first result (ms)", lambda: shared.first_ms)
    waits.watch("first job", lambda: shared.got[0] + 1 if shared.got else 0)
    waits.watch("results", lambda: len(shared.got))
    waits.watch("errors raised", lambda: len(shared.raised))
    waits.watch("errors heard of", lambda: len(shared.heard))
    return shared


def job(number: int, each: float) -> int:
    """The first one takes longest."""
    sleep((JOBS - number) * each)
    return number


def fails(number: int, each: float, shared: SimpleNamespace) -> int:
    if number == 1:
        shared.raised.append(number)
        raise ValueError("the second job fails")
    return job(number, each)


def get(result: int, shared: SimpleNamespace) -> int:
    if not shared.got:
        shared.first_ms = (time.perf_counter() - shared.began) * 1e3
    shared.got.append(result)
    return 1


def map(shared: SimpleNamespace, *, each: float = 0.02) -> Generator[int, None, None]:
    """Get results by `map`.

    Args:
        each: how much longer a job takes than the next one, in seconds (0 to 0.05)
    """
    with futures.ThreadPoolExecutor(JOBS) as pool:
        for result in pool.map(job, range(JOBS), [each] * JOBS):
            yield get(result, shared)


def as_completed(shared: SimpleNamespace, *, each: float = 0.02) -> Generator[int, None, None]:
    """Get results by `as_completed`.

    Args:
        each: how much longer a job takes than the next one, in seconds (0 to 0.05)
    """
    with futures.ThreadPoolExecutor(JOBS) as pool:
        jobs = [pool.submit(job, number, each) for number in range(JOBS)]
        for future in futures.as_completed(jobs):
            yield get(future.result(), shared)


def map_fails(shared: SimpleNamespace, *, each: float = 0.02) -> Generator[int, None, None]:
    """Get results by `map`, where a job fails.

    Args:
        each: how much longer a job takes than the next one, in seconds (0 to 0.05)
    """
    with futures.ThreadPoolExecutor(JOBS) as pool:
        try:
            for result in pool.map(fails, range(JOBS), [each] * JOBS, [shared] * JOBS):
                yield get(result, shared)
        except ValueError as error:
            shared.heard.append(error)


def never_asked(shared: SimpleNamespace, *, each: float = 0.02) -> Generator[int, None, None]:
    """Hand jobs to a pool, and forget about them.

    Args:
        each: how much longer a job takes than the next one, in seconds (0 to 0.05)
    """
    with futures.ThreadPoolExecutor(JOBS) as pool:
        for number in range(JOBS):
            pool.submit(fails, number, each, shared)
    yield JOBS


def asked(shared: SimpleNamespace, *, each: float = 0.02) -> Generator[int, None, None]:
    """Hand jobs to a pool, and ask for each result.

    Args:
        each: how much longer a job takes than the next one, in seconds (0 to 0.05)
    """
    with futures.ThreadPoolExecutor(JOBS) as pool:
        jobs = [pool.submit(fails, number, each, shared) for number in range(JOBS)]
        for future in jobs:
            try:
                yield get(future.result(), shared)
            except ValueError as error:
                shared.heard.append(error)


def check(shared: SimpleNamespace) -> None:
    """What must hold in any order: somebody has got each result, and has heard of each error."""
    assert len(shared.heard) == len(shared.raised)
    assert len(shared.got) + len(shared.heard) == JOBS


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    names = ("first result (ms)", "first job", "results", "errors raised", "errors heard of")
    return {name: run.recorder.sharing.figure(name) for name in names}


def comes_at_once(map: Run, as_completed: Run) -> tuple[bool, str]:
    in_order, as_they_come = figures(map), figures(as_completed)
    return in_order["first job"] == 1 < as_they_come["first job"], (
        f"The first result was that of job {in_order['first job']:,.0f} with map, after "
        f"{in_order['first result (ms)']:,.0f} ms, and with as_completed that of job "
        f"{as_they_come['first job']:,.0f}, after {as_they_come['first result (ms)']:,.0f} ms."
    )


def loses_the_rest(map_fails: Run) -> tuple[bool, str]:
    _, _, got, raised, heard = figures(map_fails).values()
    return (got, raised, heard) == (
        1,
        1,
        1,
    ), f"With map {got:,.0f} result of {JOBS} came, then the error: the rest is lost."


def is_never_told(never_asked: Run) -> tuple[bool, str]:
    *_, raised, heard = figures(never_asked).values()
    is_so = (raised, heard) == (1, 0) and never_asked.recorder.done == 1
    return (
        is_so,
        f"Nobody asked: {raised:,.0f} error was raised, {none_or(heard)} came to light, and the task is done.",
    )


def hears_of_it(asked: Run) -> tuple[bool, str]:
    _, _, got, raised, heard = figures(asked).values()
    return (got, raised, heard) == (JOBS - 1, 1, 1), (
        f"Each future was asked: {got:,.0f} results, and {heard:,.0f} error of {raised:,.0f}."
    )


CLAIMS = (comes_at_once, loses_the_rest, is_never_told, hears_of_it)
