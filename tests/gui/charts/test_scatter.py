"""The chart of "Your function": where its names stand, its axes, what the mouse and the keys do."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip

from gui.charts.labels import _meets, nearest, place_names
from gui.charts.scatter import Mark, OwnChart

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme

AREA = QRectF(0, 0, 320, 240)
NEAR = (
    Mark("gui_thread", "GUI thread", "GUI", 40.0, 2400.0),
    Mark("thread_pool", "ThreadPoolExecutor", "pool", 39.0, 13.0),
    Mark("process_pool", "ProcessPoolExecutor", "processes", 76.0, 2.1),
)


@pytest.fixture
def chart(theme: Theme, qtbot: QtBot) -> OwnChart:
    made = OwnChart(theme)
    qtbot.addWidget(made)
    made.resize(360, 280)
    made.show()
    qtbot.waitExposed(made)
    return made


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


def test_an_empty_chart_is_no_picture_and_takes_clicks_and_keys(chart: OwnChart) -> None:
    assert chart.is_empty
    assert chart.image().isNull()
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.keyClick(chart, Qt.Key.Key_Right)
    chart.show_marks([Mark("qthread", "QThread", "QThread", 0.0, 0.0)])  # nothing done, and no lag at all
    assert not chart.image().isNull()


def test_faster_is_higher_and_more_lag_is_further_right(chart: OwnChart) -> None:
    chart.show_marks(NEAR)
    area, scale = QRectF(0, 0, 100, 100), chart._scale()
    gui, pool, processes = (chart._spot(mark, area, scale) for mark in NEAR)
    assert processes.y() < pool.y()
    assert processes.x() < pool.x() < gui.x()


def test_speeds_that_are_far_apart_stand_on_an_axis_of_logarithms(chart: OwnChart) -> None:
    chart.show_marks([NEAR[0]._replace(per_s=3.0), NEAR[1]._replace(per_s=2_500.0)])
    marks, share = chart._scale()
    assert [text for _, text in marks] == ["1", "10", "100", "1,000", "10k"]
    assert share(10.0) == pytest.approx(0.25)
    chart.show_marks(NEAR)
    marks, share = chart._scale()
    assert marks[0] == (0.0, "0")
    assert share(0.0) == 0.0


def test_the_picture_has_every_runner_s_colour_and_the_bands(chart: OwnChart) -> None:
    chart.show_marks(NEAR, "process_pool")
    picture = chart.image()
    colors = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
    theme = chart._theme
    assert {theme.runner_color(mark.runner).rgb() for mark in NEAR} <= colors
    assert {color.rgb() for _, color in theme.bands()} <= colors


def test_the_mouse_on_a_marker_tells_its_figures_and_a_click_chooses_it(
    chart: OwnChart, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tips: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: tips.append(text))
    chart.show_marks(NEAR, "process_pool")
    spot = chart._spot(NEAR[1], chart._inner(chart._area(QRectF(chart.rect()))), chart._scale()).toPoint()
    chart.event(QHelpEvent(QEvent.Type.ToolTip, spot, chart.mapToGlobal(spot)))
    chart.event(QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), chart.mapToGlobal(QPoint(2, 2))))
    assert tips == ["ThreadPoolExecutor: 39 calls/s, lag p95 13 ms, smooth", ""]
    with qtbot.waitSignal(chart.picked, timeout=1000) as told:
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=spot)
    assert told.args == ["thread_pool"]
    QTest.mouseMove(chart, QPoint(2, 2))
    assert chart.mark_at(QPointF(2, 2)) is None


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
    chart._theme.set_choice("light" if chart._theme.scheme == "dark" else "dark")
    assert chart.image().pixelColor(1, 1) != before
    for size in (1, 30, 90, 700):
        chart.setMinimumSize(1, 1)
        chart.resize(size, size)
        chart.grab()
