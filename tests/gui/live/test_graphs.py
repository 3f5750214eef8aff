"""The live graphs: what they make of measurements, what they paint, how seldom, and with how few calls into Qt."""

from __future__ import annotations

import math
import sys
import threading
import time
from array import array
from collections import deque
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.charts.scales import SPAN_S
from gui.live.hover import lag_at, paint_hover, rate_at
from gui.live.traces import newest
from tests.benchmarks.watch.count_calls import count_calls
from tests.support.live_graphs import FREEZE_S, frame, run_of
from workers.engine.recorder import BIN_S
from workers.reports.scales import fitting_top, rate_ticks
from workers.reports.series import rate_curve

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QPicture
    from pytestqt.qtbot import QtBot

    from gui.live.graphs import LiveGraphs
    from gui.theme.theme import Theme

MAX_CALLS = 60


# ---------------------------------------------------------------- data


def test_a_steady_run_is_a_flat_curve_between_its_ends() -> None:
    started, ended = 100.0, 102.05
    bins = array("d", [50.0 * BIN_S] * 20 + [50.0 * 0.05])
    times, rates = rate_curve(bins, started, ended, 105.0)
    assert times[0] == started
    assert rates[0] == 0.0
    assert times[-1] == ended
    assert rates[-1] == 0.0
    assert rates[1:-1] == pytest.approx(50.0)
    assert np.all(np.diff(times) >= 0)


def test_bins_that_are_not_settled_are_not_drawn() -> None:
    times, _ = rate_curve(array("d", [1.0] * 30), 100.0, None, 102.95)
    assert times[-1] <= 102.95 - 0.15
    quiet, _ = rate_curve(array("d", [1.0] * 10), 100.0, None, 105.0)
    assert quiet[-1] < 100.9  # the last bin may still grow, and what comes after it is not known yet


def test_a_run_without_anything_yet_has_no_curve() -> None:
    times, rates = rate_curve(array("d"), 100.0, None, 101.0)
    assert len(times) == len(rates) == 0


@pytest.mark.parametrize("length", [0.00001, 0.05, 0.1, 0.15, 0.31])
def test_short_runs_keep_their_amount(length: float) -> None:
    bins = array("d", [0.0] * (int(length / BIN_S) + 1))
    bins[0] = 5.0
    times, rates = rate_curve(bins, 100.0, 100.0 + length, 101.0)
    assert len(times) == len(rates)
    assert np.all(np.isfinite(rates))
    assert rates.max() > 0


def test_only_what_is_in_sight_is_computed_and_the_bins_may_grow_afterwards() -> None:
    bins = array("d", [1.0] * 36_000)
    times, _ = rate_curve(bins, 0.0, None, 3600.0, 3600.0 - SPAN_S)
    assert len(times) < SPAN_S / BIN_S + 5
    bins.append(1.0)


class Rushing(deque[tuple[float, float]]):
    """A trace to which so many points are appended whenever one was read: each in turn as the schedule says."""

    def __init__(self, first: int, maxlen: int, schedule: list[int]) -> None:
        super().__init__(((float(index), 1.0) for index in range(first)), maxlen)
        self.appended, self.schedule = first, schedule

    def __getitem__(self, index: Any) -> Any:
        point = super().__getitem__(index)
        for _ in range(self.schedule.pop(0) if self.schedule else 0):
            self.append((float(self.appended), 1.0))
            self.appended += 1
        return point


def check_read(times: list[float], after: float, appended: int, room: int) -> None:
    """All points up to the newest that was found are there, but for those that the deque had dropped by then."""
    assert times == sorted(set(times))
    if times:
        missing = set(range(int(after) + 1, int(times[-1]))) - {int(moment) for moment in times}
        assert all(index < appended - room for index in missing)


def test_reading_a_trace_while_another_thread_appends() -> None:
    trace: deque[tuple[float, float]] = deque(maxlen=4000)
    done = threading.Event()

    def append() -> None:
        for index in range(50_000):
            trace.append((float(index), 1.0))
        done.set()

    thread = threading.Thread(target=append)
    after = -1.0
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # so that they do take turns
    try:
        thread.start()
        while not done.is_set():
            times = [point[0] for point in newest(trace, after)]
            appended = int(trace[-1][0]) + 1 if trace else 0
            check_read(times, after, appended, 4000)
            after = times[-1] if times else after
        thread.join()
    finally:
        sys.setswitchinterval(interval)
    times = [point[0] for point in newest(trace, after)]
    assert (times or [after])[-1] == 49_999.0


