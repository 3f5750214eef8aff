"""The measurements of `scripts/bench main`: what the program promises of itself."""

from __future__ import annotations

import time
from statistics import mean
from typing import TYPE_CHECKING

import psutil

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import SERVER, Measure, plain_download, turns, write_urls
from tests.benchmarks.measures.installed import INSTALLED
from tests.benchmarks.program import HERE, KILLED, ROOT, TERMINATED, read_report
from tests.benchmarks.sizes import (
    FEW_IMAGES,
    FEW_TASKS,
    IMAGES,
    PAIRS,
    SHORT_TASKS,
    STALLED,
    WARM_UPS,
    WORKERS,
    pause,
)
from tests.benchmarks.watch import ping
from tests.benchmarks.watch.usage import cpu_s, peak_memory
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench, Seen

IDLE_SETTLE_S = pause(3.0)
IDLE_S = pause(10.0)
START_S = pause(10.0)
BARE_SILENCE_MS = 30.0
"""A bare window's silence at its start that no one holds against ours: with the limit, nobody notices it."""

TABLE_SETTLE_S = pause(1.0)
"""After a run, for the table and the graphs to take in the last of it."""


def _downloads(runner: str) -> Measure:
    """Plain, window, plain, window, ..., plain: each run in the window is compared with the plain ones around it."""

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {f"{runner}_ratio": [], f"{runner}_lag_p99": [], f"{runner}_ping_p99": []}
        with ImageServer(settings=SERVER) as server:
            urls = write_urls(bench, server, IMAGES)

            def plain() -> float:
                found = bench.one_line(*plain_download(urls, WORKERS))
                if found["images"] != IMAGES:
                    raise Missing(f"the plain script has only {found['images']} of {IMAGES:,} pictures")
                return float(found["images"] / found["seconds"])

            def window() -> Seen:
                return bench.run_in_window(
                    *("--runner", runner, "--workload", "download", "--workers", str(WORKERS)),
                    *("--tasks", str(IMAGES), "--param", f"urls={urls}"),
                    pinged_every_s=ping.EVERY_S,
                )

            for before, seen, after in turns(runs, plain, window):
                rate = seen.report["tasks_per_s"]
                values[f"{runner}_ratio"].append(rate / mean((before, after)))
                values[f"{runner}_lag_p99"].append(seen.report["gui"]["lag_ms"]["p99"])
                values[f"{runner}_ping_p99"].append(ping.percentile_ms(seen.pings, 0.99))
                tell(
                    f"{rate:.0f} images/s, plain {before:.0f} and {after:.0f}; "
                    f"p99 {values[f'{runner}_lag_p99'][-1]:.1f} ms, of {len(seen.pings)} pings "
                    f"{values[f'{runner}_ping_p99'][-1]:.1f} ms"
                )
        return values

    return Measure(
        (
            Wanted(
                f"{runner}_ratio", f"downloads on {runner}: images/s to a plain script's", 0.95, "ratio", True
            ),
            Wanted(f"{runner}_lag_p99", f"downloads on {runner}: lag p99", 25.0, "ms"),
            Wanted(f"{runner}_ping_p99", f"downloads on {runner}: p99 of pings from outside", 25.0, "ms"),
        ),
        take,
    )


def _blocking(bench: Bench, runs: int, tell: Tell) -> Values:
    shares = []
    with ImageServer(settings=SERVER) as server:
        urls = write_urls(bench, server, FEW_IMAGES)
        for _ in range(runs):
            report = bench.run_in_window(
                *("--blocking", "--workload", "download", "--tasks", str(FEW_IMAGES), "--param", f"urls={urls}")
            ).report
            shares.append(report["gui"]["blocked_s"] / report["wall_s"])
            tell(f"blocked {report['gui']['blocked_s']:.2f} of {report['wall_s']:.2f} s")
    return {"gui_thread_blocked": shares}


def _first_frame(bench: Bench, runs: int, tell: Tell) -> Values:
    """Bare, Thaw, bare, Thaw, ...; once before that to warm up: bytecode, the disk's cache, the X server's fonts."""
    ratios: list[float] = []
    for number in range(-WARM_UPS, max(runs, PAIRS)):
        bare = bench.first_frame(HERE / "plain/window.py", code=KILLED)
        thaw = bench.first_frame(ROOT / "main.py", code=TERMINATED)
        tell(f"{thaw * 1e3:.0f} ms, bare {bare * 1e3:.0f} ms{' (warming up)' if number < 0 else ''}")
        if number >= 0:
            ratios.append(thaw / bare)
    return {"first_frame_ratio": ratios}


