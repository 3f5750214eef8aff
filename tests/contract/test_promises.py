"""What every runner promises, tested on every runner that discover finds available here."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.contract import work
from tests.support.patience import AT_ONCE_S
from tests.support.runner_harness import PATIENCE_S, Harness, case, harness_on
from workers.catalog import lookup
from workers.engine.task import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication


# What runs one workload alone has its promises in test_download_promises.py.
RUNNERS = [case(name, entry) for name, entry in lookup.runners().items() if "ONLY" not in entry.constants]
RUNNERS.append(pytest.param("asyncio_loop tests.contract.async_work", id="asyncio_loop-native"))
IN_THE_GUI_THREAD = frozenset(name for name, entry in lookup.runners().items() if entry.traits.gil == "gui")
"""Where a step that waits makes everybody wait, whoever asks included."""


@pytest.fixture(params=RUNNERS)
def harness(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Harness]:
    with harness_on(request.param, Harness) as made:
        yield made


def test_each_task_starts_then_ends_once(harness: Harness) -> None:
    tasks = harness.some(20)
    harness.start("steps", tasks=tasks)
    run = harness.finish()
    for index in range(tasks):
        phases = [event.phase for event in harness.events_of(index)]
        assert phases[0] is Phase.STARTED
        assert phases[-1] is Phase.DONE
        assert [phase for phase in phases if phase.is_final] == [Phase.DONE]
    assert (run.recorder.done, run.recorder.failed, run.recorder.cancelled) == (tasks, 0, 0)


def test_events_say_when_where_and_how_much(harness: Harness) -> None:
    harness.start("steps", tasks=2, count=5)
    run = harness.finish()
    for index in range(2):
        events = harness.events_of(index)
        times = [event.time for event in events]
        assert times == sorted(times)
        assert run.started <= times[0]
        assert all(event.place for event in events)
        assert events[-1].amount == 5
    assert run.recorder.amount == 10


def test_results_arrive(harness: Harness) -> None:
    harness.start("steps", tasks=6)
    harness.finish()
    assert sorted(harness.results) == list(range(6))


def test_events_are_folded_in_the_gui_thread(harness: Harness) -> None:
    harness.start("steps")
    harness.finish()
    assert harness.fold_threads == {threading.get_ident()}


def test_an_error_keeps_its_traceback_and_the_rest_goes_on(harness: Harness) -> None:
    harness.start("third_fails", tasks=6)
    run = harness.finish()
    assert (run.recorder.done, run.recorder.failed) == (5, 1)
    text = run.recorder.errors[2]
    assert "ValueError: the third one fails" in text
    assert "third_fails" in text
    assert "work.py" in text


def test_sys_exit_in_a_task_ends_that_task_only(harness: Harness) -> None:
    harness.start("second_exits", tasks=4)
    run = harness.finish()
    assert (run.recorder.done, run.recorder.failed) == (3, 1)
    assert "SystemExit" in run.recorder.errors[1]


def test_a_task_that_cannot_begin_has_failed(harness: Harness) -> None:
    harness.start("cannot_begin", tasks=2)
    run = harness.finish()
    assert run.recorder.failed == 2
    assert "TypeError" in run.recorder.errors[0]


def test_cancel_ends_running_and_queued_tasks(harness: Harness) -> None:
    cancelled_at = []

    def cancel() -> None:
        cancelled_at.append(time.perf_counter())
        harness.session.cancel()

    canceller = harness.later(
        cancel, lambda: bool(harness.session.run and harness.session.run.source.pulled >= 1)
    )
    harness.start("endless", tasks=50)
    run = harness.finish()
    canceller.join()
    assert run.recorder.cancelled == 50
    assert run.recorder.running == 0
    assert run.source.pulled <= run.settings.workers
    assert run.recorder.last_final - cancelled_at[0] < AT_ONCE_S


def test_cancel_ends_a_read_that_waits_for_ever(harness: Harness) -> None:
    started = threading.Event()
    emit = harness.session._emit

    def watch(event: object) -> None:
        started.set()
        emit(event)  # type: ignore[arg-type]

    harness.session._emit = watch
    canceller = harness.later(harness.session.cancel, started.is_set)
    harness.start("silent_read", tasks=4)
    run = harness.finish()
    canceller.join()
    assert run.recorder.cancelled == 4
    assert not run.recorder.errors


def test_a_cancelled_task_cleans_up_before_its_final_event(harness: Harness, tmp_path: Path) -> None:
    begun = threading.Event()
    emit = harness.session._emit

    def watch(event: object) -> None:
        if event.amount:  # type: ignore[attr-defined]
            begun.set()
        emit(event)  # type: ignore[arg-type]

    harness.session._emit = watch
    canceller = harness.later(harness.session.cancel, begun.is_set)
    harness.start("cleans_up", tasks=3, folder=str(tmp_path))
    run = harness.finish()
    canceller.join()
    worked = {event.number - run.recorder.first for event in harness.events if event.amount}
    assert worked
    assert {int(path.name) for path in tmp_path.iterdir()} == worked


def test_no_more_tasks_are_pulled_than_run_at_once(harness: Harness) -> None:
    seen = []

    def watch() -> bool:
        run = harness.session.run
        if run is not None:
            seen.append(run.source.pulled)
        return bool(seen and seen[-1] >= 1)

    canceller = harness.later(harness.session.cancel, watch)
    harness.start("endless", tasks=1000, workers=3)
    harness.finish()
    canceller.join()
    assert max(seen) <= 3


def test_pause_stops_the_steps_and_resume_goes_on(harness: Harness) -> None:
    """Runs by itself, whoever drives: another thread pauses, looks, resumes and cancels."""
    amounts: list[float] = []
    phases: list[Phase] = []
    paused = threading.Event()
    resumed = threading.Event()
    emit = harness.session._emit

    def watch(event: object) -> None:
        phase = event.phase  # type: ignore[attr-defined]
        phases.append(phase)
        if phase is Phase.PAUSED:
            amounts.append(event.amount)  # type: ignore[attr-defined]
            paused.set()
        if phase is Phase.RESUMED:
            amounts.append(event.amount)  # type: ignore[attr-defined]
            resumed.set()
        emit(event)  # type: ignore[arg-type]

    harness.session._emit = watch

    def act() -> None:
        try:
            harness.session.pause()
            assert paused.wait(PATIENCE_S / 2)
            harness.session.resume()
            assert resumed.wait(PATIENCE_S / 2)
        finally:
            harness.session.cancel()  # else the run would not end, and that would be all that is told

    actor = harness.later(act, lambda: Phase.STARTED in phases)
    harness.start("endless", tasks=1, workers=1)
    run = harness.finish()
    actor.join()
    assert amounts[0] == amounts[1], "work was done while it was paused"
    assert [phase for phase in phases if phase is not Phase.PROGRESS] == [
        Phase.STARTED,
        Phase.PAUSED,
        Phase.RESUMED,
        Phase.CANCELLED,
    ]
    assert run.recorder.cancelled == 1


def test_cancel_ends_a_paused_run(harness: Harness) -> None:
    paused = threading.Event()
    emit = harness.session._emit

    def watch(event: object) -> None:
        if event.phase is Phase.PAUSED:  # type: ignore[attr-defined]
            paused.set()
        emit(event)  # type: ignore[arg-type]

    harness.session._emit = watch

    def act() -> None:
        try:
            harness.session.pause()
            assert paused.wait(PATIENCE_S / 2)
        finally:
            harness.session.cancel()

    actor = harness.later(act, lambda: bool(harness.session.run and harness.session.run.source.pulled))
    harness.start("endless", tasks=5, workers=1)
    run = harness.finish()
    actor.join()
    assert run.recorder.cancelled == 5


def test_close_is_bounded_and_can_be_asked_again(harness: Harness, tmp_path: Path) -> None:
    answers = []
    folder = str(tmp_path)

    def act() -> None:
        began = time.monotonic()
        answers.append((harness.session._runner.close(0.05), time.monotonic() - began))  # type: ignore[union-attr]
        work.note(folder, "release")

    if harness.runner in IN_THE_GUI_THREAD:  # a step has ended when anybody can ask
        work.note(folder, "release")
        harness.start("stuck", tasks=1, folder=folder)
        assert harness.session.close(0)
    else:
        harness.start("stuck", tasks=1, folder=folder)
        assert harness.until((tmp_path / "stuck").exists)
        harness.session.cancel()
        act()
        closed, seconds = answers[0]
        assert not closed
        assert seconds < AT_ONCE_S
    assert harness.finish().recorder.finals == 1
    assert harness.until(lambda: harness.session.close(0))


def test_a_second_run_follows_the_first(harness: Harness) -> None:
    harness.start("steps", tasks=3)
    first = harness.finish()
    harness.start("steps", tasks=4)
    second = harness.finish()
    assert (first.recorder.done, second.recorder.done) == (3, 4)
    assert harness.session.runs == [first, second]


def test_a_run_with_nothing_to_do_is_refused(harness: Harness) -> None:
    with pytest.raises(ValueError, match="nothing to do"):
        harness.start("steps", tasks=0)


def test_no_more_tasks_run_at_once_than_there_are_workers(harness: Harness, tmp_path: Path) -> None:
    tasks = harness.some(60)
    harness.start("crowd", tasks=tasks, workers=3, folder=str(tmp_path))
    run = harness.finish()
    # Of its three steps each tells how many there were.
    most = max(event.amount for event in harness.events) / 3
    assert 1 <= most <= 3
    assert run.recorder.done == tasks
    assert not list(tmp_path.iterdir())


def test_all_events_of_a_task_come_from_one_place(harness: Harness) -> None:
    tasks = harness.some(30)
    harness.start("steps", tasks=tasks, workers=3)
    harness.finish()
    for index in range(tasks):
        assert len({event.place for event in harness.events_of(index)}) == 1
    assert len({event.place for event in harness.events}) <= 3


def test_only_tasks_that_are_done_have_results(harness: Harness) -> None:
    harness.start("fails_with_a_result", tasks=6)
    run = harness.finish()
    assert sorted(harness.results) == ["result 0", "result 2", "result 4"]
    assert sorted(run.recorder.errors) == [1, 3, 5]


def test_a_thousand_short_tasks_all_end(harness: Harness) -> None:
    # Where each is a message of a broker's or a scheduler's, fewer show the same.
    tasks = 100 if harness.runner in {"celery_queue", "dask_cluster"} else harness.some(1000)
    harness.start("steps", tasks=tasks, workers=4)
    run = harness.finish()
    assert run.recorder.done == tasks
    assert run.recorder.amount == 3 * tasks
    assert run.source.pulled == tasks


def test_nothing_of_a_run_is_left_to_be_closed_by_a_cancel(harness: Harness) -> None:
    """A later cancel must not touch sockets of tasks that have ended."""
    harness.start("steps", tasks=3)
    run = harness.finish()
    assert not run.control._closers
    harness.session.cancel()
    assert run.recorder.done == 3
    assert not run.cancelled


def test_more_workers_than_tasks_do_no_harm(harness: Harness) -> None:
    harness.start("steps", tasks=2, workers=16)
    assert harness.finish().recorder.done == 2


def test_a_runner_closes_soon_when_all_has_ended(harness: Harness) -> None:
    harness.start("steps", tasks=5)
    harness.finish()
    assert harness.session.close(1.0), "threads at once, processes in some milliseconds"
    assert harness.session.close(0), "and may be asked again"