@pytest.mark.parametrize(
    "schedule",
    [
        [],
        [1] * 500,
        [0, 3, 0, 0, 7, 0, 1],
        [20],
        [100],
        [150],
        [5_000],
        [0, 0, 150, 0, 0, 150],
        [40] * 50,
        [2, 90, 0] * 9,
    ],
    ids=str,
)
@pytest.mark.parametrize("after", [-1.0, 20.0, 58.0, 59.0])
def test_points_that_are_appended_while_a_trace_is_read(schedule: list[int], after: float) -> None:
    trace = Rushing(60, 100, list(schedule))
    times = [point[0] for point in newest(trace, after)]
    check_read(times, after, trace.appended, 100)
    rest = [point[0] for point in newest(deque(trace), (times or [after])[-1])]
    check_read(rest, (times or [after])[-1], trace.appended, 100)
    assert (rest or times or [after])[-1] == trace.appended - 1


def test_a_point_that_was_appended_late_hides_none_before_it() -> None:
    trace = deque([(10.00, 1.0), (10.05, 80.0), (10.10, 2.0), (10.04, 70.0), (10.15, 3.0)])
    assert newest(trace, 10.05) == [(10.10, 2.0), (10.15, 3.0)]
    assert newest(trace, -math.inf) == sorted(trace)


@pytest.mark.parametrize("peak", [0.0031, 0.7, 1.0, 1.9, 31.0, 99.9, 640_000.0])
def test_the_scale_ends_above_the_peak_in_steps_of_one_two_or_five(peak: float) -> None:
    top = fitting_top(peak, 0.0)
    assert peak <= top <= 2.1 * peak
    ticks = rate_ticks(top)
    assert 4 <= len(ticks) <= 6
    assert ticks[-1][0] == pytest.approx(top)
    step = ticks[1][0]
    assert f"{step:.0e}"[0] in "125"
    assert len({text for _, text in ticks}) == len(ticks)


def test_the_scale_stays_while_the_curves_fit_it() -> None:
    assert fitting_top(31.0, 40.0) == 40.0
    assert fitting_top(39.0, 40.0) == 40.0
    assert fitting_top(41.0, 40.0) == 50.0
    assert fitting_top(15.0, 40.0) == 40.0
    assert fitting_top(5.0, 40.0) == 6.0
    assert fitting_top(0.0, 0.0) == 1.0


# ---------------------------------------------------------------- what is seen


def test_the_axis_of_time_is_fixed_to_the_present(graphs: LiveGraphs, qtbot: QtBot) -> None:
    graphs.add_run(run_of("qthread", 12, None, 3e6), "QThread", "bytes")
    frame(graphs, qtbot)
    still = graphs.scene.still
    for _ in range(3):
        frame(graphs, qtbot)
        assert graphs.scene.still is still
    assert graphs.axes.top == 4.0


def test_runs_are_tinted_in_their_runners_colours(graphs: LiveGraphs, theme: Theme, qtbot: QtBot) -> None:
    graphs.add_run(run_of("gui_thread", 30, 26, 2e6), "The GUI thread", "bytes")
    graphs.add_run(run_of("thread_pool", 20, None, 3e6), "ThreadPoolExecutor", "bytes")
    frame(graphs, qtbot)
    image, at = graphs.image(), graphs.axes.geometry

    def seen(ago: float, height: int) -> QColor:
        return image.pixelColor(int(at.right - ago * at.per_s), height)

    panel = theme.color("panel")
    high = at.spots["throughput"][0] + at.label_height + 9
    assert seen(36.5, high) == panel
    assert seen(23, high) == panel
    for ago, runner in ((28, "gui_thread"), (13, "thread_pool")):
        tint, color = seen(ago, high), theme.runner_color(runner)
        assert tint != panel
        strongest = max((color.red(), color.green(), color.blue()))
        channels = ("red", "green", "blue")
        is_strongest = [getattr(color, name)() == strongest for name in channels]
        shown = [getattr(tint, name)() for name in channels]
        assert is_strongest[shown.index(max(shown))]
    low = at.spots["lag"][1] - 12
    assert seen(28, low) != seen(36.5, low)
    assert seen(13, low) != seen(36.5, low)


