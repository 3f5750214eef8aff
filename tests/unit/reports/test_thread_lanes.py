"""The threads of a watched program as lanes: taken up bit by bit, while others are added, and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.watched_programs import MadeWatcher
from workers.reports.watched.thread_lanes import KINDS, ThreadsData, lanes_of, thread_lanes
from workers.watch.program import Program

if TYPE_CHECKING:
    from workers.reports.lanes import TimelineData

PYTHON, GIL, SLEEP = map(KINDS.index, ("python", "gil", "sleep"))


def bars(data: TimelineData) -> dict[str, list[tuple[float, float, int]]]:
    """What has ended, by lane, rounded to ms."""
    return {
        lane.title: [
            (round(bar.start, 3), round(bar.end, 3), bar.kind) for bar in map(lane.bar, range(lane.count))
        ]
        for lane in data.lanes
    }


def test_each_thread_has_a_lane_and_each_state_a_bar() -> None:
    watcher = MadeWatcher(Program("my_app.py"))
    data = ThreadsData(watcher.run)
    watcher.change(0.1, 1, "MainThread", "python")
    watcher.change(0.2, 2, "loader", "python")
    watcher.change(0.5, 1, "MainThread", "sleep")
    assert data.is_behind
    assert data.take_up()
    assert not data.is_behind
    assert bars(data) == {"MainThread": [(0.1, 0.5, PYTHON)], "loader": []}
    assert [kind for lane in data.lanes for _, kind, _ in lane.open] == [SLEEP, PYTHON]
    watcher.change(0.7, 2, "loader", "gil")
    watcher.change(0.9, 2, "loader", "ended")
    assert data.take_up()
    assert bars(data)["loader"] == [(0.2, 0.7, PYTHON), (0.7, 0.9, GIL)]
    assert data.lanes[1].open == []


def test_at_its_end_what_still_lasted_ends_with_it() -> None:
    watcher = MadeWatcher(Program("my_app.py"))
    watcher.change(0.1, 1, "MainThread", "python")
    watcher.end()
    (lane,) = thread_lanes(watcher.run)
    assert (lane.count, round(lane.bar(0).end, 3)) == (1, 1.0)


def test_threads_of_one_name_have_lanes_of_their_own() -> None:
    watcher = MadeWatcher(Program("my_app.py"))
    for ident in (7, 8):
        watcher.change(0.1 * ident, ident, "MainThread", "python")
    watcher.end()
    assert [lane.title for lane in thread_lanes(watcher.run)] == ["MainThread", "MainThread"]


def test_only_a_program_that_is_watched_is_drawn_by_its_threads() -> None:
    watcher = MadeWatcher(Program("my_app.py"))
    assert isinstance(lanes_of(watcher.run), ThreadsData)
    watcher.end()
    assert not isinstance(lanes_of(watcher.run), ThreadsData)  # nothing was told of any
