"""A long run in the window: whether lag, memory and the GUI thread's own work stay flat, minute by minute.

    scripts/bench long [--minutes 10]

Primes on four threads of the thread pool, one task after the other; the window is pinged from outside all the while.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.command import at_least_one
from tests.benchmarks.figures import Missing
from tests.benchmarks.program import TERMINATED, Bench
from tests.benchmarks.watch import ping
from tests.benchmarks.watch.display import Display, window_of
from tests.benchmarks.watch.usage import Usage
from tests.benchmarks.watch.watched import PROGRAM, remember_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_P99_MS = 12.0
MOST_GROWTH_MIB = 4.0
MOST_DEARER = 1.2
"""How much more processor time than in the second minute the GUI thread may want in the last."""

SETTLE_S = 3.0
TASKS_A_MINUTE = 600  # more than any machine does, so that the run outlasts the watch


class Minute(NamedTuple):
    """What one minute was like: the p99 and the worst of the pings in ms, cores of the GUI thread, memory in MiB."""

    p99: float
    worst: float
    gui: float
    memory: float


def watch(bench: Bench, minutes: int) -> list[Minute]:
    """Start a run and look on for so many minutes."""
    run = ("--workload", "primes", "--runner", "thread_pool", "--workers", "4")
    with bench.process(*PROGRAM, *run, "--tasks", str(minutes * TASKS_A_MINUTE), "--start") as process:
        process.painted(bench.display.connection)
        window = window_of(bench.display.connection, process.pid)
        if window is None:
            raise Missing("the window was closed")
        usage = Usage(process.pid)
        began = time.time() + SETTLE_S
        end = began + 60 * minutes

        def go_on() -> bool:
            usage.look()
            return time.time() < end

        pings = ping.Pinger(bench.display.connection, window).run(go_on)
        process.stop(TERMINATED)
    found = []
    for number in range(minutes):
        start, stop = began + 60 * number, began + 60 * (number + 1)
        some = ping.between(pings, start, stop)
        if not some:
            raise Missing(f"no ping was answered in minute {number + 1}")
        worst = max(one.took_s for one in some) * 1e3
        used = usage.between(start, stop)
        found.append(Minute(ping.percentile_ms(some, 0.99), worst, used.gui_s / 60, usage.memory_at(stop) / 2**20))
    return found


def faults(minutes: Sequence[Minute]) -> list[str]:
    """What did not stay flat. The first minute is left out of what later ones are compared with: it warms up."""
    found = []
    before, last = minutes[min(1, len(minutes) - 1)], minutes[-1]
    worst = max(minute.p99 for minute in minutes)
    if worst > MOST_P99_MS:
        found.append(f"the p99 of a minute was {worst:.1f} ms, and {MOST_P99_MS:.0f} is the most")
    if last.memory - before.memory > MOST_GROWTH_MIB:
        found.append(f"memory grew by {last.memory - before.memory:.1f} MiB, and {MOST_GROWTH_MIB:.0f} is the most")
    if last.gui > MOST_DEARER * before.gui:
        found.append(f"the GUI thread wanted {last.gui:.3f} cores in the end, and {before.gui:.3f} at first")
    return found


def main() -> int:
    """Watch, print a row for each minute, and say what was not flat; 1 if anything was not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=at_least_one, default=10, help="how long to look on (default 10)")
    options = parser.parse_args()
    try:
        with Display() as display, tempfile.TemporaryDirectory(prefix="thaw-bench-") as folder:
            bench = Bench(display, Path(folder))
            remember_layout(bench)
            minutes = watch(bench, options.minutes)
    except Missing as problem:
        print(f"Not measured: {problem}")
        return 1
    print("minute  pings p99  worst     GUI thread   memory")
    for number, minute in enumerate(minutes, 1):
        print(
            f"{number:6}  {minute.p99:6.1f} ms  {minute.worst:5.1f} ms  {minute.gui:.3f} cores  {minute.memory:.1f} MiB"
        )
    wrong = faults(minutes)
    print("\n".join(wrong) if wrong else "Flat: lag, memory and the GUI thread's work.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