def test_the_curve_is_painted_where_its_value_is(graphs: LiveGraphs, theme: Theme, qtbot: QtBot) -> None:
    graphs.add_run(run_of("thread_pool", 20, None, 3e6), "ThreadPoolExecutor", "bytes")
    frame(graphs, qtbot)
    image, at = graphs.image(), graphs.axes.geometry
    x = int(at.right - 9 * at.per_s)
    color = theme.runner_color("thread_pool")
    column = [
        y
        for y in range(at.spots["throughput"][0], at.spots["throughput"][1])
        if image.pixelColor(x, y) == color
    ]
    assert len(column) >= 2
    assert column[-1] == pytest.approx(at.spots["throughput"][1] - 3.0 * at.per_rate, abs=1.5)


def test_the_freeze_is_painted(graphs: LiveGraphs, theme: Theme, qtbot: QtBot) -> None:
    frame(graphs, qtbot)
    image, at = graphs.image(), graphs.axes.geometry
    text = theme.color("text")
    dark = [
        (x, y)
        for x in range(int(at.right - 14.2 * at.per_s), int(at.right - 9.5 * at.per_s))
        for y in range(at.spots["lag"][0], at.spots["lag"][1] - int(1.8 * at.per_ten))
        if image.pixelColor(x, y) == text
    ]
    assert len({x for x, _ in dark}) > 0.95 * FREEZE_S * at.per_s  # no hole in the ramp
    assert min(y for _, y in dark) == pytest.approx(
        at.spots["lag"][1] - np.log10(FREEZE_S * 1e3) * at.per_ten, abs=2
    )


@pytest.mark.parametrize("ended_ago", [None, 0.05, 20.0, 38.0, 39.7])
@pytest.mark.parametrize("began_ago", [0.1, 2.0, 22.0, 39.9, 300.0])
def test_the_label_of_a_run_stands_inside_the_graph(
    graphs: LiveGraphs, qtbot: QtBot, began_ago: float, ended_ago: float | None
) -> None:
    """Whole, or its marker alone, or not at all: never cut, and never over the axis."""
    run = run_of("thread_pool", max(began_ago, (ended_ago or 0.0) + 0.1), ended_ago)
    graphs.add_run(run, "ThreadPoolExecutor", "bytes", 1)
    frame(graphs, qtbot)
    (strip,), at, placed = graphs.strips, graphs.axes.geometry, list[tuple[float, float]]()

    class Painter:
        """Notes where the labels are painted."""

        def __getattr__(self, name: str) -> Callable[..., None]:
            return lambda *about: None

        def drawPicture(self, place: QPointF, picture: QPicture) -> None:
            placed.extend((place.x(), width) for width, label in strip._labels if label is picture)

    strip.paint(cast("QPainter", Painter()), at, graphs.scene.scroll(time.perf_counter()), 1e6, None)
    assert all(at.left <= x and x + width <= at.right for x, width in placed)
    assert all(picture.boundingRect().width() <= width + 2 for width, picture in strip._labels)
    if began_ago > 1.0 and ended_ago != 39.7:
        assert placed


@pytest.mark.parametrize(
    ("width", "ratio", "pixels"), [(1200, 1.0, 1), (1600, 1.0, 2), (1200, 2.0, 2), (1920, 1.5, 3)]
)
def test_lines_are_as_wide_as_the_window_and_the_screen_want(
    graphs: LiveGraphs, monkeypatch: pytest.MonkeyPatch, width: int, ratio: float, pixels: int
) -> None:
    graphs.resize(width, 500)
    monkeypatch.setattr(graphs.canvas, "devicePixelRatioF", lambda: ratio)
    assert graphs.canvas.weight == pixels


