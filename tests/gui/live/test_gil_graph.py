"""The third live graph: waits for the GIL, C calls that held it, and pictures of one graph alone."""

from __future__ import annotations

import math
import time
from collections import deque
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from gui.charts.scales import SPAN_S
from gui.live.gil_graph import GilGraph
from gui.live.graphs import LiveGraphs
from gui.live.traces import WaitHistory
from tests.benchmarks.watch.count_calls import count_calls
from workers.engine.plan import Settings
from workers.engine.recorder import Recorder
from workers.monitors.lag import LagMonitor
from workers.reports.series import RAMP_OVER_MS, drawn_waits

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from gui.live.geometry import Geometry
    from gui.theme.theme import Theme
    from workers.engine.run import Run

REST_MS, BUSY_MS = 0.3, 30.0
HELD_AGO = 12.0, 10.0
MAX_CALLS = 70


class Watcher:
    """Saw one C call, and counts how often it is asked."""

    def __init__(self, *held: tuple[float, float]) -> None:
        self.held_ever, self.asked = list(held), 0

    def held(self, start: float, end: float) -> list[tuple[float, float]]:
        self.asked += 1
        return [
            (max(start, first), min(end, last))
            for first, last in self.held_ever
            if last > start and first < end
        ]


@pytest.fixture
def now() -> float:
    return time.perf_counter()


@pytest.fixture
def meter(now: float) -> SimpleNamespace:
    """Has slept 5 ms again and again: at rest, among busy threads from 25 to 20 s ago, and over one C call of 2 s."""
    trace: deque[tuple[float, float]] = deque(maxlen=20_000)
    moment = now - SPAN_S
    while moment < now:
        due = moment + 0.005
        ago = now - due
        wait = (
            BUSY_MS
            if 20 < ago < 25
            else (ago - HELD_AGO[1]) * 1e3
            if HELD_AGO[1] < ago < HELD_AGO[0]
            else REST_MS
        )
        moment = due + wait * 1e-3
        trace.append((moment, wait))
    return SimpleNamespace(trace=trace)


@pytest.fixture
def watcher(now: float) -> Watcher:
    return Watcher((now - HELD_AGO[0], now - HELD_AGO[1]))


@pytest.fixture
def graphs(qtbot: QtBot, theme: Theme, meter: SimpleNamespace, watcher: Watcher, now: float) -> LiveGraphs:
    lag = LagMonitor()
    lag.trace.extend((moment, 0.4) for moment in np.arange(now - SPAN_S, now, 0.05).tolist())
    made = LiveGraphs(theme, lag, meter, watcher)
    qtbot.addWidget(made)
    made.resize(1400, 500)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: made.frames > 0)
    return made


def run_of(runner: str, began_ago: float, ended_ago: float | None) -> Run:
    now = time.perf_counter()
    started, ended = now - began_ago, None if ended_ago is None else now - ended_ago
    recorder = Recorder(0, 1, started)
    recorder.bins.extend([1e5] * 10)
    settings = Settings.named(runner, "download", 1, 4)
    return cast("Run", SimpleNamespace(settings=settings, started=started, ended=ended, recorder=recorder))


def frame(graphs: LiveGraphs) -> None:
    graphs._update()
    QApplication.processEvents()


def line_heights(image: QImage, at: Geometry, theme: Theme, ago: float) -> list[float]:
    """Where the line's colour is in a column, in decades above the foot of the graph."""
    x, text = int(at.right - ago * at.per_s), theme.color("text")
    rows = [y for y in range(at.gil_top, at.gil_bottom + 1) if image.pixelColor(x, y) == text]
    return [(at.gil_bottom - y) / at.per_ten_wait for y in rows]


# ---------------------------------------------------------------- data


def test_of_many_waits_the_worst_of_every_50_ms_is_drawn() -> None:
    points = np.array([(100.001 + index * 0.005, 1.0 + index % 10) for index in range(200)])
    drawn = drawn_waits(points, 99.9)
    assert len(drawn) == pytest.approx(20, abs=1)
    assert drawn[1:-1, 1].tolist() == [10.0] * (len(drawn) - 2)
    assert np.all(np.diff(drawn[:, 0]) > 0)


def test_a_long_wait_is_drawn_as_it_grew() -> None:
    drawn = drawn_waits(np.array([(102.0, 2000.0)]), 99.99)
    assert drawn[0].tolist() == [100.0, 0.0]
    assert drawn[-1].tolist() == [102.0, 2000.0]
    assert (drawn[:, 0] - 100.0) * 1e3 == pytest.approx(drawn[:, 1])
    short = drawn_waits(np.array([(100.4, RAMP_OVER_MS - 10)]), 99.99)
    assert short.tolist() == [[100.4, RAMP_OVER_MS - 10]]


