"""What the hint and the foot say of a tour, of what is chosen, and of a run that is cancelled before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication

from tests.support.lesson_files import write_lesson
from tests.support.lesson_runs import result_of
from tests.support.whole_app import LONG, TINY
from workers.catalog.lessons import read_lesson
from workers.reports.next_step import LESSONS, first, next_lesson
from workers.teaching.kept import FILE
from workers.utils.folder_files import data_folder

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.app import App
    from tests.support.whole_app import Stage
    from workers.catalog.lessons import Lesson


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
        assert window.announcer.hint == first()
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
        assert window.announcer.hint == first()
        window.set_blocking(False)
        assert window.announcer.hint.text.startswith("The work will run on ")


# ---------------------------------------------------------------- lessons


def stand_in(tmp_path: Path, *changes: tuple[str, str]) -> Lesson:
    """A short lesson in place of the first one."""
    return read_lesson(write_lesson(tmp_path / "mine.py", *changes))._replace(name=LESSONS[0])


def test_the_very_first_hint_opens_the_first_lesson_and_offers_it_in_live_alone(stage: Stage) -> None:
    with stage.app([]) as app:
        window = app.window
        assert window.header.hint_button.text() == "Or begin with lesson 1: A frozen window"
        window.pages.show_room(2)
        assert not window.header.hint_button.isVisible()
        window.pages.show_room(0)
        stage.click(window.header.hint_button)
        assert window.pages.current is window.pages.lessons
        assert window.pages.lessons.view.lesson.name == LESSONS[0]
        assert window.header.hint == "", "it is said in Live alone"


def test_a_lesson_that_is_done_leads_to_the_next_one(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    with stage.app([]) as app:
        window, hints = app.window, list[str]()
        app.core.director.idle.connect(lambda: hints.append(window.announcer.hint.text))
        result_of(app.core, stand_in(tmp_path), qtbot)
        assert hints == [""], "what its runs show is said by the lesson"
        assert window.announcer.hint == next_lesson({LESSONS[0]})
        assert window.header.hint == "Next, lesson 2: Waiting is free."
        assert window.header.end_button.isVisible()
        stage.click(window.header.hint_button)
        assert window.pages.lessons.view.lesson.name == LESSONS[1]
        assert window.header.hint == "", "the room has a Next of its own, which may be another"
        window.pages.show_room(0)
        stage.click(window.header.end_button)
        assert not window.header.end_button.isVisible()
        assert window.announcer.hint.text.startswith("The work will run")
        window.close()

    with stage.app([]) as app:  # a lesson is a first run, too
        assert app.window.announcer.hint != first()


def test_a_lesson_that_is_cancelled_is_not_done(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    with stage.app([]) as app:
        app.core.lessons.start(stand_in(tmp_path, ("0.01", "30.0")))
        qtbot.waitUntil(lambda: app.core.session.is_running)
        app.core.cancel()
        qtbot.waitUntil(lambda: not app.core.is_busy)
        assert app.window.announcer.hint.text.startswith("The work will run")


def test_after_a_run_in_live_the_lessons_that_were_done_before_are_not_offered(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        window = app.window
        data_folder().mkdir(parents=True)
        (data_folder() / FILE).write_text('[{"lesson": "frozen_window"}]')
        window.announcer.is_tour = True
        window.start()
        stage.wait_for_runs(app, 1)
        assert window.announcer.hint.lesson == LESSONS[1]


def test_late_keys_before_any_run_are_no_verdict(stage: Stage) -> None:
    with stage.app() as app:
        strip = app.window.strip
        app.window.announcer.tell_late_input(0, 7, 0.66)
        assert strip.verdict.text() == "Your 7 keys came 660 ms late."
        assert not strip.copy_button.isVisible()
