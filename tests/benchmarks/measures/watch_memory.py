"""Memory while a program is watched for long: of the agent in it, and of Thaw."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.measures.watch_cost import wait_for_window, watched_program
from tests.benchmarks.program import PATIENCE_S
from tests.benchmarks.sizes import WATCH_MINUTE_S
from tests.benchmarks.watch.watching import laid_out, read, watching

if TYPE_CHECKING:
    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

MIB = 1 << 20
EARLY_S = 2.0
"""So long after the program's window came Thaw's own memory is looked at first."""


def resident(pid: int) -> float:
    """Resident memory of a process, in MiB."""
    try:
        return float(psutil.Process(pid).memory_info().rss) / MIB
    except psutil.Error:
        raise Missing("what is watched ended too early") from None


def memory(minutes: int) -> Measure:
    """A program that sends 1,000 signals a second and freezes now and then, watched and by itself at the same time."""
    beside = f"after {minutes} minutes of watching"
    wanted = (
        Wanted("memory_agent", f"memory of a watched program {beside}, more than by itself", 20, "MiB"),
        Wanted("memory_thaw", f"memory of Thaw {beside}, more than at its start", 100, "MiB"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        folder = laid_out(bench)
        seconds = minutes * WATCH_MINUTE_S
        program = (folder / "window.py", "mixed", str(seconds + EARLY_S + PATIENCE_S))
        report = folder / "report.json"
        with bench.process(*program) as alone, bench.process(*watching(report, *program)) as thaw:
            pid = watched_program(thaw, *program)
            wait_for_window(bench.display.connection, pid, thaw)
            time.sleep(EARLY_S)
            first = resident(thaw.pid)
            for minute in range(minutes):
                time.sleep(WATCH_MINUTE_S)
                agent, own = resident(pid) - resident(alone.pid), resident(thaw.pid) - first
                tell(f"minute {minute + 1}: {agent:.1f} MiB more in the program, {own:.1f} MiB more in Thaw")
            psutil.Process(pid).terminate()
            thaw.wait(*range(256), timeout=PATIENCE_S)
            if not read(report, thaw).report["gui"]:
                raise Missing("the program was not watched")
        return {"memory_agent": [agent], "memory_thaw": [own]}

    return Measure(wanted, take)
