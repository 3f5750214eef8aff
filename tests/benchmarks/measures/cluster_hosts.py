"""Many short tasks on a cluster of a person's own: four workers, at 127.0.0.1 to 127.0.0.4, of several places each.

    python -m tests.benchmarks.measures.cluster_hosts --engine dask_cluster

They are started as a person starts them, by the engines' own commands, and the runner is given an address.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Missing
from tests.benchmarks.measures.cluster_runs import ENGINES, Runs
from tests.benchmarks.program import ROOT
from tests.benchmarks.sizes import HOST_TASK_S, HOST_TASKS
from workers.utils.kept_process.process import KeptProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS = tuple(f"127.0.0.{number}" for number in range(1, 5))
PLACES = 4
"""Of each worker."""

READY_S = 30.0


@contextmanager
def dask() -> Iterator[str]:
    """A scheduler and a worker at each address; gives the scheduler's."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "scheduler.json")

        def start(what: str, *arguments: str) -> None:
            command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *arguments]
            process = KeptProcess(what, [*command, "--scheduler-file", str(told)])
            process.start()
            stack.callback(process.close)

        start("scheduler", "--host", HOSTS[0], "--port", "0")
        deadline = time.monotonic() + READY_S
        while not told.exists():
            if time.monotonic() > deadline:
                raise Missing("the scheduler was not ready in time")
            time.sleep(0.01)
        for host in HOSTS:
            start(
                "worker", "--host", host, "--nthreads", str(PLACES), "--no-nanny", "--local-directory", folder
            )
        from distributed import Client

        with Client(scheduler_file=str(told)) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(len(HOSTS), timeout=READY_S)
            address: str = client.scheduler.address
        yield address


@contextmanager
def celery() -> Iterator[str]:
    """A broker, and a worker that is named after each address; gives the broker's."""
    from tests.support.brokers import broker
    from workers.queues.address import parse
    from workers.queues.connection import opened

    with broker() as (url, _), ExitStack() as stack:
        command = [sys.executable, "-m", "celery", "--workdir", str(ROOT / "scripts" / "package")]
        command += ["-A", "thaw_lab.tasks", "-b", url, "worker", "-l", "ERROR", "-c", str(PLACES)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        for host in HOSTS:
            process = KeptProcess("worker", [*command, "-n", f"worker@{host}"], environment=environment)
            process.start()
            stack.callback(process.close)
        with opened(parse(url)) as queue:
            deadline = time.monotonic() + READY_S
            while len(queue.ask("ping", len(HOSTS))) < len(HOSTS):
                if time.monotonic() > deadline:
                    raise Missing("the workers were not ready in time")
        yield url


CLUSTERS = {"dask_cluster": (dask, "cluster"), "celery_queue": (celery, "broker")}


def measure(engine: str) -> dict[str, float]:
    """One run of all tasks, after a small one.

    Returns:
        How many were done and in how many places, and what each took of its place beyond its own time, in ms.
    """
    cluster, param = CLUSTERS[engine]
    places = len(HOSTS) * PLACES
    with cluster() as address, Runs() as runs:
        runs.whole(engine, "sleep", places, places, seconds=HOST_TASK_S, **{param: address})
        seconds = runs.whole(engine, "sleep", HOST_TASKS, places, seconds=HOST_TASK_S, **{param: address})
        run = runs.session.run
        assert run is not None
        done, used = run.recorder.done, len({event.place for event in runs.events})
    print(f"{seconds:.1f} s in {used} places", file=sys.stderr)
    overhead_ms = (seconds * places / HOST_TASKS - HOST_TASK_S) * 1e3
    return {"done": done, "places": used, "seconds": seconds, "overhead_ms": overhead_ms}


def main() -> int:
    """Measure once; prints one JSON object."""
    parser = argparse.ArgumentParser(description="Run many short tasks on four workers.")
    parser.add_argument("--engine", choices=ENGINES, required=True, help="the runner")
    print(json.dumps(measure(parser.parse_args().engine)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
