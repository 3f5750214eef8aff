"""What happens in the middle of a run that calls processEvents: Start again, closing, and slots inside of slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from tests.support.runner_harness import Harness
from workers.catalog.lookup import named
from workers.engine.task import Phase
from workers.runners.process_events import ProcessEventsRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication

    from gui.app import App
    from tests.support.whole_app import Stage
    from workers.engine.run import Run

NAPS = ("--runner", "process_events", "--workload", "sleep", "--param", "seconds=0.15", "--tasks", "4")
ENDLESS = ("--runner", "process_events", "--workload", "sleep", "--param", "seconds=600", "--tasks", "4")


def in_the_middle(app: App, action: Callable[[], None]) -> list[int]:
    """Do something inside of the next run's first step; returns how deep in it that was, once it was done."""
    depths: list[int] = []

    def act() -> None:
        runner = app.core.session._runner
        assert isinstance(runner, ProcessEventsRunner)
        depths.append(runner._depth)
        action()

    app.core.director.begun.connect(lambda run: QTimer.singleShot(0, act))
    return depths


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[Harness]:
    made = Harness("process_events")
    yield made
    assert made.until(lambda: made.session.close(0))


def test_start_in_the_middle_of_a_run_changes_nothing(stage: Stage) -> None:
    with stage.app([*NAPS, "--workers", "1"]) as app:

        def again() -> None:
            app.window.start()
            app.core.director.start(app.window.controls.settings(False))
            with pytest.raises(RuntimeError, match="has not ended yet"):
                app.core.session.start(app.window.controls.settings(False))

        depths = in_the_middle(app, again)
        app.window.set_blocking(False)
        stage.click(app.window.controls.start_button)
        stage.wait_for_runs(app, 1)
        assert depths == [1]
        assert app.core.session.runs[0].recorder.done == 4


def test_the_window_can_be_used_and_cancels_in_the_middle_of_a_run(stage: Stage) -> None:
    with stage.app([*ENDLESS, "--workers", "3"]) as app:
        depths = in_the_middle(app, app.core.director.cancel)
        app.window.set_blocking(False)
        stage.click(app.window.controls.start_button)
        stage.wait_for_runs(app, 1)
        assert depths[0] >= 1
        assert app.core.session.runs[0].recorder.cancelled == 4


def test_the_window_can_be_closed_in_the_middle_of_a_run(stage: Stage) -> None:
    with stage.app([*ENDLESS, "--workers", "2"]) as app:
        closed_inside: list[bool] = []

        def leave() -> None:
            app.window.close()
            closed_inside.append(bool(stage.exits))

        in_the_middle(app, leave)
        app.window.set_blocking(False)
        stage.click(app.window.controls.start_button)
        stage._qtbot.waitUntil(lambda: stage.exits == [0])
        assert closed_inside == [False], "it may leave only when the work is off the stack"
        assert app.core.session.close(0)


def test_a_comparison_goes_on_to_the_run_with_process_events(stage: Stage) -> None:
    with stage.app([*NAPS, "--workers", "2"]) as app:
        app.core.director.compare(
            app.window.controls.settings(False)._replace(
                runner_entry=named("runners", "process_events"), polite=False
            )
        )
        stage.wait_for_runs(app, 2)
        assert [run.settings.runner for run in app.core.session.runs] == ["gui_thread", "process_events"]
        assert [run.recorder.done for run in app.core.session.runs] == [4, 4]


def test_later_tasks_stand_on_earlier_ones(harness: Harness) -> None:
    run = harness.start("steps", tasks=6, workers=3, count=20)
    runner = harness.session._runner
    assert isinstance(runner, ProcessEventsRunner)
    assert harness.finish() is run
    ends = {
        event.number - run.recorder.first: event.time for event in harness.events if event.phase is Phase.DONE
    }
    assert max(ends, key=lambda index: ends[index]) == 0, "the first task has waited for all the others"
    assert run.recorder.places[1:] == ["GUI thread, depth 1", "GUI thread, depth 2", "GUI thread, depth 3"]
    assert runner.deepest == 3
    assert runner.looks == 6 * 20
    assert 1 <= runner.handled <= runner.looks
    [note] = runner.notes()
    assert "120 times" in note
    assert "up to 3 tasks were nested" in note
    assert run.notes == [note], "people are told after the run"


def test_one_worker_means_one_task_at_a_time(harness: Harness) -> None:
    harness.start("steps", tasks=4, workers=1)
    runner = harness.session._runner
    assert isinstance(runner, ProcessEventsRunner)
    harness.finish()
    assert runner.deepest == 1
    assert "one task at a time" in runner.notes()[0]


def test_the_deepest_stack_that_can_be_asked_for_holds(harness: Harness) -> None:
    harness.start("steps", tasks=400, workers=256)
    runner = harness.session._runner
    assert isinstance(runner, ProcessEventsRunner)
    run: Run = harness.finish()
    assert run.recorder.done == 400
    assert runner.deepest == 256


def test_a_run_of_tasks_without_a_step_ends(harness: Harness) -> None:
    """Then nobody comes round in the middle of it, and what was posted for that finds nothing to do."""
    harness.start("steps", tasks=5, workers=4, count=0)
    assert harness.finish().recorder.done == 5
