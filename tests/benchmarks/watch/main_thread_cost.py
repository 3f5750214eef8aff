"""What the main thread's track costs: it is turned off and on, many times in one run, and neighbours are compared.

    python -m tests.benchmarks.watch.main_thread_cost [--all] [--seconds 1.5] [--pairs 20] [THE PROGRAM'S ARGUMENTS]

Prints one JSON object. Without arguments the window is idle. A machine that others use as well gives a pair of
neighbours the same share of it, more or less; so there are many, and what counts is the work for each second of
processor time. With --all every instrument but the witness is turned off and on.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from statistics import mean, median, stdev
from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui.app import App
from workers.command_line.parser import parse
from workers.monitors.track.marks import KINDS, QT
from workers.reports.main_lane import MainLane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workers.monitors.main_thread import MainThread

SETTLED_MS = 2_500


class Slice(NamedTuple):
    """What happened between two switches.

    Attributes:
        seconds: how long it was.
        cpu: the processor time that the program used.
        amount: the work that was done.
        p99: the lag's, in ms.
    """

    seconds: float
    cpu: float
    amount: float
    p99: float


class Alternation:
    """Turns instruments off and on by a timer, and ends the program."""

    def __init__(self, app: App, names: Sequence[str], seconds: float, pairs: int) -> None:
        self._app, self._names, self._left = app, names, 2 * pairs + 1
        self._slices: dict[bool, list[Slice]] = {False: [], True: []}
        self._named = [0.0] * len(KINDS)
        self._on = False
        self._before = (0.0, 0.0, 0.0)
        self._timer = QTimer(interval=round(seconds * 1e3))
        self._timer.timeout.connect(self._next)
        QTimer.singleShot(SETTLED_MS, self._begin)

    def _begin(self) -> None:
        self._switch(False)
        self._timer.start()

    def _switch(self, on: bool) -> None:
        self._on = on
        for name in self._names:
            self._app.core.instruments.set_on(name, on)
        gc.collect(0)
        self._before = self._look()

    def _look(self) -> tuple[float, float, float]:
        run = self._app.core.session.run
        return time.perf_counter(), time.process_time(), 0.0 if run is None else run.recorder.amount

    def _next(self) -> None:
        now, before = self._look(), self._before
        if self._on:
            track = cast("MainThread", self._app.core.probes["main"])
            spans = MainLane(track.marks, before[0], self._app.core.lag.beats)
            spans.update()
            found = spans.seconds(0.0, now[0] - before[0]).tolist()
            self._named = [old + new for old, new in zip(self._named, found, strict=True)]
        seconds, cpu, amount = (after - old for after, old in zip(now, before, strict=True))
        self._slices[self._on].append(
            Slice(seconds, cpu, amount, self._app.core.lag.summary(before[0], now[0]).p99)
        )
        self._left -= 1
        if self._left:
            self._switch(not self._on)
        else:
            self._timer.stop()
            print(json.dumps(self.found()), flush=True)
            self._app.core.leaving.leave(0)

    def found(self) -> dict[str, object]:
        """Ratios of on to the offs around it, each the median with its standard error, and what the track saw."""
        off, on = self._slices[False], self._slices[True]
        awake, seconds = sum(self._named), sum(one.seconds for one in on)

        def ratio(values: list[float]) -> list[float]:
            return [round(median(values), 4), round(1.25 * stdev(values) / len(values) ** 0.5, 4)]

        def compare(value: Callable[[Slice], float]) -> list[tuple[float, float]]:
            return [(mean((value(off[at]), value(off[at + 1]))), value(one)) for at, one in enumerate(on)]

        busy = all(one.amount > 0 for one in (*off, *on))
        return {
            "pairs": len(on),
            "cpu_percent_off": round(100 * sum(one.cpu for one in off) / sum(one.seconds for one in off), 2),
            "cpu_percent_on": round(100 * sum(one.cpu for one in on) / seconds, 2),
            "cpu_percent_more": ratio([100 * (b - a) for a, b in compare(lambda one: one.cpu / one.seconds)]),
            "per_second": ratio([b / a for a, b in compare(lambda one: one.amount / one.seconds)])
            if busy
            else None,
            "per_cpu_second": ratio([b / a for a, b in compare(lambda one: one.amount / one.cpu)])
            if busy
            else None,
            "p99_ms_off": round(median(one.p99 for one in off), 2),
            "p99_ms_on": round(median(one.p99 for one in on), 2),
            "awake": round(awake / seconds, 4),
            "named": round(1 - self._named[QT] / awake if awake else 0.0, 4),
            "kinds": {
                KINDS[kind]: round(value / awake if awake else 0.0, 4) for kind, value in enumerate(self._named)
            },
        }


def main(arguments: Sequence[str]) -> int:
    """Run the program, and print what was found."""
    own = argparse.ArgumentParser(allow_abbrev=False)
    own.add_argument("--all", action="store_true")
    own.add_argument("--seconds", type=float, default=1.5)
    own.add_argument("--pairs", type=int, default=20)
    options, rest = own.parse_known_args(arguments)
    gc.disable()
    names = ("timeline", "watchdog", "gil", "main") if options.all else ("main",)
    application = QApplication(["thaw"])
    app = App(application, parse(["--instruments", "none", *rest]))
    app.begin()
    alternation = Alternation(app, names, options.seconds, options.pairs)
    code = application.exec()
    app.close()
    del alternation
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
