"""Measures what keeping a large run costs: time, size, and the lag of the window's event loop meanwhile.

A made run of 100,000 tasks, some failed, some that took turns, with a beat every 10 ms; saved, opened and exported by
the run files' thread in a real Qt event loop off screen, whose beats are the lag monitor's, while a widget paints 30
times a second as the graphs do. The gate is the window's own.

    python -m tests.benchmarks.measures.keeping
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import sys
import tempfile
import time
from array import array
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.controllers.poll_hook import PollHook
from gui.controllers.run_files import RunFileIO
from tests.benchmarks.sizes import KEPT_TASKS, pause
from workers.engine.plan import DEFAULT_SWITCH_MS, Settings
from workers.engine.run import Run
from workers.engine.task import Phase, TaskEvent
from workers.monitors.lag import PERIOD_S, LagMonitor, summarize_beats
from workers.run_files.writer import SavedPlan
from workers.utils.gil.polite import EventLoopGate

if TYPE_CHECKING:
    from collections.abc import Callable

SETTLE_MS = round(1e3 * pause(1.0))
LINES_A_FRAME = 40


class Painter(QWidget):
    """Paints lines at each frame: so many calls into Qt, each of which gives the GIL up."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame's lines."""
        painter = QPainter(self)
        for number in range(LINES_A_FRAME):
            painter.drawLine(0, number, self.width(), number)
        painter.end()


def made_run(tasks: int) -> Run:
    """A run that has ended: every 50th task failed, every 10th waited for its turn."""
    numbers = random.Random(1)
    settings = Settings.named("thread_pool", "primes", tasks, 4)
    run = Run(SavedPlan(settings, "numbers", [f"primes {index + 1:,}" for index in range(tasks)]), 0)
    events = []
    trace = "Traceback (most recent call last):\n" + '  File "work.py", line 12, in compute\n' * 12
    for index in range(tasks):
        begin = run.started + index * 1e-3 + numbers.random() * 1e-3
        end = begin + 1e-3 + numbers.random() * 3e-3
        events.append(TaskEvent(index, Phase.STARTED, begin, 0.0, f"pool {index % 4}"))
        if index % 10 == 0:
            events.append(TaskEvent(index, Phase.WAITING, begin + 2e-4, 0.0, ""))
            events.append(TaskEvent(index, Phase.RESUMED, begin + 8e-4, 0.0, ""))
        if index % 50 == 0:
            events.append(
                TaskEvent(index, Phase.FAILED, end, 0.0, "", f"{trace}ValueError: no number {index}\n")
            )
        else:
            events.append(TaskEvent(index, Phase.DONE, end, numbers.random() * 1e5, ""))
    run.recorder.fold(events)
    run.ended = run.recorder.last_final
    beats = int((run.ended - run.started) / PERIOD_S)
    run.beats = array(
        "d", [run.started + number * PERIOD_S + numbers.random() * 1e-3 for number in range(1, beats)]
    )
    run.waits = [(beat, numbers.random() * 5) for beat in run.beats]
    run.lag = summarize_beats(run.beats, run.started, run.ended)
    return run


def measure(run_files: RunFileIO, lag: LagMonitor, begin: Callable[[], None]) -> tuple[float, float]:
    """Let the thread do something; returns the seconds until it was done, and the worst lag meanwhile in ms."""
    loop = QEventLoop()
    run_files.idle.connect(loop.quit)
    started = time.perf_counter()
    begin()
    loop.exec()
    ended = time.perf_counter()
    run_files.idle.disconnect(loop.quit)
    return ended - started, lag.summary(started, ended).max


def wait(milliseconds: int) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> int:
    """Measure; prints one JSON object."""
    parser = argparse.ArgumentParser(
        description="Measure what saving, opening and exporting a large run costs."
    )
    parser.add_argument("--tasks", type=int, default=KEPT_TASKS, help=f"of the run (default {KEPT_TASKS:,})")
    tasks = parser.parse_args().tasks
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    gc.disable()  # as in main.py
    sys.setswitchinterval(DEFAULT_SWITCH_MS[True] / 1e3)
    application = QApplication(["thaw"])
    gate, lag = EventLoopGate(), LagMonitor()
    hook, run_files = PollHook(gate), RunFileIO(gate)
    run = made_run(tasks)
    painter = Painter()
    painter.resize(1280, 400)
    painter.show()
    beat = QTimer(interval=round(PERIOD_S * 1e3), timerType=Qt.TimerType.PreciseTimer)
    beat.timeout.connect(lag.beat)
    frames = QTimer(interval=33)
    frames.timeout.connect(painter.update)
    hook.install()
    lag.start()
    beat.start()
    frames.start()
    failures: list[str] = []
    opened: list[Run] = []
    run_files.failed.connect(failures.append)
    run_files.opened.connect(lambda run: opened.append(run))
    wait(SETTLE_MS)
    idle = lag.summary(time.perf_counter() - SETTLE_MS / 2e3, time.perf_counter()).max
    found: dict[str, float] = {"tasks": tasks, "lag_ms_max_idle": idle}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run.thaw")
        found["save_s"], found["lag_ms_max_save"] = measure(run_files, lag, lambda: run_files.save(run, path))
        found["size_mb"] = path.stat().st_size / 1e6
        found["open_s"], found["lag_ms_max_open"] = measure(run_files, lag, lambda: run_files.open(path))
        for suffix in (".csv", ".html", ".trace.json"):
            file = path.with_suffix(suffix)
            seconds, worst = measure(run_files, lag, lambda file=file: run_files.export(run, file))  # type: ignore[misc]
            name = suffix.rpartition(".")[2]
            found[f"export_{name}_s"], found[f"lag_ms_max_export_{name}"] = seconds, worst
            found[f"export_{name}_mb"] = file.stat().st_size / 1e6
    if failures or [one.recorder.done for one in opened] != [run.recorder.done]:
        raise RuntimeError(f"it was not kept: {failures}")
    print(json.dumps({name: round(value, 3) for name, value in found.items()}))
    frames.stop()
    beat.stop()
    run_files.close()
    hook.remove()
    painter.close()
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
