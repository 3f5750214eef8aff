"""The third live graph: waits for the GIL, C calls that held it, and pictures of one graph alone."""

from __future__ import annotations

import itertools
import math
import time
from collections import deque
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from gui.charts.scales import LAG_TICKS, SPAN_S
from gui.live.axes import LINES
from gui.live.gil_graph import GilGraph
from gui.live.graphs import LiveGraphs
from gui.live.still import fitting, spread, with_limits
from tests.benchmarks.watch.count_calls import count_calls
from tests.support.live_graphs import frame, run_of, show
from workers.reports.series import RAMP_OVER_MS, drawn_waits

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from gui.live.geometry import Geometry
    from gui.theme.theme import Theme
    from workers.monitors.lag import LagMonitor

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
    return SimpleNamespace(
        trace=trace, waits=lambda start, end: [each for each in trace if start < each[0] < end]
    )


@pytest.fixture
def watcher(now: float) -> Watcher:
    return Watcher((now - HELD_AGO[0], now - HELD_AGO[1]))


@pytest.fixture
def graphs(qtbot: QtBot, theme: Theme, lag: LagMonitor, meter: SimpleNamespace, watcher: Watcher) -> LiveGraphs:
    return show(LiveGraphs(theme, lag, meter, watcher), qtbot)


def update(gil: GilGraph, now: float) -> None:
    """As a frame does that shows the present."""
    gil.update(now, now - 600, now - SPAN_S, now)


def line_heights(image: QImage, at: Geometry, theme: Theme, ago: float) -> list[float]:
    """Where the line's colour is in a column, in decades above the foot of the graph."""
    x, text = int(at.right - ago * at.per_s), theme.color("text")
    rows = [y for y in range(at.spots["gil"][0], at.spots["gil"][1] + 1) if image.pixelColor(x, y) == text]
    return [(at.spots["gil"][1] - y) / at.per_ten_wait for y in rows]


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
    assert drawn[-2:].tolist() == [[102.0, 2000.0], [102.0, 0.0]]
    assert (drawn[:-1, 0] - 100.0) * 1e3 == pytest.approx(drawn[:-1, 1])
    short = drawn_waits(np.array([(100.4, RAMP_OVER_MS - 10)]), 99.99)
    assert short.tolist() == [[100.4, RAMP_OVER_MS - 10]]


def test_where_the_meter_was_off_nothing_is_known() -> None:
    assert drawn_waits(np.array([(110.0, 0.3)]), 100.0)[:, 1].tolist() == [-1.0, -1.0, 0.3]
    assert drawn_waits(np.array([(110.0, 9_000.0)]), 100.9)[0].tolist() == [101.0, 0.0]  # it was on, and waited
    assert drawn_waits(np.array([(110.0, 0.3)]), -math.inf)[:, 1].tolist() == [0.3]


# ---------------------------------------------------------------- what is seen


def test_the_third_graph_is_half_as_high_and_below(graphs: LiveGraphs) -> None:
    at = graphs.axes.geometry
    (_, rate_low), (lag_top, lag_low), (gil_top, gil_low) = at.areas
    assert rate_low < lag_top < lag_low < gil_top < gil_low < graphs.height()
    assert (gil_low - gil_top) / (lag_low - lag_top) == pytest.approx(0.5, abs=0.05)


def test_waits_are_painted_where_their_values_are(graphs: LiveGraphs, theme: Theme, qtbot: QtBot) -> None:
    frame(graphs, qtbot)
    image, at = graphs.image(), graphs.axes.geometry
    pixel = 1.5 / at.per_ten_wait
    for ago, wait in ((32, REST_MS), (22, BUSY_MS), (5, REST_MS)):
        heights = line_heights(image, at, theme, ago)
        assert heights, ago
        assert all(height == pytest.approx(math.log10(wait / 0.1), abs=pixel) for height in heights)


