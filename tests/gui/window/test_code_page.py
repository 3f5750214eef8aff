"""The Code tab: it shows the very files, in both schemes, and does nothing before it is seen."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractSlider

from gui.widgets.source_view import LineNumbers, lines_that_matter
from gui.window.code_page import CodePage
from workers.catalog import entry as entries
from workers.catalog import lookup

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry


@pytest.fixture
def view(qtbot: QtBot, core: Core, theme: Theme, preferences: Preferences) -> CodePage:
    found = CodePage(core, theme, preferences)
    qtbot.addWidget(found)
    found.resize(1000, 400)
    return found


def test_it_shows_the_very_text_of_the_gui_threads_file_and_the_runners(view: CodePage) -> None:
    runners, work = lookup.runners(), lookup.workloads()["primes"]
    view.show_choice(runners["qthread"], work)
    assert view.left is None  # nothing before it is seen
    view.show()
    assert view.left is not None
    assert view.right is not None

    def shown() -> tuple[str, ...]:
        assert view.left is not None
        assert view.right is not None
        return tuple(pane.text.toPlainText().rstrip("\n") for pane in (view.left, view.right))

    def text(*entries: Entry) -> tuple[str, ...]:
        return tuple(entry.path.read_text(encoding="utf-8").rstrip("\n") for entry in entries)

    assert shown() == text(runners["gui_thread"], runners["qthread"])
    view.menu.setCurrentIndex(1)
    view.menu.activated.emit(1)
    assert shown() == text(runners["gui_thread"], work)
    view.menu.setCurrentIndex(0)
    view.menu.activated.emit(0)
    view.show_choice(runners["gui_thread"], work)  # the same file twice would show no difference
    assert shown() == text(runners["gui_thread"], work)


def test_it_opens_where_it_begins_to_matter_and_marks_that(view: CodePage, qtbot: QtBot) -> None:
    view.resize(560, 260)
    view.show_choice(lookup.runners()["thread_pool"], lookup.workloads()["primes"])
    with qtbot.waitExposed(view):
        view.show()
    pane = view.right
    assert pane is not None
    lines = pane.source.split("\n")
    marked = [lines[number - 1].strip() for number in pane.lines]
    assert marked[0].startswith("def start(")
    assert "drive_to_end(task, self._emit, self._control, place)" in marked
    assert "from ..engine.task import drive_to_end" not in marked
    bar = pane.text.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0)
    assert pane.text.horizontalScrollBar().maximum() == 0
    seen = pane.text.cursorForPosition(QPoint(0, 0)).blockNumber() + 1
    assert pane.lines[0] - 4 < seen <= pane.lines[0]
    bar.triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
    view.resize(700, 260)
    assert bar.value() == 0  # a person's place is kept
    numbers = pane.findChild(LineNumbers)
    assert isinstance(numbers, LineNumbers)
    assert not numbers.grab().isNull()


def test_work_with_a_long_docstring_opens_behind_it(view: CodePage) -> None:
    runners = lookup.runners()
    view.show_choice(runners["gui_thread"], lookup.workloads()["download"])
    view.show()
    pane = view.right
    assert pane is not None
    assert pane.lines[1] - pane.lines[0] > 6
    assert pane._first == pane.lines[1]


def test_of_work_its_function_is_marked_and_nothing_of_what_cannot_be_read() -> None:
    source = lookup.workloads()["primes"].path.read_text(encoding="utf-8")
    lines = source.split("\n")
    marked = [lines[number - 1] for number in lines_that_matter(source, "primes")]
    assert marked[0].startswith("def primes(")
    assert any("yield" in line for line in marked)
    assert lines_that_matter("def (", "primes") == []


def test_copy_gives_the_file_as_it_is(view: CodePage) -> None:
    runners = lookup.runners()
    view.show_choice(runners["thread_pool"], lookup.workloads()["primes"])
    view.show()
    assert view.right is not None
    view.right.copy_button.click()
    assert QGuiApplication.clipboard().text() == runners["thread_pool"].path.read_text(encoding="utf-8")


def test_it_takes_up_a_change_of_scheme(view: CodePage) -> None:
    runners = lookup.runners()
    view.show_choice(runners["qthread"], runners["thread_pool"])
    view._theme.set_choice("light")
    view.show()
    assert view.left is not None
    light = view.left.text.toHtml()
    view._theme.set_choice("dark")
    assert view.left.text.toHtml() != light


def test_text_that_looks_like_markup_stays_text(view: CodePage, tmp_path: Path) -> None:
    path = tmp_path / "odd.py"
    path.write_text(
        '"""<b>x</b> &amp; y"""\n\nTITLE = "<Odd & bold>"\n\n\ndef f():\n\treturn 1 < 2\n', encoding="utf-8"
    )
    entry = entries.read_entry(path)
    assert entry is not None
    view.show_choice(entry, entry)
    view.show()
    assert view.right is not None
    assert view.right.text.toPlainText().rstrip("\n") == path.read_text(encoding="utf-8").rstrip("\n")


def test_a_file_that_is_gone_is_told(view: CodePage, tmp_path: Path) -> None:
    path = tmp_path / "gone.py"
    path.write_text('TITLE = "Gone"\n', encoding="utf-8")
    entry = entries.read_entry(path)
    assert entry is not None
    path.unlink()
    view.show_choice(entry, entry)
    view.show()
    assert view.right is not None
    assert "cannot be read" in view.right.text.toPlainText()


def test_importing_it_does_not_import_pygments() -> None:
    code = "import sys, gui.widgets.source_view; sys.exit('pygments' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_name_of_the_file_stays_in_sight_where_there_is_little_room(view: CodePage, qtbot: QtBot) -> None:
    view.show_choice(lookup.runners()["thread_pool"], lookup.workloads()["primes"])
    view.resize(560, 300)
    with qtbot.waitExposed(view):
        view.show()
    for pane, name in ((view.left, "gui_thread.py"), (view.right, "thread_pool.py")):
        assert pane is not None
        qtbot.waitUntil(lambda pane=pane: pane.copy_button.x() > 0)  # type: ignore[misc]  # it is laid out
        assert pane.where.shown_text.endswith(name)
        assert pane.where.geometry().right() < pane.copy_button.geometry().left()
        heading = view.menu if pane is view.right else pane.title
        assert heading.geometry().right() < pane.where.geometry().left()
