"""Counts the crossings between Python and Qt in the GUI thread while a run goes on, for each frame of the graphs.

The real window off screen, as large and laid out as it is measured elsewhere; all that the GUI thread does counts: the
frame itself, the task table, the heartbeat, the beats of the lag monitor, the events that arrive.

    python -m tests.benchmarks.watch.frame_calls
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gui.app import App
from tests.benchmarks.sizes import pause
from tests.benchmarks.watch.count_calls import count_calls
from tests.benchmarks.watch.in_window import arrange
from workers.command_line.parser import parse

RUN = ("--runner", "thread_pool", "--workload", "primes", "--workers", "4", "--tasks", "64", "--start")
SETTLE_MS, COUNT_MS = round(1e3 * pause(2.5)), round(1e3 * pause(4.0))
MAX_NAMES = 25


def wait(milliseconds: int) -> QEventLoop:
    """An event loop that will end by itself."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    return loop


def main() -> int:
    """Count; prints {"calls_per_frame": ..., "frames": ..., "names": {...}}, the last for each frame too."""
    parser = argparse.ArgumentParser(description="Count the calls into Qt for each frame of the graphs.")
    parser.add_argument("--idle", action="store_true", help="with no run going on")
    idle = parser.parse_args().idle
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    gc.disable()  # as in main.py
    application = QApplication(["thaw"])
    app = App(application, parse(RUN[:-1] if idle else RUN))
    app.begin()
    arrange(app)
    if not idle:
        beginning = QEventLoop()
        app.core.director.begun.connect(beginning.quit)
        beginning.exec()
    wait(SETTLE_MS).exec()
    before, loop = app.window.graphs.frames, wait(COUNT_MS)
    calls = count_calls(lambda: None, loop.exec)
    frames = app.window.graphs.frames - before
    if app.core.session.is_running == idle:
        raise RuntimeError("the run ended too early to be looked at")
    names = {name: round(count / frames, 2) for name, count in calls.most_common(MAX_NAMES)}
    print(json.dumps({"calls_per_frame": calls.total() / frames, "frames": frames, "names": names}))
    app.core.session.cancel()
    app.core.session.close(5.0)
    app.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
