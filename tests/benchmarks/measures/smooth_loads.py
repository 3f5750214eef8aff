"""The loads under which the window must stay smooth, and how each of them is measured.

Each load is a row of figures: lag from inside and from outside, frames of the graphs, and how much of the work that a
plain script does in the same time was done. Scripts and windows take turns: script, window, script, ..., script; each
run in the window is compared with the scripts before and after it.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import psutil

from tests.benchmarks import sizes
from tests.benchmarks.figures import Wanted
from tests.benchmarks.measure import SERVER, Measure, plain_download, write_urls
from tests.benchmarks.measures.smooth_rows import (
    COLUMNS,
    Plain,
    Row,
    in_turn,
    plain_work,
    take_in,
    wanted,
    work_arguments,
)
from tests.benchmarks.program import HERE, TERMINATED
from tests.benchmarks.watch import ping
from tests.benchmarks.watch.usage import Usage, cpu_s
from tests.benchmarks.watch.watched import IN_WINDOW, PROGRAM, ping_until, watch_run
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench
    from tests.benchmarks.watch.watched import Watched

PRIMES = ("primes", sizes.PRIMES_TASKS, (sizes.NUMBERS,))
"""Workload, tasks and parameters."""

HASHING = ("hashing", sizes.HASHING_TASKS, (sizes.HASHING_PARAM,))
MANDELBROT = ("mandelbrot", sizes.MANDELBROT_TASKS, (sizes.MANDELBROT_PARAM,))
SETTLE_S = sizes.pause(3.0)
IDLE_S = sizes.pause(5.0)
TABLE_SETTLE_S = sizes.pause(1.0)
MIB = 1 << 20


def computing(workers: int, work: tuple[str, int, tuple[str, ...]], rows: tuple[Row, ...]) -> Measure:
    """Work that computes, in any number of settings."""
    workload, tasks, params = work

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        def one(row: Row) -> Callable[[], Watched]:
            return lambda: watch_run(
                bench, *PROGRAM, *work_arguments(workload, tasks, workers, params), *row.arguments
            )

        return in_turn(
            runs,
            tell,
            lambda: plain_work(bench, workload, tasks, workers, params),
            {row: one(row) for row in rows},
        )

    return Measure(tuple(figure for row in rows for figure in wanted(row)), take)


def busy(row: Row, others: int, least: float) -> Measure:
    """The same work with and without other busy processes; its share is that of the quiet run's."""
    workload, tasks, params = PRIMES
    arguments = (*work_arguments(workload, tasks, 4, params), *row.arguments)

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {f"{row.key}.quiet_cpu": [], f"{row.key}.quiet_rate": []}
        for _ in range(runs):
            quiet = watch_run(bench, *PROGRAM, *arguments)
            with bench.busy(others):
                noisy = watch_run(bench, *PROGRAM, *arguments)
            tell(take_in(values, row, noisy))
            values[f"{row.key}.quiet_cpu"].append(noisy.workers / quiet.workers)
            rates = [one.report["amount"]["per_s"] for one in (noisy, quiet)]
            values[f"{row.key}.quiet_rate"].append(rates[0] / rates[1])
        return values

    return Measure(
        wanted(
            row,
            Wanted(
                f"{row.key}.quiet_cpu", f"{row.title}: workers' processor time, to quiet", least, "share", True
            ),
            Wanted(f"{row.key}.quiet_rate", f"{row.title}: work a second, to quiet", None, "share", True),
            work=False,
        ),
        take,
    )


def downloads(row: Row, others: int = 0) -> Measure:
    """Downloads from a server of our own, against a script that makes the thumbnails too.

    Args:
        row: the setting.
        others: how many busy processes there are beside both.
    """

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        with ImageServer(settings=SERVER) as server, bench.busy(others):
            urls = write_urls(bench, server, sizes.MANY_IMAGES)
            numbers = ("--tasks", str(sizes.MANY_IMAGES), "--workers", str(sizes.WORKERS))
            given = (*numbers, "--param", f"urls={urls}")

            def plain() -> Plain:
                found = bench.one_line(*plain_download(urls, sizes.WORKERS))
                return Plain(found["images"] / found["seconds"], found["cpu_s"] / found["seconds"])

            def run() -> Watched:
                seen = watch_run(bench, *PROGRAM, "--workload", "download", *given, *row.arguments)
                # Images are what is counted here, not bytes.
                seen.report["amount"]["per_s"] = seen.report["tasks_per_s"]
                return seen

            return in_turn(runs, tell, plain, {row: run})

    return Measure(wanted(row), take)


