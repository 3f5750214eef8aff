"""The recorder: what events become, and that nothing of the work is lost in the throughput."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.downloads.order import Saved
from workers.engine.recorder import BIN_S, MAX_TEXT_LENGTH, Recorder
from workers.engine.task import Phase, TaskEvent

START = 1000.0


def event(number: int, phase: Phase, at: float = 0.0, amount: float = 0.0, detail: object = None) -> TaskEvent:
    return TaskEvent(number, phase, START + at, amount, f"pool {number}", detail)


def test_a_new_recorder_knows_queued_tasks_only() -> None:
    recorder = Recorder(10, 3, START)
    assert (recorder.queued, recorder.running, recorder.finals) == (3, 0, 0)
    assert recorder.last_final == START
    assert recorder.phases() == bytes(3)
    assert recorder.take_changed() is None
    row = recorder.row(2)
    assert (row.phase, row.place, row.error, row.speed) == (Phase.QUEUED, "", "", 0.0)


def test_what_nobody_waits_for_any_more_counts_as_cancelled() -> None:
    recorder = Recorder(10, 4, START)
    recorder.fold([event(10, Phase.STARTED), event(10, Phase.DONE, 0.2, 1), event(11, Phase.STARTED, 0.1)])
    recorder.cancel_rest(START + 3)
    assert (recorder.done, recorder.cancelled, recorder.running, recorder.queued) == (1, 3, 0, 0)
    assert recorder.last_final == START + 3
    recorder.fold([event(11, Phase.DONE, 4, 1)])  # it ends after all
    assert (recorder.done, recorder.cancelled) == (1, 3)


def test_events_become_counts_rows_and_results() -> None:
    recorder = Recorder(10, 4, START)
    results = recorder.fold(
        [
            event(10, Phase.STARTED, 0.1),
            event(11, Phase.STARTED, 0.1),
            event(12, Phase.STARTED, 0.1),
            event(10, Phase.PROGRESS, 0.5, 4),
            event(10, Phase.DONE, 1.1, 10, "picture"),
            event(11, Phase.FAILED, 1.3, 2, "Traceback\nValueError: no\n"),
        ]
    )
    assert results == ["picture"]
    assert (recorder.done, recorder.failed, recorder.cancelled) == (1, 1, 0)
    assert (recorder.running, recorder.queued, recorder.finals) == (1, 1, 2)
    assert recorder.amount == 12
    assert recorder.largest == 10
    assert recorder.last_final == START + 1.3
    assert recorder.errors == {1: "Traceback\nValueError: no\n"}
    assert recorder.texts == {0: "picture"}
    first = recorder.row(0)
    assert (first.phase, first.started, first.ended, first.place) == (
        Phase.DONE,
        START + 0.1,
        START + 1.1,
        "pool 10",
    )
    assert first.speed == pytest.approx(10)
    assert recorder.row(1).error.startswith("Traceback")


def test_a_result_of_none_is_no_result() -> None:
    recorder = Recorder(0, 1, START)
    assert recorder.fold([event(0, Phase.STARTED), event(0, Phase.DONE, 1, 1, None)]) == []
    assert recorder.done == 1


def test_a_task_that_is_cancelled_before_it_began_was_never_running() -> None:
    recorder = Recorder(0, 2, START)
    recorder.fold([event(0, Phase.CANCELLED, 0.2)])
    assert (recorder.running, recorder.queued, recorder.cancelled) == (0, 1, 1)


@pytest.mark.parametrize("number", [-1, 0, 4, 7, 1_000_000])
def test_events_of_other_runs_are_passed_over(number: int) -> None:
    recorder = Recorder(5, 2, START)
    assert recorder.fold([event(number, Phase.STARTED), event(number, Phase.DONE, 1, 5, "late")]) == []
    assert (recorder.finals, recorder.amount, recorder.take_changed()) == (0, 0.0, None)


def figures(recorder: Recorder) -> tuple[object, ...]:
    counts = (recorder.done, recorder.failed, recorder.cancelled, recorder.running)
    return (*counts, recorder.amount, recorder.row(0))


@pytest.mark.parametrize("last", [Phase.DONE, Phase.FAILED, Phase.CANCELLED])
@pytest.mark.parametrize("late", list(Phase)[1:])
def test_nothing_comes_after_a_final_event(last: Phase, late: Phase) -> None:
    recorder = Recorder(0, 1, START)
    recorder.fold([event(0, Phase.STARTED), event(0, last, 1, 5)])
    before = figures(recorder)
    recorder.take_changed()
    assert recorder.fold([event(0, late, 2, 9, "late")]) == []
    assert figures(recorder) == before
    assert recorder.take_changed() is None


def test_cancelling_the_queued_leaves_the_others_alone() -> None:
    recorder = Recorder(0, 5, START)
    recorder.fold([event(0, Phase.STARTED), event(0, Phase.DONE, 1, 1), event(1, Phase.STARTED)])
    recorder.take_changed()
    recorder.cancel_queued(START + 3)
    assert (recorder.done, recorder.running, recorder.queued, recorder.cancelled) == (1, 1, 0, 3)
    assert list(recorder.phases()) == [Phase.DONE, Phase.STARTED, *[Phase.CANCELLED] * 3]
    assert recorder.last_final == START + 3
    assert recorder.take_changed() == (0, 4)
    recorder.cancel_queued(START + 9)
    assert (recorder.cancelled, recorder.last_final) == (3, START + 3)


def test_what_changed_is_told_once() -> None:
    recorder = Recorder(0, 100, START)
    recorder.fold([event(40, Phase.STARTED), event(7, Phase.STARTED), event(63, Phase.STARTED)])
    assert recorder.take_changed() == (7, 63)
    assert recorder.take_changed() is None
    recorder.fold([event(40, Phase.DONE, 1)])
    assert recorder.take_changed() == (40, 40)


def test_the_phases_are_a_copy() -> None:
    recorder = Recorder(0, 2, START)
    before = recorder.phases()
    recorder.fold([event(0, Phase.STARTED)])
    assert before == bytes(2)


def test_work_is_spread_over_the_time_in_which_it_was_done() -> None:
    recorder = Recorder(0, 1, START)
    recorder.fold([event(0, Phase.STARTED, 0.05), event(0, Phase.DONE, 0.45, 8)])
    assert list(recorder.bins) == pytest.approx([1, 2, 2, 2, 1])


def test_an_amount_that_shrinks_counts_once() -> None:
    recorder = Recorder(0, 1, START)
    recorder.fold([event(0, Phase.STARTED), event(0, Phase.PROGRESS, 0.1, 5), event(0, Phase.DONE, 0.2, 3)])
    assert (recorder.amount, recorder.row(0).amount) == (5, 5)


def filled() -> Recorder:
    """A run that has ended: a task done, one failed, one that took turns and was cancelled, one that never began."""
    recorder = Recorder(3, 4, START)
    recorder.fold(
        [
            *(event(3, Phase.STARTED, 0.1), event(4, Phase.STARTED, 0.2), event(5, Phase.STARTED, 0.2)),
            *(event(5, Phase.WAITING, 0.3), event(5, Phase.RESUMED, 0.4), event(3, Phase.PROGRESS, 0.4, 3)),
            *(
                event(3, Phase.DONE, 0.5, 10),
                event(4, Phase.FAILED, 0.6, 4, "no"),
                event(5, Phase.CANCELLED, 0.7, 1),
            ),
        ]
    )
    recorder.cancel_queued(START + 0.8)
    return recorder


def test_every_change_but_progress_is_kept() -> None:
    columns = filled().columns()
    assert list(columns["change_tasks"]) == [0, 1, 2, 2, 2, 0, 1, 2]
    names = [Phase(phase).name for phase in columns["change_phases"]]
    assert names == ["STARTED", "STARTED", "STARTED", "WAITING", "RESUMED", "DONE", "FAILED", "CANCELLED"]
    assert list(columns["change_times"]) == pytest.approx(
        [START + at for at in (0.1, 0.2, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)]
    )


def test_the_name_of_a_file_that_a_task_made_is_kept() -> None:
    recorder = Recorder(0, 3, START)
    for number, detail in enumerate((Saved("a.jpg", 9), Path("of another kind"), "text")):
        recorder.fold([event(number, Phase.DONE, detail=detail)])
    assert recorder.names == {0: "a.jpg", 1: "of another kind"}


def test_of_the_results_only_texts_are_kept_and_not_too_much_of_them() -> None:
    recorder = Recorder(0, 3, START)
    results = ["a" * 1_000, 7, b"bytes"]
    for index, result in enumerate(results):
        recorder.fold([event(index, Phase.STARTED), event(index, Phase.DONE, 1, 1, result)])
    assert recorder.texts == {0: "a" * MAX_TEXT_LENGTH}


def test_columns_are_copies() -> None:
    recorder = Recorder(0, 2, START)
    before = recorder.columns()
    kept = {name: list(values) for name, values in before.items()}
    recorder.fold([event(0, Phase.STARTED, 0.1), event(0, Phase.DONE, 0.5, 3)])
    assert {name: list(values) for name, values in before.items()} == kept


def test_a_recorder_is_made_anew_of_its_columns() -> None:
    recorder = filled()
    again = Recorder.of_columns(3, START, recorder.columns(), dict(recorder.errors), dict(recorder.texts))
    for name in (
        "first",
        "count",
        "queued",
        "running",
        "done",
        "failed",
        "cancelled",
        "finals",
        "largest",
        "errors",
        "texts",
    ):
        assert getattr(again, name) == getattr(recorder, name), name
    assert again.amount == pytest.approx(recorder.amount)
    assert [again.row(index) for index in range(4)] == [recorder.row(index) for index in range(4)]
    assert again.columns() == recorder.columns()
    assert (again.places, list(again.place_indices(0, 4))) == (
        recorder.places,
        list(recorder.place_indices(0, 4)),
    )
    assert again.take_changed() == (0, 3)
    assert again.last_final == START + 0.7, "the last that any task told"


moments = st.floats(0, 30, allow_nan=False)
amounts = st.floats(0, 1e12, allow_nan=False)


@pytest.mark.examples
@given(
    started=st.floats(0, 1e6),
    tasks=st.lists(st.lists(st.tuples(moments, amounts), min_size=1, max_size=6), min_size=1, max_size=5),
)
def test_spreading_over_bins_loses_nothing(started: float, tasks: list[list[tuple[float, float]]]) -> None:
    recorder = Recorder(0, len(tasks), started)
    expected = 0.0
    for number, steps in enumerate(tasks):
        times = sorted(moment for moment, _ in steps)
        recorder.fold([TaskEvent(number, Phase.STARTED, started + times[0], 0.0, "here")])
        total = 0.0
        for moment, (_, amount) in zip(times, steps, strict=True):
            total += amount
            recorder.fold([TaskEvent(number, Phase.PROGRESS, started + moment, total, "here")])
        expected += total
    assert recorder.amount == pytest.approx(expected, rel=1e-9)
    assert math.fsum(recorder.bins) == pytest.approx(recorder.amount, rel=1e-9)
    assert all(amount >= 0 for amount in recorder.bins)


@pytest.mark.examples
@given(
    start=st.integers(0, 50),
    after=st.sampled_from([0.0, 1e-12, 1e-9, 1e-6, BIN_S / 2, BIN_S, 3 * BIN_S]),
    nudge=st.sampled_from([-1e-10, -1e-13, 0.0, 1e-13, 1e-10]),
)
def test_nothing_is_lost_at_the_edge_of_a_bin(start: int, after: float, nudge: float) -> None:
    recorder = Recorder(0, 1, START)
    begin = max(0.0, start * BIN_S + nudge)
    recorder.fold([event(0, Phase.STARTED, begin), event(0, Phase.DONE, begin + after, 1000.0)])
    assert math.fsum(recorder.bins) == pytest.approx(1000.0, rel=1e-9)
    first, last = int((begin - 1e-6) / BIN_S), int((begin + after + 1e-6) / BIN_S)
    assert not any(recorder.bins[: max(0, first)])
    assert len(recorder.bins) <= last + 1


def test_places_are_counted_with_that_of_the_queued() -> None:
    recorder = filled()
    assert recorder.place_count == len(recorder.places)
    assert recorder.places[0] == ""


def test_changes_beyond_the_limit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.engine.changes.MAX_CHANGES", 2)
    recorder = Recorder(0, 2, START)
    recorder.fold([event(index, phase) for index in (0, 1) for phase in (Phase.STARTED, Phase.DONE)])
    changes = recorder.changes
    assert (len(changes), changes.lost, list(changes.tasks)) == (2, 2, [0, 0])
    assert recorder.done == 2
