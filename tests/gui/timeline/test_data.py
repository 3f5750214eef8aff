"""What the timeline takes up: bars from changes, lanes, the queue, shares of columns, freezes. Nothing is painted."""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gui.timeline.freezes import FreezeBands
from gui.timeline.texts import band_text
from tests.benchmarks.watch.timeline_frames import make_run as make_long_run
from tests.support.planned_runs import make_run
from workers.engine.recorder import Recorder
from workers.engine.task import Phase, TaskEvent
from workers.monitors.freeze import GUI, Freeze
from workers.monitors.lag import LagMonitor, summarize_beats
from workers.reports.lane import CANCELLED, DONE, FAILED, KINDS, NO_TASK, PAUSED, RUNNING, WAITING, Bar, Lane
from workers.reports.lanes import TimelineData

if TYPE_CHECKING:
    from workers.engine.run import Run


def put(run: Run, index: int, place: str, *changes: tuple[Phase, float]) -> None:
    """Fold changes of one task, at seconds after Start."""
    first = run.recorder.first
    run.recorder.fold([TaskEvent(first + index, phase, run.started + at, 0.0, place) for phase, at in changes])


def bars(lane: Lane) -> list[tuple[int, int, float, float]]:
    found = [lane.bar(row) for row in range(lane.count)]
    return [(bar.task, bar.kind, round(bar.start, 6), round(bar.end, 6)) for bar in found]


def shares(
    lane: Lane, edges: list[float], now: float = 99.0
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    found = np.zeros((KINDS, len(edges) - 1), np.float32)
    lane.cover(np.array(edges), now, found, np.empty(len(edges), np.int64))
    return found


def test_every_state_becomes_a_bar_and_work_has_the_colour_of_its_end() -> None:
    run = make_run(3)
    put(run, 0, "pool 0", (Phase.STARTED, 1.0), (Phase.WAITING, 2.0), (Phase.RESUMED, 3.0), (Phase.DONE, 4.0))
    put(run, 1, "pool 0", (Phase.STARTED, 4.0), (Phase.PAUSED, 5.0), (Phase.RESUMED, 6.0), (Phase.FAILED, 7.0))
    put(run, 2, "pool 0", (Phase.STARTED, 7.0), (Phase.CANCELLED, 8.0))
    data = TimelineData(run)
    assert data.take_up()
    assert not data.take_up()
    gui, pool = data.order
    assert (gui.place, gui.count) == (GUI, 0)
    assert bars(pool) == [
        (0, DONE, 1.0, 2.0),
        (0, WAITING, 2.0, 3.0),
        (0, DONE, 3.0, 4.0),
        (1, FAILED, 4.0, 5.0),
        (1, PAUSED, 5.0, 6.0),
        (1, FAILED, 6.0, 7.0),
        (2, CANCELLED, 7.0, 8.0),
    ]
    assert pool.open == []


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000])
def test_pieces_of_any_size_give_the_same_bars(piece: int) -> None:
    run = make_long_run(300, 3, turns=2)
    whole, parts = TimelineData(run), TimelineData(run)
    while whole.take_up():
        pass
    while parts.take_up(piece):
        pass
    assert [(lane.place, bars(lane)) for lane in whole.order] == [
        (lane.place, bars(lane)) for lane in parts.order
    ]
    assert sum(lane.count for lane in whole.lanes) == 300 * 5
    np.testing.assert_array_equal(whole.begun, parts.begun)
    for lane, other in zip(whole.order, parts.order, strict=True):
        edges = np.linspace(0.0, 0.5, 101).tolist()
        np.testing.assert_allclose(shares(lane, edges), shares(other, edges), atol=1e-5)


