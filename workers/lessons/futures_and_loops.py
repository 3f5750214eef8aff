"""A pool gives you a future for each job: a place for the result that is to come.

`map` hands results out in the order of the jobs, so a slow first job keeps all others waiting; `as_completed` hands out
each as soon as it is there. An error is a result, too: it is kept in the future, and raised for whoever asks.

An event loop is one thread that does one thing at a time. At an `await` a coroutine gives way to the others. Whatever
blocks without one (`time.sleep`, `requests.get`, a long computation) stops the loop and everything in it. Such a call
goes to a thread: `await asyncio.to_thread(...)`. Here one more coroutine, which wants to wake up every 5 ms, tells how
late the loop is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs import loop, results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Futures and loops"
ORDER = 160
MINUTES = 4
ASKS = "A job in a pool raises an error, and nobody asks for its result. What do you get to see?"
ANSWERS = {
    "A traceback": "A plain thread prints one. A pool keeps the error in the job's future, for whoever asks.",
    "Nothing at all": "The error waits in the future for whoever asks for the result. Nobody does, so it is lost.",
    "The program ends with the error": "An error in a thread ends that job and no more. The program goes on.",
}
RIGHT = "Nothing at all"
STEPS = (
    {
        "says": "Five jobs by map, the slowest first",
        "workload": "results.map",
        "params": {"each": 0.05},
        "look": "graphs",
    },
    {
        "says": "The same jobs by as_completed",
        "workload": "results.as_completed",
        "params": {"each": 0.05},
        "look": "graphs",
    },
    {"says": "A job fails, and nobody asks", "workload": "results.never_asked", "look": "code"},
    {"says": "Five coroutines block for 0.1 s each", "workload": "loop.blocking", "look": "timeline"},
    {"says": "The same calls by to_thread", "workload": "loop.to_thread", "look": "timeline"},
)
TAKE_HOME = "Ask every future for its result, and never block an event loop."
TRY = (
    {"says": "Ask each future", "step": 3, "workload": "results.asked"},
    {"says": "By map, where the second job fails", "step": 1, "workload": "results.map_fails"},
    {"says": "Five waits, each awaited before the next begins", "step": 4, "workload": "loop.awaited"},
)
SABOTEUR = (
    {"step": 2, "workload": "results.map"},
    {"step": 3, "workload": "results.asked"},
    {"step": 4, "workload": "loop.to_thread"},
)
SNIPPET = """
import asyncio
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def job(seconds: float) -> float:
    if seconds == 0.02:
        raise ValueError("this job fails")
    time.sleep(seconds)
    return seconds


async def main() -> None:
    calls = (asyncio.to_thread(job, seconds) for seconds in (0.05, 0.01))
    print(await asyncio.gather(*calls))  # the loop goes on meanwhile


with ThreadPoolExecutor(3) as pool:
    jobs = [pool.submit(job, seconds) for seconds in (0.05, 0.02, 0.01)]
    for future in as_completed(jobs):
        try:
            print(future.result())  # raises what the job has raised
        except ValueError as error:
            print(error)
asyncio.run(main())
"""


def claims(
    in_order: Run, as_they_come: Run, never_asked: Run, blocking: Run, to_thread: Run
) -> Iterator[tuple[bool, str]]:
    yield results.comes_at_once(in_order, as_they_come)
    yield results.is_never_told(never_asked)
    yield loop.stands_still(blocking, to_thread)
