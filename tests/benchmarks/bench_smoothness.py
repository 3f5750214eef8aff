"""Measures how smooth the window stays whatever the threads do, and how much work they get done meanwhile.

`scripts/bench smoothness` runs it: a table with a line for each load, and what else was found below it. In each cell
the median of the processes comes first, then the worst of them, then what the median must be. Lag is in ms.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.command import Benchmark, carry_out, parser_of
from tests.benchmarks.figures import Wanted, lined_up, table
from tests.benchmarks.measure import Measure
from tests.benchmarks.measures import smooth_loads as loads
from tests.benchmarks.measures.smooth_rows import COLUMNS, Limits, Row
from tests.benchmarks.sizes import BUSY_PROCESSES, MANY_IMAGES, SLEEPS
from tests.benchmarks.watch.watched import remember_layout
from workers.utils.formatting import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.figures import Result

HEADS = ("p99 ms in", "p99 out", "worst in", "worst out", "frames/s", "CPU share", "work share")
"""One for each of COLUMNS."""


def measures(impolite: bool = False, extra: tuple[str, ...] = (), lag_only: bool = False) -> dict[str, Measure]:
    """All measurements.

    Args:
        impolite: whether every run is; then its figures are told without limits.
        extra: what every run has on its command line.
        lag_only: whether the window's lag alone has limits, and not the work.
    """
    flags = (*extra, *(("--no-polite",) if impolite else ()))

    def row(key: str, title: str, limits: Limits, *arguments: str) -> Row:
        if lag_only:
            limits = limits._replace(cpu=None, rate=None)
        return Row(
            key, title + impolite * ", not polite", Limits() if impolite else limits, (*arguments, *flags)
        )

    def primes(workers: int) -> Measure:
        name, limits = f"primes, {workers} worker{'s' if workers > 1 else ''}", Limits(12.0, 50.0, 20.0, 0.80)
        rows = [
            row(f"primes_{workers}_{runner}", f"{name}, {runner}", limits, "--runner", runner)
            for runner in ("thread_pool", "qthread")
        ]
        if not impolite and not lag_only:
            plain = ("--runner", "thread_pool", "--no-polite")
            rows.append(Row(f"primes_{workers}_impolite", f"{name}, not polite", Limits(), plain))
        return loads.computing(workers, loads.PRIMES, tuple(rows))

    pool = ("--runner", "thread_pool")
    tight, loose = Limits(12.0, 50.0, 20.0, 0.80, 0.80), Limits(20.0, 60.0, 20.0)
    found = {
        "idle": loads.idle(Row("idle", "idle", Limits(10.0, 25.0, 2.0))),
        "primes_1": primes(1),
        "primes_4": primes(4),
        "primes_16": primes(16),
        "mandelbrot": loads.computing(
            4, loads.MANDELBROT, (row("mandelbrot", "mandelbrot, 4 workers", tight, *pool),)
        ),
        "busy": loads.busy(
            row("busy", f"primes, 4 workers, {BUSY_PROCESSES} busy processes", Limits(30.0, 80.0, 20.0), *pool),
            BUSY_PROCESSES,
            0.5,
        ),
        "hashing": loads.computing(
            4,
            loads.HASHING,
            (row("hashing", "hashing, 4 workers", Limits(25.0, 60.0, 20.0, 0.85, 0.85), *pool),),
        ),
        "download": loads.downloads(
            row("download", f"download, {MANY_IMAGES:,} images", Limits(10.0, 50.0, 20.0, rate=0.97), *pool)
        ),
        "download_busy": loads.downloads(
            row("download_busy", "download, a busy process beside", Limits(16.7, 50.0, 20.0, rate=0.95), *pool),
            others=1,
        ),
        "sleeps": loads.sleeps(row("sleeps", f"{SLEEPS:,} tasks of sleep(0)", loose, *pool)),
        "yields": loads.many_yields(row("yields", "yields from 4 threads", loose, *pool)),
        "calls": Measure(
            (Wanted("calls.per_frame", "calls into Qt a frame, graphs and task table live", 120.0, "calls"),),
            loads.calls,
        ),
    }
    return {name: measure for name, measure in found.items() if not impolite or name not in ("idle", "calls")}


def cell(result: Result | None) -> str:
    """A figure in its place in the table: the median, the worst, the limit, and a mark where it does not hold."""
    if result is None or result.median is None:
        return "" if result is None else "ERROR"
    wanted, say = result.wanted, number if result.wanted.unit != "share" else "{:.2f}".format
    text = f"{say(result.median)} ({say(result.worst)})"
    if wanted.limit is not None:
        text += f" {'≥' if wanted.at_least else '≤'}{wanted.limit:g}"
    return text if result.holds else f"{text} MISSED"


def grid(results: list[Result]) -> str:
    """A line for each load, and below them the figures that have no column."""
    found = {result.wanted.key: result for result in results}
    lines: dict[str, str] = {}
    for result in results:
        load, _, column = result.wanted.key.partition(".")
        if column == "lag_p99":
            lines[load] = result.wanted.title.rpartition(":")[0]
    rows: list[tuple[str, ...]] = [("load", *HEADS, "")]
    for load, title in lines.items():
        cells = [cell(found.get(f"{load}.{column}")) for column in COLUMNS]
        problem = found[f"{load}.lag_p99"].problem
        rows.append((title, *cells, f"ERROR: {problem}" if problem else ""))
    rest = [result for result in results if result.wanted.key.partition(".")[2] not in COLUMNS]
    return "\n\n".join(part for part in (lined_up(rows) if lines else "", table(rest) if rest else "") if part)


def benchmark(impolite: bool = False) -> Benchmark:
    """All that `scripts/bench smoothness` measures; `impolite`: with `--plain`."""
    about = "Measure how smooth Thaw's window stays, whatever the threads do."
    return Benchmark("smoothness", about, measures(impolite), grid, remember_layout)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    found = benchmark(impolite="--plain" in arguments)
    parser = parser_of(found)
    parser.add_argument(
        "--plain", action="store_true", help="let every run be impolite: its figures are only told"
    )
    return carry_out(found, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
