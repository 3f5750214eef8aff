"""What it costs a program to be watched: its own work, its start, and the lag of an idle window."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure, turns
from tests.benchmarks.sizes import WATCHED_S
from tests.benchmarks.watch import ping
from tests.benchmarks.watch.display import window_of
from tests.benchmarks.watch.watching import children, laid_out, watching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench, Process

EVERY_S = 0.002
"""How often the idle window is pinged from outside."""

TITLES = {"plot": "a plot that scrolls", "signals": "1,000 signals a second", "primes": "primes in a thread"}


def command(bench: Bench, program: Sequence[str | Path], watched: bool) -> list[str | Path]:
    """The words after `python` that start a program, or Thaw that watches it."""
    return watching(bench.new_folder() / "report.json", *program) if watched else [*program]


def window(bench: Bench, task: str) -> tuple[str | Path, ...]:
    """The words after `python` that start the window of a task."""
    return laid_out(bench) / "window.py", task, str(WATCHED_S)


def figures(process: Process) -> dict[str, float]:
    """What the window says at its end."""
    for line in process.said().splitlines():
        if line.startswith('{"began"'):
            found: dict[str, float] = json.loads(line)
            return found
    raise Missing(f"the window said nothing of its work: {process.said()[-200:]}")


def own_work(task: str) -> Measure:
    """A program's own work watched, to unwatched, in pairs: without, with, without, ..., without."""
    wanted = (
        Wanted(f"work_{task}", f"watched to unwatched, work of {TITLES[task]}", 0.98, "ratio", True),
        Wanted(f"cpu_{task}", "  processor time that it takes more, of a core", None, "share"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        program = window(bench, task)

        def run(watched: bool) -> dict[str, float]:
            with bench.process(*command(bench, program, watched)) as process:
                process.wait()
                return figures(process)

        values: Values = {one.key: [] for one in wanted}
        for before, seen, after in turns(runs, lambda: run(False), lambda: run(True)):
            values[wanted[0].key].append(seen["per_s"] / mean((before["per_s"], after["per_s"])))
            values[wanted[1].key].append(seen["cpu_s"] - mean((before["cpu_s"], after["cpu_s"])))
            tell(
                f"{seen['per_s']:,.0f} a second watched, {before['per_s']:,.0f} and {after['per_s']:,.0f} without"
            )
        return values

    return Measure(wanted, take)


def start() -> Measure:
    """How much later a program's event loop runs that Thaw has started, than one that was started by itself.

    Thaw's own start is no part of it: it counts from the moment when the program's process begins.
    """
    wanted = Wanted("start", "start of a watched program: more than by itself", 150, "ms")

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        program = window(bench, "idle")

        def run(watched: bool) -> float:
            with bench.process(*command(bench, program, watched)) as process:
                began = started_at(watched_program(process, *program) if watched else process.pid)
                process.wait()
                return figures(process)["began"] - began

        later = []
        for before, seen, after in turns(runs, lambda: run(False), lambda: run(True)):
            later.append((seen - mean((before, after))) * 1e3)
            tell(f"{seen:.3f} s watched, {before:.3f} and {after:.3f} without")
        return {wanted.key: later}

    return Measure((wanted,), take)


def idle_lag() -> Measure:
    """The lag that watching adds to a window that has nothing to do, seen from outside."""
    wanted = Wanted("idle_lag", "lag that watching adds to an idle window, p99 of pings", 1.0, "ms")

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        program = window(bench, "idle")

        def run(watched: bool) -> float:
            with bench.process(*command(bench, program, watched)) as process:
                pid = watched_program(process, *program) if watched else process.pid
                shown = wait_for_window(bench.display.connection, pid, process)
                began = time.perf_counter()
                pings = ping.Pinger(bench.display.connection, shown).run(
                    lambda: time.perf_counter() - began < WATCHED_S * 0.8, EVERY_S
                )
                process.wait()
            # The window is still painting itself at first.
            return ping.percentile_ms(pings[len(pings) // 4 :], 0.99)

        added = []
        for before, seen, after in turns(runs, lambda: run(False), lambda: run(True)):
            added.append(seen - mean((before, after)))
            tell(f"p99 {seen:.2f} ms watched, {before:.2f} and {after:.2f} without")
        return {wanted.key: added}

    return Measure((wanted,), take)


def watched_program(process: Process, *command: str | Path) -> int:
    """The program that Thaw started, as soon as it is there: the child with these words. It has other children, too."""
    words = [str(word).encode() for word in command]
    deadline = time.monotonic() + 30
    while process.alive() and time.monotonic() < deadline:
        for pid in children(process.pid):
            with suppress(OSError):
                if Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[1:-1] == words:
                    return pid
        time.sleep(0.002)
    raise Missing(f"Thaw did not start the program: {process.said()[-200:]}")


def started_at(pid: int) -> float:
    """When a process began, by `time.time`; to 10 ms."""
    ticks = float(_stat(pid)[19]) / 100
    with open("/proc/uptime") as file:
        up = float(file.read().split()[0])
    return time.time() - up + ticks


def _stat(pid: int) -> list[str]:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        raise Missing("the program has ended already") from None


def wait_for_window(connection: Any, pid: int, process: Process) -> Any:
    """The window of the program that is watched, as soon as it can be seen."""
    deadline = time.monotonic() + 30
    while process.alive() and time.monotonic() < deadline:
        window = window_of(connection, pid)
        if window is not None:
            return window
        time.sleep(0.01)
    raise Missing(f"the program has no window: {process.said()[-200:]}")


def measures() -> dict[str, Measure]:
    """All of them."""
    return {**{f"work_{task}": own_work(task) for task in TITLES}, "start": start(), "idle_lag": idle_lag()}