def test_where_the_meter_was_off_nothing_is_known() -> None:
    assert drawn_waits(np.array([(110.0, 0.3)]), 100.0)[:, 1].tolist() == [-1.0, -1.0, 0.3]
    assert drawn_waits(np.array([(110.0, 9_000.0)]), 100.9)[0].tolist() == [101.0, 0.0]  # it was on, and waited
    assert drawn_waits(np.array([(110.0, 0.3)]), -math.inf)[:, 1].tolist() == [0.3]


def test_the_history_of_waits_rises_and_reaches_back_far_enough(now: float) -> None:
    trace: deque[tuple[float, float]] = deque(maxlen=4000)
    history = WaitHistory(trace)
    moment = now
    # Five minutes and more, with a long wait now and then, taken over 30 times a second.
    for index in range(60_000):
        wait = 500.0 if index % 100 == 0 else 0.3
        moment += 0.005 + wait * 1e-3
        trace.append((moment, wait))
        if index % 6 == 0:
            history.update()
    history.update()
    assert np.all(np.diff(history.times) >= 0)
    assert history.times[-1] - history.times[0] > SPAN_S
    assert history.heights.max() == pytest.approx(np.log10(500.0 / 0.1))


# ---------------------------------------------------------------- what is seen


def test_the_third_graph_is_half_as_high_and_below(graphs: LiveGraphs) -> None:
    at = graphs.axes.geometry
    assert at.rate_bottom < at.lag_top < at.lag_bottom < at.gil_top < at.gil_bottom < graphs.height()
    assert (at.gil_bottom - at.gil_top) / (at.lag_bottom - at.lag_top) == pytest.approx(0.5, abs=0.05)
    assert graphs.axes.gil_box.viewRange()[0] == [-SPAN_S, 0.0]


def test_waits_are_painted_where_their_values_are(graphs: LiveGraphs, theme: Theme) -> None:
    frame(graphs)
    image, at = graphs.image(), graphs.axes.geometry
    pixel = 1.5 / at.per_ten_wait
    for ago, wait in ((32, REST_MS), (22, BUSY_MS), (5, REST_MS)):
        heights = line_heights(image, at, theme, ago)
        assert heights, ago
        assert all(height == pytest.approx(math.log10(wait / 0.1), abs=pixel) for height in heights)


def test_a_c_call_that_held_the_gil_is_marked(graphs: LiveGraphs, theme: Theme, watcher: Watcher) -> None:
    frame(graphs)
    image, at = graphs.image(), graphs.axes.geometry
    panel = theme.color("panel")

    def untouched(ago: float) -> float:
        x = int(at.right - ago * at.per_s)
        rows = range(at.gil_top, at.gil_bottom + 1)
        return sum(image.pixelColor(x, y) == panel for y in rows) / len(rows)

    assert untouched(14) > 0.8
    assert untouched(11.7) < 0.1
    assert untouched(10.3) < 0.1
    watcher.held_ever.clear()
    graphs.scene.gil._asked = -math.inf
    frame(graphs)
    image = graphs.image()
    assert untouched(11.7) > 0.5


def test_the_watchdog_is_asked_a_few_times_a_second_at_most(
    theme: Theme, meter: SimpleNamespace, watcher: Watcher, now: float
) -> None:
    gil = GilGraph(theme, meter, watcher)
    for index in range(300):
        gil.update(now + index / 30)
    assert watcher.asked <= 51
    assert len(gil.held) == 1


def test_what_the_mouse_is_told(theme: Theme, meter: SimpleNamespace, watcher: Watcher, now: float) -> None:
    gil = GilGraph(theme, meter, watcher)
    gil.update(now)
    assert gil.wait_at(now - 32) == "0.3 ms"
    assert gil.wait_at(now - 22) == "30 ms"
    assert gil.wait_at(now - 11) == "code in C held the GIL for 2.0 s"
    assert gil.wait_at(now + 30) == ""
    blind = GilGraph(theme, meter, Watcher())
    blind.update(now)
    assert blind.wait_at(now - 10.9) == "1.1 s"
    assert GilGraph(theme, SimpleNamespace(trace=deque()), Watcher()).wait_at(now) == ""


def test_the_mouse_is_told_nothing_where_the_meter_was_off(theme: Theme, now: float) -> None:
    trace = deque([(now - 10, 0.3), (now - 9.99, 0.3), (now - 5, 0.3)])
    gil = GilGraph(theme, SimpleNamespace(trace=trace), Watcher())
    gil._waits.update()
    trace.append((now, 0.3))
    gil.update(now)
    assert gil.wait_at(now - 7) == ""
    assert gil.wait_at(now - 2) == ""


