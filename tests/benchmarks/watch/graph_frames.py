"""How long a frame of the live graphs takes with an hour behind them, at the least span, the usual one and the most.

`python -m tests.benchmarks.watch.graph_frames` prints one JSON object: {"ms_5", "ms_40", "ms_1800", "ratio"}, medians
in ms of frames that are painted in turns, and how much longer the slowest takes than one of 40 s. Nobody is there to be
waited for: beats, waits and a run are made up. Runs on the screen that is there, or offscreen.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from array import array
from collections import deque
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from gui.charts.scales import HISTORY_S, MAX_SPAN_S, MIN_SPAN_S, SPAN_S
from gui.live.graphs import LiveGraphs
from gui.theme.theme import Theme
from tests.support.live_graphs import beats_of, monitor_of, run_of
from workers.engine.recorder import BIN_S

if TYPE_CHECKING:
    from workers.engine.run import Run

SIZE = (1200, 500)
SPANS = (MIN_SPAN_S, SPAN_S, MAX_SPAN_S)
FRAMES = 60
WAIT_S = 0.1
MINUTE_S, FREEZE_S = 60.0, 0.5


def hour_of_beats(now: float) -> array[float]:
    """With a freeze of half a second every minute."""
    beats = array("d")
    for minute in range(round(HISTORY_S / MINUTE_S)):
        start = now - HISTORY_S + minute * MINUTE_S
        beats += beats_of(start, start + MINUTE_S - FREEZE_S)
    return beats


def endless_run() -> Run:
    """One that has gone on for the hour, as fast as it began."""
    run = run_of("thread_pool", HISTORY_S, None)
    run.recorder.bins = array("d", [1e5 + 1e3 * (number % 17) for number in range(round(HISTORY_S / BIN_S))])
    return run


def paint_in_turns(graphs: LiveGraphs, frames: int) -> dict[float, list[float]]:
    """Paint each span in turn, so that what else the machine does meets all of them; returns seconds by span."""
    times: dict[float, list[float]] = {span: [] for span in SPANS}
    for _ in range(frames):
        for span in SPANS:
            graphs.scene.sight.span = span
            graphs.scene.forget_pictures()
            graphs.canvas.repaint()  # lays out; what is measured are the frames after that
            began = time.thread_time()
            graphs.canvas.repaint(graphs.scene.area)
            times[span].append(time.thread_time() - began)
    return times


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure frames of the live graphs at several spans.")
    parser.add_argument("--frames", type=int, default=FRAMES)
    options = parser.parse_args()
    gc.disable()  # as in main.py
    application = QApplication(["thaw"])
    now = time.perf_counter()
    waits = [
        (now - HISTORY_S + WAIT_S * number, 0.3 + number % 7) for number in range(round(HISTORY_S / WAIT_S))
    ]
    meter: Any = SimpleNamespace(trace=deque(waits), waits=lambda start, end: [])
    lag, watcher = monitor_of(hour_of_beats(now)), SimpleNamespace(held=lambda start, end: [])
    graphs = LiveGraphs(Theme(application), lag, meter, watcher)
    graphs.add_run(endless_run(), "pool", "bytes", 1)
    graphs.resize(*SIZE)
    graphs.show()
    application.processEvents()
    times = paint_in_turns(graphs, options.frames)
    middles = {span: statistics.median(times[span]) * 1e3 for span in SPANS}
    found = {f"ms_{span:.0f}": round(middle, 3) for span, middle in middles.items()}
    print(json.dumps({**found, "ratio": round(max(middles.values()) / middles[SPAN_S], 2)}))
    graphs.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
