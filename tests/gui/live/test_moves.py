"""Moving in the live graphs: zooming, going back in time, runs as cards, freezes that are clicked."""

from __future__ import annotations

import time
from collections import deque
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from gui.charts.scales import HISTORY_S, MAX_SPAN_S, MIN_SPAN_S, SPAN_S
from gui.live.hover import values_at, when
from gui.live.sight import Sight
from gui.widgets.panels import fill
from tests.support.live_graphs import frame, run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gui.live.graphs import LiveGraphs
    from workers.monitors.freeze import Freeze

NOW = 5_000.0
LEFT = Qt.MouseButton.LeftButton


# ---------------------------------------------------------------- which stretch of time


def test_zooming_ends_at_five_seconds_and_at_half_an_hour() -> None:
    sight = Sight()
    for _ in range(40):
        sight.zoom(1.25, 0.3, NOW)
    assert (sight.span, sight.end) == (MAX_SPAN_S, None)
    for _ in range(80):
        sight.zoom(1 / 1.25, 0.3, NOW)
    assert (sight.span, sight.end) == (MIN_SPAN_S, None)


def test_zooming_in_the_past_keeps_what_is_under_the_mouse() -> None:
    sight = Sight()
    sight.pan(-100.0, NOW)
    assert sight.end == NOW - 100
    sight.zoom(0.5, 0.25, NOW)
    assert sight.end is not None
    assert sight.end - 0.75 * sight.span == pytest.approx(NOW - 100 - 0.75 * SPAN_S)


def test_one_goes_back_an_hour_and_is_live_again_at_the_present() -> None:
    sight = Sight()
    sight.pan(-1e6, NOW)
    assert sight.end == NOW - HISTORY_S
    sight.pan(HISTORY_S - 10, NOW)
    assert not sight.is_live
    sight.pan(9.0, NOW)  # near enough
    assert sight.is_live
    sight.pan(2.0, NOW)
    assert sight.is_live


def test_the_marks_of_time() -> None:
    sight = Sight()
    assert sight.marks(600, NOW) == [
        (-40.0, "40 s ago"),
        (-30.0, "30 s"),
        (-20.0, "20 s"),
        (-10.0, "10 s"),
        (0.0, "now"),
    ]
    sight.zoom(1000, 1.0, NOW)
    assert [text for _, text in sight.marks(600, NOW)] == ["30 min ago", "20 min", "10 min", "now"]
    sight.fit(NOW - 30, 10.0)
    marks = sight.marks(600, NOW)
    assert [text for _, text in marks] == ["Start", "5 s", "10 s"]
    assert sight.end is not None
    assert sight.end + marks[0][0] == pytest.approx(NOW - 30)
    sight.pan(-20.0, NOW)
    assert all(text.count(":") == 2 for _, text in sight.marks(600, NOW))


def test_how_a_moment_is_told() -> None:
    sight = Sight()
    assert when(NOW - 3.21, sight, NOW) == "3.2 s ago"
    sight.fit(NOW - 30, 10.0)
    assert when(NOW - 28, sight, NOW) == "2.0 s after Start"
    sight.pan(-5.0, NOW)
    assert when(NOW, sight, NOW) == time.strftime("%H:%M:%S")


# ---------------------------------------------------------------- mouse and keys


def wheel(
    graphs: LiveGraphs,
    steps: int,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    across: int = 0,
) -> None:
    place = QPointF(graphs.canvas.rect().center())
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(place, place, QPoint(), QPoint(across, 120 * steps), none, modifiers, phase, False)
    QApplication.sendEvent(graphs.canvas, event)


def drag(graphs: LiveGraphs, pixels: int) -> None:
    middle = graphs.canvas.rect().center()
    QTest.mousePress(graphs.canvas, LEFT, pos=middle)
    for part in (0.5, 1.0):
        QTest.mouseMove(graphs.canvas, middle + QPoint(int(part * pixels), 0))
    QTest.mouseRelease(graphs.canvas, LEFT, pos=middle + QPoint(pixels, 0))