def test_it_is_hidden_and_shown_live(graphs: LiveGraphs) -> None:
    frame(graphs)
    with_gil = graphs.axes.geometry
    assert graphs.minimumHeight() <= 260
    graphs.set_gil_visible(False)
    frame(graphs)
    without = graphs.axes.geometry
    assert without.shown == ("throughput", "lag")
    assert without.lag_bottom - without.lag_top > with_gil.lag_bottom - with_gil.lag_top
    assert without.lag_bottom > with_gil.gil_top
    graphs.set_gil_visible(True)
    frame(graphs)
    assert graphs.axes.geometry._replace(per_rate=0) == with_gil._replace(per_rate=0)


@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_marks_do_not_run_into_each_other_in_a_low_graph(
    graphs: LiveGraphs, theme: Theme, scale: float
) -> None:
    theme.set_text_scale(scale)
    graphs.add_run(run_of("qthread", 12, None), "QThread", "bytes")
    for height in range(graphs.minimumHeight(), 700, 37):
        graphs.resize(900, height)
        frame(graphs)
        at, axes = graphs.axes.geometry, graphs.axes
        for axis, per_unit in (
            (axes.rate_axis, at.per_rate),
            (axes.lag_axis, at.per_ten),
            (axes.gil_axis, at.per_ten_wait),
        ):
            marks = [value for value, _ in axis._tickLevels[0]]
            assert len(marks) >= 2
            if len(marks) > 2:
                assert np.diff(marks).min() * per_unit >= axes._metrics.height()


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("visible", [True, False])
@pytest.mark.parametrize("which", ["throughput", "lag", "gil"])
def test_a_picture_of_one_graph(graphs: LiveGraphs, theme: Theme, which: str, visible: bool) -> None:
    graphs.add_run(run_of("gui_thread", 30, 26), "The GUI thread", "bytes")
    graphs.add_run(run_of("qthread", 19, 14), "QThread", "bytes")
    graphs.set_gil_visible(visible)
    frame(graphs)
    frames, before = graphs.frames, graphs.axes.geometry
    image = graphs.image(which)
    assert graphs.frames == frames
    assert image.width() == round(1400 * graphs.devicePixelRatioF())
    colors = {image.pixelColor(x, y).name() for x in range(0, image.width(), 1) for y in range(0, 24)}
    # The legend stands in the title's line.
    assert {theme.runner_color(runner).name() for runner in ("gui_thread", "qthread")} <= colors
    frame(graphs)
    assert graphs.axes.geometry == before  # the graphs on the screen are what they were


def test_a_picture_of_waits_shows_them(graphs: LiveGraphs, theme: Theme) -> None:
    geometry = []
    lay_out = graphs.axes.picture

    def watched(*about: object) -> object:
        picture = lay_out(*about)  # type: ignore[arg-type]
        geometry.append(graphs.axes.geometry)
        return picture

    graphs.axes.picture = watched  # type: ignore[method-assign,assignment]
    image = graphs.image("gil")
    assert geometry[0].shown == ("gil",)
    heights = line_heights(image, geometry[0], theme, 22)
    assert heights[0] == pytest.approx(math.log10(BUSY_MS / 0.1), abs=1.5 / geometry[0].per_ten_wait)


def test_there_is_no_picture_of_another_graph(graphs: LiveGraphs) -> None:
    with pytest.raises(ValueError, match="cpu"):
        graphs.image("cpu")


# ---------------------------------------------------------------- how cheaply


def test_a_frame_with_three_graphs_makes_few_calls_into_qt(graphs: LiveGraphs) -> None:
    for runner, began, ended in (("gui_thread", 35, 31), ("qthread", 26, 22), ("thread_pool", 9, None)):
        graphs.add_run(run_of(runner, began, ended), runner, "bytes")
    for _ in range(3):
        frame(graphs)
    graphs.scene.gil._asked = time.perf_counter() + 60  # a frame in which it is not asked
    before = graphs.frames
    calls = count_calls(graphs.refresh, QApplication.processEvents)
    assert graphs.frames == before + 1
    assert calls["QPainter.drawPolyline"] == 4
    assert calls.total() <= MAX_CALLS, calls
    graphs.set_gil_visible(False)
    for _ in range(3):
        frame(graphs)
    without = count_calls(graphs.refresh, QApplication.processEvents)
    assert calls.total() - without.total() <= 8, (calls, without)
