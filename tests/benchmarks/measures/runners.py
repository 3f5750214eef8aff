"""The measurements of `scripts/bench runners`: each runner beside the same idiom in a plain script, and far places.

Plain scripts and runs take turns: plain, run, plain, run, ..., plain; each run is compared with the scripts before and
after it. Throughput is measured without a window, which would take its own share; what the window costs, and how it
fares, `scripts/bench main` and `scripts/bench smoothness` tell.
"""

from __future__ import annotations

import json
import time
from contextlib import nullcontext
from functools import partial
from statistics import mean
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.benchmarks import sizes
from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import SERVER, Measure, turns, write_urls
from tests.benchmarks.measures.cluster_runs import ENGINES
from tests.benchmarks.program import LONG_S, ROOT
from tests.benchmarks.watch import ping
from workers.catalog import lookup
from workers.catalog.compatibility import refusal
from workers.image_server.process import ImageServer
from workers.pythons import finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

APART = ("process_pool", "process_per_task", "interpreters", "other_python")
ONE_BY_ONE = ("gui_thread", "cooperative", "process_events")
"""Here a download blocks all others."""

LAG_WORKERS = 4
CONTRACT_S = 60.0


class Load(NamedTuple):
    """Work that a runner and a plain script both do.

    Attributes:
        workload: its name.
        tasks: how many.
        workers: how many at once.
        params: as on the command line.
    """

    workload: str
    tasks: int
    workers: int
    params: tuple[str, ...] = ()


