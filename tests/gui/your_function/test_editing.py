"""A person's file is edited in its room: Save brings functions and form along, Start saves, nothing is lost unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from gui.your_function.error_view import FunctionError
from gui.your_function.page import SOURCE, TROUBLE
from gui.your_function.recent import DRAFT
from tests.gui.your_function.test_page import SOURCE_TEXT, Shown, answer, pick, refuse_questions, trace
from tests.gui.your_function.test_page import shown as shown
from tests.support.questions import answer as reply
from workers.catalog import user_names

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from gui.your_function.page import OwnPage
    from tests.support.whole_app import Stage

MINE = """
import pathlib

pathlib.Path(__file__).with_name("was_run").touch()


def work(by: int = 1) -> float:
    return 1 / by
"""


def rewrite(tab: OwnPage, before: str, after: str) -> None:
    """Change the text as somebody does who types."""
    tab.editor.text.replace(tab.editor.text.code().replace(before, after))


def save(tab: OwnPage) -> None:
    QTest.keyClick(tab.editor.text, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


# ---------------------------------------------------------------- the page


def test_functions_and_form_follow_a_save_and_the_chosen_one_stays(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick(shown, shown.path, monkeypatch)
    tab = shown.tab
    tab.choice.choose("resize")
    rewrite(tab, "def resize(width", "def first():\n    pass\n\n\ndef resize(height")
    assert tab.pages.tabText(SOURCE) == "Source ●"
    assert [field.name for field in shown.chosen[-1].fields] == ["width"]
    tab.editor.text.show_line(1)
    save(tab)
    assert [field.name for field in shown.chosen[-1].fields] == ["height"]
    assert shown.functions == ["first", "resize", "helper", "broken"]
    assert tab.picker.functions.currentItem().text() == "resize"
    assert tab.pages.tabText(SOURCE) == "Source"
    assert tab.editor.text.textCursor().blockNumber() == 0, "the text is not moved while somebody types"


def test_a_function_that_python_could_not_read_for_a_while_is_chosen_again(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, yes=True)
    tab = shown.tab
    tab.choice.open(shown.path)  # so its contents are trusted, and not its name
    tab.choice.choose("resize")
    refuse_questions(monkeypatch)
    rewrite(tab, "def resize(width", "def resize((width")
    save(tab)
    assert tab.choice.entry is None
    assert not tab.picker.button.isEnabled()
    rewrite(tab, "def resize((width", "def resize(height")
    save(tab)
    assert [field.name for field in shown.chosen[-1].fields] == ["height"]
    assert tab.picker.functions.currentItem().text() == "resize"
    assert tab.choice.may_run(shown.name), "the person wrote it themselves"


def test_what_others_wrote_is_asked_for_although_it_was_saved_here(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    answer(monkeypatch, yes=True)
    tab = shown.tab
    tab.choice.open(shown.path)
    tab.choice.choose("resize")
    with qtbot.waitSignal(tab.choice.withdrawn, timeout=5000):
        shown.path.write_text("import os\n" + SOURCE_TEXT, encoding="utf-8")
    qtbot.waitUntil(lambda: tab.editor.text.code().startswith("import os"))
    rewrite(tab, "import os", "import sys")
    save(tab)
    asked = answer(monkeypatch, yes=False)
    assert not tab.choice.may_run(shown.name)
    assert len(asked) == 1


def test_run_it_everywhere_saves_first(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    tab = shown.tab
    tab.choice.choose("resize")
    rewrite(tab, "def resize(width: int = 3", "def resize(width: int = 4")
    tab.picker.button.click()
    assert "width: int = 4" in shown.path.read_text("utf-8")
    entry = tab.measure.entry
    assert entry is not None
    assert [field.default for field in entry.fields] == [4]
    rewrite(tab, "def resize", "def other")
    shown.leader.is_running = False
    tab.picker.button.click()
    assert len(shown.leader.started) == 1, "there is no such function any more"


def test_what_cannot_be_saved_is_not_run(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    tab = shown.tab
    tab.choice.choose("resize")
    rewrite(tab, "width", "wide")
    shown.path.write_text(SOURCE_TEXT + "# theirs\n", encoding="utf-8")
    tab.picker.button.click()
    assert shown.leader.started == []
    assert shown.said[-1] == "Changed outside: pictures.py"
    assert not tab.choice.may_run(shown.name)


def test_another_file_is_opened_only_where_nothing_is_lost(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick(shown, shown.path, monkeypatch)
    other = tmp_path / "other.py"
    other.write_text("def work():\n    pass\n", encoding="utf-8")
    tab = shown.tab
    rewrite(tab, "width", "wide")
    asked = reply(monkeypatch, QMessageBox.StandardButton.Cancel)
    pick(shown, other, monkeypatch)
    tab.choice.open(other)
    tab.choice.open_recent(other)
    assert not tab.open_in_editor(other)
    assert asked == ["Save your changes to pictures.py?"] * 4
    assert tab.choice.file.path == tab.editor.path == shown.path
    assert "wide" in tab.editor.text.code()
    reply(monkeypatch, QMessageBox.StandardButton.Discard)
    pick(shown, shown.path, monkeypatch)
    assert tab.editor.text.code() == SOURCE_TEXT
    rewrite(tab, "width", "wide")
    reply(monkeypatch, QMessageBox.StandardButton.Save)
    pick(shown, other, monkeypatch)
    assert shown.path.read_text("utf-8") == SOURCE_TEXT.replace("width", "wide")
    assert tab.editor.path == other


def test_a_file_is_opened_for_another_page_and_can_be_typed_in_at_once(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    refuse_questions(monkeypatch)
    with qtbot.waitSignal(shown.tab.wanted):
        assert shown.tab.open_in_editor(shown.path)
    assert shown.tab.pages.currentIndex() == SOURCE
    QTest.keyClicks(shown.tab.focusWidget(), "# mine")
    assert shown.tab.editor.text.code().startswith("# mine")
    shown.tab.choice.choose("resize")
    assert shown.chosen, "the person's own file is not asked for"


def test_the_error_of_a_run_is_marked_at_its_line(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.director.finished.emit(shown.failed_run(trace(shown)))
    [mark] = shown.tab.editor.text.marks.values()
    assert mark == (mark.cursor, "ZeroDivisionError: integer division or modulo by zero")
    assert mark.line == 11
    assert shown.tab.pages.currentIndex() == TROUBLE
    shown.tab._forget_answer()
    assert not shown.tab.editor.text.marks
    shown.tab._show_trouble(FunctionError("on QThread", "ValueError: of no line"))
    assert not shown.tab.editor.text.marks


def test_what_was_not_saved_is_there_again_after_a_start(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    rewrite(shown.tab, "width", "wide")
    shown.tab.remember()
    shown.tab.shut()
    kept = shown.path.rename(shown.path.with_name("away.py"))
    shown.tab = shown.another()
    shown.tab.remember()
    shown.tab.shut()
    kept.rename(shown.path)
    shown.tab = shown.another()
    assert "wide" in shown.tab.editor.text.code()
    assert shown.tab.editor.is_edited
    save(shown.tab)
    shown.tab.remember()
    assert shown.preferences.read(DRAFT) == ""


# ---------------------------------------------------------------- the window


def test_the_window_asks_before_it_closes(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(MINE, encoding="utf-8")
    with stage.app(("--workload", "sleep")) as app:
        app.window.pages.own.open_in_editor(path)
        rewrite(app.window.pages.own, "1 / by", "2 / by")
        asked = reply(monkeypatch, QMessageBox.StandardButton.Cancel)
        app.window.close()
        assert asked == ["Save your changes to mine.py?"]
        assert not app.core.leaving.is_leaving
        reply(monkeypatch, QMessageBox.StandardButton.Save)
        app.window.close()
        assert app.core.leaving.is_leaving
        assert "2 / by" in path.read_text("utf-8")


def test_ctrl_s_saves_the_file_while_its_room_is_in_front(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(MINE, encoding="utf-8")
    with stage.app(("--workload", "sleep")) as app:
        window, files = app.window, app.window.files
        save_run = files.of_a_run[0]
        assert (save_run.shortcut().toString(), files.save_file.isVisible()) == ("Ctrl+S", False)
        page = window.pages.own
        page.open_in_editor(path)
        assert (save_run.shortcut().toString(), files.save_file.shortcut().toString()) == ("", "Ctrl+S")
        rewrite(page, "1 / by", "2 / by")
        page.picker.choose_button.setFocus()
        QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert "2 / by" in path.read_text("utf-8")
        page.editor.setFocus()
        rewrite(page, "2 / by", "3 / by")
        save(page)
        assert "3 / by" in path.read_text("utf-8")
        QTest.keyClick(page.editor.text, Qt.Key.Key_Escape)
        QTest.keyClick(page.editor.text, Qt.Key.Key_F8)
        assert not app.core.is_busy, "F8 goes to an error there, and compares nothing"
        window.pages.show_room(0)
        assert (save_run.shortcut().toString(), files.save_file.isVisible()) == ("Ctrl+S", False)


def test_start_in_any_room_saves_first_and_runs_what_was_typed(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(MINE, encoding="utf-8")
    with stage.app(("--workload", "sleep")) as app:
        page, controls = app.window.pages.own, app.window.controls
        app.window.set_blocking(False)
        page.open_in_editor(path)
        page.choice.choose("work")
        assert controls.workload == user_names.name_of(path, "work")
        controls.tasks.setValue(2)
        rewrite(page, "return 1 / by", "raise ValueError(by)")
        app.window.pages.show_room(0)
        stage.click(controls.start_button)
        stage.wait_for_runs(app, 1)
        assert "raise ValueError" in path.read_text("utf-8")
        assert app.core.session.runs[0].recorder.failed == 2
        assert [mark.line for mark in page.editor.text.marks.values()] == [8]
        assert "ValueError: 1" in page.editor.sentence.accessibleName()
