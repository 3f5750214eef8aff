"""The room Lessons in the whole program: answer, run, be told; what is kept; what is shown elsewhere."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gui.frame.outline import Outline
from gui.lessons.view import ASKING, DONE, RUNNING
from gui.witness.answers import Answers
from gui.witness.face import Face
from gui.witness.placement import place_beside
from tests.support.questions import answer
from tests.support.tab_order import check_order, tab_stops
from tests.support.whole_app import PATIENCE_MS
from workers.catalog.lessons import lessons
from workers.remote import pythons
from workers.teaching.courses import Course, course
from workers.utils.folder_files import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.app import App
    from gui.lessons.page import LessonsPage
    from tests.support.whole_app import Stage

LOST = "lost_updates"
WORD_ROLE = Qt.ItemDataRole.AccessibleTextRole


def opened(app: App) -> LessonsPage:
    page = app.window.pages.lessons
    page.show_lesson(LOST)
    return page


def opened_own(app: App, path: Path) -> LessonsPage:
    """With a lesson of one's own, or a folder of some, as a command line that names it."""
    found = course(path) if path.is_dir() else course(path.parent)
    app.window.places.open_course(found)
    return app.window.pages.lessons


def wait(app: App, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not app.core.is_busy, timeout=PATIENCE_MS)


def run(stage: Stage, app: App, qtbot: QtBot, answer: int) -> LessonsPage:
    page = app.window.pages.lessons
    stage.click(page.view.answers.buttons[answer])
    stage.click(page.view.run_button)
    wait(app, qtbot)
    return page


