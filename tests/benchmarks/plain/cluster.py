"""The engines of clusters as a plain script uses them: Dask's `map` and `gather`, and a group of Celery's tasks.

    python -m tests.benchmarks.plain.cluster --engine dask_cluster --workload primes --tasks 24 --workers 2
    python -m tests.benchmarks.plain.cluster --engine celery_queue --tasks 600 --workers 2

The engines have the runners' names. Without a workload the tasks do nothing. The time begins when the workers are ready
and have done something, and ends with the last result.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.benchmarks.plain.celery_app import ADDRESS, app, nothing
from tests.benchmarks.plain.celery_app import work as celery_work
from tests.benchmarks.plain.remote import work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Job = dict[str, Any]
    All = Callable[[str, list[Job]], float]
"""Does a workload's jobs, or so many times nothing; returns how long that took, in seconds."""


def idle() -> float:
    """A task that does nothing."""
    return 0.0


@contextmanager
def dask(workers: int) -> Iterator[All]:
    """A LocalCluster, as Dask's documents have it: workers are processes, the scheduler is in this one."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,  # type: ignore[no-untyped-call]
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):

        def do(workload: str, jobs: list[Job]) -> float:
            began = time.perf_counter()
            if workload:
                futures = client.map(work, [workload] * len(jobs), jobs, pure=False)
            else:
                futures = [client.submit(idle, pure=False) for _ in jobs]
            client.gather(futures)
            return time.perf_counter() - began

        yield do


@contextmanager
def celery(workers: int) -> Iterator[All]:
    """A worker with so many processes, and Redis for the messages and the results."""
    from celery import group

    from tests.support.brokers import broker
    from workers.utils.kept_process.process import KeptProcess

    with broker() as (url, _):
        app.conf.update(broker_url=url, result_backend=url)
        module = "tests.benchmarks.plain.celery_app"
        command = [sys.executable, "-m", "celery", "-A", module, "worker", "-c", str(workers), "-l", "ERROR"]
        worker = KeptProcess("celery worker", command, environment={**os.environ, ADDRESS: url})
        worker.start()
        try:
            nothing.delay().get(timeout=30)

            def do(workload: str, jobs: list[Job]) -> float:
                began = time.perf_counter()
                calls = [celery_work.s(workload, job) if workload else nothing.s() for job in jobs]
                group(calls).apply_async().get(timeout=300)
                return time.perf_counter() - began

            yield do
        finally:
            worker.close()
            app.close()


PLAIN = {"dask_cluster": dask, "celery_queue": celery}


def main() -> int:
    """Do it once; prints {"seconds": ...}."""
    from tests.benchmarks.plain.work import pair
    from workers.engine.plan import Plan, Settings

    parser = argparse.ArgumentParser(description="Do work on a cluster as a plain script would.")
    add = parser.add_argument
    add("--engine", choices=sorted(PLAIN), required=True, help="a runner's name")
    add("--workload", default="", help="a workload's name; without one the tasks do nothing")
    add("--tasks", type=int, required=True, help="how many tasks")
    add("--workers", type=int, required=True, help="how many at once")
    add("--param", type=pair, action="append", default=[], help="a parameter of the workload")
    options = parser.parse_args()
    jobs: list[Job] = [{} for _ in range(options.tasks)]
    if options.workload:
        plan = Plan(
            Settings.named("", options.workload, options.tasks, options.workers, tuple(options.param)), str
        )
        jobs = [dict(plan.task(index, index).arguments) for index in range(plan.count)]
    with PLAIN[options.engine](options.workers) as do:
        do(options.workload, jobs[: options.workers])
        print(json.dumps({"seconds": do(options.workload, jobs)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
