"""How long a frame of the timeline takes while somebody pans and zooms through 100,000 tasks on four lanes.

`python -m tests.benchmarks.watch.timeline_frames` prints one JSON object: {"p50_ms", "p95_ms", "max_ms", "frames"}.
A frame goes from the call that moves the picture to the end of its repaint. Runs on the screen that is there, or
offscreen.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import random
import sys
import time
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gui.theme.theme import Theme
from gui.timeline.timeline import Timeline
from tests.benchmarks.sizes import TIMELINE_FRAMES, TIMELINE_TASKS
from workers.engine.plan import Settings
from workers.engine.run import Run
from workers.engine.task import Phase, TaskEvent
from workers.monitors.lag import summarize_beats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workers.engine.plan import Plan

LANES = 4
TASK_S = 0.002
SIZE = (1600, 480)
BEAT_S = 0.010
FREEZE_EVERY, FREEZE_S = 500, 0.15


class MadePlan:
    """Tasks without any work in them."""

    unit = "calls"
    notes = ()

    def __init__(self, settings: Settings) -> None:
        self.settings, self.count = settings, settings.tasks

    def title(self, index: int) -> str:
        """What people call a task."""
        return f"task {index + 1:,}"


def make_run(tasks: int = TIMELINE_TASKS, lanes: int = LANES, turns: int = 0) -> Run:
    """A run that has ended: `tasks` on `lanes`, some of which failed, each of which waited for `turns` turns."""
    run = Run(cast("Plan", MadePlan(Settings.named("thread_pool", "primes", tasks, lanes))), 0)
    chance = random.Random(1)
    free = [run.started] * lanes
    events: list[TaskEvent] = []
    for number in range(tasks):
        lane = min(range(lanes), key=free.__getitem__)
        place, at = f"pool {lane}", free[lane] + 1e-5
        length = TASK_S * chance.uniform(0.5, 1.5)
        events.append(TaskEvent(number, Phase.STARTED, at, 0.0, place))
        for turn in range(turns):
            waited = at + length * (turn + 0.4) / turns
            events.append(TaskEvent(number, Phase.WAITING, waited, 0.0, place))
            events.append(TaskEvent(number, Phase.RESUMED, waited + 0.5 * length / turns, 0.0, place))
        free[lane] = at + length
        last = Phase.FAILED if chance.random() < 0.002 else Phase.DONE
        events.append(
            TaskEvent(number, last, free[lane], 1.0, place, "it failed" if last is Phase.FAILED else None)
        )
    events.sort(key=lambda event: event.time)
    run.recorder.fold(events)
    run.ended = run.recorder.last_final
    moment = run.started
    while moment < run.ended:
        run.beats.append(moment)
        moment += FREEZE_S if len(run.beats) % FREEZE_EVERY == 0 else BEAT_S
    run.lag = summarize_beats(run.beats, run.started, run.ended)
    return run


def moves(timeline: Timeline, frames: int) -> Iterator[float]:
    """Pan and zoom; yields how long each frame took, in seconds."""
    canvas = timeline.canvas
    width = canvas.width()
    for frame in range(frames):
        began = time.perf_counter()
        if frame % 4 == 3:
            # In and out again over four orders of magnitude, back and forth.
            canvas.zoom_at(math.exp(-0.35 * math.cos(2 * math.pi * frame / frames * 2)), width * 0.6)
        else:
            canvas.pan_by(17.3 if frame // 100 % 2 == 0 else -13.7)
        canvas.repaint()
        yield time.perf_counter() - began


def settle(milliseconds: int) -> None:
    """Let the event loop do what is left to do."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the timeline's frames while it is panned and zoomed.")
    parser.add_argument("--tasks", type=int, default=TIMELINE_TASKS)
    parser.add_argument("--lanes", type=int, default=LANES)
    parser.add_argument("--turns", type=int, default=0, help="how often each task waits for its turn")
    parser.add_argument("--frames", type=int, default=TIMELINE_FRAMES)
    options = parser.parse_args()
    gc.disable()  # as in main.py
    application = QApplication(["thaw"])
    timeline = Timeline(Theme(application), None)
    timeline.resize(*SIZE)
    timeline.show()
    run = make_run(options.tasks, options.lanes, options.turns)
    timeline.show_run(run)
    settle(500)
    timeline.refresh(at_once=True)
    if timeline.is_behind:
        raise RuntimeError("not all of the run was taken up")
    times = sorted(moves(timeline, options.frames))
    timeline.close()

    def rank(share: float) -> float:
        return round(times[min(len(times) - 1, int(share * len(times)))] * 1e3, 2)

    print(json.dumps({"p50_ms": rank(0.5), "p95_ms": rank(0.95), "max_ms": rank(1.0), "frames": len(times)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
