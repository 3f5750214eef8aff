"""The timeline on the screen: what is drawn where, mouse and keys, following, tips, pictures."""

from __future__ import annotations

import time
from array import array
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from gui.timeline.overview import Overview
from gui.timeline.timeline import Timeline
from tests.benchmarks.watch.timeline_frames import make_run as make_long_run
from tests.support.planned_runs import TRACEBACK, make_run
from workers.engine.task import Phase, TaskEvent
from workers.monitors.freeze import GUI, Freeze, Line
from workers.monitors.lag import LagMonitor, summarize_beats
from workers.monitors.main_thread import MainThread
from workers.monitors.track.marks import PAINT, QT, SLOT

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.engine.run import Run


def put(run: Run, index: int, place: str, *changes: tuple[Phase, float], detail: str | None = None) -> None:
    first = run.recorder.first
    run.recorder.fold(
        [
            TaskEvent(first + index, phase, run.started + at, 0.0, place, detail if phase.is_final else None)
            for phase, at in changes
        ]
    )


def finish(run: Run, end: float, frozen: tuple[float, float] | None = None) -> Run:
    """End a run whose beats came every 10 ms but for one freeze."""
    run.ended = run.started + end
    low, high = frozen or (end, end)
    moments = [at / 100 for at in range(int(end * 100)) if not low < at / 100 < high]
    run.beats = array("d", [run.started + at for at in moments])
    run.lag = summarize_beats(run.beats, run.started, run.ended)
    return run


def ended_run() -> Run:
    """Two lanes: done and failed on one, cancelled on the other, which also waited; frozen from 6 s to 8 s."""
    run = make_run(4)
    put(run, 0, "pool 0", (Phase.STARTED, 0.0), (Phase.DONE, 4.0))
    put(run, 1, "pool 0", (Phase.STARTED, 4.5), (Phase.FAILED, 8.0), detail=TRACEBACK)
    put(
        run,
        2,
        "pool 1",
        (Phase.STARTED, 1.0),
        (Phase.WAITING, 2.0),
        (Phase.RESUMED, 5.0),
        (Phase.CANCELLED, 9.0),
    )
    put(run, 3, "", (Phase.CANCELLED, 9.0))
    return finish(run, 10.0, (6.0, 8.0))


def place_of(timeline: Timeline, lane: int, moment: float) -> QPoint:
    """The middle of a lane at a moment, in pixels of the canvas."""
    scene = timeline.canvas.scene
    at = scene.layout
    return QPoint(round(at.x_of(moment, scene.window)), round(at.lane_top(lane) + at.lane * 0.4))


def color_at(timeline: Timeline, lane: int, moment: float, down: float = 0.4) -> QColor:
    scene = timeline.canvas.scene
    at = scene.layout
    image = timeline.canvas.grab().toImage()
    return image.pixelColor(round(at.x_of(moment, scene.window)), round(at.lane_top(lane) + at.lane * down))


