"""Two runs over each other: the curves keep the truth however narrow they get, and what is painted is theirs."""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF

from gui.charts.overlay import OverlayGraph
from gui.charts.scales import time_ticks
from tests.support.chart_items import items_of, texts_of
from tests.support.planned_runs import make_ended
from workers.reports.differences import Side
from workers.reports.series import lags, rates

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.engine.run import Run


def test_lag_rises_while_nothing_happens_and_falls_when_the_window_is_back() -> None:
    run = make_ended("gui_thread", 4.0, ((1.0, 3.0),))
    times, late = lags(run, 400, 4.0)
    assert len(times) == 400
    assert times[-1] == pytest.approx(4.0)
    still = (times > 1.02) & (times < 2.99)
    assert np.all(np.diff(late[still]) > 0)
    assert late[still] == pytest.approx((times[still] - 1.0 - 0.01) * 1e3, abs=21)
    assert late.max() == pytest.approx(1990, abs=11)
    assert late[times < 0.99].max() < 1
    assert late[times > 3.05].max() < 1


@pytest.mark.parametrize("columns", [3, 50, 400, 5000])
def test_no_freeze_is_too_short_to_be_seen(columns: int) -> None:
    run = make_ended("gui_thread", 60.0, ((7.001, 7.149), (44.0, 44.5)))
    times, late = lags(run, columns, 60.0)
    assert len(times) == columns
    worst = 490.0
    assert late.max() == pytest.approx(worst, abs=11)
    if columns > 3:
        assert late[(times > 6.0) & (times < 9.0)].max() == pytest.approx(140, abs=11)


def test_a_window_that_never_came_back() -> None:
    run = make_ended("gui_thread", 2.0, ((-1.0, 9.0),))
    assert len(run.beats) == 0
    times, late = lags(run, 200, 4.0)  # beside a run that took twice as long
    assert (len(times), times[-1]) == (100, 2.0)
    assert late[-1] == pytest.approx(1990)


def test_a_run_of_no_length() -> None:
    run = make_ended("gui_thread", 1e-6)
    times, late = lags(run, 200, 5.0)
    assert len(times) == len(late) == 1
    assert len(rates(run, 200, 5.0)[0]) > 0


@pytest.mark.parametrize("columns", [40, 300, 3000])
def test_throughput_keeps_its_area_and_its_end(columns: int) -> None:
    run = make_ended("thread_pool", 60.0, tasks=120)
    times, values = rates(run, columns, 60.0)
    assert len(times) <= 2 * columns + 2
    assert np.all(np.diff(times) >= 0)
    assert (times[-1], values[-1]) == (pytest.approx(60.0), 0.0)
    assert np.trapezoid(values, times) == pytest.approx(run.recorder.amount, rel=0.03)


def test_marks_of_time_are_what_people_count_in() -> None:
    assert [text for _, text in time_ticks(4.2)] == ["Start", "1 s", "2 s", "3 s", "4 s"]
    assert [text for _, text in time_ticks(0.3, 3)] == ["Start", "100 ms", "200 ms", "300 ms"]
    assert [text for _, text in time_ticks(400, 4)] == ["Start", "2 min", "4 min", "6 min"]
    for span in (0.001, 0.07, 1, 9.99, 61, 3600, 1e6):
        marks = [mark for mark, _ in time_ticks(span)]
        assert 2 <= len(marks) <= 7
        assert all(mark <= span * 1.0001 for mark in marks)


# ---------------------------------------------------------------- what is painted


def side_of(run: Run, unit: str = "bytes") -> Side:
    return Side(run, run.settings.runner, run.settings.workload, unit)


@pytest.fixture
def graph(theme: Theme, qtbot: QtBot) -> OverlayGraph:
    made = OverlayGraph(theme)
    qtbot.addWidget(made)
    made.resize(600, 400)
    return made


def curves_of(graph: OverlayGraph) -> list[Any]:
    """The curves without the lines of the grid."""
    return [curve for curve in items_of(graph, pg.PlotCurveItem) if curve.opts["connect"] != "pairs"]