def test_the_wheel_zooms_and_stays_live(graphs: LiveGraphs, qtbot: QtBot) -> None:
    sight = graphs.scene.sight
    wheel(graphs, -3)
    assert sight.span == pytest.approx(SPAN_S * 1.25**3)
    assert sight.is_live
    assert graphs.live.isHidden()
    frame(graphs, qtbot)
    assert graphs.axes.geometry.per_s == pytest.approx(graphs.axes.geometry.width / sight.span)
    wheel(graphs, 1, Qt.KeyboardModifier.ShiftModifier)
    assert not sight.is_live


def test_a_touchpads_turns_are_not_quite_straight(graphs: LiveGraphs) -> None:
    sight = graphs.scene.sight
    wheel(graphs, -1, across=4)
    assert sight.span == pytest.approx(SPAN_S * 1.25)
    assert sight.is_live
    wheel(graphs, 1, across=150)
    assert sight.span == pytest.approx(SPAN_S * 1.25)
    assert not sight.is_live
    wheel(graphs, -2, Qt.KeyboardModifier.ShiftModifier, across=4)
    assert sight.is_live


def test_dragging_goes_back_in_time_and_a_double_click_returns(graphs: LiveGraphs, qtbot: QtBot) -> None:
    sight, before = graphs.scene.sight, time.perf_counter()
    drag(graphs, 304)
    assert sight.end is not None
    assert before - sight.end == pytest.approx(304 / graphs.axes.geometry.per_s, abs=0.5)
    assert not graphs.live.isHidden()
    frame(graphs, qtbot)
    QTest.mouseDClick(graphs.canvas, LEFT)
    assert sight.is_live
    assert graphs.live.isHidden()


def test_the_button_returns_to_the_present_too(graphs: LiveGraphs) -> None:
    drag(graphs, 200)
    QTest.mouseClick(graphs.live, LEFT)
    assert graphs.scene.sight.is_live


def test_all_of_it_works_with_keys(graphs: LiveGraphs) -> None:
    graphs.add_run(run_of("qthread", 30, 20), "QThread", "bytes", 1)
    sight = graphs.scene.sight
    checks: tuple[tuple[Qt.Key, Callable[[], bool]], ...] = (
        (Qt.Key.Key_Minus, lambda: sight.span == SPAN_S * 1.25 and sight.is_live),
        (Qt.Key.Key_Plus, lambda: sight.span == pytest.approx(SPAN_S)),
        (Qt.Key.Key_Left, lambda: not sight.is_live),
        (Qt.Key.Key_Right, lambda: sight.is_live),
        (Qt.Key.Key_F, lambda: sight.origin == graphs.strips[0].run.started and not sight.is_live),
        (Qt.Key.Key_Home, lambda: sight.is_live and sight.span == SPAN_S),
    )
    for key, check in checks:
        QTest.keyClick(graphs.canvas, key)
        assert check(), key
    assert "Home" in graphs.canvas.toolTip()


def test_the_past_is_painted_once(graphs: LiveGraphs, qtbot: QtBot) -> None:
    graphs.add_run(run_of("qthread", 12, None), "QThread", "bytes", 1)
    drag(graphs, 304)
    frame(graphs, qtbot)
    QApplication.processEvents()
    before = graphs.frames
    for _ in range(5):
        graphs.refresh()
        QApplication.processEvents()
    assert graphs.frames == before


def test_a_click_on_a_freeze_leads_to_it(graphs: LiveGraphs, now: float, qtbot: QtBot) -> None:
    run = run_of("gui_thread", 16, 9)
    run.freezes = [cast("Freeze", SimpleNamespace(started=now - 14, ended=now - 10))]
    graphs.add_run(run, "GUI", "bytes", 1)
    frame(graphs, qtbot)
    at, canvas = graphs.axes.geometry, graphs.canvas
    inside = QPoint(int(at.right - 13 * at.per_s), at.bottom - 20)
    with qtbot.waitSignal(graphs.freeze_clicked) as told:
        QTest.mouseClick(canvas, LEFT, pos=inside)
    assert told.args == [run, now - 14]
    QTest.mouseClick(canvas, LEFT, pos=QPoint(int(at.right - 30 * at.per_s), at.bottom - 20))
    assert not canvas._click.isActive()
    QTest.mouseClick(canvas, LEFT, pos=inside)
    assert canvas._click.isActive()
    QTest.mouseDClick(canvas, LEFT, pos=inside)
    assert not canvas._click.isActive()