def sleeps(row: Row) -> Measure:
    """A great many tasks that do nothing, and what each of them costs in memory."""

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {f"{row.key}.memory": [], f"{row.key}.tasks": []}

        def run(tasks: int) -> Watched:
            arguments = work_arguments("sleep", tasks, sizes.WORKERS, ("seconds=0",))
            return watch_run(bench, *PROGRAM, *arguments, *row.arguments, settle_s=TABLE_SETTLE_S)

        for _ in range(runs):
            # Too short a run for its pings to say anything, but these are not asked for.
            few, seen = run(sizes.FEW_TASKS).used.raised, run(sizes.SLEEPS)
            tell(take_in(values, row, seen))
            many = seen.used.raised
            values[f"{row.key}.memory"].append((many - few) / (sizes.SLEEPS - sizes.FEW_TASKS))
            values[f"{row.key}.tasks"].append(seen.report["tasks_per_s"])
            tell(
                f"{few / MIB:.1f} MiB more with {sizes.FEW_TASKS:,} tasks, {many / MIB:.1f} MiB with {sizes.SLEEPS:,}"
            )
        return values

    return Measure(
        wanted(
            row,
            Wanted(f"{row.key}.memory", f"{row.title}: memory for each", 400.0, "bytes"),
            Wanted(f"{row.key}.tasks", f"{row.title}: tasks a second", None, "a second", True),
            work=False,
        ),
        take,
    )


def many_yields(row: Row) -> Measure:
    """As many yields as four threads can make."""
    name = "tests.benchmarks.plain.yields:yields"

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        extra = ("yields", "grown", "bare_ns", "driven_ns")
        values: Values = {f"{row.key}.{column}": [] for column in extra}

        def run() -> Watched:
            own = ("--own", name, "--given", json.dumps({"count": sizes.YIELDS}))
            seen = watch_run(bench, *IN_WINDOW, *own, "--tasks", "4", "--workers", "4", *row.arguments)
            values[f"{row.key}.yields"].append(seen.report["amount"]["per_s"])
            values[f"{row.key}.grown"].append(seen.used.grown / MIB)
            cost = bench.one_line(HERE / "measures/drive_cost.py")
            values[f"{row.key}.bare_ns"].append(cost["bare_ns"])
            values[f"{row.key}.driven_ns"].append(cost["driven_ns"])
            tell(
                f"{seen.report['amount']['per_s']:,.0f} yields/s; {cost}; grown by {seen.used.grown / MIB:.2f} MiB"
            )
            return seen

        # Four threads in a bare loop would be done in a moment: they make twice as many.
        plain = (name, 8, 4, (f"count={sizes.YIELDS}",))
        return values | in_turn(runs, tell, lambda: plain_work(bench, *plain), {row: run})

    return Measure(
        wanted(
            row,
            Wanted(f"{row.key}.yields", f"{row.title}: yields a second", 1e6, "a second", True),
            Wanted(f"{row.key}.grown", f"{row.title}: memory grown in the last three quarters", 4.0, "MiB"),
            Wanted(f"{row.key}.bare_ns", f"{row.title}: a yield in a bare loop", None, "ns"),
            Wanted(f"{row.key}.driven_ns", f"{row.title}: a yield in drive", None, "ns"),
        ),
        take,
    )


def idle(row: Row) -> Measure:
    """The window with nothing to do: first what it costs, then, with pings, how late it is."""

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: dict[str, list[float]] = {
            f"{row.key}.{column}": []
            for column in (*COLUMNS, "cpu", "heartbeat")
            if not column.startswith("work")
        }
        for _ in range(runs):
            report = bench.new_folder() / "idle.json"
            with bench.process(*IN_WINDOW, "--idle", report) as process:
                process.window(bench.display.connection)
                time.sleep(SETTLE_S)
                watched = psutil.Process(process.pid)
                spent, began = cpu_s(watched), time.perf_counter()
                time.sleep(IDLE_S)
                share = (cpu_s(watched) - spent) / (time.perf_counter() - began)
                pings = ping_until(bench, process, report, Usage(process.pid), 0.3)
                process.wait_for_file(report)
                process.stop(TERMINATED)
            seen: dict[str, Any] = json.loads(report.read_text())
            pings = ping.between(pings, seen["began"], seen["ended"])
            found = {
                "lag_p99": seen["lag_ms"]["p99"],
                "ping_p99": ping.percentile_ms(pings, 0.99),
                "lag_max": seen["lag_ms"]["max"],
                "ping_max": max(one.took_s for one in pings) * 1e3,
                "frames": seen["graph_frames_per_s"],
                "cpu": share,
                "heartbeat": seen["heartbeat_frames_per_s"],
            }
            for column, value in found.items():
                values[f"{row.key}.{column}"].append(value)
            tell(", ".join(f"{column} {value:.2f}" for column, value in found.items()))
        return values

    return Measure(
        wanted(
            row,
            Wanted(f"{row.key}.cpu", f"{row.title}: processor time, of a core", 0.02, "share"),
            Wanted(f"{row.key}.heartbeat", f"{row.title}: heartbeats a second", 9.5, "a second", True),
            work=False,
        ),
        take,
    )


def calls(bench: Bench, runs: int, tell: Tell) -> Values:
    """Calls into Qt for each frame, with a run going on."""
    values: Values = {"calls.per_frame": []}
    for _ in range(runs):
        found = bench.one_line(HERE / "watch/frame_calls.py")
        values["calls.per_frame"].append(found["calls_per_frame"])
        often = ", ".join(f"{name} {count:.1f}" for name, count in list(found["names"].items())[:8])
        tell(f"{found['calls_per_frame']:.1f} in each of {found['frames']} frames: {often}")
    return values