def test_both_runs_are_painted_in_their_runners_colours(graph: OverlayGraph) -> None:
    a, b = make_ended("gui_thread", 4.0, ((0.1, 3.9),)), make_ended("qthread", 2.0)
    graph.show_runs(side_of(a), side_of(b), ("Run 1", "Run 2"))
    image = graph.image()
    assert (image.width(), image.height()) == (960, 600)
    graph.make(graph.size())
    colors = [graph.theme.runner_color(runner) for runner in ("qthread", "gui_thread")]
    assert [curve.opts["pen"].color() for curve in curves_of(graph)] == colors * 2  # A is drawn above B
    slow, fast = (curve.getData() for curve in (curves_of(graph)[1], curves_of(graph)[0]))
    assert (slow[0].max(), fast[0].max()) == pytest.approx((4.0, 2.0))
    assert (slow[1].max(), fast[1].max()) == pytest.approx((3.0, 6.0), rel=0.02)
    assert {"0", "1 ms", "10 s", "Start", "Throughput  MB/s"} <= texts_of(graph)
    assert "A is Run 1" in graph.accessibleDescription()


def test_each_letter_stands_on_its_own_curve(graph: OverlayGraph) -> None:
    a, b = make_ended("gui_thread", 4.0, ((0.1, 3.9),)), make_ended("qthread", 4.0)
    graph.show_runs(side_of(a), side_of(b), ("Run 1", "Run 2"))
    graph.make(graph.size())
    letters, curves = items_of(graph, pg.TextItem), curves_of(graph)
    assert len(letters) == len(curves) == 4
    for letter, curve in zip(letters, curves, strict=True):
        spots = [curve.getViewBox().mapViewToScene(QPointF(*at)) for at in zip(*curve.getData(), strict=True)]
        assert min((letter.scenePos() - spot).manhattanLength() for spot in spots) < 1


def test_one_runner_twice_is_solid_and_dashed(graph: OverlayGraph) -> None:
    a, b = side_of(make_ended("qthread", 4.0)), side_of(make_ended("qthread", 3.0))
    graph.show_runs(a, b, ("Run 1", "Run 2"))
    assert graph.pen(0).dashPattern() == []
    assert graph.pen(1).dashPattern() != []
    graph.show_runs(a, side_of(make_ended("gui_thread", 3.0)), ("Run 1", "Run 2"))
    assert graph.pen(1).dashPattern() == []


def test_other_units_and_no_window_are_told(graph: OverlayGraph) -> None:
    a, b = make_ended("qthread", 4.0), make_ended("thread_pool", 3.0, window=False)
    graph.show_runs(side_of(a), side_of(b, "numbers"), ("Run 1", "Run 2"))
    graph.make(graph.size())
    told = " ".join(texts_of(graph))
    assert "units differ" in told
    assert "that of B was not measured" in told
    assert {"0", "50 %", "100 %"} <= texts_of(graph)
    *speeds, lag = curves_of(graph)
    assert [curve.getData()[1].max() for curve in speeds] == [1.0, 1.0]
    assert lag.opts["pen"].color() == graph.theme.runner_color("qthread")


@pytest.mark.parametrize("size", [(180, 120), (40, 20), (1900, 400)])
def test_it_is_painted_at_any_size_in_light_and_dark(graph: OverlayGraph, size: tuple[int, int]) -> None:
    graph.show_runs(
        side_of(make_ended("qthread", 4.0)), side_of(make_ended("gui_thread", 2.0)), ("Run 1", "Run 2")
    )
    graph.setMinimumSize(1, 1)
    graph.resize(*size)
    for scheme, low, high in (("light", 200, 256), ("dark", 0, 60)):
        graph.theme.set_choice(scheme)
        assert low <= graph.grab().toImage().pixelColor(1, 1).lightness() < high


def test_an_hour_of_beats_takes_less_than_a_moment() -> None:
    run = make_ended("thread_pool", 1.0)
    assert run.ended is not None
    run.ended = run.started + 3600
    run.beats = array("d", (run.started + 0.01 * beat for beat in range(360_000)))
    run.recorder.bins = array("d", bytes(8 * 36_000))
    times, late = lags(run, 500, 3600)
    assert len(times) == len(late) == 500
    assert math.isclose(late[-1], 0.0, abs_tol=11)
    assert len(rates(run, 500, 3600)[0]) <= 502