def test_a_c_call_that_held_the_gil_is_marked(
    graphs: LiveGraphs, theme: Theme, watcher: Watcher, qtbot: QtBot
) -> None:
    frame(graphs, qtbot)
    image, at = graphs.image(), graphs.axes.geometry
    grounds = [ground.name() for _, ground in theme.bands()]

    def untouched(ago: float) -> float:
        x = int(at.right - ago * at.per_s)
        rows = range(at.spots["gil"][0], at.spots["gil"][1] + 1)
        return sum(image.pixelColor(x, y).name() in grounds for y in rows) / len(rows)

    assert untouched(14) > 0.8
    assert untouched(11.7) < 0.1
    assert untouched(11.0) < 0.1
    watcher.held_ever.clear()
    graphs.scene.gil._asked = (-math.inf, 0.0, 0.0)
    frame(graphs, qtbot)
    image = graphs.image()
    assert untouched(11.7) > 0.5


def test_the_watchdog_is_asked_a_few_times_a_second_at_most(
    theme: Theme, meter: SimpleNamespace, watcher: Watcher, now: float
) -> None:
    gil = GilGraph(theme, meter, watcher)
    for index in range(300):
        update(gil, now + index / 30)
    assert watcher.asked <= 51
    assert len(gil.held) == 1


def test_what_the_mouse_is_told(theme: Theme, meter: SimpleNamespace, watcher: Watcher, now: float) -> None:
    gil = GilGraph(theme, meter, watcher)
    update(gil, now)
    assert gil.wait_at(now - 32, now - SPAN_S, now) == "0.3 ms"
    assert gil.wait_at(now - 22, now - SPAN_S, now) == "30 ms"
    assert gil.wait_at(now - 11, now - SPAN_S, now) == "code in C held the GIL for 2.0 s"
    assert gil.wait_at(now + 30, now - SPAN_S, now) == ""
    blind = GilGraph(theme, meter, Watcher())
    update(blind, now)
    assert blind.wait_at(now - 10.9, now - SPAN_S, now) == "1.1 s"
    assert GilGraph(theme, SimpleNamespace(trace=deque()), Watcher()).wait_at(now, now - SPAN_S, now) == ""


def test_the_mouse_is_told_nothing_where_the_meter_was_off(theme: Theme, now: float) -> None:
    trace = deque([(now - 10, 0.3), (now - 9.99, 0.3), (now - 5, 0.3)])
    meter = SimpleNamespace(trace=trace, waits=lambda start, end: list(trace))
    gil = GilGraph(theme, meter, Watcher())
    update(gil, now - 4)
    trace.append((now, 0.3))
    update(gil, now)
    assert gil.wait_at(now - 7, now - SPAN_S, now) == ""
    assert gil.wait_at(now - 2, now - SPAN_S, now) == ""


def test_it_is_hidden_and_shown_live(graphs: LiveGraphs, qtbot: QtBot) -> None:
    frame(graphs, qtbot)
    with_gil = graphs.axes.geometry
    graphs.set_gil_visible(False)
    frame(graphs, qtbot)
    without = graphs.axes.geometry
    assert tuple(without.spots) == ("throughput", "lag")
    assert (
        without.spots["lag"][1] - without.spots["lag"][0] > with_gil.spots["lag"][1] - with_gil.spots["lag"][0]
    )
    assert without.spots["lag"][1] > with_gil.spots["gil"][0]
    graphs.set_gil_visible(True)
    frame(graphs, qtbot)
    assert graphs.axes.geometry._replace(per_rate=0) == with_gil._replace(per_rate=0)


@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0])
def test_where_there_is_little_room_the_third_graph_goes_first_and_the_lag_stays(
    graphs: LiveGraphs, theme: Theme, scale: float, qtbot: QtBot
) -> None:
    theme.set_text_scale(scale)
    graphs.add_run(run_of("qthread", 12, None), "QThread", "bytes")
    shown = []
    for height in range(graphs.minimumHeight(), 900, 37):
        graphs.resize(900, height)
        frame(graphs, qtbot)
        at, line = graphs.axes.geometry, graphs.axes._parts.line
        shown.append(tuple(at.spots))
        assert at.bottom + line < height
        for name, (top, bottom) in at.spots.items():
            assert bottom - top + 1 >= math.floor(LINES[name] * line), name
    assert list(dict.fromkeys(shown)) == [("lag",), ("throughput", "lag"), ("throughput", "lag", "gil")]


