"""Kills of either side at random moments: nothing that was told is lost, nobody hangs, nothing is left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.measures.watch_cost import watched_program
from tests.benchmarks.sizes import WATCH_KILLS
from tests.benchmarks.watch.watching import is_there, laid_out, left_behind, read, watching

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

FREEZES = 4
"""So often the program freezes, for about half a second each, where it is left alone."""

EARLIEST_S, LATEST_S = 0.3, 3.5
PATIENCE_S = 20.0
TOLD_S = 0.5
"""What ended so long before the program was killed, Thaw has been told of."""

KILLED = 128 + signal.SIGKILL


def wait_until(condition: Callable[[], bool]) -> bool:
    """Whether a condition held within some time."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # it has just ended by itself
        os.kill(pid, signal.SIGKILL)


def thaw_killed() -> Measure:
    """Thaw is killed; the program must go on to its own end, undisturbed."""
    wanted = Wanted(
        "thaw_killed", f"Thaw killed {WATCH_KILLS} times: programs that did not go on as before", 0, "calls"
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        chance, wrong = random.Random(1), 0
        for number in range(WATCH_KILLS):
            folder = laid_out(bench)
            truth = folder / "truth.json"
            program = (folder / "freezer.py", "PySide6", str(FREEZES), truth)
            with bench.process(*watching(folder / "report.json", *program)) as process:
                pid = watched_program(process, *program)
                time.sleep(chance.uniform(EARLIEST_S, LATEST_S))
                _kill(process.pid)
                gone = wait_until(lambda pid=pid: not is_there(pid))  # type: ignore[misc]
                if not gone:
                    _kill(pid)
                left = left_behind(process.folder)
            # Its own last line wrote this file.
            whole = truth.exists() and len(json.loads(truth.read_text())) == FREEZES
            if not gone or not whole or left:
                wrong += 1
                tell(f"kill {number}: ended {gone}, did all it had to do {whole}, left behind {left}")
        return {wanted.key: [float(wrong)]}

    return Measure((wanted,), take)


def program_killed() -> Measure:
    """The program is killed; Thaw must end by itself, with a report that has all that was told."""
    wanted = Wanted(
        "program_killed", f"the program killed {WATCH_KILLS} times: reports with something lost", 0, "calls"
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        chance, wrong = random.Random(2), 0
        for number in range(WATCH_KILLS):
            folder = laid_out(bench)
            report, log = folder / "report.json", folder / "log.json"
            program = (folder / "freezer.py", "PySide6", "1000", log)
            with bench.process(*watching(report, *program)) as process:
                pid = watched_program(process, *program)
                time.sleep(chance.uniform(EARLIEST_S, LATEST_S))
                killed = time.time()
                _kill(pid)
                ended = wait_until(lambda process=process: not process.alive())  # type: ignore[misc]
                try:
                    process.wait(KILLED, -signal.SIGKILL, timeout=1)
                    outcome = read(report, process)
                    # Without a file of them it was killed before its first freeze: then none is due.
                    done = folder / "log.json.lines"
                    lines = done.read_text().splitlines() if done.exists() else []
                    begun = [json.loads(line) for line in lines]
                except (Missing, OSError) as problem:
                    wrong += 1
                    tell(f"kill {number}: {problem}")
                    continue
                left = left_behind(process.folder)
                said = outcome.freezes if outcome.report["gui"] is not None else []
            due = [one for one in begun if one["ended"] < killed - TOLD_S]
            lost = [
                one["name"]
                for one in due
                if not any(
                    each["began"] < one["ended"] and each["began"] + each["lag_s"] > one["began"]
                    for each in said
                )
            ]
            if not ended or lost or left:
                wrong += 1
                tell(f"kill {number}: ended {ended}, lost {lost}, left behind {left}")
        return {wanted.key: [float(wrong)]}

    return Measure((wanted,), take)
