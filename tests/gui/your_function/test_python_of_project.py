"""The Python of a person's project, as the page uses it: for the function that is chosen, and kept for its file."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from gui.forms.fit import Fit
from gui.your_function.recent import OwnFiles, remembered_function
from tests.gui.your_function.test_page import Shown, pick
from tests.gui.your_function.test_page import shown as shown
from tests.support.environments import environment
from workers.catalog import lookup, user_functions
from workers.catalog.entry import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from gui.process.preferences import Preferences

pytestmark = pytest.mark.skipif(os.name != "posix", reason="environments are made of links")

SOURCE = "import only_there\n\ndef work():\n    pass\n"


def python_of(shown: Shown) -> str:
    entry = shown.tab.choice.entry
    assert entry is not None
    assert entry.own is not None
    return entry.own.python


def test_a_function_that_lacks_a_package_can_be_chosen_and_run_once_a_python_has_it(
    shown: Shown, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, preferences: Preferences
) -> None:
    shown.path.write_text(SOURCE)
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("work")
    picker, field = shown.tab.picker, shown.tab.picker.settings.python
    assert picker.note.text() == "Not installed here: only_there. Name the Python of your project above."
    assert not picker.button.isEnabled()
    python = str(environment(tmp_path / "env", only_there=""))
    with qtbot.waitSignal(shown.tab.workload_chosen):
        field.line.setText(str(tmp_path / "env"))
        field.line.editingFinished.emit()
    assert python_of(shown) == python
    assert picker.button.isEnabled()
    shown.tab.start()
    assert shown.leader.started[-1].python == python

    again = OwnFiles(preferences)
    assert again.python_of(shown.path) == (str(tmp_path / "env"), python)
    preferences.write("run", json.dumps({"workload": f"{shown.path}:work"}))
    entry = remembered_function(preferences)
    assert isinstance(entry, Entry)
    assert entry.own is not None
    assert entry.own.python == python
    restarted = shown.another()
    assert restarted.choice.file.python == python
    restarted.shut()

    with qtbot.waitSignal(shown.tab.choice.changed):
        field.line.clear()
    assert python_of(shown) == ""
    assert OwnFiles(preferences).python_of(shown.path) == ("", "")


def test_a_bad_path_is_told_in_place_of_the_plan(
    shown: Shown, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    field = shown.tab.picker.settings.python
    assert shown.tab.picker.button.isEnabled()
    field.line.setText("nowhere")
    field.line.editingFinished.emit()
    qtbot.waitUntil(lambda: bool(field.problem))
    assert not shown.tab.picker.button.isEnabled()
    assert shown.tab.picker.note.text() == "The Python of your project cannot be used: see above."


def test_before_a_start_the_python_of_the_project_is_asked_in_a_thread(
    qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    environment(tmp_path / ".venv")
    (tmp_path / "mine.py").write_text(SOURCE)
    fit = Fit(qapp)
    fit.look(lookup.named("runners", "thread_pool"), user_functions.entry(f"{tmp_path}/mine.py:work"), {})
    assert not fit.is_known, "it is not known what the environment has"
    qtbot.waitUntil(lambda: fit.is_known)
    assert "nor in " in fit.why_not
