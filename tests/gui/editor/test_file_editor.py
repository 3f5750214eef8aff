"""The editor of a file: saving, what others write meanwhile, what is not saved, and errors."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QPushButton, QWidget

from gui.editor.file_editor import FileEditor
from gui.widgets.panels import fill
from tests.support.questions import answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme

TEXT = "def work(): pass\r\nwork()\r\n"
SAVE = QMessageBox.StandardButton.Save
DROP = QMessageBox.StandardButton.Discard
STAY = QMessageBox.StandardButton.Cancel


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "mine.py"
    made.write_bytes(TEXT.encode())
    return made


@pytest.fixture
def editor(theme: Theme, qtbot: QtBot, path: Path) -> Iterator[FileEditor]:
    made = FileEditor(theme, "Source")
    qtbot.addWidget(made)
    made.said.connect(lambda text: said.append(text))
    made.resize(600, 300)
    with qtbot.waitExposed(made):
        made.show()
    said.clear()
    made.open(path)
    made.setFocus()
    yield made
    made.close_file()


said: list[str] = []


def type_in(editor: FileEditor, text: str = "# ") -> None:
    QTest.keyClicks(editor.text, text)


def press_save(editor: FileEditor) -> None:
    QTest.keyClick(editor.text, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


def is_asked(editor: FileEditor) -> bool:
    return (
        editor.load_button.isVisible() and editor.keep_button.isVisible() and not editor.save_button.isVisible()
    )


# ---------------------------------------------------------------- saving


def test_what_is_typed_is_saved_as_the_file_lay_there(editor: FileEditor, path: Path, qtbot: QtBot) -> None:
    told: list[bool] = []
    editor.edited.connect(told.append)
    assert not editor.save_button.isEnabled()
    type_in(editor)
    assert editor.is_edited
    with qtbot.waitSignal(editor.saved) as saved:
        press_save(editor)
    assert saved.args == [path]
    assert path.read_bytes() == b"# " + TEXT.encode()
    assert (told, said) == ([True, False], ["Saved mine.py."])
    type_in(editor, "!")
    editor.text.undo()
    assert not editor.is_edited, "what was saved is here again"
    type_in(editor, "?")
    QTest.mouseClick(editor.save_button, Qt.MouseButton.LeftButton)
    assert path.read_bytes() == b"# ?" + TEXT.encode()
    assert editor.text.hasFocus()


def test_what_cannot_be_written_is_told_and_stays(editor: FileEditor, path: Path) -> None:
    type_in(editor)
    path.unlink()
    path.parent.rename(path.parent.with_name("moved"))
    press_save(editor)
    why = "mine.py was not saved: its folder is not there any more. Your text is still here."
    assert said == [why]
    assert editor.sentence.accessibleName() == why
    assert editor.is_edited
    assert editor.text.code().startswith("# def")
    path.parent.with_name("moved").rename(path.parent)
    press_save(editor)
    assert path.read_bytes() == b"# " + TEXT.encode()
    assert not editor.sentence.isVisible()


def test_what_is_no_text_can_be_read_and_not_changed(editor: FileEditor, path: Path, qtbot: QtBot) -> None:
    for data in (b"a = '\xff'\n", b"a = '\xef\xb7\x90'\n"):  # the second is a letter that Qt takes for its own
        path.write_bytes(data)
        editor.open(path)
        assert editor.text.isReadOnly()
        assert "Read only: mine.py has" in editor.sentence.accessibleName()
        type_in(editor)
        assert editor.save()
        assert path.read_bytes() == data
    with qtbot.waitSignal(editor.text.textChanged, timeout=5000):
        path.write_bytes(b"a = 1\n")
    assert not editor.text.isReadOnly()
    assert not editor.sentence.isVisible()


# ---------------------------------------------------------------- others write it


def test_what_others_write_is_read_where_nothing_would_be_lost(
    editor: FileEditor, path: Path, qtbot: QtBot
) -> None:
    editor.text.show_line(2)
    with qtbot.waitSignal(editor.text.textChanged, timeout=5000):
        path.write_bytes(b"# new\n" + TEXT.encode())
    assert editor.text.code().startswith("# new\ndef")
    assert editor.text.textCursor().blockNumber() == 1
    assert not editor.is_edited
    assert said == ["mine.py was changed outside, and is read again."]


def test_what_others_wrote_is_never_written_over_unasked(editor: FileEditor, path: Path, qtbot: QtBot) -> None:
    type_in(editor)
    path.write_bytes(b"theirs\n")  # and nobody has noticed yet
    press_save(editor)
    assert path.read_bytes() == b"theirs\n"
    assert is_asked(editor)
    assert said == ["Changed outside: mine.py"]
    assert not editor.save()
    editor.keep_button.click()
    assert not is_asked(editor)
    path.write_bytes(b"theirs again\n")
    qtbot.waitUntil(lambda: is_asked(editor))
    editor.keep_button.click()
    assert path.read_bytes() == b"theirs again\n"
    press_save(editor)
    assert path.read_bytes() == b"# " + TEXT.encode()


def test_what_others_wrote_can_be_taken_and_undone(editor: FileEditor, path: Path, qtbot: QtBot) -> None:
    type_in(editor)
    path.write_bytes(b"theirs\n")
    qtbot.waitUntil(lambda: is_asked(editor))
    editor.load_button.click()
    assert (editor.text.code(), editor.is_edited, is_asked(editor)) == ("theirs\n", False, False)
    editor.text.undo()
    assert editor.text.code().startswith("# def")
    assert editor.is_edited
    press_save(editor)
    assert path.read_bytes() == b"# def work(): pass\nwork()\n"


@pytest.fixture
def page(editor: FileEditor, qtbot: QtBot) -> Iterator[QWidget]:
    """The editor with another control behind it, as on its page."""
    made = QWidget()
    fill(QHBoxLayout(made), editor, QPushButton("Behind it"))
    with qtbot.waitExposed(made):
        made.show()
    yield made
    editor.setParent(None)


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("name", ["load_button", "keep_button"])
def test_the_keys_go_back_to_the_text_once_it_is_decided(
    editor: FileEditor, path: Path, qtbot: QtBot, name: str
) -> None:
    type_in(editor)
    path.write_bytes(b"theirs\n")
    qtbot.waitUntil(lambda: is_asked(editor))
    button = getattr(editor, name)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert not is_asked(editor)
    assert editor.text.hasFocus()


@pytest.mark.usefixtures("page")
def test_the_keys_go_to_the_text_where_save_finds_that_others_wrote(editor: FileEditor, path: Path) -> None:
    type_in(editor)
    path.write_bytes(b"theirs\n")
    editor.save_button.setFocus()
    QTest.keyClick(editor.save_button, Qt.Key.Key_Space)
    assert is_asked(editor)
    assert editor.text.hasFocus()


def test_where_they_put_it_back_nothing_is_to_be_decided(editor: FileEditor, path: Path, qtbot: QtBot) -> None:
    type_in(editor)
    path.write_bytes(b"theirs\n")
    qtbot.waitUntil(lambda: is_asked(editor))
    path.write_bytes(TEXT.encode())
    qtbot.waitUntil(lambda: not is_asked(editor))
    assert not editor.sentence.isVisible()


def test_a_file_that_was_deleted_is_told_and_can_be_saved_again(
    editor: FileEditor, path: Path, qtbot: QtBot
) -> None:
    path.unlink()
    qtbot.waitUntil(lambda: editor.is_edited)
    assert editor.sentence.accessibleName() == "mine.py is gone: Save writes it again."
    path.write_bytes(TEXT.encode())
    qtbot.waitUntil(lambda: not editor.sentence.isVisible())
    path.unlink()
    press_save(editor)
    assert path.read_bytes() == TEXT.encode()


# ---------------------------------------------------------------- what is not saved


def test_nothing_is_asked_where_all_is_saved(editor: FileEditor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(monkeypatch, STAY) == []
    assert editor.may_leave()


@pytest.mark.parametrize(("button", "may"), [(SAVE, True), (DROP, True), (STAY, False)])
def test_before_it_is_left_it_is_asked_for(
    editor: FileEditor,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    button: QMessageBox.StandardButton,
    may: bool,
) -> None:
    asked = answer(monkeypatch, button)
    type_in(editor)
    assert editor.may_leave() is may
    assert asked == ["Save your changes to mine.py?"]
    assert path.read_bytes() == (b"# " if button is SAVE else b"") + TEXT.encode()
    assert editor.is_edited is (button is STAY)
    assert editor.text.code().startswith("def" if button is DROP else "# ")


def test_what_could_not_be_saved_is_not_left(
    editor: FileEditor, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, SAVE)
    type_in(editor)
    path.write_bytes(b"theirs\n")
    assert not editor.may_leave()


def test_a_draft_is_there_again_also_beside_what_others_wrote(editor: FileEditor, path: Path) -> None:
    assert editor.draft == ""
    type_in(editor)
    draft = editor.draft
    editor.open(path)
    assert not any(editor.recall(nothing) for nothing in ("", "5", "[1]"))
    assert editor.recall(draft)
    assert editor.is_edited
    assert editor.text.code().startswith("# def")
    assert not is_asked(editor)
    path.write_bytes(b"theirs\n")
    editor.open(path)
    assert editor.recall(draft)
    assert is_asked(editor)
    other = path.with_name("other.py")
    other.write_bytes(b"")
    editor.open(other)
    assert not editor.recall(draft)
    assert not is_asked(editor)


# ---------------------------------------------------------------- errors


def test_a_line_that_is_no_python_is_marked_after_a_pause_and_f8_goes_there(
    editor: FileEditor, qtbot: QtBot
) -> None:
    editor.text.show_line(2)
    type_in(editor, "(")
    assert not editor.text.marks
    qtbot.waitUntil(lambda: bool(editor.text.marks))
    assert editor.sentence.accessibleName() == "Line 2: '(' was never closed"
    editor.text.show_line(1)
    QTest.keyClick(editor.text, Qt.Key.Key_F8)
    assert editor.text.textCursor().blockNumber() == 1
    editor.text.show_line(1)
    editor.sentence.click()
    assert editor.text.textCursor().blockNumber() == 1
    QTest.keyClick(editor.text, Qt.Key.Key_Delete)
    assert not editor.text.marks
    assert not editor.sentence.isVisible()
    QTest.keyClick(editor.text, Qt.Key.Key_F8)
    assert said == ["No error is marked."]


def test_what_takes_long_is_checked_in_another_process(
    editor: FileEditor, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.editor.check.QUICK_S", 0.0)
    for text, line in ((b"x = 1\n" * 50 + b"def f(:\n", 51), (b"x = '\\d'\n", 0), (b"x = 1\n\0", 1)):
        path.write_bytes(text)
        with qtbot.waitSignal(editor._check.found, timeout=20_000) as found:
            editor.open(path)
        assert found.args[0] == line
    processes = editor.findChildren(QProcess)
    editor.open(path)
    editor.close_file()
    assert all(process.state() is QProcess.ProcessState.NotRunning for process in processes)


def test_the_error_of_a_run_is_marked_where_its_line_is_still_the_same(editor: FileEditor) -> None:
    editor.mark_error(2, "ValueError: no")
    assert [mark.line for mark in editor.text.marks.values()] == [2]
    assert editor.sentence.accessibleName() == "ValueError: no"
    editor.forget_error()
    assert not editor.text.marks
    editor.text.show_line(2)
    type_in(editor, "x")
    for line in (2, 0, 99):
        editor.mark_error(line, "ValueError: no")
    assert not editor.text.marks


def test_of_several_errors_one_goes_from_each_to_the_next(editor: FileEditor, qtbot: QtBot) -> None:
    editor.mark_error(2, "ValueError: no")
    editor.text.mark("syntax", 1, "No Python.")
    at = []
    for _ in range(3):
        QTest.keyClick(editor.text, Qt.Key.Key_F8)
        at.append(editor.text.textCursor().blockNumber() + 1)
    assert at == [2, 1, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_a_file_without_the_right_to_write_is_told(editor: FileEditor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.utils.atomic_file.os.access", lambda *about: False)  # root may do all
    type_in(editor)
    press_save(editor)
    assert said == ["mine.py was not saved: you may not write to it. Your text is still here."]
