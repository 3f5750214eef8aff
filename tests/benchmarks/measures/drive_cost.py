"""What `drive` adds to each yield of a workload, in one thread and without a window.

python -m tests.benchmarks.measures.drive_cost --count 1000000
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING

from tests.benchmarks.plain.yields import yields
from tests.benchmarks.sizes import DRIVEN_YIELDS
from workers.engine.gil_scheduler import polite
from workers.engine.task import Control, Task, drive_to_end
from workers.utils.gil.polite import EventLoopGate

if TYPE_CHECKING:
    from workers.engine.task import TaskEvent

ROUNDS = 5


def bare(count: int) -> float:
    """Seconds for a bare loop over the generator."""
    began, total = time.perf_counter(), 0.0
    for amount in yields(count=count):
        total += amount
    return time.perf_counter() - began


def driven(count: int) -> float:
    """Seconds for the same in a runner's thread, with its turns."""
    gate = EventLoopGate()
    gate._owner = 0  # no thread's: else the work would count as the GUI thread's own, which takes no turns
    control = Control(polite(gate))
    events: list[TaskEvent] = []
    task = Task(0, "tests.benchmarks.plain.yields:yields", (("count", count),))
    began = time.perf_counter()
    drive_to_end(task, events.append, control, "here")
    took = time.perf_counter() - began
    if events[-1].amount != count:
        raise RuntimeError(f"the task ended as {events[-1]}")
    return took


def main() -> int:
    """Measure both in turn; prints {"bare_ns": ..., "driven_ns": ...} for one yield, the best of several rounds."""
    parser = argparse.ArgumentParser(description="Measure what driving a workload costs.")
    parser.add_argument("--count", type=int, default=DRIVEN_YIELDS, help="yields in each round")
    count = parser.parse_args().count
    driven(1)  # imports the workload
    rounds = [(bare(count), driven(count)) for _ in range(ROUNDS)]
    best = [min(took) / count * 1e9 for took in zip(*rounds, strict=True)]
    print(json.dumps(dict(zip(("bare_ns", "driven_ns"), best, strict=True))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