def test_bytes_are_megabytes_and_other_units_are_themselves(graphs: LiveGraphs, qtbot: QtBot) -> None:
    graphs.add_run(run_of("qthread", 30, 26, 31e6), "QThread", "bytes")
    frame(graphs, qtbot)
    assert (graphs.axes.unit, graphs.axes.top) == ("MB/s", 40.0)
    graphs.add_run(run_of("qthread", 20, None, 52_000), "QThread", "numbers")
    frame(graphs, qtbot)
    assert (graphs.axes.unit, graphs.axes.top) == ("numbers/s", 60_000.0)


def test_an_empty_graph_says_what_will_be_there(graphs: LiveGraphs, qtbot: QtBot) -> None:
    frame(graphs, qtbot)
    empty = graphs.image()
    graphs.add_run(run_of("qthread", 0.1, None, 0.0), "QThread", "bytes")
    frame(graphs, qtbot)
    at = graphs.axes.geometry
    top, bottom = at.spots["throughput"]
    middle = (at.left + at.right) // 2 - 200, top, 400, bottom - top
    assert empty.copy(*middle) != graphs.image().copy(*middle)
    del graphs.strips[0]
    graphs.axes.set_unit("")
    graphs.restyle()
    frame(graphs, qtbot)
    assert empty.copy(*middle) == graphs.image().copy(*middle)


def test_runs_of_a_benchmark_are_forgotten_once_out_of_sight(graphs: LiveGraphs, qtbot: QtBot) -> None:
    graphs.add_run(run_of("qthread", 90, 50, 31e6), "QThread", "bytes")
    graphs.add_run(run_of("qthread", 45, 39, 31e6), "QThread", "bytes")
    frame(graphs, qtbot)
    assert len(graphs.strips) == 1


class _Written(QPainter):
    """Keeps the texts that are painted."""

    def __init__(self, device: QImage) -> None:
        super().__init__(device)
        self.texts: list[str] = []

    def drawText(self, *arguments: Any) -> None:  # type: ignore[override]  # whatever it is given
        self.texts.append(arguments[-1])


def test_no_value_covers_the_reason_why_there_is_none(graphs: LiveGraphs, qtbot: QtBot) -> None:
    def told() -> int:
        frame(graphs, qtbot)
        image = QImage(graphs.canvas.size(), QImage.Format.Format_RGB32)
        painter = _Written(image)
        with painter:
            paint_hover(painter, graphs.scene, graphs.scene._theme, 400, time.perf_counter())
            return len(painter.texts)

    before = told()
    graphs.add_run(run_of("qthread", 30, 26, 31e6), "QThread", "bytes")
    assert told() == before + 1


def test_the_values_under_the_mouse(graphs: LiveGraphs, now: float, qtbot: QtBot) -> None:
    graphs.add_run(run_of("qthread", 30, 26, 31e6), "QThread", "bytes")
    frame(graphs, qtbot)
    assert rate_at(now - 28, graphs.strips) == "31 MB/s"
    assert rate_at(now - 20, graphs.strips) == ""
    edges = graphs.scene.edges(time.perf_counter())
    assert lag_at(now - 20, graphs.scene.lag, *edges) == "under 1 ms"
    assert lag_at(now - 12, graphs.scene.lag, *edges) == "2.0 s"  # half of a freeze of 4 s had passed
    assert lag_at(now + 20, graphs.scene.lag, *edges) == ""
    without = graphs.canvas.grab().toImage()
    QTest.mouseMove(graphs.canvas, QPoint(700, 100))
    qtbot.waitUntil(lambda: graphs.canvas.grab().toImage() != without)


def test_the_theme_is_taken_up_at_once(graphs: LiveGraphs, theme: Theme, qtbot: QtBot) -> None:
    corner = QPoint(2, 2)
    frame(graphs, qtbot)
    assert graphs.image().pixelColor(corner) == theme.color("panel")
    light = theme.color("panel")
    theme.set_choice("dark")
    frame(graphs, qtbot)
    assert graphs.image().pixelColor(corner) == theme.color("panel") != light
    left = graphs.axes.geometry.left
    theme.set_text_scale(1.6)
    frame(graphs, qtbot)
    assert graphs.axes.geometry.left > left


def test_the_focus_takes_up_the_theme_too(graphs: LiveGraphs, theme: Theme, qtbot: QtBot) -> None:
    graphs.activateWindow()
    graphs.canvas.setFocus()
    qtbot.waitUntil(graphs.canvas.hasFocus)
    frame(graphs, qtbot)
    for name in ("dark", "light"):
        theme.set_choice(name)
        assert graphs.canvas.grab().toImage().pixelColor(0, 0) == theme.color("accent")


