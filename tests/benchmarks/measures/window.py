"""The measurements of `scripts/bench window`: the window as a person feels it, looked at from outside."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import psutil

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.measures import main as main_measures
from tests.benchmarks.program import HERE, KILLED, ROOT, TERMINATED
from tests.benchmarks.sizes import BUSY_PROCESSES, KEYS, NUMBERS, pause
from tests.benchmarks.watch import keys
from tests.benchmarks.watch.usage import cpu_s
from tests.benchmarks.watch.watched import IN_WINDOW

if TYPE_CHECKING:
    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench, Process

START_S = pause(10.0)
MINUTE_S = pause(60.0)
SETTLE_S, ALONE_S = pause(6.0), pause(20.0)
QUIET_MS, BEYOND_MS = 50.0, 20.0
"""A silence after the start that nobody minds; and one beyond a bare window's in the same minute."""

WORK_S = pause(2.0)
"""How long the threads have run before the first key."""

ENDLESS = ("--workload", "primes", "--tasks", "100000", "--param", NUMBERS, "--runner", "thread_pool")


def _press(bench: Bench, threads: int) -> list[float]:
    """How long keys took to reach the pixels, in ms, while so many threads of pure Python run."""
    place = bench.new_folder() / "slider.json"
    work = (*ENDLESS, "--workers", str(threads), "--start") if threads else ()
    with bench.process(*IN_WINDOW, "--tell-slider", place, *work) as process:
        window, _ = process.window(bench.display.connection)
        process.wait_for_file(place)
        time.sleep(WORK_S)
        part = json.loads(place.read_text())["slider"]
        took = keys.Keys(bench.display.connection, window, part).run(process.alive, KEYS)
        process.stop(TERMINATED)
    return sorted(one * 1e3 for one in took)


def _keys(threads: int, limit: float, busy: int = 0) -> Measure:
    name = f"keys_{threads}{'_busy' if busy else ''}"
    beside = f" beside {busy} busy processes" if busy else ""
    title = f"from a key to the pixels, {f'{threads} threads of pure Python' if threads else 'idle'}{beside}"

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {f"{name}_p50": [], f"{name}_p95": []}
        for _ in range(runs):
            with bench.busy(busy):
                took = _press(bench, threads)
            values[f"{name}_p50"].append(took[len(took) // 2])
            values[f"{name}_p95"].append(took[int(len(took) * 0.95)])
            tell(
                f"p50 {took[len(took) // 2]:.1f} ms, p95 {values[f'{name}_p95'][-1]:.1f} ms, worst {took[-1]:.1f} ms"
            )
        return values

    wanted = (
        Wanted(f"{name}_p50", f"{title}: p50", None, "ms"),
        Wanted(f"{name}_p95", f"{title}: p95", limit, "ms"),
    )
    return Measure(wanted, take)


def _start(name: str, title: str, *arguments: str) -> Measure:
    """Bare, Thaw, bare, Thaw, ...: what the machine does to any window is in both."""

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {name: [], f"{name}_beyond": []}
        for _ in range(runs):
            bare = bench.silence(HERE / "plain/window.py", seconds=START_S, code=KILLED) * 1e3
            thaw = bench.silence(ROOT / "main.py", *arguments, seconds=START_S, code=TERMINATED) * 1e3
            tell(f"{thaw:.0f} ms, bare {bare:.0f} ms")
            values[name].append(thaw)
            values[f"{name}_beyond"].append(max(0.0, thaw - max(QUIET_MS, bare + BEYOND_MS)))
        return values

    about = f"worst ping in {START_S:g} s after the window is mapped{title}"
    beyond = f"beyond {QUIET_MS:g} ms, or a bare window's worst and {BEYOND_MS:g} ms"
    return Measure(
        (Wanted(name, about, None, "ms"), Wanted(f"{name}_beyond", f"{about}, {beyond}", 0.0, "ms")), take
    )


def _ping_apart(bench: Bench, process: Process) -> subprocess.Popen[str]:
    """Ping a window from a process of its own, so that two are pinged at the same time."""
    command = [sys.executable, "-m", "tests.benchmarks.watch.ping", "--pid", str(process.pid)]
    environment = {"DISPLAY": bench.display.name, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*command, "--seconds", str(MINUTE_S)], env=environment, stdout=subprocess.PIPE, text=True
    )


def _idle(bench: Bench, runs: int, tell: Tell) -> Values:
    """Both windows for the same minute."""
    values: Values = {"idle_worst": [], "idle_beyond": [], "idle_cpu": []}
    for _ in range(runs):
        with bench.process(HERE / "plain/window.py") as bare, bench.process(ROOT / "main.py") as thaw:
            for process in (bare, thaw):
                process.window(bench.display.connection)
            time.sleep(SETTLE_S)
            watched = psutil.Process(thaw.pid)
            spent, began = cpu_s(watched), time.perf_counter()
            time.sleep(ALONE_S)  # a hundred pings a second cost more than all that the window does by itself
            share = (cpu_s(watched) - spent) / (time.perf_counter() - began)
            pingers = [_ping_apart(bench, process) for process in (bare, thaw)]
            found: list[dict[str, Any]] = [json.loads(pinger.communicate()[0] or "{}") for pinger in pingers]
            thaw.stop(TERMINATED)
            bare.stop(KILLED)
        if not all("max" in one for one in found):
            raise Missing("a window did not answer at all")
        worst_bare, worst = (float(one["max"]) for one in found)
        values["idle_worst"].append(worst)
        values["idle_beyond"].append(worst - worst_bare)
        values["idle_cpu"].append(share)
        tell(f"worst {worst:.1f} ms, bare {worst_bare:.1f} ms; {share * 100:.1f} % of a core")
    return values


def measures() -> dict[str, Measure]:
    """All that are this benchmark's own."""
    first = main_measures.MEASURES["first_frame"]
    return {
        "keys_0": _keys(0, 4.0),
        "keys_4": _keys(4, 8.0),
        "keys_16": _keys(16, 8.0),
        "keys_16_busy": _keys(16, 16.7, BUSY_PROCESSES),
        "start": _start("start", ""),
        "start_run": _start("start_run", ", with a run on a pool", "--start", "--runner", "thread_pool"),
        "idle": Measure(
            (
                Wanted("idle_worst", f"idle for {MINUTE_S:g} s: worst ping", None, "ms"),
                Wanted(
                    "idle_beyond",
                    f"idle for {MINUTE_S:g} s: beyond a bare window's at the same time",
                    5.0,
                    "ms",
                ),
                Wanted(
                    "idle_cpu",
                    f"idle for {ALONE_S:g} s, and not pinged: processor time, of a core",
                    0.02,
                    "share",
                ),
            ),
            _idle,
        ),
        "first_frame": first,
    }
