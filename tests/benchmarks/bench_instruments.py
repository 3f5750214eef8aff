"""Measures what the instruments cost, and whether what they say is right. `scripts/bench instruments` runs it."""

from __future__ import annotations

import sys
from statistics import mean
from typing import TYPE_CHECKING

from tests.benchmarks import bench_smoothness
from tests.benchmarks.command import Benchmark, carry_out, parser_of
from tests.benchmarks.figures import Missing, Wanted, table
from tests.benchmarks.measure import SERVER, Measure, turns, write_urls
from tests.benchmarks.measures.smooth_rows import work_arguments
from tests.benchmarks.sizes import FREEZES, IMAGES_IN_TURN, MANY_PRIMES_TASKS, NUMBERS
from tests.benchmarks.watch import freeze_length
from tests.benchmarks.watch.watched import PROGRAM, remember_layout, watch_run
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

ALL, NONE = ("--instruments", "all"), ("--instruments", "none")
WORKERS = 4
PRIMES = ("primes", MANY_PRIMES_TASKS, (NUMBERS,))


def in_turn(bench: Bench, runs: int, tell: Tell, key: str, arguments: Sequence[str]) -> Values:
    """Off, on, off, on, ..., off: each run with all instruments is compared with those without around it."""

    def rate(instruments: tuple[str, ...]) -> float:
        seen = watch_run(bench, *PROGRAM, *arguments, "--runner", "thread_pool", *instruments)
        return float(seen.report["tasks_per_s"])

    ratios = []
    for before, with_all, after in turns(runs, lambda: rate(NONE), lambda: rate(ALL)):
        ratios.append(with_all / mean((before, after)))
        tell(f"{with_all:.1f} tasks/s with all instruments, {before:.1f} and {after:.1f} without")
    return {key: ratios}


def primes(bench: Bench, runs: int, tell: Tell) -> Values:
    """The throughput of primes."""
    workload, tasks, params = PRIMES
    return in_turn(bench, runs, tell, "cost_primes", work_arguments(workload, tasks, WORKERS, params))


def downloads(bench: Bench, runs: int, tell: Tell) -> Values:
    """The throughput of downloads, from one server for all runs."""
    with ImageServer(settings=SERVER) as server:
        urls = write_urls(bench, server, IMAGES_IN_TURN)
        arguments = work_arguments("download", IMAGES_IN_TURN, WORKERS, (f"urls={urls}",))
        return in_turn(bench, runs, tell, "cost_downloads", arguments)


def lengths(bench: Bench, runs: int, tell: Tell) -> Values:
    """The length of a freeze as the window reports it, to the longest silence of pings from outside."""
    values: Values = {"length_off": [], "length_wrong": []}
    for _ in range(runs):
        pairs = [freeze_length.pair(bench, *run) for run in freeze_length.RUNS]
        tell("; ".join(str(found) for found in pairs))
        if problems := [found["problem"] for found in pairs if "problem" in found]:
            raise Missing(problems[0])
        values["length_off"].append(max(abs(found["off_ms"]) for found in pairs))
        values["length_wrong"].append(sum(not found["agrees"] for found in pairs))
    return values


def module(name: str, *arguments: str, keys: dict[str, str]) -> Callable[[Bench, int, Tell], Values]:
    """A measurement that one of the modules below this folder takes by itself; it prints one JSON object.

    Args:
        name: of the module, with that of its folder.
        arguments: its command line.
        keys: the names of figures, and where they stand in the object: names with dots between them.
    """

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {key: [] for key in keys}
        for _ in range(runs):
            found = bench.one_line("-m", f"tests.benchmarks.{name}", *arguments, judges=True)
            for key, place in keys.items():
                value = found
                for part in place.split("."):
                    value = value[part]
                values[key].append(float(value))  # type: ignore[arg-type]  # a number stands at the end of each place
            tell(", ".join(f"{place} {values[key][-1]:.4g}" for key, place in keys.items()))
        return values

    return take


def measures() -> dict[str, Measure]:
    """All measurements; the lag figures are those of `scripts/bench smoothness`, with all instruments on."""
    title = "all instruments on, to off: tasks/s of"
    own = {
        "cost_primes": Measure((Wanted("cost_primes", f"{title} primes", 0.98, "ratio", True),), primes),
        "cost_downloads": Measure(
            (Wanted("cost_downloads", f"{title} downloads", 0.98, "ratio", True),), downloads
        ),
        "guilty": Measure(
            (Wanted("guilty", f"guilty line right, of {FREEZES} freezes", FREEZES, "calls", True),),
            lambda bench, runs, tell: module("watch.guilty", keys={"guilty": "right"})(bench, 1, tell),
        ),
        "freeze_length": Measure(
            (
                Wanted("length_off", "length of a freeze, inside to outside: the worst difference", None, "ms"),
                Wanted(
                    "length_wrong",
                    f"freezes off by over 5 % and 20 ms, of {len(freeze_length.RUNS)}",
                    0,
                    "calls",
                ),
            ),
            lengths,
        ),
        "timeline": Measure(
            (Wanted("timeline", "timeline of 100,000 tasks, panning: frame time p95", 16.7, "ms"),),
            module("watch.timeline_frames", keys={"timeline": "p95_ms"}),
        ),
        "graphs": Measure(
            (Wanted("graphs", "live graphs: a frame of half an hour, beside one of 40 s", 2.0, "ratio"),),
            module("watch.graph_frames", keys={"graphs": "ratio"}),
        ),
        "keeping": Measure(
            (
                Wanted("save", "saving a run of 100,000 tasks", 2.0, "s"),
                Wanted("open", "opening it", 2.0, "s"),
                Wanted("size", "its size", 20.0, "MB"),
                Wanted("save_lag", "lag while it is saved: worst", 50, "ms"),
                Wanted("open_lag", "lag while it is opened: worst", 50, "ms"),
            ),
            module(
                "measures.keeping",
                keys={
                    "save": "save_s",
                    "open": "open_s",
                    "size": "size_mb",
                    "save_lag": "lag_ms_max_save",
                    "open_lag": "lag_ms_max_open",
                },
            ),
        ),
        "witness": Measure(
            (
                Wanted("witness", "witness: frames on time, of the worst workload", 0.95, "share", True),
                Wanted(
                    "witness_cpu",
                    "witness: processor time while the window is frozen, of a core",
                    0.03,
                    "share",
                ),
            ),
            module("watch.witness_frames", keys={"witness": "worst_on_time", "witness_cpu": "worst_cpu"}),
        ),
    }
    lag = {
        f"lag_{name}": measure
        for name, measure in bench_smoothness.measures(extra=ALL, lag_only=True).items()
        if name != "calls"
    }
    return own | lag


def benchmark() -> Benchmark:
    """All that `scripts/bench instruments` measures."""
    about = "Measure what Thaw's instruments cost, and whether they are right."
    return Benchmark("instruments", about, measures(), table, remember_layout)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    found = benchmark()
    return carry_out(found, parser_of(found).parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
