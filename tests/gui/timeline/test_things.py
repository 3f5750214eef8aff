"""What the timeline shows of tasks that wait for each other: hollow bars, lanes of locks, strips of gauges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from gui.timeline.legend import WORDS
from tests.support.planned_runs import make_run, tell
from tests.support.steps import finish
from workers.engine.task import Phase
from workers.monitors.freeze import GUI
from workers.reports.lane import BLOCKED, DONE, FAILED, RUNNING
from workers.reports.lanes import TimelineData, finished_lanes

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from pytestqt.qtbot import QtBot

    from gui.timeline.timeline import Timeline
    from workers.engine.run import Run
    from workers.sync.samples import Sample


def sample(run: Run, index: int, *rows: Sample) -> None:
    """Tell samples whose moments are seconds after Start."""
    moved = tuple((kind, name, run.started + at, value) for kind, name, at, value in rows)
    tell(run, index, Phase.PROGRESS, rows[-1][2], detail=moved)


def locked_run(is_over: bool = True) -> Run:
    """Task 1 holds a lock from 1 s to 6 s, task 0 waits for it from 2 s on and gets it; then it fails."""
    run = make_run(2)
    tell(run, 0, Phase.STARTED, 0.0)
    tell(run, 1, Phase.STARTED, 0.0)
    sample(run, 1, ("holder", "lock a", 1.0, 1))
    tell(run, 0, Phase.WAITING, 2.0, detail=("lock a", (1,)))
    sample(run, 1, ("", "counter", 1.0, 10.0), ("", "expected counter", 1.0, 40.0), ("", "none", 1.0, 0.0))
    if is_over:
        tell(run, 0, Phase.RESUMED, 6.0)
        sample(run, 1, ("holder", "lock a", 6.0, -1), ("holder", "lock a", 6.0, 0), ("", "counter", 6.0, 20.0))
        tell(run, 1, Phase.DONE, 8.0)
        tell(run, 0, Phase.FAILED, 9.0, detail="it failed")
        run.ended = run.started + 10.0
    return run


def free_run() -> Run:
    """A run whose tasks share nothing."""
    run = make_run(1)
    tell(run, 0, Phase.STARTED, 0.0)
    tell(run, 0, Phase.WAITING, 1.0)
    tell(run, 0, Phase.RESUMED, 2.0)
    tell(run, 0, Phase.DONE, 3.0)
    run.ended = run.started + 4.0
    return run


def place_of(timeline: Timeline, row: int, moment: float, down: float = 0.4) -> QPoint:
    scene = timeline.canvas.scene
    at = scene.layout
    return QPoint(round(at.x_of(moment, scene.window)), round(at.lane_top(row) + at.lane * down))


def color_at(timeline: Timeline, row: int, moment: float, down: float) -> QColor:
    return timeline.canvas.grab().toImage().pixelColor(place_of(timeline, row, moment, down))


def test_who_waits_for_a_reason_is_told_apart_in_pieces_of_any_size() -> None:
    for piece in (1, 2, 1000):
        data = TimelineData(locked_run())
        while data.take_up(piece):
            pass
        lane = data.lane_of(0)
        assert lane is not None
        assert [lane.bar(row).kind for row in range(lane.count)] == [FAILED, BLOCKED, FAILED]


def test_a_locks_lane_has_the_tasks_that_held_it_in_the_colours_of_their_ends() -> None:
    data = TimelineData(locked_run(is_over=False))
    data.take_up()
    [lane] = data.things.lanes
    assert lane.open == [(1, RUNNING, 1.0)]
    run = locked_run()
    data = TimelineData(run)
    data.take_up()
    data.close_open()
    [lane] = data.things.lanes
    held = [lane.bar(row) for row in range(lane.count)]
    assert [(bar.task, bar.kind, round(bar.start, 6), round(bar.end, 6)) for bar in held] == [
        (1, DONE, 1.0, 6.0),
        (0, FAILED, 6.0, 10.0),  # who never lets go holds it to the end
    ]
    assert lane in data.order
    assert lane not in list(_exhausted(run))


def _exhausted(run: Run) -> list[object]:
    return list(finish(finished_lanes(run))[1][0])


def test_who_holds_a_lock_without_being_a_task_has_no_lane() -> None:
    run = make_run(1)
    tell(run, 0, Phase.STARTED)
    sample(run, 0, ("holder", "lock a", 1.0, -2), ("holder", "lock a", 2.0, -1))
    data = TimelineData(run)
    data.take_up()
    assert data.things.lanes == []


def test_a_strip_shows_the_farthest_of_each_column_and_where_nothing_is_known() -> None:
    run = make_run(1)
    tell(run, 0, Phase.STARTED)
    sample(
        run, 0, ("level", "queue a", 1.1, 2.0), ("level", "queue a", 1.4, 7.0), ("level", "queue a", 1.6, 1.0)
    )
    sample(run, 0, ("", "balance", 1.1, 5.0), ("", "balance", 2.2, -20.0), ("", "balance", 2.4, 5.0))
    data = TimelineData(run)
    data.take_up()
    queue, balance = data.things.strips
    edges = np.arange(0.0, 6.0)
    np.testing.assert_array_equal(queue.levels(edges, 3.5), [np.nan, 7.0, 1.0, 1.0, np.nan])
    np.testing.assert_array_equal(balance.levels(edges, 9.0), [np.nan, 5.0, -20.0, 5.0, 5.0])
    assert (queue.low, queue.high, balance.low, balance.high) == (0.0, 7.0, -20.0, 5.0)
    assert queue.values_at(0.5) == (None, None)


def test_waits_are_hollow_and_locks_and_strips_stand_below_the_threads(timeline: Timeline) -> None:
    timeline.show_run(locked_run())
    scene, theme = timeline.canvas.scene, timeline._theme
    panel = theme.color("panel")
    assert [lane.place for lane in scene.lanes] == [GUI, "pool 0", "pool 1", "lock a"]
    assert [strip.name for strip in scene.strips] == ["counter"]  # "none" was never anything but 0
    assert color_at(timeline, 1, 4.0, 0.4) == panel
    edges = [color_at(timeline, 1, 4.0, down) for down in (0.08, 0.78)]
    assert all(color.red() > color.green() + 60 for color in edges)
    assert edges[0] != theme.color("bad")  # calmer than a failure
    assert color_at(timeline, 3, 4.0, 0.4) == theme.color("good")
    assert color_at(timeline, 3, 8.0, 0.4) == theme.color("bad")
    expected = theme.color("accent")
    rows = [color_at(timeline, 4, 4.0, down / 50) for down in range(40)]
    assert expected in rows[:8]  # 40 is the most
    assert len({color.name() for color in rows}) >= 4  # ground, filled, its edge, and the line


def test_tips_say_what_is_waited_for_who_holds_it_and_what_a_gauge_shows(timeline: Timeline) -> None:
    timeline.show_run(locked_run())
    scene = timeline.canvas.scene
    tips = [scene.tip_at(QPointF(place_of(timeline, row, 4.0))) for row in (1, 3, 4)]
    assert "Waits for lock a, held by picture 1: 2.0 s to 6.0 s, 4.0 s" in tips[0].splitlines()
    assert tips[1] == "picture 1\nHolds lock a: 1.0 s to 6.0 s, 5.0 s"
    assert tips[2].splitlines()[0].startswith("counter: 10 at 4.0")
    assert tips[2].splitlines()[1:] == ["Expected: 40", "In the whole run: 10 to 20"]
    assert scene.tip_at(QPointF(5, place_of(timeline, 4, 4.0).y())) == "counter"


def test_a_click_on_a_wait_tells_it_in_the_foot_and_one_on_a_holder_marks_it(
    timeline: Timeline, qtbot: QtBot
) -> None:
    timeline.show_run(locked_run())
    timeline.canvas.task_clicked.connect(timeline.show_task)
    with qtbot.waitSignal(timeline.task_clicked) as clicked:
        QTest.mouseClick(timeline.canvas, Qt.MouseButton.LeftButton, pos=place_of(timeline, 1, 4.0))
    assert clicked.args == [0]
    assert timeline.foot.details.text() == (
        "picture 0  ·  Waits for lock a, held by picture 1: 2.0 s to 6.0 s, 4.0 s"
    )
    QTest.mouseClick(timeline.canvas, Qt.MouseButton.LeftButton, pos=place_of(timeline, 3, 4.0))
    assert timeline.canvas.scene.marked == 1
    assert not timeline.foot.details.isVisible()


def test_who_waits_just_now_is_read_out_with_what_for(timeline: Timeline) -> None:
    timeline.show_run(locked_run(is_over=False))
    timeline.canvas.mark(0)
    assert timeline.canvas.accessibleDescription().endswith("Waits for lock a, held by picture 1")


def test_the_legend_has_entries_for_waits_only_where_there_are_any(timeline: Timeline) -> None:
    timeline.show_run(free_run())
    word = WORDS[BLOCKED][0]
    assert word not in timeline.legend.accessibleName()
    assert not timeline.canvas.scene.has_things
    timeline.show_run(locked_run())
    assert word in timeline.legend.accessibleName()
    assert "Expected" in timeline.legend.toolTip()
    timeline.show_run(free_run())
    assert word not in timeline.legend.accessibleName()


def test_where_there_is_little_room_the_queue_gives_way_to_what_tasks_share(timeline: Timeline) -> None:
    timeline.show_run(locked_run())
    assert timeline.canvas.scene.layout.queue > 0
    timeline.resize(1000, 152)
    at = timeline.canvas.scene.layout
    assert (at.queue, at.hidden) == (0, 0)
    assert color_at(timeline, 3, 4.0, 0.4) == timeline._theme.color("good")
    timeline.show_run(free_run())
    assert timeline.canvas.scene.layout.queue > 0


def test_a_picture_has_the_rows_that_are_scrolled_out_of_sight(timeline: Timeline) -> None:
    timeline.show_run(locked_run())
    timeline.resize(1000, 110)
    hidden = timeline.canvas.scene.layout.hidden
    assert hidden > 0
    before = timeline.canvas.scene.layout
    shot = timeline.canvas.grab()
    assert timeline.canvas.picture().height() == shot.height() + round(hidden * shot.devicePixelRatio())
    assert timeline.canvas.scene.layout == before