def test_a_lesson_is_answered_run_and_told(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        page = opened(app)
        view = page.view
        assert app.window.pages.current is page
        assert view.answers.buttons[0].hasFocus(), "the rail had the keys, and a space left the room"
        assert (view.state, view.run_button.isEnabled()) == (ASKING, False)
        assert [each.text() for each in view.answers.buttons] == [
            "200",
            "About 50",
            "More than 200",
            "I do not know",
        ]
        stage.click(view.answers.buttons[0])
        stage.click(view.run_button)
        assert (view.state, view.run_button.isEnabled(), view.cancel.isVisible()) == (RUNNING, False, True)
        assert not app.window.controls.start_button.isEnabled()
        assert not view.answers.isEnabled()
        said = list[str]()
        app.core.director.begun.connect(lambda run: said.append(view.steps.rows[len(said)].took.text()))
        wait(app, qtbot)
        assert said == ["runs now", "runs now"], "it is said before a run that may freeze the window"
        assert view.state == DONE
        assert app.window.controls.start_button.isEnabled()
        assert "✗ Wrong." in view.verdict.text()
        assert "You said: <b>200</b>. It was: <b>About 50</b>" in view.verdict.text()
        assert "Why not “200”? It would, if each" in view.why.text()
        assert "Why “About 50”? They go nearly in step" in view.why.text()
        assert view.claims.text().count("✓ Yes") == 2
        assert "200 additions, and the counter says" in view.claims.text()
        assert "To take home:" in view.take_home.text()
        assert all(row.took.text().endswith("s") for row in view.steps.rows)
        assert page.side.list.currentItem().data(WORD_ROLE) == "5  Lost updates: ✗ wrong"
        assert app.window.views._pages.is_live is False


def test_nothing_but_the_lesson_may_start_before_its_first_run_and_after_its_last(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    with stage.app() as app:
        page = opened_own(app, write(more="CORES = 0.001"))
        stage.click(page.view.answers.buttons[0])
        stage.click(page.view.run_button)
        assert not app.core.director.is_busy, "the free cores are measured first"
        assert not app.window.controls.start_button.isEnabled()
        free = list[bool]()
        app.core.director.idle.connect(lambda: free.append(app.window.controls.start_button.isEnabled()))
        wait(app, qtbot)
        assert free == [False]
        assert app.window.controls.start_button.isEnabled()


def test_what_was_not_answered_is_told_all_the_same(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    with stage.app() as app:
        page = opened_own(app, write())
        run(stage, app, qtbot, 2)
        assert page.view.verdict.text() == "You did not say. It was: <b>Two</b>"
        assert page.side.list.currentItem().data(WORD_ROLE) == "1  One: ✓ done"


def test_what_does_not_hold_says_no(stage: Stage, qtbot: QtBot, write: Callable[..., Path]) -> None:
    with stage.app() as app:
        page = opened_own(app, write(holds="False"))
        run(stage, app, qtbot, 0)
        assert "✗ No" in page.view.claims.text()
        assert "✓ Right." in page.view.verdict.text()


def test_what_needs_more_free_cores_is_not_judged(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    with stage.app() as app:
        page = opened_own(app, write(more="CORES = 1000"))
        run(stage, app, qtbot, 0)
        assert "Not judged: this needs 1000 free cores" in page.view.claims.text()
        assert "It was" not in page.view.verdict.text()


def test_a_lesson_that_cannot_run_says_why_in_its_place(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    with stage.app() as app:
        page = opened_own(app, write(runner="nowhere"))
        run(stage, app, qtbot, 0)
        assert page.view.state == ASKING
        assert "nowhere" in page.view.problem.text()
        assert page.view.problem.isVisible()
        assert page.view.answers.answer == 0
        assert page.view.run_button.isEnabled()
        assert not page.side.results


def test_a_claim_that_cannot_be_made_says_why(stage: Stage, qtbot: QtBot, write: Callable[..., Path]) -> None:
    with stage.app() as app:
        page = opened_own(app, write(holds="1 / 0"))
        run(stage, app, qtbot, 0)
        assert "ZeroDivisionError" in page.view.problem.text()


@pytest.mark.parametrize("is_key", [False, True])
def test_it_is_cancelled_by_its_button_and_by_esc(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path], is_key: bool
) -> None:
    with stage.app() as app:
        page = opened_own(app, write(tasks=2000, params={"seconds": 0.05}))
        stage.click(page.view.answers.buttons[0])
        stage.click(page.view.run_button)
        qtbot.waitUntil(lambda: app.core.session.is_running, timeout=PATIENCE_MS)
        if is_key:
            QTest.keyClick(app.window, Qt.Key.Key_Escape)
        else:
            stage.click(page.view.cancel)
        wait(app, qtbot)
        assert page.view.problem.text() == "The lesson was cancelled."
        assert page.view.run_button.isEnabled()
        assert page.view.cancel.isHidden()
        assert not page.side.results


def test_who_clicks_twice_runs_it_once(stage: Stage, qtbot: QtBot, write: Callable[..., Path]) -> None:
    with stage.app() as app:
        page = opened_own(app, write())
        stage.click(page.view.answers.buttons[0])
        for _ in range(2):
            QTest.mouseClick(page.view.run_button, Qt.MouseButton.LeftButton)
            QTest.keyClick(app.window.focusWidget(), Qt.Key.Key_Space)
        wait(app, qtbot)
        assert len(app.core.listed) == 1
        assert page.view.state == DONE


def test_a_click_that_was_made_in_a_freeze_starts_none(stage: Stage, write: Callable[..., Path]) -> None:
    with stage.app() as app:
        page = opened_own(app, write())
        stage.click(page.view.answers.buttons[0])
        late = app.window.guard.late_input
        assert late is not None
        late.age_s = 3.0
        page.view.run_button.click()
        assert not app.core.is_busy
        assert page.view.state == ASKING


# ---------------------------------------------------------------- afterwards


def test_a_step_is_shown_in_its_place_with_a_way_back(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.frame.outline.FADE_MS", 100)
    with stage.app() as app:
        page, back = opened(app), app.window._layout.back
        assert back.isHidden()
        run(stage, app, qtbot, 1)
        stage.click(page.view.steps.rows[0].button)
        tasks = app.window.pages.tasks
        assert app.window.pages.current is tasks
        assert tasks.timeline._data is not None
        assert tasks.timeline._data.run is app.core.listed[0]
        assert back.text.text() == "Lost updates: Without a lock"
        [outline] = tasks.findChildren(Outline)
        assert outline.parent() is tasks.timeline
        qtbot.waitUntil(lambda: not tasks.findChildren(Outline), timeout=PATIENCE_MS)
        assert back.isVisible()
        stage.click(back.button)
        assert page.isVisible()
        assert back.isHidden()
        assert page.view.state == DONE
        assert app.window.focusWidget() is page.view.steps.rows[0].button


@pytest.mark.parametrize("look", ["graphs", "gallery", "code", "waits", "runs"])
def test_all_other_places_can_be_shown(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path], look: str
) -> None:
    with stage.app() as app:
        page = opened_own(app, write(look=look))
        run(stage, app, qtbot, 0)
        stage.click(page.view.steps.rows[0].button)
        window = app.window
        fronts = {
            **{"graphs": window.graphs, "gallery": window.pages.gallery, "code": window.pages.code},
            **{"waits": window.pages.tasks, "runs": window.pages.runs},
        }
        assert fronts[look].isVisible()
        assert fronts[look].findChildren(Outline)
        if look == "runs":
            assert window.pages.runs.selected_run is app.core.listed[0]
        if look == "graphs":
            assert not window.graphs.scene.sight.is_live


def test_a_step_is_gone_through_in_the_room_steps(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    lab = {"workload": "counter.broken", "runner": "thread_per_task", "look": "steps", "params": {}}
    with stage.app() as app:
        page = opened_own(app, write(**lab))
        run(stage, app, qtbot, 0)
        stage.click(page.view.steps.rows[0].button)
        steps = app.window.pages.steps
        assert app.window.pages.current is steps
        assert steps.entry is not None
        assert steps.entry.name == "counter.broken"


def test_it_is_gone_through_as_it_ran(stage: Stage, qtbot: QtBot, write: Callable[..., Path]) -> None:
    order = {"counts": 3, "schedule": 7, "opcodes": True}
    lab = {"workload": "counter.plus", "runner": "stepped", "look": "steps", "tasks": 3, "params": order}
    with stage.app() as app:
        page = opened_own(app, write(**lab))
        run(stage, app, qtbot, 0)
        stage.click(page.view.steps.rows[0].button)
        steps = app.window.pages.steps
        qtbot.waitUntil(lambda: steps.trial.job is not None, timeout=PATIENCE_MS)
        controls, job = steps.controls, steps.trial.job
        assert job is not None
        assert (controls.tasks.value(), controls.schedule.value(), controls.within.isChecked()) == (3, 7, True)
        assert (job.tasks, job.opcodes, steps._params) == (3, True, {"counts": 3})


def test_a_step_that_has_just_begun_counts_no_seconds(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.app() as app:
        steps, now = opened(app).view.steps, [10.0]
        monkeypatch.setattr("gui.lessons.step_list.time.perf_counter", lambda: now[0])
        steps.show_progress({}, 0)
        steps.refresh()
        assert steps.rows[0].took.text() == "runs now", (
            "it may freeze the window, and it would say 0 s all the time"
        )
        now[0] = 12.9
        steps.refresh()
        assert steps.rows[0].took.text() == "runs now: 2 s"


def test_something_else_is_tried(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        page = opened(app)
        run(stage, app, qtbot, 1)
        further = page.view.further
        stage.click(further.tries[0])
        qtbot.waitUntil(lambda: not further.tries[0].isEnabled(), timeout=PATIENCE_MS)
        wait(app, qtbot)
        tried = app.core.listed[-1]
        assert (tried.settings.tasks, tried.settings.workload) == (8, "counter.broken")
        assert "400 additions, and the counter says" in further.told.text()
        assert page.view.state == DONE
        stage.click(further.show_button)
        data = app.window.pages.tasks.timeline._data
        assert data is not None
        assert data.run is tried


def test_a_try_that_the_person_does_not_want_after_all_leaves_nothing_of_the_one_before(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.app() as app:
        further = opened(app).view.further
        run(stage, app, qtbot, 1)
        stage.click(further.tries[0])
        qtbot.waitUntil(further.show_button.isVisible, timeout=PATIENCE_MS)
        wait(app, qtbot)
        monkeypatch.setattr(app.window.guard, "allows", lambda settings: False)
        stage.click(further.tries[0])
        qtbot.waitUntil(lambda: not further.told.text(), timeout=PATIENCE_MS)
        assert not further.show_button.isVisible()
        assert len(app.core.listed) == 3


def test_what_came_of_a_try_is_said_in_no_other_lesson(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    write("one", order=1)
    with stage.app() as app:
        page = opened_own(app, write("two", order=2).parent)
        run(stage, app, qtbot, 0)
        app.core.director.begun.connect(lambda settings: page.side.list.setCurrentRow(1))
        stage.click(page.view.further.tries[0])
        qtbot.waitUntil(lambda: len(app.core.listed) == 2, timeout=PATIENCE_MS)
        assert page.view.lesson.title == "Two"
        assert page.view.further.told.text() == ""


def refusing(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """Let no other Python be there; returns the threads in which that is asked, which grows."""
    threads = list[threading.Thread]()

    def refuse(*about: object) -> str:
        threads.append(threading.current_thread())
        return "It has gone."

    monkeypatch.setattr(pythons, "refusal", refuse)
    return threads


def test_a_lesson_is_shown_and_something_tried_without_asking_other_pythons_here(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = refusing(monkeypatch)
    path = write()
    path.write_text(path.read_text().replace('"step": 1', '"step": 1, "runner": "other_python"'))
    with stage.app() as app:
        page = opened_own(app, path)
        assert not threads
        run(stage, app, qtbot, 0)
        stage.click(page.view.further.tries[0])
        qtbot.waitUntil(lambda: "It has gone." in page.view.further.told.text(), timeout=PATIENCE_MS)
        assert threads
        assert threading.main_thread() not in threads


def test_a_try_does_not_begin_beside_another_run_and_takes_none_for_its_own(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    with stage.app() as app:
        page = opened_own(app, write())
        run(stage, app, qtbot, 0)
        stage.click(page.view.further.tries[0])
        app.window.start()
        qtbot.waitUntil(lambda: page.view.further.told.text() != "Getting ready …", timeout=PATIENCE_MS)
        wait(app, qtbot)
        assert len(app.core.listed) == 2
        assert (page.view.further.told.text(), page.view.further.show_button.isVisible()) == ("", False)


def test_whether_an_own_function_may_run_is_asked_without_asking_other_pythons_here(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = refusing(monkeypatch)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: QMessageBox.StandardButton.Yes)
    path = write(workload="work.py:work", runner="other_python", params={})
    path.with_name("work.py").write_text("def work():\n    return 1\n")
    choose(monkeypatch, path)
    with stage.app() as app:
        page = opened(app)
        page.side.open.trigger()
        run(stage, app, qtbot, 0)
        qtbot.waitUntil(lambda: "It has gone." in page.view.problem.text(), timeout=PATIENCE_MS)
        assert threads
        assert threading.main_thread() not in threads


def test_the_code_is_changed_as_a_copy_of_ones_own(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        page = opened(app)
        run(stage, app, qtbot, 1)
        stage.click(page.view.further.change)
        own = app.window.pages.own
        assert app.window.pages.current is own
        assert own.choice.file.path == data_folder() / "labs" / "counter.py"
        assert own.choice.entry is not None
        assert own.choice.entry.function == "broken"


def test_what_has_no_code_to_change_offers_none_and_the_snippet_is_copied(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    with stage.app() as app:
        page = opened_own(app, write())
        run(stage, app, qtbot, 0)
        assert page.view.further.change.isHidden()
        stage.click(page.view.further.copy)
        assert QGuiApplication.clipboard().text() == "print(2)\n"


def test_next_goes_on_and_again_asks_again(stage: Stage, qtbot: QtBot, write: Callable[..., Path]) -> None:
    write("one", order=1)
    with stage.app() as app:
        page = opened_own(app, write("two", order=2).parent)
        assert page.view.about.text() == "Lesson 1 of 2 · about 2 minutes"
        run(stage, app, qtbot, 0)
        assert app.window.focusWidget() is page.view.next_button, "the button that had the keys is gone"
        stage.click(page.view.next_button)
        assert page.view.lesson.title == "Two"
        assert page.view.state == ASKING
        assert app.window.focusWidget() is page.view.answers.buttons[0]
        run(stage, app, qtbot, 1)
        assert page.view.next_button.isHidden(), "it is the last one"
        stage.click(page.view.again)
        assert (page.view.state, page.view.answers.has_one) == (ASKING, False)
        assert app.window.focusWidget() is page.view.answers.buttons[0]
        page.side.list.setCurrentRow(0)
        assert page.view.state == DONE


# ---------------------------------------------------------------- what is kept


def test_what_was_done_is_there_at_the_next_start(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        opened(app)
        run(stage, app, qtbot, 1)
        app.window.remember()
    with stage.app() as app:
        page = opened(app)
        assert page.view.state == DONE
        assert "✓ Right." in page.view.verdict.text()
        assert page.side.list.currentItem().data(WORD_ROLE) == "5  Lost updates: ✓ right"
        assert page.view.gone.isVisible()
        assert not any(row.button.isVisible() for row in page.view.steps.rows)
        stage.click(page.view.again)
        assert not page.view.gone.isVisible()
        run(stage, app, qtbot, 1)
        assert not page.view.gone.isVisible()
        assert page.view.steps.rows[0].button.isEnabled()


def test_a_result_of_a_lesson_that_was_rewritten_since_does_not_count(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    path = write()
    with stage.app() as app:
        opened_own(app, path)
        run(stage, app, qtbot, 0)
        path.write_text(path.read_text().replace("How many are", "How many of them are"))
        page = opened_own(app, path)
        assert page.view.state == ASKING
        assert not page.side.results


def test_a_file_that_cannot_be_read_is_put_aside_and_said(stage: Stage) -> None:
    folder = data_folder()
    folder.mkdir(parents=True)
    (folder / "lessons.json").write_text("{")
    with stage.app() as app:
        opened(app)
        assert "It is put aside as" in app.window.strip.verdict.text()
    assert [path.name for path in folder.glob("lessons*")] == ["lessons-unreadable-1.json"]


def test_all_of_it_is_forgotten_after_a_question(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *about: answers.pop(0))
    with stage.app() as app:
        page = opened(app)
        assert not page.side.forget.isEnabled()
        run(stage, app, qtbot, 1)
        page.side.forget.trigger()
        assert page.view.state == DONE
        page.side.forget.trigger()
        assert page.view.state == ASKING
        assert not page.side.results
        assert not (data_folder() / "lessons.json").exists()


def test_results_are_saved_as_a_page(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "mine.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: (str(path), ""))
    with stage.app() as app:
        page = opened(app)
        assert not page.side.save.isEnabled()
        run(stage, app, qtbot, 1)
        stage.click(page.side.save)
        assert "About 50 (the answer given)" in path.read_text(encoding="utf-8")
        assert f"Saved {path}." in app.window.strip.verdict.text()


# ---------------------------------------------------------------- lessons of one's own


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *about: (str(path), ""))


def test_a_lesson_that_was_chosen_in_a_dialog_runs_unasked(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, write())
    with stage.app() as app:
        page = opened(app)
        assert page.side.home.isHidden()
        page.side.open.trigger()
        assert page.view.lesson.title == "One"
        run(stage, app, qtbot, 0)
        assert page.view.state == DONE
        stage.click(page.side.home)
        assert page.view.lesson.name == next(iter(lessons()))
        assert page.side.home.isHidden()


def test_a_folder_of_lessons_is_opened_by_a_dialog(
    stage: Stage, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("one", order=2)
    folder = write("two", order=1).parent
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *about: str(folder))
    with stage.app() as app:
        page = opened(app)
        page.side.open_folder.trigger()
        assert [page.side.list.item(row).text() for row in range(page.side.list.count())] == [
            "1  Two",
            "2  One",
        ]
        assert page.view.lesson.title == "Two"


@pytest.mark.parametrize("is_allowed", [False, True])
def test_the_lessons_of_a_course_run_after_a_question(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, is_allowed: bool
) -> None:
    ran = write().with_name("ran")
    button = QMessageBox.StandardButton

    path = write(more=f"open({str(ran)!r}, 'w').close()")
    listing = path.with_name("hour.txt")
    listing.write_text(f"# An hour\n{LOST}\n{path.name}\n")
    asked = answer(monkeypatch, button.Yes if is_allowed else button.No)
    choose(monkeypatch, listing)
    with stage.app() as app:
        page = opened(app)
        page.side.open.trigger()
        page.side.list.setCurrentRow(1)
        assert page.view.lesson.title == "One"
        run(stage, app, qtbot, 0)
        assert asked == ["Use the function claims of one.py?"]
        assert ran.exists() is is_allowed
        assert (page.view.state == DONE) is is_allowed
        assert (len(app.core.listed) == 1) is is_allowed


def test_the_function_that_a_step_runs_is_asked_for_too(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(workload="work.py:work", params={})
    path.with_name("work.py").write_text("def work():\n    return 1\n")
    asked = answer(monkeypatch, QMessageBox.StandardButton.No)
    choose(monkeypatch, path)
    with stage.app() as app:
        page = opened(app)
        page.side.open.trigger()
        run(stage, app, qtbot, 0)
        assert asked == ["Use the function work of work.py?"]
        assert not app.core.listed


def test_what_is_no_lesson_is_said(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, write: Callable[..., Path]
) -> None:
    path = write()
    path.write_text("TITLE = 7\n")
    choose(monkeypatch, path)
    with stage.app() as app:
        page = opened(app)
        page.side.open.trigger()
        assert "one.py is no lesson yet" in app.window.strip.verdict.text()
        assert page.view.lesson.name == LOST


# ---------------------------------------------------------------- from the command line, and in a lecture


def test_a_window_that_is_opened_with_a_lesson_shows_it(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    with stage.app(["--lesson", str(write())]) as app:
        qtbot.waitUntil(lambda: app.window.pages.current is app.window.pages.lessons, timeout=PATIENCE_MS)
        page = app.window.pages.lessons
        assert page.view.lesson.title == "One"
        assert (page.view.state, app.core.is_busy) == (ASKING, False)
        run(stage, app, qtbot, 0)
        assert page.view.state == DONE, "whoever named the lesson trusts it"


def test_off_screen_the_page_shows_what_the_terminal_runs(stage: Stage, qtbot: QtBot) -> None:
    with stage.app(["--offscreen", "--lesson", LOST, "--answer", "2"]) as app:
        qtbot.waitUntil(lambda: app.window.pages.lessons.view.state == DONE, timeout=PATIENCE_MS)
        page = app.window.pages.lessons
        assert app.window.pages.current is page
        assert "✓ Right." in page.view.verdict.text()
        qtbot.waitUntil(lambda: app.core.leaving.is_leaving, timeout=PATIENCE_MS)
    assert not (data_folder() / "lessons.json").exists(), "such a program keeps nothing"


def test_a_lecture_shows_the_lesson_large(stage: Stage, qtbot: QtBot, write: Callable[..., Path]) -> None:
    with stage.app() as app:
        app.window.resize(1280, 720)
        page, window = opened_own(app, write()), app.window
        usual = page.view.text.font().pointSizeF(), page.view.title.font().pointSizeF()
        QTest.keyClick(window, Qt.Key.Key_F12)
        assert (page.isVisible(), page.side.isVisible(), window.header.isVisible()) == (True, False, False)
        assert page.view.text.font().pointSizeF() > 1.3 * usual[0]
        run(stage, app, qtbot, 0)
        assert page.view.state == DONE
        assert page.view.steps.rows[0].says.font().pointSizeF() > 1.3 * usual[0]
        QTest.keyClick(window, Qt.Key.Key_F12)
        assert (page.isVisible(), page.side.isVisible(), window.header.isVisible()) == (True, True, True)
        assert (page.view.text.font().pointSizeF(), page.view.title.font().pointSizeF()) == usual
        QTest.keyClick(window, Qt.Key.Key_F12)
        stage.click(page.view.steps.rows[0].button)
        assert window.graphs.isVisible(), "what is shown elsewhere ends it"
        assert window.rail.isVisible()
        assert not window._layout.pulse.isVisible()


def test_a_witness_without_room_beside_the_window_leaves_the_lesson_to_be_read(
    stage: Stage, qtbot: QtBot
) -> None:
    with stage.app() as app:
        window = app.window
        window.resize(1280, 720)
        view = opened(app).view
        run(stage, app, qtbot, 1)
        screen = window.frameGeometry()
        for size in (Face(app.theme, Answers()).sizeHint(), QSize(300, 36)):  # in full, and as small as it gets
            corner = place_beside(screen, screen, size, window._layout.read_parts())
            witness = QRect(corner, size)
            for part in (view.title, view.verdict, view.claims, view.steps, view.again, view.next_button):
                assert not witness.intersects(QRect(part.mapToGlobal(QPoint()), part.size()))


# ---------------------------------------------------------------- by keyboard


@pytest.mark.parametrize("state", [ASKING, DONE])
def test_every_stop_of_the_tab_key_has_a_name_and_comes_in_order(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path], state: str
) -> None:
    write("two", order=2)
    with stage.app() as app:
        app.window.resize(1280, 720)
        page = opened_own(app, write().parent)
        if state == DONE:
            run(stage, app, qtbot, 0)
        content = page.view.widget()
        assert content is not None
        assert page.view.state == state
        stops = [stop for stop in tab_stops(app.window) if content.isAncestorOf(stop)]
        assert len(stops) == (4 if state == ASKING else 7)
        check_order(stops, app.window)
        names = [QAccessible.queryAccessibleInterface(stop).text(QAccessible.Text.Name) for stop in stops]
        assert all(names), names


def test_answers_are_chosen_by_arrow_keys_and_the_lesson_is_begun_by_keyboard(
    stage: Stage, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    with stage.app() as app:
        page = opened_own(app, write())
        first, second, _ = page.view.answers.buttons
        first.setFocus()
        QTest.keyClick(first, Qt.Key.Key_Down)
        assert (second.hasFocus(), page.view.answers.answer) == (True, 1), "where none was chosen"
        QTest.keyClick(second, Qt.Key.Key_Up)
        assert page.view.answers.answer == 0
        QTest.keyClick(first, Qt.Key.Key_Down)
        assert (second.hasFocus(), page.view.answers.answer) == (True, 1)
        page.view.run_button.setFocus()
        QTest.keyClick(page.view.run_button, Qt.Key.Key_Space)
        assert app.core.is_busy
        wait(app, qtbot)
        assert page.view.state == DONE


def test_a_long_lesson_needs_no_scrolling(stage: Stage, qtbot: QtBot, write: Callable[..., Path]) -> None:
    path = write()
    sentence = "A thread waits for the others, and all of them wait for it. "
    path.write_text(path.read_text().replace("They sleep at once.\n", f"{sentence * 17}\n"))
    with stage.app() as app:
        app.window.resize(1280, 720)
        page = opened_own(app, path)
        bar = page.view.verticalScrollBar()
        qtbot.waitUntil(lambda: page.view.text.height() > 150, timeout=PATIENCE_MS)
        assert bar.maximum() == 0
        run(stage, app, qtbot, 0)
        QTest.qWait(0)
        assert bar.maximum() == 0


def test_what_was_kept_is_plain_json(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        opened(app)
        run(stage, app, qtbot, 1)
    [kept] = json.loads((data_folder() / "lessons.json").read_text(encoding="utf-8"))
    assert (kept["lesson"], kept["answer"], kept["holds"]) == (LOST, "About 50", True)
    assert isinstance(kept["when"], str)


def test_a_lesson_is_brought_to_the_front_by_its_name_from_another_course(
    stage: Stage, write: Callable[..., Path]
) -> None:
    with stage.app() as app:
        page = opened_own(app, write())
        app.window.pages.show_room(0)
        page.show_lesson(LOST)
        assert app.window.pages.current is page
        assert page.view.lesson.name == LOST
        assert isinstance(page.side.course, Course)