def test_what_has_not_ended_is_open_and_settles_later() -> None:
    run = make_run(1)
    put(run, 0, "pool 0", (Phase.STARTED, 1.0), (Phase.WAITING, 2.0))
    data = TimelineData(run)
    data.take_up()
    [_, pool] = data.order
    assert bars(pool) == [(0, RUNNING, 1.0, 2.0)]
    [(task, kind, since)] = pool.open
    assert (task, kind, round(since, 6)) == (0, WAITING, 2.0)
    assert shares(pool, [1.0, 2.0, 3.0], now=2.5)[RUNNING].tolist() == pytest.approx([1.0, 0.0])
    put(run, 0, "pool 0", (Phase.RESUMED, 3.0), (Phase.DONE, 4.0))
    data.take_up()
    assert bars(pool) == [(0, DONE, 1.0, 2.0), (0, WAITING, 2.0, 3.0), (0, DONE, 3.0, 4.0)]
    found = shares(pool, [1.0, 2.0, 3.0, 4.0, 5.0])
    assert found[RUNNING].sum() == pytest.approx(0.0, abs=1e-6)  # the sums were reckoned anew
    assert found[DONE].tolist() == pytest.approx([1.0, 0.0, 1.0, 0.0], abs=1e-6)


def test_lanes_are_read_in_their_natural_order_with_the_gui_thread_first() -> None:
    run = make_run(4)
    for index, place in enumerate(("pool 10", "pool 2", GUI, "pool 1")):
        put(run, index, place, (Phase.STARTED, 1.0 + index), (Phase.DONE, 2.0 + index))
    data = TimelineData(run)
    data.take_up()
    assert [lane.place for lane in data.order] == [GUI, "pool 1", "pool 2", "pool 10"]
    found = data.lane_of(1)
    assert found is not None
    assert found.place == "pool 2"


@pytest.mark.parametrize("piece", [1, 100])
def test_a_place_with_several_tasks_at_once_gets_a_lane_for_each(piece: int) -> None:
    run = make_run(4)
    put(run, 0, "loop", (Phase.STARTED, 1.0))
    put(run, 1, "loop", (Phase.STARTED, 1.5))
    put(run, 0, "loop", (Phase.DONE, 2.0))
    put(run, 2, "loop", (Phase.STARTED, 2.1), (Phase.DONE, 2.2))
    put(run, 1, "loop", (Phase.DONE, 3.0))
    put(run, 3, "loop", (Phase.STARTED, 3.1), (Phase.DONE, 3.2))
    data = TimelineData(run)
    while data.take_up(piece):
        pass
    assert [(lane.place, lane.track) for lane in data.order] == [(GUI, 0), ("loop", 0), ("loop", 1)]
    assert [[bar[0] for bar in bars(lane)] for lane in data.order] == [[], [0, 2, 3], [1]]


def test_the_queue_gets_shorter_as_tasks_begin_and_empty_with_a_cancel() -> None:
    run = make_run(10)
    put(run, 0, "pool 0", (Phase.STARTED, 1.0), (Phase.CANCELLED, 3.0))
    put(run, 1, "pool 1", (Phase.STARTED, 2.0), (Phase.CANCELLED, 3.0))
    put(run, 2, "", (Phase.CANCELLED, 3.0))  # pulled, but it never began
    data = TimelineData(run)
    data.take_up()
    assert data.waiting(np.array([0.0, 1.5, 2.5, 3.5])).tolist() == [10, 9, 8, 7]
    run.recorder.cancel_queued(run.started + 4.0)
    run.ended = run.recorder.last_final
    assert data.waiting(np.array([3.5, 4.5])).tolist() == [7, 0]
    assert data.lane_of(2) is None
    assert data.lane_of(9) is None


def test_bars_end_though_changes_were_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.engine.changes.MAX_CHANGES", 2)
    run = make_run(1)
    put(run, 0, "pool 0", (Phase.STARTED, 1.0), (Phase.WAITING, 2.0), (Phase.RESUMED, 3.0), (Phase.DONE, 4.0))
    run.ended = run.recorder.last_final
    assert run.recorder.changes.lost == 2
    data = TimelineData(run)
    data.take_up()
    data.close_open()
    assert bars(data.order[1]) == [(0, DONE, 1.0, 2.0), (0, WAITING, 2.0, 4.0)]
    assert data.order[1].open == []