@pytest.mark.parametrize("middles", [[90.0, 60.0, 58.0, 20.0], [99.0, 98.0, 97.0, 96.0], [4.0, 3.0, 2.0, 1.0]])
def test_names_of_bands_stand_inside_and_not_on_each_other(middles: list[float]) -> None:
    placed = spread(middles, 20.0, 0.0, 100.0)
    assert all(10.0 <= middle <= 90.0 for middle in placed)
    assert all(lower - upper >= 20.0 for lower, upper in itertools.pairwise(placed))


def test_bands_are_named_with_their_limits() -> None:
    names = with_limits(["smooth", "slow", "frozen"], [16.7, 700.0, math.inf])
    assert names == ["smooth to 16.7 ms", "slow to 700 ms", "frozen over 700 ms"]


@pytest.mark.parametrize("per_unit", [2.0, 9.0, 14.0, 30.0])
def test_marks_do_not_run_into_each_other(per_unit: float) -> None:
    marks = [value for value, _ in fitting(LAG_TICKS, per_unit, 14.0)]
    assert (marks[0], marks[-1]) == (0.0, 4.0)
    assert len(marks) == 2 or np.diff(marks).min() * per_unit >= 14.0


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("visible", [True, False])
@pytest.mark.parametrize("which", ["throughput", "lag", "gil"])
def test_a_picture_of_one_graph(
    graphs: LiveGraphs, theme: Theme, which: str, visible: bool, qtbot: QtBot
) -> None:
    graphs.add_run(run_of("gui_thread", 30, 26), "The GUI thread", "bytes")
    graphs.add_run(run_of("qthread", 19, 14), "QThread", "bytes")
    graphs.set_gil_visible(visible)
    frame(graphs, qtbot)
    frames, before = graphs.frames, graphs.axes.geometry
    image = graphs.image(which)
    assert graphs.frames == frames
    assert image.width() == round(1400 * graphs.devicePixelRatioF())
    colors = {image.pixelColor(x, y).name() for x in range(0, image.width(), 1) for y in range(0, 24)}
    # The legend stands in the title's line.
    assert {theme.runner_color(runner).name() for runner in ("gui_thread", "qthread")} <= colors
    frame(graphs, qtbot)
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
    assert tuple(geometry[0].spots) == ("gil",)
    heights = line_heights(image, geometry[0], theme, 22)
    assert heights[0] == pytest.approx(math.log10(BUSY_MS / 0.1), abs=1.5 / geometry[0].per_ten_wait)


def test_there_is_no_picture_of_another_graph(graphs: LiveGraphs) -> None:
    with pytest.raises(ValueError, match="cpu"):
        graphs.image("cpu")


# ---------------------------------------------------------------- how cheaply


def test_a_frame_with_three_graphs_makes_few_calls_into_qt(graphs: LiveGraphs, qtbot: QtBot) -> None:
    for runner, began, ended in (("gui_thread", 35, 31), ("qthread", 26, 22), ("thread_pool", 9, None)):
        graphs.add_run(run_of(runner, began, ended), runner, "bytes")
    for _ in range(3):
        frame(graphs, qtbot)
    graphs.scene.gil._asked = (time.perf_counter() + 60, 0.0, 0.0)  # a frame in which it is not asked
    before = graphs.frames
    calls = count_calls(graphs.refresh, QApplication.processEvents)
    assert graphs.frames == before + 1
    assert calls["QPainter.drawPolyline"] == 4
    assert calls.total() <= MAX_CALLS, calls
    graphs.set_gil_visible(False)
    for _ in range(3):
        frame(graphs, qtbot)
    without = count_calls(graphs.refresh, QApplication.processEvents)
    assert calls.total() - without.total() <= 8, (calls, without)
