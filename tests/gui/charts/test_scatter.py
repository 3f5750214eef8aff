"""The chart of "Your function": where its names stand, its axes, what the mouse and the keys do."""

from __future__ import annotations

import itertools
from itertools import combinations
from typing import TYPE_CHECKING

import pyqtgraph as pg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtTest import QTest

from gui.charts.chart import Graph
from gui.charts.labels import _meets, nearest, place_names
from gui.charts.scatter import Mark, OwnChart
from tests.support.bring_up import bring_up
from tests.support.chart_items import items_of, texts_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme

UNHEARD = pytest.mark.qt_log_ignore("Mouse event .* not accepted")  # a click beside all markers
AREA = QRectF(0, 0, 320, 240)
NEAR = (
    Mark("gui_thread", "GUI thread", "GUI", 40.0, 2400.0),
    Mark("thread_pool", "ThreadPoolExecutor", "pool", 39.0, 13.0),
    Mark("process_pool", "ProcessPoolExecutor", "processes", 76.0, 2.1),
)


@pytest.fixture
def chart(theme: Theme, qtbot: QtBot) -> OwnChart:
    return bring_up(qtbot, OwnChart(theme), 360, 280)


def place_of(chart: OwnChart, mark: Mark) -> QPointF:
    """Where its marker stands, in pixels."""
    chart.make(chart.size())
    *_, markers = items_of(chart, pg.ScatterPlotItem)
    [graph] = items_of(chart, Graph)
    [point] = [point for point in markers.points() if point.data() == mark]
    spot: QPointF = graph.spot(point.pos().x(), point.pos().y())
    return spot


@given(st.lists(st.tuples(st.floats(5, 315), st.floats(5, 235), st.floats(10, 120)), max_size=12))
def test_no_name_stands_over_another_one_or_over_a_marker(marks: list[tuple[float, float, float]]) -> None:
    spots = [QPointF(x, y) for x, y, _ in marks]
    places = place_names(spots, [QSizeF(wide, 16) for *_, wide in marks], AREA, 8)
    found = [place for place in places if place is not None]
    assert all(AREA.contains(place) for place in found)
    assert not any(one.intersects(other) for one, other in combinations(found, 2))
    around = [QRectF(spot.x() - 8, spot.y() - 8, 16, 16) for spot in spots]
    assert not any(place.intersects(marker) for place in found for marker in around)


def test_twelve_names_at_one_spot_all_find_a_place() -> None:
    places = place_names([QPointF(160, 120)] * 12, [QSizeF(90, 16)] * 12, AREA, 8)
    assert None not in places


def test_a_name_for_which_there_is_no_room_is_left_out() -> None:
    assert place_names([QPointF(10, 10)], [QSizeF(90, 16)], QRectF(0, 0, 40, 40), 8) == [None]


def test_lines_and_boxes() -> None:
    box = QRectF(10, 10, 20, 10)
    assert _meets(QPointF(0, 15), QPointF(50, 15), box)
    assert not _meets(QPointF(0, 0), QPointF(50, 0), box)
    assert not _meets(QPointF(5, 0), QPointF(5, 50), box)
    assert nearest(box, QPointF(0, 100)) == QPointF(10, 20)


@UNHEARD
def test_an_empty_chart_is_no_picture_and_takes_clicks_and_keys(chart: OwnChart) -> None:
    assert chart.is_empty
    assert chart.image().isNull()
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.keyClick(chart, Qt.Key.Key_Right)
    chart.show_marks([Mark("qthread", "QThread", "QThread", 0.0, 0.0)])  # nothing done, and no lag at all
    assert not chart.image().isNull()


def test_faster_is_higher_and_more_lag_is_further_right(chart: OwnChart) -> None:
    chart.show_marks(NEAR)
    gui, pool, processes = (place_of(chart, mark) for mark in NEAR)
    assert processes.y() < pool.y()
    assert processes.x() < pool.x() < gui.x()


def test_speeds_that_are_far_apart_stand_on_an_axis_of_logarithms(chart: OwnChart) -> None:
    chart.show_marks([NEAR[0]._replace(per_s=3.0), NEAR[1]._replace(per_s=2_500.0)])
    marks, share = chart.scale()
    assert [text for _, text in marks] == ["1", "10", "100", "1,000", "10k"]
    assert share(10.0) == pytest.approx(marks[1][0])
    chart.show_marks(NEAR)
    marks, share = chart.scale()
    assert marks[0] == (0.0, "0")
    assert share(0.0) == 0.0


def test_markers_have_their_runners_colours_and_stand_on_the_bands(chart: OwnChart) -> None:
    chart.show_marks(NEAR, "process_pool")
    chart.choose("gui_thread")
    chart.make(chart.size())
    *rings, markers = items_of(chart, pg.ScatterPlotItem)
    theme = chart.theme
    assert [ring.opts["pen"].color() for ring in rings] == [theme.color("good"), theme.color("accent")]
    for point in markers.points():
        assert point.brush().color() == theme.runner_color(point.data().runner)
    [bands] = items_of(chart, pg.BarGraphItem)
    assert bands.opts["brushes"] == [color for _, color in theme.bands()]
    assert {"smooth", "frozen", "1 ms", "10 s", "Speed, calls per second", "Lag of the window (p95)"} <= {
        text.strip() for text in texts_of(chart)
    }


@UNHEARD
def test_the_mouse_on_a_marker_tells_its_figures_and_a_click_chooses_it(chart: OwnChart, qtbot: QtBot) -> None:
    chart.show_marks(NEAR, "process_pool")
    spot, view = place_of(chart, NEAR[1]).toPoint(), chart.viewport()
    [graph] = items_of(chart, Graph)
    steps = itertools.cycle((QPoint(0, 0), QPoint(1, 0)))

    def tip_at(place: QPoint) -> str:
        # pyqtgraph passes over moves that follow each other too soon.
        QTest.mouseMove(view, place + next(steps))
        return str(graph.toolTip())

    qtbot.waitUntil(lambda: tip_at(spot) == "ThreadPoolExecutor: 39 calls/s, lag p95 13 ms, smooth")
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    qtbot.waitUntil(lambda: tip_at(QPoint(100, 200)) == "")
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 200))
    with qtbot.waitSignal(chart.picked) as told:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot)
    assert told.args == ["thread_pool"]


def test_the_arrow_keys_go_from_the_least_lag_to_the_most_and_around(chart: OwnChart) -> None:
    chart.show_marks(NEAR)
    told: list[str] = []
    chart.picked.connect(told.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(chart, key)
    assert told == ["process_pool", "thread_pool", "gui_thread", "process_pool", "gui_thread"]


def test_it_is_told_to_those_who_cannot_see_it(chart: OwnChart) -> None:
    chart.show_marks(NEAR, unit="steps")
    assert "ProcessPoolExecutor: 76 steps/s, lag p95 2.1 ms, smooth" in chart.accessibleDescription()


def test_it_takes_up_the_theme_and_is_painted_in_any_size(chart: OwnChart) -> None:
    chart.show_marks(NEAR, "process_pool")
    before = chart.image().pixelColor(1, 1)
    chart.theme.set_choice("light" if chart.theme.scheme == "dark" else "dark")
    assert chart.image().pixelColor(1, 1) != before
    for size in (1, 30, 90, 700):
        chart.setMinimumSize(1, 1)
        chart.resize(size, size)
        chart.grab()
