"""Typing a program: indentation, colours of what is seen, and errors at their lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pygments.lexers import PythonLexer
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QFont, QTextCursor, QTextFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from gui.editor.code_edit import HOW, CodeEdit
from gui.editor.gutter import Gutter
from gui.widgets.source_view import code_style
from tests.support.bring_up import bring_up
from workers.utils.child import RESOURCES

if TYPE_CHECKING:
    from PySide6.QtGui import QTextBlock
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme

HARD = """
x = '''open
# in a string''' + f"{x!r:>{width}} {'in' + y}" # after it
def f(a: int = 0x1F, *, b=r"\\d", c=b'\\x00'):
    r\"\"\"A docstring "with" 'quotes'

    and \\ more. \"\"\"
    s = f\"\"\"of {a} things
    {b} and no more\"\"\"
    t = "goes on \\
here" if a in s and not b else 'unclosed
    match a:
        case [1, 2.5e-3j, *_]: pass
class Über(Exception): "one"; async = lambda: None
@decorated.by("me")
def g(): return not_ in s, "\\\\", '\\'', \"\"\"a\"\"\"
'''
never closed
"""

Look = tuple[str, bool]


@pytest.fixture
def code(theme: Theme, qtbot: QtBot) -> CodeEdit:
    made = bring_up(qtbot, CodeEdit(theme, "Source"), 600, 400)
    made.setFocus()
    return made


def put(code: CodeEdit, text: str) -> None:
    """Set a text; where a bar | stands is the caret, and between two of them a selection."""
    parts = text.split("|")
    code.setPlainText("".join(parts))
    cursor = code.textCursor()
    cursor.setPosition(len(parts[0]))
    if len(parts) == 3:
        cursor.setPosition(len(parts[0] + parts[1]), QTextCursor.MoveMode.KeepAnchor)
    code.setTextCursor(cursor)


def read(code: CodeEdit) -> str:
    text, at = code.code(), code.textCursor().position()
    return f"{text[:at]}|{text[at:]}"


# ---------------------------------------------------------------- keys


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("|a", Qt.Key.Key_Tab, "    |a"),
        ("ab|", Qt.Key.Key_Tab, "ab  |"),
        ("a\n|b\n\nc\n|d", Qt.Key.Key_Tab, "a\n    b\n\n    c\n|d"),
        ("      a|", Qt.Key.Key_Backtab, "  a|"),
        ("  a|", Qt.Key.Key_Backtab, "a|"),
        ("\ta|", Qt.Key.Key_Backtab, "a|"),
        ("a|", Qt.Key.Key_Backtab, "a|"),
        ("|    a\n  b\nc|", Qt.Key.Key_Backtab, "a\nb\nc|"),
        ("    a|", Qt.Key.Key_Return, "    a\n    |"),
        ("  |  a", Qt.Key.Key_Return, "  \n  |  a"),
        ("\tif a:|", Qt.Key.Key_Return, "\tif a:\n\t    |"),
        ("|  a|", Qt.Key.Key_Return, "\n|"),
    ],
)
def test_keys_keep_the_indentation(code: CodeEdit, before: str, key: Qt.Key, after: str) -> None:
    put(code, before)
    QTest.keyClick(code, key)
    assert read(code) == after
    QTest.keyClick(code, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert code.code() == before.replace("|", "")
    QTest.keyClick(code, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert code.code() == after.replace("|", "")


def test_escape_leaves_the_editor_and_says_so_before(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    first, second = CodeEdit(theme, "Source"), QPlainTextEdit()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(first)
    column.addWidget(second)
    with qtbot.waitExposed(window):
        window.show()
    first.setFocus()
    assert "Escape leaves the editor" in first.accessibleDescription() == HOW
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert second.hasFocus()
    first.setReadOnly(True)
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()


def test_the_text_is_kept_letter_by_letter(code: CodeEdit) -> None:
    text = "a = '\xa0\u2028\t\U0001f40d'\n"
    code.setPlainText(text)
    assert code.code() == text


def test_another_text_can_be_undone_and_the_caret_stays(code: CodeEdit) -> None:
    put(code, "a\nb|b\nc\n")
    code.replace("a\nbcd\n")
    assert read(code) == "a\nb|cd\n"
    code.undo()
    assert code.code() == "a\nbb\nc\n"


def test_another_text_has_its_caret_at_the_top(code: CodeEdit, theme: Theme) -> None:
    code.put("a\n" * 50)
    code.show_line(40)
    code.put("b\n")
    [caret] = code.extraSelections()
    assert caret.cursor.blockNumber() == code.textCursor().blockNumber() == 0


def test_a_file_that_is_dropped_is_no_text(code: CodeEdit) -> None:
    dropped = QMimeData()
    dropped.setText("x = 1")
    assert code.canInsertFromMimeData(dropped)
    dropped.setUrls([QUrl.fromLocalFile("/mine.py")])
    assert not code.canInsertFromMimeData(dropped)


# ---------------------------------------------------------------- colours


def looks(block: QTextBlock) -> list[Look]:
    """The colour of each letter, and whether it is bold."""
    found: list[Look] = [("", False)] * len(block.text())
    for part in block.layout().formats():
        style = part.format
        has_color = style.hasProperty(QTextFormat.Property.ForegroundBrush)
        color = style.foreground().color().name() if has_color else ""
        look = color, style.fontWeight() > QFont.Weight.Medium
        found[part.start : part.start + part.length] = [look] * part.length
    return found


def all_looks(code: CodeEdit) -> list[list[Look]]:
    document = code.document()
    return [looks(document.findBlockByNumber(at)) for at in range(document.blockCount())]


def wanted(text: str, theme: Theme) -> list[list[Look]]:
    """As Pygments has it, which reads the whole."""
    style = code_style(theme)
    found: list[list[Look]] = [[]]
    for _, kind, value in PythonLexer(stripnl=False, ensurenl=False).get_tokens_unprocessed(text):
        look = style.style_for_token(kind)
        for letter in value:
            if letter == "\n":
                found.append([])
            else:
                color = f"#{look['color']}" if look["color"] else ""
                found[-1].append((color, look["bold"]))
    return found


def unlike(code: CodeEdit, theme: Theme) -> list[str]:
    """The lines that look other than they should; a blank looks like any other."""
    lines = code.code().split("\n")
    return [
        line
        for line, here, there in zip(lines, all_looks(code), wanted(code.code(), theme), strict=True)
        if any(
            one != other for letter, one, other in zip(line, here, there, strict=True) if not letter.isspace()
        )
    ]


@pytest.mark.parametrize("file", [Path(__file__), RESOURCES / "example_function.py"])
def test_it_is_coloured_as_the_page_code_is(code: CodeEdit, theme: Theme, file: Path) -> None:
    code.resize(600, 12_000)
    code.setPlainText(file.read_text("utf-8"))
    code.colors.color_seen()
    assert unlike(code, theme) == []


def test_strings_over_many_lines_are_coloured_too(code: CodeEdit, theme: Theme) -> None:
    code.resize(600, 2000)
    code.setPlainText(HARD.strip("\n"))
    # Of a string that never ends Pygments takes the quotes for an error; here it goes on to the end, as in Python.
    assert unlike(code, theme) == ["'''", "never closed"]


