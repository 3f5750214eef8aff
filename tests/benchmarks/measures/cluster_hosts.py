"""Many short tasks on a cluster of a person's own: four workers, at 127.0.0.1 to 127.0.0.4, of several places each.

    python -m tests.benchmarks.measures.cluster_hosts --engine dask_cluster

They are started as a person starts them, by the engines' own commands, and the runner is given an address.
"""

from __future__ import annotations

import argparse
import json
import sys

from tests.benchmarks.machines import CLUSTERS, Machine
from tests.benchmarks.measures.cluster_runs import ENGINES, Runs
from tests.benchmarks.sizes import HOST_TASK_S, HOST_TASKS

HOSTS = tuple(Machine(f"127.0.0.{number}") for number in range(1, 5))
PLACES = 4
"""Of each worker."""


def measure(engine: str) -> dict[str, float]:
    """One run of all tasks, after a small one.

    Returns:
        How many were done and in how many places, and what each took of its place beyond its own time, in ms.
    """
    param, cluster = CLUSTERS[engine]
    places = len(HOSTS) * PLACES
    with cluster(HOSTS[0], HOSTS, PLACES) as address, Runs() as runs:
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
