"""Measures the witness: whether its frames come on time while the main window is frozen, and what it costs.

The real program runs each workload on the GUI thread, on an X server that shows nothing. A frame is on time that comes
at most LATE periods after the one before it; a gap in which others were due counts these as missed. So the share is of
all frames that should have been, not of those that were. Prints one JSON object, shares from 0 to 1:

    python -m tests.benchmarks.watch.witness_frames
    python -m tests.benchmarks.watch.witness_frames --only primes,sleep

Everything runs in the caller's thread.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

from tests.benchmarks.figures import Missing
from tests.benchmarks.program import PATIENCE_S, ROOT, TERMINATED, Bench, Process, read_report
from tests.benchmarks.sizes import MIN_FROZEN_S, WITNESS_TASKS, pause
from tests.benchmarks.watch.display import Display
from tests.support import witness_frames as frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.witness_frames import Frame

LATE = 1.5
SILENT = {"slow", "frozen"}

BUSY = ("user", "nice", "system", "irq", "softirq", "steal")
LOOK_S = 0.02
IDLE_S = pause(5.0)
SETTLE_S = pause(1.0)
"""After a run the window still has its last figures to show."""


class Found(NamedTuple):
    """What was measured with one workload; shares from 0 to 1.

    Attributes:
        on_time: frames on time, of those that were due while the witness was red.
        frames: how many there were.
        worst_gap_ms: the longest time between two of them.
        frozen_s: how long it was red.
        shown: which part of the run's longest freeze that was; the rest is its own start.
        cpu: processor time of the witness meanwhile, of one core.
        idle_cpu: the same while the main window was idle.
        cores_busy: how many of the machine's cores were busy while it was red, whoever used them. The run itself needs
            one; where all are busy, what others do on this machine is in the figures.
    """

    on_time: float
    frames: int
    worst_gap_ms: float
    frozen_s: float
    shown: float
    cpu: float
    idle_cpu: float
    cores_busy: float


class Spent:
    """The processor time of a process, and of the whole machine, looked at from time to time."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._looks: list[tuple[float, float, float]] = []

    def look(self) -> None:
        """Look now."""
        times, machine = self._process.cpu_times(), psutil.cpu_times()
        others = sum(getattr(machine, name, 0.0) for name in BUSY)
        self._looks.append((time.perf_counter(), times.user + times.system, others))

    def between(self, start: float, end: float) -> tuple[float, float]:
        """How many cores the process and the machine used from `start` to `end`, in seconds of `time.perf_counter`."""
        inside = [look for look in self._looks if start <= look[0] <= end]
        if len(inside) < 2:
            raise Missing("the witness was not looked at often enough")
        first, last = inside[0], inside[-1]
        length = last[0] - first[0]
        return (last[1] - first[1]) / length, (last[2] - first[2]) / length


def longest_in_red(shown: list[Frame]) -> list[Frame]:
    """The longest stretch of frames in which the witness counted a silence: that begins orange, and grows red."""
    best: list[Frame] = []
    for start, frame in enumerate(shown):
        if frame.state not in SILENT or (start and shown[start - 1].state in SILENT):
            continue
        stretch = list(itertools.takewhile(lambda one: one.state in SILENT, shown[start:]))
        if not best or stretch[-1].moment - stretch[0].moment > best[-1].moment - best[0].moment:
            best = stretch
    return best


def on_time(stretch: Sequence[Frame]) -> float:
    """Which part of the frames that were due came on time."""
    due = good = 0
    for before, after in itertools.pairwise(stretch):
        periods = (after.moment - before.moment) * 1e3 / before.period_ms
        due += max(1, round(periods))
        good += periods <= LATE
    return good / due if due else 0.0


def witness_of(process: Process) -> psutil.Process:
    """The witness of a program, as soon as there is one."""
    deadline = time.monotonic() + PATIENCE_S
    while process.alive() and time.monotonic() < deadline:
        for child in psutil.Process(process.pid).children():
            try:
                if "gui.witness" in child.cmdline():
                    return child
            except psutil.Error:
                continue
        time.sleep(LOOK_S)
    raise Missing(f"the program started no witness: {process.said()[-200:]}")


def watch(spent: Spent, until: float, path: Path | None = None) -> None:
    """Look at what a process uses until a moment, or until there is a file."""
    while time.perf_counter() < until and not (path is not None and path.exists()):
        spent.look()
        time.sleep(LOOK_S)


def measure(bench: Bench, workload: str, tasks: int) -> Found:
    """One blocking run.

    Raises:
        Missing: it was no freeze that could be measured.
    """
    folder = bench.new_folder()
    kept, report = folder / "frames", folder / "report.json"
    bench.variables = frames.variables(kept)
    arguments = ("--blocking", "--workload", workload, "--tasks", str(tasks), "--instruments", "all")
    with bench.process(ROOT / "main.py", *arguments, "--start", "--report", report) as process:
        spent = Spent(witness_of(process))
        watch(spent, time.perf_counter() + PATIENCE_S, report)
        process.wait_for_file(report)
        idle = time.perf_counter() + SETTLE_S
        watch(spent, idle + IDLE_S)
        shown = frames.read(kept)
        process.stop(TERMINATED)
    gui = read_report(report)["gui"]
    red = longest_in_red(shown)
    frozen_s = red[-1].moment - red[0].moment if red else 0.0
    if frozen_s < MIN_FROZEN_S:
        raise Missing(f"{workload}: the witness was red for {frozen_s:.1f} s only")
    gaps = [after.moment - before.moment for before, after in itertools.pairwise(red)]
    cpu, busy = spent.between(red[0].moment, red[-1].moment)
    return Found(
        on_time=on_time(red),
        frames=len(red),
        worst_gap_ms=max(gaps) * 1e3,
        frozen_s=frozen_s,
        shown=frozen_s / (gui["lag_ms"]["max"] / 1e3),
        cpu=cpu,
        idle_cpu=spent.between(idle, idle + IDLE_S)[0],
        cores_busy=busy,
    )


def main(arguments: Sequence[str]) -> int:
    """Measure, and print a JSON object; returns 2 when something could not be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.watch.witness_frames", description=__doc__
    )
    parser.add_argument(
        "--only", metavar="NAME,...", default=",".join(WITNESS_TASKS), help="some of the workloads"
    )
    chosen = parser.parse_args(arguments).only.split(",")
    try:
        with Display() as display, tempfile.TemporaryDirectory(prefix="thaw-bench-") as folder:
            bench = Bench(display, Path(folder))
            found = {name: measure(bench, name, WITNESS_TASKS[name]) for name in chosen}
    except Missing as problem:
        print(problem, file=sys.stderr)
        return 2
    content = {
        "worst_on_time": min(one.on_time for one in found.values()),
        "worst_cpu": max(one.cpu for one in found.values()),
        "worst_idle_cpu": max(one.idle_cpu for one in found.values()),
        "workloads": {name: one._asdict() for name, one in found.items()},
    }
    print(json.dumps(content))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
