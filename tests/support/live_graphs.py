"""Stand-ins for what live graphs show: a window's beats and runs, without any of them."""

from __future__ import annotations

import time
from array import array
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from workers.engine.plan import Settings
from workers.engine.recorder import BIN_S, Recorder
from workers.monitors.lag import LagMonitor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytestqt.qtbot import QtBot

    from gui.live.graphs import LiveGraphs
    from workers.engine.run import Run

USUAL_S = 0.0104
"""Between two beats of a window that is well: 0.4 ms late."""

FREEZE_S = 4.0


def beats_of(start: float, end: float, freezes: Sequence[tuple[float, float]] = ()) -> array[float]:
    """Beats of a window that was frozen from each of these moments to the other; the last beat is at `end`."""
    beats, moment = array("d"), start
    while moment < end:
        beats.append(moment)
        moment = next((until for since, until in freezes if since <= moment < until), moment + USUAL_S)
    beats.append(end)
    return beats


def monitor_of(beats: array[float]) -> LagMonitor:
    """A monitor that nobody started, and that has had these beats."""
    monitor = LagMonitor()
    monitor._beats = beats
    return monitor


def run_of(runner: str, began_ago: float, ended_ago: float | None, per_s: float = 1e6) -> Run:
    """A run with a steady throughput; it still goes on where `ended_ago` is None."""
    now = time.perf_counter()
    started, ended = now - began_ago, None if ended_ago is None else now - ended_ago
    length = (ended or now) - started
    recorder = Recorder(0, 1, started)
    recorder.bins = array("d", [per_s * BIN_S] * int(length / BIN_S))
    recorder.bins.append(per_s * (length - len(recorder.bins) * BIN_S))
    recorder.amount = per_s * length
    settings = Settings.named(runner, "download", 1, 4)
    made = SimpleNamespace(settings=settings, started=started, ended=ended, recorder=recorder, freezes=[])
    return cast("Run", made)


def frame(graphs: LiveGraphs, qtbot: QtBot) -> None:
    """Wait for a frame."""
    before = graphs.frames
    graphs.canvas.update_inside()
    qtbot.waitUntil(lambda: graphs.frames > before)


def show(graphs: LiveGraphs, qtbot: QtBot) -> LiveGraphs:
    qtbot.addWidget(graphs)
    graphs.resize(1400, 500)
    with qtbot.waitExposed(graphs):
        graphs.show()
    qtbot.waitUntil(lambda: graphs.frames > 0)
    return graphs