def _start_silence(bench: Bench, runs: int, tell: Tell) -> Values:
    """Bare, Thaw, bare, Thaw, ...: what the machine does to any window is in both."""
    beyond_ms: list[float] = []
    for _ in range(runs):
        bare = bench.silence(HERE / "plain/window.py", seconds=START_S, code=KILLED) * 1e3
        thaw = bench.silence(ROOT / "main.py", seconds=START_S, code=TERMINATED) * 1e3
        tell(f"{thaw:.0f} ms, bare {bare:.0f} ms")
        beyond_ms.append(thaw - max(bare, BARE_SILENCE_MS))
    return {"start_silence": beyond_ms}


def _idle(bench: Bench, runs: int, tell: Tell) -> Values:
    shares = []
    for _ in range(runs):
        with bench.process(ROOT / "main.py") as process:
            process.window(bench.display.connection)
            time.sleep(IDLE_SETTLE_S)
            watched = psutil.Process(process.pid)
            others = watched.children(recursive=True)
            spent = [cpu_s(one) for one in (watched, *others)]
            began = time.perf_counter()
            time.sleep(IDLE_S)
            spent = [cpu_s(one) - before for one, before in zip((watched, *others), spent, strict=True)]
            took = time.perf_counter() - began
            process.stop(TERMINATED)
        shares.append(spent[0] / took)
        tell(f"{spent[0] / took * 100:.1f} % of a core; its image server {sum(spent[1:]) / took * 100:.1f} %")
    return {"idle_cpu": shares}


def _short_tasks(bench: Bench, runs: int, tell: Tell) -> Values:
    values: Values = {"short_tasks_lag_p99": [], "short_tasks_memory": []}
    for _ in range(runs):
        _, few_kib = _short_run(bench, FEW_TASKS)
        lag_ms, many_kib = _short_run(bench, SHORT_TASKS)
        values["short_tasks_lag_p99"].append(lag_ms)
        values["short_tasks_memory"].append((many_kib - few_kib) / (SHORT_TASKS - FEW_TASKS))
        tell(
            f"p99 {lag_ms:.1f} ms; peaks of {few_kib / 1024:.1f} MiB with {FEW_TASKS:,} tasks and "
            f"{many_kib / 1024:.1f} MiB with {SHORT_TASKS:,}"
        )
    return values


def _short_run(bench: Bench, tasks: int) -> tuple[float, float]:
    """The lag's p99 of a run of tasks that do nothing, in ms, and the process's peak of resident memory, in KiB.

    The window stays when the run has ended, for its table and its graphs belong to what a task costs.
    """
    report = bench.new_folder() / "report.json"
    with bench.process(
        *(ROOT / "main.py", "--runner", "thread_pool", "--workers", str(WORKERS), "--tasks", str(tasks)),
        *("--workload", "sleep", "--param", "seconds=0", "--start", "--report", report),
    ) as process:
        process.wait_for_file(report)
        time.sleep(TABLE_SETTLE_S)
        peak = peak_memory(process.pid)
        process.stop(TERMINATED)
    return read_report(report)["gui"]["lag_ms"]["p99"], peak / 1024


def _cancel(bench: Bench, runs: int, tell: Tell) -> Values:
    values: Values = {}
    for runner in ("thread_pool", "qthread"):
        values[f"cancel_{runner}"] = found = []
        for _ in range(runs):
            found.append(float(bench.one_line(HERE / "measures/stalled.py", "--runner", runner)["cancel_ms"]))
            tell(f"{runner}: {found[-1]:.1f} ms")
    return values


MEASURES = {
    "thread_pool": _downloads("thread_pool"),
    "qthread": _downloads("qthread"),
    "gui_thread": Measure(
        (
            Wanted(
                "gui_thread_blocked", "downloads on gui_thread: share of the time blocked", 0.95, "share", True
            ),
        ),
        _blocking,
    ),
    "first_frame": Measure(
        (Wanted("first_frame_ratio", "time to the first painted frame, to a bare window's", 1.2, "ratio"),),
        _first_frame,
    ),
    "installed": INSTALLED,
    "start_silence": Measure(
        (
            Wanted(
                "start_silence",
                f"the longest silence of the first {START_S:g} s beyond a bare window's, or {BARE_SILENCE_MS:g} ms",
                20.0,
                "ms",
            ),
        ),
        _start_silence,
    ),
    "idle": Measure(
        (Wanted("idle_cpu", "processor time of the idle window, of a core", 0.10, "share"),), _idle
    ),
    "short_tasks": Measure(
        (
            Wanted("short_tasks_lag_p99", f"{SHORT_TASKS:,} short tasks: lag p99", 33.0, "ms"),
            Wanted("short_tasks_memory", f"{SHORT_TASKS:,} short tasks: memory for each", 1.5, "KiB"),
        ),
        _short_tasks,
    ),
    "cancel": Measure(
        (
            Wanted(
                "cancel_thread_pool", f"{STALLED} stalled downloads on thread_pool: Cancel to last", 200.0, "ms"
            ),
            Wanted("cancel_qthread", f"{STALLED} stalled downloads on qthread: Cancel to last", 200.0, "ms"),
        ),
        _cancel,
    ),
}
"""All of them by the names that the command line knows."""
