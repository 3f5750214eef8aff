"""Does the same work on a cluster's runner, on the process pool and with the engine as a plain script uses it, in turn.

    python -m tests.benchmarks.measures.cluster_speed --engine dask_cluster --rounds 5
    python -m tests.benchmarks.measures.cluster_speed --engine celery_queue --rounds 5 --empty

All of it is in one process and on clusters that are there already, so that what is compared is seconds apart.
"""

from __future__ import annotations

import argparse
import json
import sys
from statistics import mean
from typing import Any

from tests.benchmarks.measures.cluster_runs import ENGINES, Runs
from tests.benchmarks.plain.cluster import PLAIN
from tests.benchmarks.plain.work import pair
from tests.benchmarks.sizes import CLUSTER_NUMBERS, CLUSTER_TASKS, EMPTY_TASKS
from workers.engine.plan import Plan, Settings

WORKERS = 2


def speed(engine: str, rounds: int) -> dict[str, list[float]]:
    """Primes: others, run, others, run, ..., others; gives the run's seconds, and its speed to that of each."""
    params = dict([pair(CLUSTER_NUMBERS)])
    plan = Plan(Settings.named("", "primes", CLUSTER_TASKS, WORKERS, tuple(params.items())), str)
    jobs = [dict(plan.task(index, index).arguments) for index in range(plan.count)]
    found: dict[str, list[float]] = {"seconds": [], "pool": [], "plain": []}
    with PLAIN[engine](WORKERS) as do, Runs() as runs:

        def run(runner: str, tasks: int = CLUSTER_TASKS) -> float:
            return runs.whole(runner, "primes", tasks, WORKERS, **params)

        def others() -> tuple[float, float]:
            return run("process_pool"), do("primes", jobs)

        do("primes", jobs[:WORKERS])
        run(engine, WORKERS)
        before = others()
        for _ in range(rounds):
            seconds = run(engine)
            after = others()
            found["seconds"].append(seconds)
            found["pool"].append(mean((before[0], after[0])) / seconds)
            found["plain"].append(mean((before[1], after[1])) / seconds)
            before = after
    return found


def empty(engine: str, rounds: int) -> dict[str, list[float]]:
    """Tasks that do nothing: the run's milliseconds for each, those of the engine by itself, and how they compare."""
    jobs: list[dict[str, Any]] = [{} for _ in range(EMPTY_TASKS)]
    found: dict[str, list[float]] = {"run_ms": [], "plain_ms": [], "times": []}
    with PLAIN[engine](WORKERS) as do, Runs() as runs:

        def run(tasks: int = EMPTY_TASKS) -> float:
            return runs.whole(engine, "sleep", tasks, WORKERS, seconds=0.0) / tasks * 1e3

        def plain() -> float:
            return do("", jobs) / len(jobs) * 1e3

        do("", jobs[:WORKERS])
        run(WORKERS)
        before = plain()
        for _ in range(rounds):
            run_ms, after = run(), plain()
            found["run_ms"].append(run_ms)
            found["plain_ms"].append(mean((before, after)))
            found["times"].append(run_ms / found["plain_ms"][-1])
            before = after
    return found


def main() -> int:
    """Measure; prints lists as one JSON object."""
    parser = argparse.ArgumentParser(
        description="Compare a cluster's runner with the pool and with its engine."
    )
    parser.add_argument("--engine", choices=ENGINES, required=True, help="the runner")
    parser.add_argument("--rounds", type=int, default=5, help="how often (default 5)")
    parser.add_argument("--empty", action="store_true", help="tasks that do nothing")
    options = parser.parse_args()
    print(json.dumps((empty if options.empty else speed)(options.engine, options.rounds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