def test_a_run_of_columns_gives_the_same_lanes() -> None:
    run = make_long_run(100, 2, turns=1)
    told = TimelineData(run)
    told.take_up()
    recorder = run.recorder
    run.recorder = Recorder.of_columns(
        recorder.first, recorder.started, recorder.columns(), recorder.errors, {}
    )
    read = TimelineData(run)
    read.take_up()
    assert [bars(lane) for lane in told.order] == [bars(lane) for lane in read.order]


def test_the_recorder_goes_on_after_a_take_up() -> None:
    run = make_run(1000)
    data = TimelineData(run)
    for index in range(1000):  # an array that somebody still looks into cannot grow
        put(run, index, "pool 0", (Phase.STARTED, float(index)), (Phase.DONE, index + 0.5))
        data.take_up()
    assert data.order[1].count == 1000


# ---------------------------------------------------------------- shares, and what is under the mouse


def lane_of(*given: tuple[int, int, float, float]) -> Lane:
    lane = Lane("pool 0")
    task, kind, start, end = (np.array(column) for column in zip(*given, strict=True))
    lane.add(start.astype(np.float64), end.astype(np.float64), kind.astype(np.uint8), task.astype(np.uint32))
    return lane


def test_shares_are_those_of_a_plain_sum() -> None:
    chance = np.random.default_rng(1)
    moments = np.cumsum(chance.uniform(0.0, 0.02, 2001))
    kinds = chance.integers(0, KINDS, 1000)
    given = [(row, int(kinds[row]), moments[2 * row], moments[2 * row + 1]) for row in range(1000)]
    lane = lane_of(*given)
    edges = np.linspace(-0.5, moments[-1] + 0.5, 180)
    wanted = np.zeros((KINDS, 179))
    for _, kind, start, end in given:
        inside = np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)
        wanted[kind] += np.maximum(inside, 0) / (edges[1] - edges[0])
    np.testing.assert_allclose(shares(lane, edges.tolist()), wanted, atol=1e-4)


def test_bars_that_come_out_of_order_are_sorted() -> None:
    lane = lane_of((0, DONE, 2.0, 3.0))
    lane.add(np.array([1.0]), np.array([1.5]), np.array([FAILED], np.uint8), np.array([1], np.uint32))
    assert bars(lane) == [(1, FAILED, 1.0, 1.5), (0, DONE, 2.0, 3.0)]


def test_the_bar_under_the_mouse_is_the_one_there_or_a_near_one() -> None:
    lane = lane_of((0, DONE, 1.0, 2.0), (1, FAILED, 4.0, 5.0))
    lane.open = [(2, WAITING, 6.0)]
    assert lane.bar_at(1.5, 0.1, 9.0) == Bar(0, DONE, 1.0, 2.0)
    assert lane.bar_at(3.95, 0.1, 9.0) == Bar(1, FAILED, 4.0, 5.0)
    assert lane.bar_at(3.0, 0.1, 9.0) is None
    assert lane.bar_at(8.0, 0.1, 9.0) == Bar(2, WAITING, 6.0, 9.0)
    assert Lane("x").bar_at(0.0, 1.0, 9.0) is None


def test_from_task_to_task_within_a_lane() -> None:
    lane = lane_of((0, DONE, 1.0, 2.0), (0, DONE, 2.5, 3.0), (1, DONE, 4.0, 5.0))
    lane.open = [(2, RUNNING, 6.0)]
    assert [lane.neighbour(0, 1.0, 1), lane.neighbour(1, 4.0, 1), lane.neighbour(2, 6.0, 1)] == [1, 2, NO_TASK]
    assert [lane.neighbour(2, 6.0, -1), lane.neighbour(1, 4.0, -1), lane.neighbour(0, 1.0, -1)] == [
        1,
        0,
        NO_TASK,
    ]
    assert list(lane.tasks_between(2.7, 4.5)) == [0, 1]
    assert list(lane.tasks_between(5.5, 9.0)) == [2]


