"""What becomes of a run on a cluster that is cancelled, whose workers are killed, or whose scheduler or broker is.

python -m tests.benchmarks.measures.cluster_ends --engine dask_cluster --what cancels
python -m tests.benchmarks.measures.cluster_ends --engine celery_queue --what kills
python -m tests.benchmarks.measures.cluster_ends --engine celery_queue --what centre
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections import Counter

from tests.benchmarks.figures import Missing
from tests.benchmarks.measures.cluster_runs import ENGINES, Runs, centre
from tests.benchmarks.program import ROOT
from tests.benchmarks.sizes import CANCELS, CLUSTER_KILLED_TASKS, CLUSTER_KILLS
from workers.engine.task import Phase

WORKERS, STEPS = 2, 20
SLOW = f"{ROOT}/tests/contract/remote_work.py:slow"
"""A task of it takes some 0.1 s."""

LATER_S = 0.1
"""So long after its tasks have begun a run is cancelled."""


def cancels(engine: str) -> dict[str, list[float]]:
    """Cancel runs that compute; gives the time from each cancel to the last final event's arrival, in ms."""
    took = []
    with Runs() as runs:
        for _ in range(CANCELS):
            run = runs.start(engine, "primes", 100, WORKERS, numbers=10_000_000)
            runs.until_begun(WORKERS)
            later = time.monotonic() + LATER_S
            runs.until(lambda later=later: time.monotonic() > later)  # type: ignore[misc]
            began = time.perf_counter()
            runs.session.cancel()
            runs.until(lambda run=run: run.ended is not None)  # type: ignore[misc]
            took.append((time.perf_counter() - began) * 1e3)
    return {"cancel_ms": took}


def kills(engine: str) -> dict[str, float]:
    """Kill the process of a task that has just begun for the first time, again and again: none is killed twice."""
    killed: set[int] = set()
    seen = [0]
    began = time.perf_counter()
    with Runs() as runs:
        run = runs.start(engine, SLOW, CLUSTER_KILLED_TASKS, WORKERS, steps=STEPS)

        def kill_one() -> bool:
            fresh = [event.number for event in runs.events[seen[0] :] if event.phase is Phase.STARTED]
            seen[0] = len(runs.events)
            in_flight = runs.runner._in_flight._in_flight
            links = {link.number: link.pid for link in runs.runner._link_server.links}
            victims = [links.get(in_flight[number].link, 0) for number in fresh if number in in_flight]
            if len(killed) < CLUSTER_KILLS and victims and victims[0] and victims[0] not in killed:
                killed.add(victims[0])
                os.kill(victims[0], signal.SIGKILL)
            return run.ended is not None

        runs.until(kill_one)
        if len(killed) < CLUSTER_KILLS:
            raise Missing(
                f"only {len(killed)} of {CLUSTER_KILLS} workers were killed before the end: {runs.errors}"
            )
        ends = Counter(event.number for event in runs.events if event.phase is Phase.DONE)
    return {
        "killed": len(killed),
        "lost": CLUSTER_KILLED_TASKS - run.recorder.done,
        "twice": sum(count > 1 for count in ends.values()),
        "seconds": time.perf_counter() - began,
    }


def centre_killed(engine: str) -> dict[str, float]:
    """Kill the scheduler or the broker in a run; gives how long that goes on, and how many ends lack a sentence."""
    with Runs() as runs:
        run = runs.start(engine, SLOW, CLUSTER_KILLED_TASKS, WORKERS, steps=STEPS)
        runs.until_begun(WORKERS + 1)
        began = time.perf_counter()
        os.kill(centre(engine), signal.SIGKILL)
        runs.until(lambda: run.ended is not None)
        seconds = time.perf_counter() - began
        said = [str(event.detail).strip() for event in runs.events if event.phase is Phase.FAILED]
    print(f"{run.recorder.done} done; {Counter(said)}", file=sys.stderr)
    unsaid = [one for one in said if "Traceback" in one or not one.endswith(".")]
    return {"seconds": seconds, "failed": len(said), "unsaid": len(unsaid)}


WHAT = {"cancels": cancels, "kills": kills, "centre": centre_killed}


def main() -> int:
    """Measure once; prints one JSON object."""
    parser = argparse.ArgumentParser(description="Cancel runs on a cluster, or kill parts of it.")
    parser.add_argument("--engine", choices=ENGINES, required=True, help="the runner")
    parser.add_argument("--what", choices=sorted(WHAT), required=True, help="what is done to the runs")
    options = parser.parse_args()
    print(json.dumps(WHAT[options.what](options.engine)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
