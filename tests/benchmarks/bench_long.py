"""A long run in the window: whether lag, memory and the GUI thread's own work stay flat, minute by minute.

    scripts/bench long [--minutes 10]

Primes on four threads of the thread pool, one task after the other; the window is pinged from outside all the while.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.command import Benchmark, at_least_one, carry_out, parser_of
from tests.benchmarks.figures import Missing, Wanted, table
from tests.benchmarks.measure import Measure
from tests.benchmarks.program import TERMINATED
from tests.benchmarks.sizes import MINUTE_S, MINUTES, pause
from tests.benchmarks.watch import ping
from tests.benchmarks.watch.display import window_of
from tests.benchmarks.watch.usage import Usage
from tests.benchmarks.watch.watched import PROGRAM, remember_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

SETTLE_S = pause(3.0)
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
        process.window(bench.display.connection)
        window = window_of(bench.display.connection, process.pid)
        if window is None:
            raise Missing("the window was closed")
        usage = Usage(process.pid)
        began = time.time() + SETTLE_S
        end = began + MINUTE_S * minutes

        def go_on() -> bool:
            usage.look()
            return time.time() < end

        pings = ping.Pinger(bench.display.connection, window).run(go_on)
        process.stop(TERMINATED)
    found = []
    for number in range(minutes):
        start, stop = began + MINUTE_S * number, began + MINUTE_S * (number + 1)
        some = ping.between(pings, start, stop)
        if not some:
            raise Missing(f"no ping was answered in minute {number + 1}")
        worst = max(one.took_s for one in some) * 1e3
        used = usage.between(start, stop)
        gui = used.gui_s / MINUTE_S
        found.append(Minute(ping.percentile_ms(some, 0.99), worst, gui, usage.memory_at(stop) / 2**20))
    return found


def flatness(minutes: int) -> Measure:
    """Whether all stays as it was. The first minute is no measure of what comes later: it warms up."""

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {"p99": [], "growth": [], "dearer": []}
        for _ in range(runs):
            found = watch(bench, minutes)
            for number, one in enumerate(found, 1):
                tell(
                    f"minute {number}: pings p99 {one.p99:.1f} ms, worst {one.worst:.1f} ms, "
                    f"GUI thread {one.gui:.3f} cores, {one.memory:.1f} MiB"
                )
            before, last = found[min(1, len(found) - 1)], found[-1]
            values["p99"].append(max(one.p99 for one in found))
            values["growth"].append(last.memory - before.memory)
            values["dearer"].append(last.gui / before.gui)
        return values

    return Measure(
        (
            Wanted("p99", "p99 of pings from outside, of the worst minute", 12.0, "ms"),
            Wanted("growth", "memory in the last minute over that in the second", 4.0, "MiB"),
            Wanted(
                "dearer", "processor time of the GUI thread in the last minute, to the second's", 1.2, "ratio"
            ),
        ),
        take,
    )


def benchmark(minutes: int = MINUTES) -> Benchmark:
    """All that `scripts/bench long` measures."""
    about = "Measure whether lag, memory and the GUI thread's own work stay flat in a long run."
    return Benchmark("long", about, {"flatness": flatness(minutes)}, table, remember_layout)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    parser = parser_of(benchmark())
    parser.set_defaults(runs=1)
    parser.add_argument("--minutes", type=at_least_one, default=MINUTES, help=f"how long (default {MINUTES})")
    options = parser.parse_args(arguments)
    return carry_out(benchmark(options.minutes), options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
