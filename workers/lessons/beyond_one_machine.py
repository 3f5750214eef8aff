"""A cluster has its processes on many machines, and a scheduler that hands tasks to them.

Each task has a way to go. It is packed, sent to the scheduler and from there to a worker, and its result comes back.
That takes some milliseconds, however short the task is. In a pool of processes on one machine a task has a way to
go, too, but a much shorter one.

So a cluster is for what outgrows a machine: for many tasks of a tenth of a second and more. What is shorter goes
there in batches, or stays where it is.

This cluster is on your machine, and has no more cores than the pool: so what you see is the price of the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Beyond one machine"
ORDER = 195
MINUTES = 3
ASKS = (
    "A thousand tasks take a millisecond each. Ten other machines are idle. What if each task is sent to them?"
)
ANSWERS = {
    "All is done in a tenth of the time": "So it would be if the way took no time. It takes longer than the task.",
    "It takes longer than here": "Each task is on its way for some milliseconds, to be worked on for one.",
    "It takes as long as here": "Here nothing has to be sent. There each task has a way to go, longer than itself.",
}
RIGHT = "It takes longer than here"
STEPS = (
    {
        "says": "40 tasks that do nothing, in a process of a pool",
        "workload": "sleep",
        "runner": "process_pool",
        "tasks": 40,
        "workers": 1,
        "params": {"seconds": 0.0},
        "look": "graphs",
    },
    {
        "says": "The same in a worker of a cluster",
        "workload": "sleep",
        "runner": "dask_cluster",
        "tasks": 40,
        "workers": 1,
        "params": {"seconds": 0.0},
        "look": "timeline",
        "may_lack": True,
    },
    {
        "says": "3 tasks of 0.2 s, in the pool",
        "workload": "sleep",
        "runner": "process_pool",
        "tasks": 3,
        "workers": 1,
        "params": {"seconds": 0.2},
        "look": "timeline",
    },
    {
        "says": "These in the cluster",
        "workload": "sleep",
        "runner": "dask_cluster",
        "tasks": 3,
        "workers": 1,
        "params": {"seconds": 0.2},
        "look": "timeline",
        "may_lack": True,
    },
)
TAKE_HOME = (
    "Send work to other machines in pieces of a tenth of a second or more, for each has to pay for its way."
)
TRY = (
    {"says": "Tasks of 10 ms in the cluster", "step": 4, "tasks": 100, "params": {"seconds": 0.01}},
    {"says": "The tasks that do nothing, in 8 workers", "step": 2, "workers": 8},
)
SABOTEUR = {"step": 2, "runner": "thread_pool"}
SNIPPET = """
from dask.distributed import Client, LocalCluster  # pip install distributed


def is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


def count(numbers: range) -> int:  # a batch: one number alone is not worth its way
    return sum(map(is_prime, numbers))


def main() -> None:
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,  # of machines: Client("tcp://HOST:8786")
    ):
        batches = [range(begin, begin + 5_000) for begin in range(0, 50_000, 5_000)]
        print(sum(client.gather(client.map(count, batches))), "primes")


if __name__ == "__main__":  # each worker imports this file
    main()
"""


def claims(
    short_here: Run, short_there: Run | None, long_here: Run, long_there: Run | None
) -> Iterator[tuple[bool, str]]:
    if short_there is None or long_there is None:
        return
    here, there = _each_ms(short_here), _each_ms(short_there)
    yield (
        there > 2 * here,
        f"A task that does nothing took {there:.1f} ms in the cluster, and {here:.1f} ms in the pool.",
    )
    short, long = there / here, _each_ms(long_there) / _each_ms(long_here)
    yield (
        long < short,
        f"That is {short:.1f} times as long. A task that waits for 0.2 s took {long:.1f} times as long.",
    )


def _each_ms(run: Run) -> float:
    """From the beginning of the first task to the end of the last, shared among all of them; in ms."""
    return (run.wall_s - (run.startup_s or 0.0)) / run.recorder.count * 1e3
