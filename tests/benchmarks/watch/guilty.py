"""Freezes a window's event loop in every way there is, and checks whom the watchdog blames.

    python -m tests.benchmarks.watch.guilty --count 200

It prints a JSON object. With `--busy N` that many processes compute meanwhile, each on the processors of this machine.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from tests.benchmarks.sizes import FREEZES
from tests.benchmarks.watch import frozen_ways
from tests.benchmarks.watch.frozen_ways import AFTER_S
from workers.monitors.freeze import GUI
from workers.monitors.gil_meter import GilMeter
from workers.monitors.lag import PERIOD_S, LagMonitor
from workers.monitors.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.watch.frozen_ways import Way
    from workers.monitors.freeze import Freeze

SHORTEST_S, MAX_S = 0.3, 0.6
REST_MS = 60
"""Between two freezes the loop is well."""


class Freezer(QObject):
    """Freezes the loop again and again, in the GUI thread, and keeps what the watchdog said.

    Attributes:
        right: how many it blamed rightly.
        kinds: how many there were of each kind.
        wrong: the others, as plain data.
    """

    def __init__(self, ways: Sequence[Way], lag: LagMonitor, watchdog: Watchdog) -> None:
        super().__init__()
        self._left, self._lag, self._watchdog = list(ways), lag, watchdog
        self._total = len(ways)
        self.right = 0
        self.kinds: Counter[str] = Counter()
        self.wrong: list[dict[str, Any]] = []
        self._random = random.Random(1)
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.freeze)
        self._timer.start(200)

    @Slot()
    def freeze(self) -> None:
        way = self._left.pop()
        began = time.perf_counter()
        thread = way.freeze(self._random.uniform(SHORTEST_S, MAX_S))
        self._way, self._began = way, began
        if thread is None:
            self.check()  # as at the end of a run: no beat has ended the freeze yet
        else:
            assert isinstance(thread, threading.Thread)
            self._thread = thread
            QTimer.singleShot(round(1.5 * AFTER_S * 1e3), self, self.check)

    @Slot()
    def check(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        way = self._way
        ended = time.perf_counter()
        # The machine was quicker than when its work was measured out.
        if ended - self._began < SHORTEST_S + (way.holder != GUI) * 2 * AFTER_S:
            self._left.append(way)
            self._timer.start(REST_MS)
            return
        # The longest is the one that is meant: on a busy machine there may be others.
        found = max(self._watchdog.freezes(self._began, ended), key=lambda freeze: freeze.lag_s, default=None)
        self.kinds[way.kind] += 1
        if found is not None and is_right(found, way):
            self.right += 1
        else:
            self.wrong.append(told(found, way, ended - self._began))
        done = sum(self.kinds.values())
        print(f"{done} of {self._total}, {self.right} right; {way.name}", file=sys.stderr)
        if self._left:
            self._timer.start(REST_MS)
        else:
            QApplication.exit(0)


def is_right(freeze: Freeze, way: Way) -> bool:
    """Whether file, line, kind and holder are what they must be."""
    line = freeze.line
    return (
        line is not None
        and (line.file, line.number) == (frozen_ways.__file__, way.line)
        and (freeze.kind, freeze.holder) == (way.kind, way.holder)
    )


def told(freeze: Freeze | None, way: Way, took: float) -> dict[str, Any]:
    """What was said in place of what is right."""
    return {
        "name": way.name,
        "line": way.line,
        "took_s": round(took, 3),
        "said": None
        if freeze is None
        else {
            "kind": freeze.kind,
            "holder": freeze.holder,
            "line": None if freeze.line is None else list(freeze.line),
            "lag_s": round(freeze.lag_s, 3),
            "samples": freeze.samples,
            "share": round(freeze.share, 2),
        },
    }


def main() -> int:
    """Freeze, and print what was blamed; returns 0 when all were blamed rightly."""
    parser = argparse.ArgumentParser(description="Check whom the watchdog blames for freezes.")
    parser.add_argument("--count", type=int, default=FREEZES, help="how many freezes")
    parser.add_argument("--busy", type=int, default=0, help="how many processes compute meanwhile")
    parser.add_argument("--only", default="", help="only ways whose names begin like this")
    parser.add_argument("--switch-interval", type=float, default=0.5, help="in ms; the window's own is 0.5")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.setswitchinterval(options.switch_interval / 1e3)
    gc.disable()  # as in main.py
    frozen_ways.calibrate()
    ways = [way for way in frozen_ways.ways() if way.name.startswith(options.only)]
    application = QApplication([])
    lag = LagMonitor()
    watchdog, meter = Watchdog(lag), GilMeter()
    beat = QTimer(interval=round(PERIOD_S * 1e3), timerType=Qt.TimerType.PreciseTimer)
    beat.timeout.connect(lag.beat)
    beat.start()
    lag.start()
    watchdog.start()
    meter.start()
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(options.busy)]
    freezer = Freezer([ways[index % len(ways)] for index in range(options.count)][::-1], lag, watchdog)
    try:
        application.exec()
    finally:
        for process in busy:
            process.kill()
            process.wait()
        meter.close()
        watchdog.close()
    print(
        json.dumps(
            {
                "freezes": options.count,
                "right": freezer.right,
                "kinds": dict(sorted(freezer.kinds.items())),
                "wrong": freezer.wrong,
            }
        )
    )
    return 0 if freezer.right == options.count else 1


if __name__ == "__main__":
    sys.exit(main())