# ---------------------------------------------------------------- freezes


def freeze(run: Run, start: float, end: float) -> Freeze:
    return Freeze(run.started + start, run.started + end, "sleep", "GUI thread", (), -1, (), 1, 1.0)


def test_gaps_of_beats_over_100_ms_are_shown_one_by_one_also_at_the_edges_of_a_run() -> None:
    run = make_run(1)
    run.beats = array("d", [run.started + at for at in (0.3, 0.31, 0.32, 0.5, 0.51, 0.6)])
    run.ended = run.started + 0.61
    run.lag = summarize_beats(run.beats, run.started, run.ended)
    bands = FreezeBands(run, None)
    bands.update(0.0)
    assert [(round(a, 3), round(b, 3)) for _, _, a, b in bars(bands.lane)] == [(0.0, 0.3), (0.32, 0.5)]


def test_as_many_are_frozen_as_the_run_counts_also_where_they_touch() -> None:
    run = make_run(1)
    run.beats = array("d", [run.started + at for at in (0.8, 2.0, 2.2, 5.0)])
    run.ended = run.started + 5.01
    run.lag = summarize_beats(run.beats, run.started, run.ended)
    run.freezes = [freeze(run, -0.01, 0.8), freeze(run, 0.8, 2.0), freeze(run, 2.2, 5.0)]
    bands = FreezeBands(run, None)
    bands.update(0.0)
    texts = [band_text(bands.lane.bar(row)) for row in range(bands.lane.count)]
    assert texts == ["frozen 790 ms", "frozen 1.2 s", "slow 190 ms", "frozen 2.8 s"]
    assert run.lag.freezes == 3


def test_the_watchdogs_freezes_count_once() -> None:
    run = make_run(1)
    run.beats = array("d", [run.started + 0.4])
    run.ended = run.started + 1.0
    run.lag = summarize_beats(run.beats, run.started, run.ended)
    run.freezes = [freeze(run, -0.05, 0.4), freeze(run, 0.4, 1.2)]
    bands = FreezeBands(run, None)
    bands.update(0.0)
    assert [(round(a, 3), round(b, 3)) for _, _, a, b in bars(bands.lane)] == [(0.0, 0.4), (0.4, 1.0)]
    [*_, band] = [bands.lane.bar(row) for row in range(bands.lane.count)]
    assert run.freezes[1] in bands.cards(band)


def test_a_band_has_the_cards_of_its_own_time_and_none_of_its_neighbours() -> None:
    run = make_run(1)
    run.started = 1234.567
    edges = [at / 7 for at in range(8)]
    run.freezes = [freeze(run, begin, end) for begin, end in pairwise(edges)]
    bands = FreezeBands(run, None)
    found = [bands.cards(Bar(0, 0, begin, end)) for begin, end in pairwise(edges)]
    assert found == [[each] for each in run.freezes]


def test_a_run_without_a_window_has_no_freezes() -> None:
    run = make_run(1)
    run.ended = run.started + 5.0
    bands = FreezeBands(run, None)
    bands.update(run.ended)
    assert bands.lane.count == 0


def test_live_freezes_come_from_the_monitor_and_one_may_still_last() -> None:
    run = make_run(1)
    lag = LagMonitor()
    lag._beats = array("d", [run.started + at for at in (0.0, 0.01, 0.2)])
    bands = FreezeBands(run, lag)
    bands.update(run.started + 0.25)
    assert [(round(a, 3), round(b, 3)) for _, _, a, b in bars(bands.lane)] == [(0.01, 0.2)]
    assert bands.lane.open == []
    bands.update(run.started + 0.5)
    assert [round(since, 3) for _, _, since in bands.lane.open] == [0.2]
    lag._beats.append(run.started + 0.6)
    bands.update(run.started + 0.61)
    assert bands.lane.count == 2
    assert bands.lane.open == []
