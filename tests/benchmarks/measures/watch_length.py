"""The length of a watched program's freezes, as Thaw tells it, beside the silence that an outside ping finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.measures.watch_cost import EVERY_S, wait_for_window, watched_program
from tests.benchmarks.program import LONG_S
from tests.benchmarks.sizes import LONG_FREEZES, LONGEST_FREEZE_S
from tests.benchmarks.watch import ping
from tests.benchmarks.watch.freeze_length import MIN_S, SHARE, silence_s
from tests.benchmarks.watch.watching import laid_out, read, watching

if TYPE_CHECKING:
    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

BEFORE_S = 0.03
"""Pings that were sent before a freeze are answered after it, too."""


def length() -> Measure:
    """How many of the freezes are off by more than 5 % and 20 ms."""
    wanted = (
        Wanted("length_off", "length of a watched freeze, inside to outside: the worst difference", None, "ms"),
        Wanted("length_wrong", f"watched freezes off by over 5 % and 20 ms, of {LONG_FREEZES}", 0, "calls"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        folder = laid_out(bench)
        truth, report = folder / "truth.json", folder / "report.json"
        program = (folder / "freezer.py", "PySide6", str(LONG_FREEZES), truth, str(LONGEST_FREEZE_S))
        with bench.process(*watching(report, *program)) as process:
            window = wait_for_window(bench.display.connection, watched_program(process, *program), process)
            pings = ping.Pinger(bench.display.connection, window).run(process.alive, EVERY_S)
            process.wait(timeout=LONG_S)
            seen = read(report, process).freezes
        off, wrong = [], 0
        for one in json.loads(truth.read_text()):
            outside = silence_s(ping.between(pings, one["began"] - BEFORE_S, one["ended"]))
            inside = max(
                (
                    each["lag_s"]
                    for each in seen
                    if each["began"] < one["ended"] and each["began"] + each["lag_s"] > one["began"]
                ),
                default=0.0,
            )
            off.append(abs(inside - outside) * 1e3)
            if abs(inside - outside) > max(MIN_S, SHARE * outside):
                wrong += 1
                tell(f"{one['name']}: {inside:.3f} s said, {outside:.3f} s by the ping")
        if not off:
            raise Missing("the program froze not once")
        return {"length_off": [max(off)], "length_wrong": [float(wrong)]}

    return Measure(wanted, take)
