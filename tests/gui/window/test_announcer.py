"""What the hint and the foot say of a tour, of what is chosen, and of a run that is cancelled before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication

from tests.support.whole_app import LONG, TINY
from workers.reports.next_step import FIRST

if TYPE_CHECKING:
    from gui.app import App
    from tests.support.whole_app import Stage


def said(app: App) -> tuple[str, str]:
    """The sentence at the foot, and the counts."""
    return app.window.strip.verdict.text(), app.window.strip.counts.text()


def test_the_first_minute_can_be_had_again(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        window = app.window
        window.start()
        stage.wait_for_runs(app, 1)
        window.announcer.end_tour()
        assert not window.announcer.hint.is_tour
        window.menus.tour.trigger()
        assert window.announcer.hint == FIRST
        assert window.is_blocking
        window.start()
        stage.wait_for_runs(app, 2)
        window.set_blocking(False)
        window.start()
        stage.wait_for_runs(app, 3)
        assert window.announcer.hint.is_tour
        assert window.header.end_button.isVisible()


def test_a_tour_that_is_asked_for_in_the_middle_of_a_run_begins_after_it(stage: Stage) -> None:
    with stage.app([*LONG, "--runner", "thread_pool"]) as app:
        window = app.window
        window.start()
        stage.wait_for_tasks(app)
        window.announcer.is_tour = False
        running = window.announcer.hint
        window.menus.tour.trigger()
        assert window.announcer.hint == running, "Start cannot be pressed now"
        window.menus.cancel.trigger()
        stage.wait_for_runs(app, 1)
        assert window.announcer.is_tour


def test_a_run_that_is_cancelled_before_its_first_task_leaves_nothing_said(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        window = app.window
        window.start()
        assert said(app) == ("Running Sleep (waits only) on ThreadPoolExecutor …", "0 of 5 done")
        window.menus.cancel.trigger()
        assert said(app) == ("", "Nothing has run yet")
        window.start()
        window.announcer.say("Saved a.png.")
        window.menus.cancel.trigger()
        assert said(app) == ("Saved a.png.", "Nothing has run yet"), "of something else"


def test_a_comparison_that_is_cancelled_between_its_halves_leaves_nothing_said(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        app.window.compare()
        stage._qtbot.waitUntil(lambda: len(app.core.listed) == 1)
        assert said(app)[0].startswith("Running Sleep")
        assert app.window.controls._state == "waiting"
        app.window.menus.cancel.trigger()
        assert said(app) == ("", "")


@pytest.mark.parametrize("arguments", [["--start"], ["--compare"]])
def test_what_the_command_line_begins_can_be_cancelled_before_its_first_task(
    stage: Stage, arguments: list[str]
) -> None:
    with stage.app([*TINY, "--runner", "thread_pool", *arguments]) as app:
        states: list[bool] = []
        cancel = app.window.controls.cancel_button
        app.core.director.announced.connect(lambda settings: states.append(cancel.isEnabled()))
        stage._qtbot.waitUntil(lambda: bool(states))
        assert states == [True]


def test_what_the_start_of_live_does_is_said_in_live_alone(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        window = app.window
        said = window.header.hint
        assert said.startswith("The work will run on ThreadPoolExecutor")
        for room in range(1, 5):
            window.pages.show_room(room)
            assert window.header.hint == "", "it has a Start of its own"
        window.pages.show_room(0)
        assert window.header.hint == said


def test_the_hint_names_the_runner_that_is_chosen(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        window = app.window
        assert window.announcer.hint.text.startswith("The work will run on ThreadPoolExecutor")
        window.controls.runner_menu.choose("qthread")
        assert window.announcer.hint.text.startswith("The work will run on QThread")
        window.start()
        stage.wait_for_runs(app, 1)
        hint = window.announcer.hint
        window.pages.show_room(2)
        QCoreApplication.processEvents()
        assert window.announcer.hint == hint, "nothing else was chosen"


def test_after_a_run_that_was_cancelled_the_hint_names_the_runner_that_is_chosen_by_then(stage: Stage) -> None:
    with stage.app([*LONG, "--runner", "thread_pool"]) as app:
        window = app.window
        window.start()
        stage.wait_for_tasks(app)
        window.controls.runner_menu.choose("qthread")
        window.menus.cancel.trigger()
        stage.wait_for_runs(app, 1)
        assert window.announcer.hint.text.startswith("The work will run on QThread")


def test_the_very_first_hint_stays_while_the_work_is_chosen_and_goes_with_the_toggle(stage: Stage) -> None:
    with stage.app([]) as app:
        window = app.window
        window.controls.workload_menu.choose("sleep")
        assert window.announcer.hint == FIRST
        window.set_blocking(False)
        assert window.announcer.hint.text.startswith("The work will run on ")


def test_late_keys_before_any_run_are_no_verdict(stage: Stage) -> None:
    with stage.app() as app:
        strip = app.window.strip
        app.window.announcer.tell_late_input(0, 7, 0.66)
        assert strip.verdict.text() == "Your 7 keys came 660 ms late."
        assert not strip.copy_button.isVisible()