def test_of_two_freezes_the_nearer_one_is_meant_and_none_of_a_benchmark(graphs: LiveGraphs, now: float) -> None:
    run, near = run_of("gui_thread", 16, 9), 2 / graphs.axes.geometry.per_s
    spans = ((now - 14, now - 12), (now - 12 + near, now - 11))
    run.freezes = [cast("Freeze", SimpleNamespace(started=low, ended=high)) for low, high in spans]
    graphs.add_run(run, "GUI", "bytes")
    assert graphs.scene.freeze_at(now - 13, now) is None
    graphs.add_run(run, "GUI", "bytes", 1)
    for moment, began in (
        (now - 13, now - 14),
        (now - 12 + near, now - 12 + near),
        (now - 14 - near, now - 14),
    ):
        assert graphs.scene.freeze_at(moment, now) == (run, began)
    assert graphs.scene.freeze_at(now - 14 - 3 * near, now) is None


def test_the_context_menu_is_that_of_charts(graphs: LiveGraphs) -> None:
    canvas = graphs.canvas
    assert canvas.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
    assert [action.text() for action in canvas.actions()] == [
        "Copy picture",
        "Save picture…",
        "Back to live",
        "Fit the run",
    ]


# ---------------------------------------------------------------- runs that stay


def test_a_run_stays_within_reach_when_it_has_scrolled_away(graphs: LiveGraphs, qtbot: QtBot) -> None:
    graphs.add_run(run_of("qthread", 90, 50, 31e6), "QThread", "bytes", 7)
    frame(graphs, qtbot)
    assert graphs.scene._empty == "No run in the last 40 s. Last: run 7 on QThread, 31 MB/s"
    (card,) = graphs.cards.cards
    QTest.mouseClick(card, LEFT)
    frame(graphs, qtbot)
    assert graphs.scene.seen(time.perf_counter()) == graphs.strips
    assert graphs.scene._empty == ""
    assert card.isChecked()
    strip = graphs.strips[0]
    assert strip.times[0] == strip.run.started
    assert strip.times[-1] == strip.run.ended
    drag(graphs, 150)
    assert not card.isChecked()


def test_a_run_that_goes_on_is_fitted_and_stays_live(graphs: LiveGraphs) -> None:
    graphs.add_run(run_of("qthread", 100, None), "QThread", "bytes", 1)
    graphs.fit_run()
    assert graphs.scene.sight.is_live
    assert graphs.scene.sight.span == pytest.approx(110, abs=3)


def test_a_card_dropped_on_another_lies_over_it(graphs: LiveGraphs, qtbot: QtBot) -> None:
    graphs.add_run(run_of("gui_thread", 30, 26, 2e6), "GUI", "bytes", 1)
    graphs.add_run(run_of("qthread", 12, 10, 4e6), "QThread", "bytes", 2)
    under, over = graphs.cards.cards
    under.dropped.emit(over)
    frame(graphs, qtbot)
    scene, at = graphs.scene, graphs.axes.geometry
    assert scene.pair == (over.strip, under.strip)
    assert scene.sight.origin == under.strip.run.started
    assert under.isChecked()
    assert over.isChecked()
    image, start = graphs.image(), under.strip.run.started
    top, bottom = at.spots["throughput"]
    for card, rate in ((under, 2.0), (over, 4.0)):  # both begin at the same place
        x = int(at.right - (cast("float", scene.sight.end) - start - 1.3) * at.per_s)
        column = [
            y for y in range(top + at.label_height, bottom) if image.pixelColor(x, y) == card.strip.pen.color()
        ]
        assert column
        assert column[-1] == pytest.approx(bottom - rate * at.per_rate, abs=1.5)
    now = time.perf_counter()
    assert values_at("throughput", start + 1.0, scene, now) == ["run 1: 2.0 MB/s", "run 2: 4.0 MB/s"]
    assert values_at("throughput", start + 3.0, scene, now) == ["run 1: 2.0 MB/s", "run 2: –"]
    assert values_at("lag", start + 3.0, scene, now) == ["run 1: under 1 ms", "run 2: –"]
    graphs.go_live()
    assert scene.pair is None
    assert not over.isChecked()