def load_of(runner: str, workload: str) -> Load:
    """What a runner is measured with: some seconds of work."""
    if workload == "download":
        if runner in ONE_BY_ONE:
            return Load(workload, sizes.FEW_IMAGES, 1)
        starts = runner == "process_per_task"  # each costs as much as some ten downloads
        return Load(workload, sizes.FEW_IMAGES if starts else sizes.IMAGES, sizes.WORKERS)
    if workload == "hashing":
        return Load(workload, sizes.HASHING_TASKS, 2, (sizes.HASHING_PARAM,))
    if runner == "other_python":
        return Load(workload, 3 * sizes.PRIMES_TASKS // 2 * sizes.COMPILED, 2, (sizes.NUMBERS,))
    return Load(
        workload, 2 * sizes.PRIMES_TASKS if runner in APART else sizes.PRIMES_TASKS, 2, (sizes.NUMBERS,)
    )


# ---------------------------------------------------------------- runs and scripts


def headless(bench: Bench, runner: str, load: Load, *more: str) -> dict[str, Any]:
    """The report of a run without a window, all of whose tasks are done.

    Raises:
        Missing: they are not.
    """
    path = bench.new_folder() / "report.json"
    arguments = ["--runner", runner, "--workload", load.workload, "--tasks", str(load.tasks), *more]
    arguments += ["--workers", str(load.workers), *(word for each in load.params for word in ("--param", each))]
    with bench.process(ROOT / "main.py", "--headless", *arguments, "--report", path) as process:
        process.wait()
    try:
        report: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        raise Missing("the run left no report") from None
    if report["counts"]["done"] != load.tasks:
        errors = [error["error"] for error in report["errors"]] or ["none was told"]
        raise Missing(f"only {report['counts']['done']:,} of {load.tasks:,} tasks were done: {errors[0][:200]}")
    return report


def plain(bench: Bench, runner: str, load: Load, urls: Path | None) -> float:
    """Work that the same idiom does in a second in a plain script; of downloads their number."""
    module = "remote" if runner in APART else "idioms"
    command: list[str | Path] = ["-m", f"tests.benchmarks.plain.{module}", "--idiom", runner]
    command += ["--workers", str(load.workers)]
    if urls is not None:
        command += ["--urls", urls, "--folder", "."]
    else:
        command += ["--workload", load.workload, "--tasks", str(load.tasks)]
        command += [word for each in load.params for word in ("--param", each)]
    if runner == "other_python":
        command += ["--python", finding.choose("").path]
    found = bench.one_line(*command)
    return float(found["amount"] / found["seconds"])


def throughput(runner: str, load: Load) -> Measure:
    """A runner against its idiom in a plain script."""
    key = f"{runner}_{load.workload}"

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        downloads = load.workload == "download"
        ratios = []
        with ImageServer(settings=SERVER) if downloads else nullcontext() as server:
            urls = write_urls(bench, server, load.tasks) if server is not None else None
            given = load._replace(params=(f"urls={urls}",)) if urls is not None else load
            script, run = partial(plain, bench, runner, load, urls), partial(headless, bench, runner, given)
            for before, report, after in turns(runs, script, run):
                rate = report["tasks_per_s"] if downloads else report["amount"]["per_s"]
                ratios.append(rate / mean((before, after)))
                tell(f"{rate:,.4g} a second, plain {before:,.4g} and {after:,.4g}: {ratios[-1]:.3f}")
        return {key: ratios}

    title = f"{load.workload} on {runner}, {load.workers} at once: work/s to a plain script's"
    return Measure((Wanted(key, title, 0.95, "ratio", True),), take)


# ---------------------------------------------------------------- far places


def speed_up(in_window: bool) -> Measure:
    """process_pool against gui_thread: GUI, pool, GUI, pool, ..., GUI."""
    key = "speed_up_window" if in_window else "speed_up_headless"

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        def wall_s(runner: str) -> float:
            load = Load("primes", sizes.MANY_PRIMES_TASKS, 2, (sizes.NUMBERS,))
            if not in_window:
                return float(headless(bench, runner, load)["wall_s"])
            place = ("--blocking",) if runner == "gui_thread" else ("--runner", runner)
            work = (
                "--workload",
                "primes",
                "--tasks",
                str(load.tasks),
                "--workers",
                "2",
                "--param",
                sizes.NUMBERS,
            )
            return float(bench.run_in_window(*place, *work).report["wall_s"])

        ratios = []
        for before, pool, after in turns(runs, lambda: wall_s("gui_thread"), lambda: wall_s("process_pool")):
            ratios.append(mean((before, after)) / pool)
            tell(
                f"{pool:.2f} s in 2 processes, {before:.2f} and {after:.2f} s on the GUI thread: {ratios[-1]:.2f}"
            )
        return {key: ratios}

    where, least = ("in the window", 1.6) if in_window else ("without a window", 1.8)
    title = f"primes, process_pool with 2 workers {where}: speed-up over gui_thread"
    return Measure((Wanted(key, title, least, "ratio", True),), take)


def many_downloads(bench: Bench, runs: int, tell: Tell) -> Values:
    """asyncio_loop against thread_pool: pool, asyncio, pool, asyncio, ..., pool."""
    with ImageServer(settings=SERVER) as server:
        urls = write_urls(bench, server, sizes.MANY_IMAGES)
        load = Load("download", sizes.MANY_IMAGES, sizes.MANY_WORKERS, (f"urls={urls}",))

        def rate(runner: str) -> float:
            return float(headless(bench, runner, load)["tasks_per_s"])

        ratios = []
        for before, loop, after in turns(runs, lambda: rate("thread_pool"), lambda: rate("asyncio_loop")):
            ratios.append(loop / mean((before, after)))
            tell(
                f"{loop:.0f} images/s on asyncio_loop, {before:.0f} and {after:.0f} on thread_pool: {ratios[-1]:.2f}"
            )
    return {"asyncio_downloads": ratios}


def lag(runner: str, max_ms: float = 25.0) -> Measure:
    """The window's lag while far places compute primes, from inside and from outside; and what it may be."""
    title = f"primes on {runner}, {LAG_WORKERS} workers:"

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        tasks = sizes.LAG_TASKS * (sizes.COMPILED if runner == "other_python" else 1)
        values: Values = {f"lag_{runner}": [], f"ping_{runner}": []}
        for _ in range(runs):
            seen = bench.run_in_window(
                *("--runner", runner, "--workload", "primes", "--tasks", str(tasks)),
                *("--workers", str(LAG_WORKERS), "--param", sizes.NUMBERS),
                pinged_every_s=ping.EVERY_S,
            )
            values[f"lag_{runner}"].append(seen.report["gui"]["lag_ms"]["p99"])
            values[f"ping_{runner}"].append(ping.percentile_ms(seen.pings, 0.99))
            tell(
                f"p99 {values[f'lag_{runner}'][-1]:.1f} ms in {seen.report['wall_s']:.1f} s, "
                f"of {len(seen.pings)} pings {values[f'ping_{runner}'][-1]:.1f} ms"
            )
        return values

    return Measure(
        (
            Wanted(f"lag_{runner}", f"{title} lag p99", max_ms, "ms"),
            Wanted(f"ping_{runner}", f"{title} p99 of pings from outside", max_ms, "ms"),
        ),
        take,
    )


def flood(bench: Bench, runs: int, tell: Tell) -> Values:
    """Progress events from a child; and how much more memory ten times as many of them take."""
    values: Values = {"events": [], "events_memory": []}
    for _ in range(runs):
        few, many = (
            bench.one_line("-m", "tests.benchmarks.measures.remote_flood", "--events", str(count))
            for count in (sizes.FEW_EVENTS, sizes.MANY_EVENTS)
        )
        values["events"].append(float(many["per_s"]))
        values["events_memory"].append(max(0.0, many["peak_mib"] - few["peak_mib"]))
        tell(
            f"{many['per_s']:,.0f} events/s; peaks of {few['peak_mib']:.1f} MiB with {sizes.FEW_EVENTS:,} "
            f"and {many['peak_mib']:.1f} MiB with {sizes.MANY_EVENTS:,}"
        )
    return values


def kills(bench: Bench, runs: int, tell: Tell) -> Values:
    """Killed processes: tasks that were lost, and processes that were left."""
    values: Values = {"kills_lost": [], "kills_orphans": []}
    for _ in range(runs):
        found = bench.one_line("-m", "tests.benchmarks.measures.remote_kills", "--kills", str(sizes.KILLS))
        values["kills_lost"].append(float(found["lost"]))
        values["kills_orphans"].append(float(found["orphans"]))
        tell(
            f"{found['killed']:.0f} killed, {found['lost']:.0f} tasks lost, {found['orphans']:.0f} processes left "
            f"in {found['seconds']:.1f} s"
        )
    return values


def contract(bench: Bench, runs: int, tell: Tell) -> Values:
    """Every promise on every runner, once and as `scripts/test` runs them, two files at a time: they must pass, too."""
    began = time.perf_counter()
    options = ("-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider")
    with bench.process("-m", "pytest", *options, ROOT / sizes.CONTRACT) as process:
        process.wait(timeout=LONG_S)
        took = time.perf_counter() - began
        tell(process.said().splitlines()[-1])
    return {"contract": [took]}


# ---------------------------------------------------------------- all of them


def left_out() -> dict[str, str]:
    """What cannot be measured here, and why; by the names of measurements."""
    return {name: why for name, why, _ in _throughputs() if why} | {name: why for name, why, _ in _far() if why}


def measures() -> dict[str, Measure]:
    """All that can be measured here, by the names that the command line knows."""
    found = {
        "speed_up_headless": speed_up(in_window=False),
        "speed_up_window": speed_up(in_window=True),
        "events": Measure(
            (
                Wanted("events", "progress events a second from a child process", 500_000.0, "a second", True),
                Wanted(
                    "events_memory", f"memory of {sizes.MANY_EVENTS:,} over {sizes.FEW_EVENTS:,}", 16.0, "MiB"
                ),
            ),
            flood,
        ),
        "kills": Measure(
            (
                Wanted("kills_lost", f"{sizes.KILLS} processes killed in a run: tasks lost", 0.0, "calls"),
                Wanted(
                    "kills_orphans", f"{sizes.KILLS} processes killed in a run: processes left", 0.0, "calls"
                ),
            ),
            kills,
        ),
        "contract": Measure(
            (Wanted("contract", "contract tests, every promise on every runner", CONTRACT_S, "s"),), contract
        ),
    }
    for name, why, make in (*_far(), *_throughputs()):
        if not why:
            found[name] = make()
    return found


def _far() -> Iterator[tuple[str, str, Callable[[], Measure]]]:
    """Names, why they cannot be measured, and what makes the measurement."""
    title = f"{sizes.MANY_IMAGES:,} downloads on asyncio_loop, {sizes.MANY_WORKERS} at once: images/s to thread_pool's"
    yield (
        "asyncio_downloads",
        _missing("asyncio_loop", "download") or _no_async_client(),
        lambda: Measure((Wanted("asyncio_downloads", title, 1.0, "ratio", True),), many_downloads),
    )
    from tests.benchmarks.measures import free_threaded  # which uses what is above

    yield "free_threaded", free_threaded.missing(), free_threaded.measure
    for runner in ("process_pool", "other_python"):
        yield f"lag_{runner}", _missing(runner, "primes"), lambda runner=runner: lag(runner)  # type: ignore[misc]


def _throughputs() -> Iterator[tuple[str, str, Callable[[], Measure]]]:
    for runner in lookup.runners():
        for workload in ("primes", "hashing", "download"):
            load = load_of(runner, workload)
            why = _missing(runner, workload)
            if runner == "asyncio_loop" and workload == "download":
                why = why or _no_async_client()
            yield f"{runner}_{workload}", why, lambda runner=runner, load=load: throughput(runner, load)  # type: ignore[misc]


def _missing(runner: str, workload: str) -> str:
    place, work = lookup.entry("runners", runner), lookup.entry("workloads", workload)
    if place is not None and "NOT_MEASURED" in place.constants:
        return f"{runner} is not for speed"
    if runner in ENGINES:
        return "scripts/bench cluster measures it"
    return f"there is no {runner}" if place is None or work is None else refusal(place, work, {})


def _no_async_client() -> str:
    from workers.engine.drive_async import load_async

    return "" if load_async("download") is not None else "aiohttp is not installed here"