def test_what_is_shown_is_told(graphs: LiveGraphs) -> None:
    canvas = graphs.canvas
    assert canvas.accessibleName() == "Live graphs of throughput and lag"
    graphs.set_gil_visible(True)
    assert canvas.accessibleName() == "Live graphs of throughput, lag and waits for the GIL"
    graphs.show_only("lag")
    assert canvas.accessibleName() == "Live graph of lag"


def test_the_copy_button_puts_the_graphs_on_the_clipboard(graphs: LiveGraphs, qtbot: QtBot) -> None:
    QTest.mouseClick(graphs.copy_button, Qt.MouseButton.LeftButton)
    image = QGuiApplication.clipboard().image()
    assert image.width() == round(1400 * graphs.devicePixelRatioF())
    assert image.height() == round(500 * graphs.devicePixelRatioF())
    colors = {image.pixelColor(x, y).rgb() for x in range(0, 1400, 7) for y in range(0, 500, 7)}
    assert len(colors) > 5


def test_a_picture_of_the_graphs_is_no_frame(graphs: LiveGraphs) -> None:
    before = graphs.frames
    assert not graphs.image().isNull()
    assert graphs.frames == before


def test_nothing_is_painted_unless_asked_for(graphs: LiveGraphs, qtbot: QtBot) -> None:
    for _ in range(3):
        frame(graphs, qtbot)
    before = graphs.frames
    for _ in range(50):
        QApplication.processEvents()
    assert graphs.frames == before


# ---------------------------------------------------------------- how seldom, how cheaply


def test_frames_are_counted_and_a_running_run_gets_each_one(graphs: LiveGraphs) -> None:
    graphs.add_run(run_of("qthread", 12, None, 3e6), "QThread", "bytes")
    QApplication.processEvents()
    graphs.refresh()
    QApplication.processEvents()
    before = graphs.frames
    for _ in range(5):
        graphs.refresh()
        QApplication.processEvents()
    assert graphs.frames == before + 5


def test_an_idle_graph_that_did_not_move_is_not_painted(graphs: LiveGraphs, qtbot: QtBot) -> None:
    graphs.resize(400, 300)  # 9 pixels a second
    frame(graphs, qtbot)
    before = graphs.frames
    for _ in range(20):
        graphs.refresh()
        QApplication.processEvents()
    assert graphs.frames < before + 10


def test_nothing_is_painted_while_hidden(graphs: LiveGraphs) -> None:
    graphs.add_run(run_of("qthread", 12, None, 3e6), "QThread", "bytes")
    graphs.hide()
    QApplication.processEvents()
    before = graphs.frames
    for _ in range(3):
        graphs.refresh()
        QApplication.processEvents()
    assert graphs.frames == before


def test_a_frame_makes_few_calls_into_qt(graphs: LiveGraphs, qtbot: QtBot) -> None:
    for runner, began, ended in (
        ("gui_thread", 35, 31),
        ("qthread", 26, 22),
        ("process_pool", 20, 15),
        ("asyncio_loop", 14, 12),
        ("thread_pool", 9, None),
    ):
        graphs.add_run(run_of(runner, began, ended, 31e6), runner, "bytes")
    for _ in range(3):
        frame(graphs, qtbot)
    before = graphs.frames
    calls = count_calls(graphs.refresh, QApplication.processEvents)
    assert graphs.frames == before + 1
    assert calls["QPainter.drawPolyline"] == 3
    assert calls["Canvas.paintEvent (called by Qt)"] == 1
    assert calls.total() <= MAX_CALLS, calls


def test_a_hundred_short_runs_are_still_cheap_to_keep(graphs: LiveGraphs, qtbot: QtBot) -> None:
    for index in range(100):
        graphs.add_run(run_of("qthread", 39 - index * 0.3, 38.8 - index * 0.3, 1e6), "QThread", "bytes")
    for _ in range(2):
        frame(graphs, qtbot)
    calls = count_calls(graphs.refresh, QApplication.processEvents)
    assert calls.total() <= 100 * 2 + 20