def test_the_mouse_over_the_past_costs_no_reading_of_it(graphs: LiveGraphs, now: float, qtbot: QtBot) -> None:
    waits = [(now - 600 + 0.1 * number, 0.3) for number in range(6_000)]
    asked = []

    def told(since: float, until: float) -> list[tuple[float, float]]:
        asked.append(since)
        return [point for point in waits if since <= point[0] <= until]

    graphs.scene.gil.waits._meter = SimpleNamespace(trace=deque(waits), waits=told)
    graphs.set_gil_visible(True)
    graphs.add_run(run_of("gui_thread", 430, 400), "GUI", "bytes", 1)
    graphs.add_run(run_of("qthread", 330, 290), "QThread", "bytes", 2)
    under, over = graphs.strips
    graphs.lay_over(over, under)
    frame(graphs, qtbot)
    assert 0 < len(asked) <= 2
    asked.clear()
    at = graphs.axes.geometry
    for x in range(at.left + 10, at.right, 300):
        QTest.mouseMove(graphs.canvas, QPoint(x, at.bottom - 20))
        frame(graphs, qtbot)
    assert not asked


def test_the_mouse_is_told_of_one_graph_for_each_line_of_text(graphs: LiveGraphs, now: float) -> None:
    scene, drawn = graphs.scene, []
    for name, history in (("lag", scene.lag), ("gil", scene.gil.waits)):
        points = history.points

        def counted(
            since: float, until: float, name: str = name, points: Callable[..., object] = points
        ) -> object:
            drawn.append(name)
            return points(since, until)

        history.points = counted  # type: ignore[method-assign,assignment]
    for name, wanted in (("throughput", []), ("lag", ["lag"]), ("gil", ["gil"])):
        values_at(name, now - 5, scene, now)
        assert drawn == wanted
        drawn.clear()


def test_laying_over_needs_no_mouse(graphs: LiveGraphs) -> None:
    graphs.add_run(run_of("gui_thread", 30, 26), "GUI", "bytes", 1)
    graphs.add_run(run_of("qthread", 12, 10), "QThread", "bytes", 2)
    graphs.add_run(run_of("asyncio_loop", 3, None), "asyncio", "bytes", 3)
    first, second, third = graphs.cards.cards
    actions = graphs.cards.menu(second).actions()
    assert [action.isEnabled() for action in actions] == [True, True, False]
    assert first.accessibleName() in actions[1].text()
    actions[1].trigger()
    assert graphs.scene.pair == (second.strip, first.strip)
    graphs.lay_over(third.strip, first.strip)
    assert graphs.scene.pair == (second.strip, first.strip)  # one that goes on lies over none


def test_the_newest_cards_are_those_that_are_shown(graphs: LiveGraphs, qtbot: QtBot) -> None:
    for number in range(1, 30):
        graphs.add_run(run_of("qthread", 39 - number, 38.5 - number), "QThread", "bytes", number)
    cards = graphs.cards.cards
    assert [card.strip.number for card in cards] == list(range(18, 30))
    assert cards[-1].text().startswith("29  QThread")
    assert cards[0].text() == "18"
    graphs.resize(600, 400)
    frame(graphs, qtbot)
    shown = [not card.isHidden() for card in cards]
    assert shown == sorted(shown)
    assert sum(shown) >= 3
    assert not all(shown)


def test_tab_goes_through_the_cards_and_the_buttons_to_the_graphs(graphs: LiveGraphs, qtbot: QtBot) -> None:
    window, before, after = QWidget(), QPushButton("Before"), QPushButton("After")
    qtbot.addWidget(window)
    fill(QVBoxLayout(window), before, graphs, after)
    drag(graphs, 200)  # the button Live is there
    for number in (1, 2, 3):
        graphs.add_run(run_of("qthread", 30 - number, 29 - number), "QThread", "bytes", number)
    order, widget = [], window.nextInFocusChain()
    while widget is not None and widget is not window:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            order.append(widget)
        widget = widget.nextInFocusChain()
    wanted = [*graphs.cards.cards, graphs.live, graphs.copy_button, graphs.canvas]
    assert order == [before, *wanted, after]
    assert all(each.accessibleName() for each in wanted)