def test_only_what_is_seen_is_coloured_when_it_is_seen(code: CodeEdit) -> None:
    code.setPlainText('x = "a"\n' * 2000)
    found = [bool(any(line)) for line in ([color for color, _ in line] for line in all_looks(code))]
    assert all(found[:20])
    assert sum(found) < 60
    code.verticalScrollBar().setValue(1000)
    assert all_looks(code)[1010][4][0]


def test_a_key_colours_its_own_line_and_no_other(code: CodeEdit, monkeypatch: pytest.MonkeyPatch) -> None:
    code.setPlainText("x = 1\n" * 2000)
    code.show_line(1000)
    colored: list[int] = []
    color = code.colors._color

    def note(block: QTextBlock, opened: str) -> None:
        colored.append(block.blockNumber())
        color(block, opened)

    monkeypatch.setattr(code.colors, "_color", note)
    QTest.keyClicks(code, "'ab'")
    assert set(colored) == {999}
    colored.clear()
    QTest.keyClick(code, Qt.Key.Key_Return)
    assert set(colored) == {999, 1000}
    colored.clear()
    code.show_line(1)
    QTest.keyClicks(code, '"""')
    assert len(colored) < 100


def test_what_opens_a_string_colours_what_follows_and_closing_it_takes_that_back(
    code: CodeEdit, theme: Theme
) -> None:
    code.setPlainText("\n" + "x = 1\n" * 1000)
    first = looks(code.document().findBlockByNumber(5))
    QTest.keyClicks(code, '"""')
    second = looks(code.document().findBlockByNumber(5))
    assert first[0] != second[0]
    code.verticalScrollBar().setValue(900)
    assert looks(code.document().findBlockByNumber(905))[0] == second[0]
    code.verticalScrollBar().setValue(0)
    QTest.keyClicks(code, '"""')
    assert looks(code.document().findBlockByNumber(5)) == first


def test_the_theme_s_colours_and_sizes_are_taken_up(code: CodeEdit, theme: Theme) -> None:
    code.setPlainText("def f(): pass")
    light, size = all_looks(code), code.font().pointSizeF()
    theme.set_choice("light" if theme.scheme == "dark" else "dark")
    theme.set_text_scale(1.5)
    assert all_looks(code) != light
    assert code.font().pointSizeF() == pytest.approx(1.5 * size)


# ---------------------------------------------------------------- errors


def test_an_error_stays_at_its_line_until_that_is_edited(code: CodeEdit, qtbot: QtBot) -> None:
    put(code, "a|\nb\nc\n")
    code.mark("run", 2, "It is wrong.")
    QTest.keyClick(code, Qt.Key.Key_Return)
    QTest.keyClicks(code, "new")
    assert [(mark.line, mark.sentence) for mark in code.marks.values()] == [(3, "It is wrong.")]
    code.mark("run", 3, "It is still wrong.")
    code.mark("syntax", 1, "No Python.")
    assert len(code.marks) == 2
    code.show_line(3)
    with qtbot.waitSignal(code.marks_changed):
        QTest.keyClicks(code, "x")
    assert list(code.marks) == ["syntax"]
    code.unmark("syntax")
    assert not code.marks


def test_a_line_that_is_wrong_has_a_ground_a_mark_beside_it_and_a_tip(
    theme: Theme, code: CodeEdit, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gutter = Gutter(theme, code)
    qtbot.addWidget(gutter)
    gutter.resize(60, 400)
    code.setPlainText("a\nb\nc")
    plain = gutter.grab().toImage()
    code.mark("run", 3, "It is wrong.")
    assert gutter.grab().toImage() != plain
    grounds = {mark.cursor.blockNumber(): mark.format.background().color() for mark in code.extraSelections()}
    assert grounds == {0: theme.color("window"), 2: theme.bands()[-1][1]}
    shown: list[str] = []
    monkeypatch.setattr(
        "gui.editor.code_edit.QToolTip.showText", lambda place, text, widget: shown.append(text)
    )
    for line in (3, 1):
        code.show_line(line)
        point = code.viewport().mapTo(code, code.cursorRect().center())
        code.show_tip(point, QPoint())
    assert shown == ["It is wrong.", ""]