def turn_wheel(timeline: Timeline, place: QPoint, across: int, down: int) -> None:
    canvas = timeline.canvas
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    where, whole = QPointF(place), QPointF(canvas.mapToGlobal(place))
    event = QWheelEvent(
        where, whole, QPoint(), QPoint(across, down), no_button, no_key, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(canvas, event)


def awake_run(threads: int = 1) -> Run:
    """Nothing runs in the GUI thread; it paints from 1 s on, a slot lasts from 3 s to 5 s, then Qt to 6 s."""
    run = make_run(threads)
    for index in range(threads):
        put(run, index, f"pool {index}", (Phase.STARTED, 0.0), (Phase.DONE, 9.0))
    marks = run.main_thread
    marks.names.append((SLOT, "Window.turn"))
    marks.edges.extend(run.started + at for at in (1.0, 6.0))
    marks.times.extend(run.started + at for at in (1.0, 3.0, 5.0))
    marks.codes.extend([PAINT, len(marks.names) - 1, QT])
    return finish(run, 10.0)


# ---------------------------------------------------------------- what is drawn


def test_before_the_first_run_it_says_what_will_appear(timeline: Timeline) -> None:
    [empty] = [one for one in timeline._stack.children() if one is timeline._stack.currentWidget()]
    assert "lane" in empty.accessibleName()
    assert "Press Start" in empty.accessibleName()


def test_bars_have_the_colours_of_their_states(timeline: Timeline) -> None:
    timeline.show_run(ended_run())
    theme, panel = timeline._theme, timeline._theme.color("panel")
    assert [lane.place for lane in timeline.canvas.scene.lanes] == [GUI, "pool 0", "pool 1"]
    assert color_at(timeline, 1, 2.0) == theme.color("good")
    assert color_at(timeline, 1, 5.0) == theme.color("bad")
    assert color_at(timeline, 1, 4.25) == panel
    assert color_at(timeline, 2, 3.5, down=0.2) == panel  # a waiting task is a low bar
    assert color_at(timeline, 2, 3.5, down=0.7) not in (panel, theme.color("good"), theme.color("muted"))
    stripes = {color_at(timeline, 2, 5.7, down=share / 40).name() for share in range(4, 28)}
    assert stripes == {theme.color("muted").name(), panel.name()}  # cancelled


def test_a_freeze_is_a_red_band_across_all_lanes(timeline: Timeline) -> None:
    timeline.show_run(ended_run())
    panel = timeline._theme.color("panel")
    for lane in range(3):
        inside, outside = color_at(timeline, lane, 7.0, down=0.97), color_at(timeline, lane, 5.0, down=0.97)
        assert outside == panel
        assert inside.red() > inside.green() + 30
        assert inside.red() > inside.blue() + 30


def test_the_gui_threads_lane_is_filled_with_what_it_did(timeline: Timeline, theme: Theme) -> None:
    timeline.show_run(awake_run())
    assert color_at(timeline, 0, 2.0) == theme.color("painting")
    assert color_at(timeline, 0, 4.0) == theme.color("warn")
    assert color_at(timeline, 0, 8.0) == theme.color("panel")
    assert color_at(timeline, 1, 2.0) == theme.color("good")


def test_a_click_on_what_it_did_tells_name_time_length_and_meaning(timeline: Timeline) -> None:
    timeline.show_run(awake_run())
    assert not timeline.foot.details.isVisible()
    QTest.mouseClick(timeline.canvas, Qt.MouseButton.LeftButton, pos=place_of(timeline, 0, 4.0))
    assert timeline.foot.details.text().split("  ·  ") == [
        "Window.turn",
        "3.0 s to 5.0 s, 2.0 s",
        "Slot or timer: Python code that Qt called",
    ]
    assert timeline.canvas.scene.tip_at(QPointF(place_of(timeline, 0, 2.0))).startswith(
        "Painting\n1.0 s to 3.0 s, 2.0 s\n"
    )
    QTest.mouseClick(timeline.canvas, Qt.MouseButton.LeftButton, pos=place_of(timeline, 0, 9.0))
    assert not timeline.foot.details.isVisible()
    QTest.mouseClick(timeline.canvas, Qt.MouseButton.LeftButton, pos=place_of(timeline, 0, 5.5))
    timeline.show_run(ended_run())
    assert not timeline.foot.details.isVisible()
    assert timeline.foot.legend.isVisible()


def test_where_there_is_little_room_the_lanes_get_it_and_what_is_clicked(timeline: Timeline) -> None:
    timeline.show_run(awake_run(threads=4))
    assert timeline.foot.legend.isVisible()
    assert timeline.overview.isVisible()
    timeline.resize(1000, 146)
    QApplication.processEvents()
    assert not timeline.foot.isVisible()
    assert timeline.overview.isVisible()
    timeline.resize(1000, 126)  # in a window of 1280 x 720
    QApplication.processEvents()
    assert not timeline.overview.isVisible()
    at = timeline.canvas.scene.layout
    assert (at.lanes, at.hidden) == (5, 0), "all can be seen"
    QTest.mouseClick(timeline.canvas, Qt.MouseButton.LeftButton, pos=place_of(timeline, 0, 4.0))
    assert timeline.foot.details.isVisible()
    assert not timeline.foot.legend.isVisible()


def test_a_live_run_shows_what_the_gui_thread_does(qtbot: QtBot, theme: Theme) -> None:
    lag = LagMonitor()
    track = MainThread(lag)
    timeline = Timeline(theme, lag, track)
    qtbot.addWidget(timeline)
    timeline.show()
    run = make_run(1)
    timeline.show_run(run)
    track.marks.edges.extend([run.started + 0.001, run.started + 0.002])
    timeline.refresh(at_once=True)
    main = timeline.canvas.scene.main
    assert main is not None
    assert main.lane.count == 1


def test_the_overview_shows_the_whole_run_and_its_frame_is_dragged(timeline: Timeline, theme: Theme) -> None:
    timeline.show_run(awake_run())
    overview, window, at = timeline.overview, timeline.canvas.scene.window, timeline.canvas.scene.layout
    timeline.canvas.zoom_at(0.1, at.x_of(2.0, window))
    span = window.span

    def place(moment: float) -> QPoint:
        return QPoint(round(at.left + moment / 10.0 * at.width), overview.height() // 2)

    image = overview.grab().toImage()
    assert image.pixelColor(place(2.0)) == theme.color("painting")
    assert image.pixelColor(place(4.0)) != theme.color("warn")  # it is out of sight, and so it is faint
    middle = (window.low + window.high) / 2
    QTest.mousePress(overview, Qt.MouseButton.LeftButton, pos=place(middle))
    QTest.mouseMove(overview, place(middle + 3.0))
    QTest.mouseRelease(overview, Qt.MouseButton.LeftButton, pos=place(middle + 3.0))
    assert (window.low + window.high) / 2 == pytest.approx(middle + 3.0, abs=0.05)
    assert window.span == pytest.approx(span)
    QTest.mouseClick(overview, Qt.MouseButton.LeftButton, pos=place(8.0))
    assert (window.low + window.high) / 2 == pytest.approx(8.0, abs=0.05)
    QTest.mouseMove(overview, place(1.0))  # no button is held
    assert (window.low + window.high) / 2 == pytest.approx(8.0, abs=0.05)
    QTest.mouseDClick(overview, Qt.MouseButton.LeftButton, pos=place(8.0))
    assert window.low < 0.0 < 10.0 < window.high


def test_a_refresh_paints_the_whole_run_once(timeline: Timeline, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[Overview] = []
    usual = Overview.paintEvent

    def paint(overview: Overview, event: QPaintEvent) -> None:
        painted.append(overview)
        usual(overview, event)

    monkeypatch.setattr(Overview, "paintEvent", paint)
    run = make_run(2)
    put(run, 0, "pool 0", (Phase.STARTED, 0.0))
    timeline.show_run(run)
    for _ in range(2):  # what it is shown for at first counts for nothing
        painted.clear()
        timeline.refresh(at_once=True)
        for _ in range(3):
            QApplication.processEvents()
    assert len(painted) == 1


def test_one_lane_after_the_other_or_several_at_once(timeline: Timeline) -> None:
    run = make_run(3)
    for index in range(3):
        put(run, index, GUI, (Phase.STARTED, float(index)), (Phase.DONE, index + 0.95))
    timeline.show_run(finish(run, 3.0, (0.0, 3.0)))
    assert [lane.count for lane in timeline.canvas.scene.lanes] == [3]
    assert timeline.canvas.scene.lanes[0].place == GUI


def test_many_lanes_scroll(timeline: Timeline) -> None:
    timeline.show_run(make_long_run(2000, 100))
    canvas = timeline.canvas
    assert len(canvas.scene.lanes) == 101
    assert timeline._bar.isVisible()
    QTest.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.scene.layout.scroll > 100
    turn_wheel(timeline, QPoint(10, 200), 0, 1200)
    assert canvas.scene.layout.scroll == 0
    timeline._bar.setValue(timeline._bar.maximum())
    assert canvas.scene.layout.visible[1] == 101


def test_narrow_bars_become_one_tone_and_a_failed_one_is_still_seen(timeline: Timeline) -> None:
    run = make_run(2000)
    for index in range(2000):
        at = index * 0.01
        end = Phase.FAILED if index == 1000 else Phase.DONE
        put(run, index, "pool 0", (Phase.STARTED, at), (end, at + 0.005))
    timeline.show_run(finish(run, 20.0))
    bad, good = timeline._theme.color("bad"), color_at(timeline, 1, 5.0)
    failed = [color_at(timeline, 1, 10.0 + shift / 100) for shift in range(-3, 4)]
    assert good not in (timeline._theme.color("good"), timeline._theme.color("panel"))  # half of the time
    assert any(abs(one.red() - bad.red()) < 40 and one.red() > 2 * one.green() for one in failed)


def test_a_long_backlog_is_taken_up_in_pieces(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.show_run(make_long_run(40_000, 4))
    assert timeline.is_behind
    qtbot.waitUntil(lambda: not timeline.is_behind)
    qtbot.waitUntil(lambda: timeline._is_final)
    assert sum(lane.count for lane in timeline.canvas.scene.lanes) == 40_000


def test_light_and_dark_differ(timeline: Timeline) -> None:
    timeline.show_run(ended_run())
    light = timeline.grab().toImage()
    timeline._theme.set_choice("dark")
    assert timeline.grab().toImage() != light
    timeline._theme.set_text_scale(1.6)
    assert timeline.canvas.scene.layout.left > 80


# ---------------------------------------------------------------- moving


def test_the_wheel_zooms_at_the_mouse(timeline: Timeline) -> None:
    timeline.show_run(ended_run())
    window, place = timeline.canvas.scene.window, place_of(timeline, 1, 7.0)
    before = window.span
    turn_wheel(timeline, place, 0, 120)
    assert window.span == pytest.approx(before / 1.25)
    assert timeline.canvas.scene.layout.moment_at(place.x(), window) == pytest.approx(7.0, abs=0.02)
    low = window.low
    turn_wheel(timeline, place, -120, 0)
    assert window.low > low


def test_a_touchpads_turns_are_small_and_not_quite_straight(timeline: Timeline) -> None:
    timeline.show_run(make_long_run(2000, 100))
    scene, place = timeline.canvas.scene, place_of(timeline, 1, 5.0)
    before = scene.window.span
    turn_wheel(timeline, place, 4, 120)
    assert scene.window.span == pytest.approx(before / 1.25)
    for _ in range(60):
        turn_wheel(timeline, QPoint(10, 200), 0, -2)
    assert scene.layout.scroll == 60
    for _ in range(60):
        turn_wheel(timeline, QPoint(10, 200), 0, 2)
    assert scene.layout.scroll == 0


def test_dragging_moves_the_picture_and_is_no_click(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.show_run(ended_run())
    canvas, window = timeline.canvas, timeline.canvas.scene.window
    turn_wheel(timeline, place_of(timeline, 1, 5.0), 0, 480)
    low, start = window.low, place_of(timeline, 1, 5.0)
    moved = window.span / canvas.scene.layout.width * 50
    with qtbot.assertNotEmitted(timeline.task_clicked):
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(canvas, start - QPoint(20, 0))
        QTest.mouseMove(canvas, start - QPoint(50, 0))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start - QPoint(50, 0))
    assert window.low - low == pytest.approx(moved, rel=0.01)


def test_keys_move_and_zoom(timeline: Timeline) -> None:
    timeline.show_run(ended_run())
    canvas, window = timeline.canvas, timeline.canvas.scene.window
    fit = (window.low, window.high)
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert window.span == pytest.approx((fit[1] - fit[0]) / 1.25)
    low = window.low
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert window.low == pytest.approx(low + 0.1 * window.span)
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert window.low == pytest.approx(low)
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert window.low < 0 < window.high
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert (window.low, window.high) == fit


def test_buttons_zoom(timeline: Timeline) -> None:
    timeline.show_run(ended_run())
    window = timeline.canvas.scene.window
    span = window.span
    buttons = {button.accessibleName(): button for button in timeline.findChildren(QToolButton)}
    buttons["Zoom in"].click()
    assert window.span == pytest.approx(span * 0.64)
    buttons["Zoom out"].click()
    assert window.span == pytest.approx(span)
    buttons["Zoom in"].click()
    buttons["Show the whole run"].click()
    assert window.span == pytest.approx(span)


def test_a_click_tells_its_task_and_keys_go_on_from_there(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.show_run(ended_run())
    canvas = timeline.canvas
    timeline.task_clicked.connect(timeline.show_task)
    with qtbot.waitSignal(timeline.task_clicked) as told:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place_of(timeline, 1, 6.5))
    assert told.args == [1]
    assert "picture 1" in canvas.accessibleDescription()
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert canvas.scene.marked == 0
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.scene.marked == -1
    with qtbot.assertNotEmitted(timeline.task_clicked):
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place_of(timeline, 0, 6.5))


def test_a_task_out_of_sight_is_brought_in_view_and_marked(timeline: Timeline) -> None:
    timeline.show_run(make_long_run(2000, 100))
    scene = timeline.canvas.scene
    scene.window.zoom(0.05, 0.0)
    timeline.show_task(1999)
    span, lane = scene.span_of(1999), scene.lane_of(1999)
    assert span is not None
    assert scene.window.low <= span[0] <= scene.window.high
    assert scene.layout.visible[0] <= lane < scene.layout.visible[1]
    before = timeline.grab().toImage()
    timeline.canvas.mark(-1)
    assert timeline.grab().toImage() != before
    timeline.show_task(-1)
    timeline.show_task(5000)
    assert scene.marked == -1


# ---------------------------------------------------------------- live


def test_a_live_run_is_followed_until_somebody_moves_and_the_next_one_again(timeline: Timeline) -> None:
    run = make_run(10)
    run.started = run.recorder.started = time.perf_counter() - 30.0
    put(run, 0, "pool 0", (Phase.STARTED, 1.0))
    timeline.show_run(run)
    window = timeline.canvas.scene.window
    assert timeline.follow.isChecked()
    assert window.low < 30.0 < window.high
    timeline.canvas.pan_by(-200)
    assert not timeline.follow.isChecked()
    where = (window.low, window.high)
    timeline.refresh(at_once=True)
    assert (window.low, window.high) == where
    timeline.follow.setChecked(True)
    assert window.high > where[1]
    timeline.canvas.pan_by(-200)
    timeline.show_run(make_run(3))
    assert timeline.follow.isChecked()


def test_a_followed_run_is_seen_whole_when_it_has_ended(timeline: Timeline) -> None:
    run = make_run(1)
    run.started = run.recorder.started = time.perf_counter() - 30.0
    put(run, 0, "pool 0", (Phase.STARTED, 1.0))
    timeline.show_run(run)
    put(run, 0, "pool 0", (Phase.DONE, 29.0))
    finish(run, 29.0)
    timeline.refresh(at_once=True)
    window = timeline.canvas.scene.window
    assert window.low < 0
    assert 29.0 < window.high < 31.0
    assert not timeline.follow.isEnabled()


def test_the_running_bar_grows_and_a_live_freeze_is_seen(qtbot: QtBot, theme: Theme) -> None:
    lag = LagMonitor()
    timeline = Timeline(theme, lag)
    qtbot.addWidget(timeline)
    timeline.resize(1000, 320)
    timeline.show()
    run = make_run(1)
    now = time.perf_counter()
    run.started = run.recorder.started = now - 3.0
    lag._beats = array("d", [now - 3.0, now - 2.0, now])
    put(run, 0, "pool 0", (Phase.STARTED, 0.5))
    timeline.show_run(run)
    assert color_at(timeline, 1, 2.0) == timeline._theme.color("accent")
    assert "The window was frozen for 990 ms" in timeline.canvas.scene.tip_at(
        QPointF(place_of(timeline, 0, 0.5))
    )


def test_it_is_painted_a_few_times_a_second_at_most_and_not_while_hidden(
    timeline: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []
    run = make_run(100)
    timeline.show_run(run)
    monkeypatch.setattr(timeline, "_take_up", lambda now, most=None: taken.append(now))
    timeline.refresh()
    assert not taken
    timeline.refresh(at_once=True)
    assert len(taken) == 1
    timeline.hide()
    timeline.refresh(at_once=True)
    assert len(taken) == 1
    timeline.show()
    assert len(taken) == 2


# ---------------------------------------------------------------- words and pictures


def test_tips_tell_task_state_time_and_place(timeline: Timeline) -> None:
    timeline.show_run(ended_run())
    scene = timeline.canvas.scene

    def tip(lane: int, moment: float) -> list[str]:
        return scene.tip_at(QPointF(place_of(timeline, lane, moment))).splitlines()

    assert tip(1, 2.0) == ["picture 0", "✓ Done in pool 0", "0 s to 4.0 s, 4.0 s"]
    assert tip(1, 5.0) == ["picture 1", "✕ Failed in pool 0", "4.5 s to 8.0 s, 3.5 s", "it said: 503"]
    assert tip(2, 3.0)[-1] == "Waiting for its turn: 2.0 s to 5.0 s, 3.0 s"
    assert tip(0, 3.0) == []
    queue = scene.tip_at(QPointF(place_of(timeline, 0, 0.5).x(), scene.layout.axis + 5))
    assert queue == "3 tasks queued at 0.5 s"


def test_a_pixel_with_many_tasks_says_so(timeline: Timeline) -> None:
    run = make_run(10_000)
    for index in range(10_000):
        put(run, index, "pool 0", (Phase.STARTED, index / 1000), (Phase.DONE, index / 1000 + 0.001))
    timeline.show_run(finish(run, 10.0))
    text = timeline.canvas.scene.tip_at(QPointF(place_of(timeline, 1, 5.0)))
    assert "more tasks in this pixel" in text


def test_the_tip_of_a_freeze_names_the_guilty_line(timeline: Timeline) -> None:
    run = ended_run()
    line = Line("/home/x/slow.py", 12, "work", "    time.sleep(2)")
    low, high = run.started + 6.0, run.started + 8.0
    run.freezes = [Freeze(low, high, "sleep", "GUI thread", (line,), 0, ((12, "    time.sleep(2)"),), 40, 1.0)]
    timeline.show_run(run)
    text = timeline.canvas.scene.tip_at(QPointF(place_of(timeline, 0, 7.0)))
    assert "The window was frozen for 2.0 s" in text
    assert "Guilty: slow.py, line 12, in work; it slept" in text
    assert "time.sleep(2)" in text


def test_an_image_has_everything_also_of_a_run_that_was_not_taken_up(timeline: Timeline) -> None:
    timeline.hide()
    timeline.show_run(make_long_run(40_000, 4))
    image = timeline.image()
    assert not timeline.is_behind
    assert image.width() == timeline.canvas.width()
    assert image.height() > timeline.canvas.height()
    colors = [image.pixelColor(image.width() // 2, y) for y in range(image.height())]
    assert sum(one.green() > one.red() + 50 for one in colors) > 40  # the bars of four lanes
