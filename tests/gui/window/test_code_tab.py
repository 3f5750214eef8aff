"""The Code tab: it shows the very files, in both schemes, and does nothing before it is seen."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication

from gui.window.code_tab import CodeView
from workers.catalog import entry as entries
from workers.catalog import lookup

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme


@pytest.fixture
def view(qtbot: QtBot, core: Core, theme: Theme, preferences: Preferences) -> CodeView:
    found = CodeView(core, theme, preferences)
    qtbot.addWidget(found)
    found.resize(1000, 400)
    return found


def test_it_shows_the_very_text_of_both_files(view: CodeView) -> None:
    runners = lookup.runners()
    view.show_choice(runners["qthread"], runners["thread_pool"])
    assert view.runner is None  # nothing before it is seen
    view.show()
    assert view.runner is not None
    assert view.workload is not None
    for pane, name in ((view.runner, "qthread"), (view.workload, "thread_pool")):
        source = runners[name].path.read_text(encoding="utf-8")
        assert pane.text.toPlainText().rstrip("\n") == source.rstrip("\n")
    view.show_choice(runners["gui_thread"], runners["thread_pool"])
    assert view.runner.text.toPlainText().startswith('"""The GUI thread itself')


def test_copy_gives_the_file_as_it_is(view: CodeView) -> None:
    runners = lookup.runners()
    view.show_choice(runners["qthread"], runners["thread_pool"])
    view.show()
    assert view.workload is not None
    view.workload.copy_button.click()
    assert QGuiApplication.clipboard().text() == runners["thread_pool"].path.read_text(encoding="utf-8")


def test_it_takes_up_a_change_of_scheme(view: CodeView) -> None:
    runners = lookup.runners()
    view.show_choice(runners["qthread"], runners["thread_pool"])
    view._theme.set_choice("light")
    view.show()
    assert view.runner is not None
    light = view.runner.text.toHtml()
    view._theme.set_choice("dark")
    assert view.runner.text.toHtml() != light


def test_text_that_looks_like_markup_stays_text(view: CodeView, tmp_path: Path) -> None:
    path = tmp_path / "odd.py"
    path.write_text(
        '"""<b>x</b> &amp; y"""\n\nTITLE = "<Odd & bold>"\n\n\ndef f():\n\treturn 1 < 2\n', encoding="utf-8"
    )
    entry = entries.read_entry(path)
    assert entry is not None
    view.show_choice(entry, entry)
    view.show()
    assert view.runner is not None
    assert view.runner.text.toPlainText().rstrip("\n") == path.read_text(encoding="utf-8").rstrip("\n")


def test_a_file_that_is_gone_is_told(view: CodeView, tmp_path: Path) -> None:
    path = tmp_path / "gone.py"
    path.write_text('TITLE = "Gone"\n', encoding="utf-8")
    entry = entries.read_entry(path)
    assert entry is not None
    path.unlink()
    view.show_choice(entry, entry)
    view.show()
    assert view.runner is not None
    assert "cannot be read" in view.runner.text.toPlainText()


def test_importing_it_does_not_import_pygments() -> None:
    code = "import sys, gui.widgets.source_view; sys.exit('pygments' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_name_of_the_file_stays_in_sight_where_there_is_little_room(view: CodeView, qtbot: QtBot) -> None:
    view.show_choice(lookup.runners()["thread_pool"], lookup.workloads()["primes"])
    view.resize(560, 300)
    view.show()
    qtbot.waitExposed(view)
    for pane, name in ((view.runner, "thread_pool.py"), (view.workload, "primes.py")):
        assert pane is not None
        qtbot.waitUntil(lambda pane=pane: pane.copy_button.x() > 0)  # type: ignore[misc]  # it is laid out
        assert pane.where.shown_text.endswith(name)
        assert pane.where.geometry().right() < pane.copy_button.geometry().left()
        assert pane.title.geometry().right() < pane.where.geometry().left()
