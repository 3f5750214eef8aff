"""Runs in a window of 1920x1080 with the task table to be seen, watched from inside and from outside.

Everything runs in the caller's thread.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.benchmarks.figures import Missing
from tests.benchmarks.program import HERE, PATIENCE_S, ROOT, SETTINGS, TERMINATED, read_report
from tests.benchmarks.sizes import pause
from tests.benchmarks.watch import ping
from tests.benchmarks.watch.display import window_of
from tests.benchmarks.watch.usage import Usage, Used

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.program import Bench, Process

AFTER_S = pause(0.3)
"""After a run, for the last pings to be answered."""

TRIES = 3
"""On a busy machine the window may be seen only when the run has begun: then another run is made."""

PROGRAM = (ROOT / "main.py",)
IN_WINDOW = (HERE / "watch/in_window.py",)
MIN_GRAPHS = 0.37
"""How much of the window the graphs must take at the least; 0.40 is meant, but splitters move by whole pixels."""


class Watched(NamedTuple):
    """A run that was watched.

    Attributes:
        report: the program's own.
        pings: those of the run's time.
        used: what it used of the processors and the memory meanwhile.
    """

    report: dict[str, Any]
    pings: list[ping.Ping]
    used: Used

    @property
    def inside(self) -> dict[str, float]:
        """The lag as the program says it, in ms: "p99", "max" and others."""
        found: dict[str, float] = self.report["gui"]["lag_ms"]
        return found

    @property
    def outside(self) -> tuple[float, float]:
        """The pings' p99 and the worst of them, in ms."""
        return ping.percentile_ms(self.pings, 0.99), max(one.took_s for one in self.pings) * 1e3

    @property
    def workers(self) -> float:
        """How many processors the run's own threads had."""
        return self.used.workers_s / float(self.report["wall_s"])


def remember_layout(bench: Bench) -> None:
    """From now on each window opens as it is to be measured.

    Raises:
        Missing: it does not.
    """

    def keep(folder: Path) -> None:
        bench.settings = (folder / SETTINGS).read_bytes()

    share = bench.one_line(*IN_WINDOW, "--save-layout", keep=keep)["graphs"]
    if share < MIN_GRAPHS:
        raise Missing(f"the graphs take only {share * 100:.0f} % of the window")


def watch_run(bench: Bench, *command: str | Path, settle_s: float = AFTER_S) -> Watched:
    """One run in the window, which is ended some time after it.

    Args:
        bench: with the layout.
        command: PROGRAM or IN_WINDOW, and the command line less what starts and reports the run.
        settle_s: how long to wait after the run.
    """
    for _ in range(TRIES):
        report = bench.new_folder() / "report.json"
        with bench.process(*command, "--start", "--report", report) as process:
            process.window(bench.display.connection)
            usage = Usage(process.pid)
            pings = ping_until(bench, process, report, usage, settle_s)
            process.wait_for_file(report)  # it is there, or it never will be and this says why
            process.stop(TERMINATED)
        content = read_report(report)
        began = content["began"]
        ended = began + content["wall_s"]
        if usage.began_before(began):
            return Watched(content, ping.between(pings, began, ended), usage.between(began, ended))
    raise Missing(f"{TRIES} times the run had begun before its window was seen")


def ping_until(bench: Bench, process: Process, path: Path, usage: Usage, settle_s: float) -> list[ping.Ping]:
    """Ping a window, and look at what its process uses, until it has written a file and a while longer."""
    window = window_of(bench.display.connection, process.pid)
    if window is None:
        raise Missing("the window was closed before the run had ended")
    end = time.monotonic() + PATIENCE_S
    written = False

    def go_on() -> bool:
        nonlocal end, written
        usage.look()
        if not written and path.exists():
            written, end = True, time.monotonic() + settle_s
        return time.monotonic() < end

    return ping.Pinger(bench.display.connection, window).run(go_on)
