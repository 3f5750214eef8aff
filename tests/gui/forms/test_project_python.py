"""The field for the Python of a person's project: found by itself, typed, or chosen from the disk."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from gui.forms import project_python
from gui.forms.project_python import FOUND, NONE_FOUND, ProjectPython
from tests.support.environments import answer, program
from workers.pythons import asking

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    program(made / ".venv" / "bin" / "python", answer(version=(3, 11, 7)))
    (made / ".venv" / "pyvenv.cfg").touch()
    (made / "setup.cfg").touch()
    program(tmp_path / "other" / "bin" / "python", answer(version=(3, 12, 1)))
    return made


@pytest.fixture
def field(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ProjectPython:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    made = ProjectPython()
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_one_that_is_found_stands_in_the_empty_field(
    field: ProjectPython, project: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(field.settled) as settled:
        field.show_file(project / "mine.py", "")
    assert settled.args == ["", ""]
    assert (field.line.text(), field.line.placeholderText()) == ("", FOUND)
    assert field.found.text() == "~/project/.venv, Python 3.11.7"
    with qtbot.waitSignal(field.settled):
        field.show_file(project.parent / "lone.py", "")
    assert (field.line.placeholderText(), field.found.isVisible()) == (NONE_FOUND, False)


def test_what_is_typed_is_taken_once_it_is_complete(field: ProjectPython, project: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.settled):
        field.show_file(project / "mine.py", "")
    other = str(project.parent / "other")
    QTest.keyClicks(field.line, other)
    assert field.found.text() == "~/project/.venv, Python 3.11.7", "half a path may be another program's"
    with qtbot.waitSignal(field.settled) as settled:
        QTest.keyClick(field.line, Qt.Key.Key_Return)
    assert settled.args == [other, f"{other}/bin/python"]
    assert field.found.text() == "~/other/bin/python, Python 3.12.1"
    with qtbot.waitSignal(field.settled) as settled:
        field.line.clear()
    assert settled.args == ["", ""]


def test_a_bad_one_gets_a_sentence_and_is_not_taken(field: ProjectPython, project: Path, qtbot: QtBot) -> None:
    settled: list[object] = []
    field.settled.connect(lambda *args: settled.append(args))
    field.show_file(project / "mine.py", "nowhere")
    qtbot.waitUntil(lambda: bool(field.problem))
    assert field.problem.startswith("There is no Python nowhere: ")
    assert field.found.text() == f"✕ {field.problem}"
    assert settled == []
    with qtbot.waitSignal(field.settled):
        field.line.clear()
    assert field.problem == ""


def test_a_folder_or_an_interpreter_is_chosen_from_the_disk(
    field: ProjectPython, project: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    field.show_file(project / "mine.py", "")
    other = str(project.parent / "other")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: other)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (f"{other}/bin/python", ""))
    for choose in (field.choose_folder, field.choose_file):
        with qtbot.waitSignal(field.settled, check_params_cb=lambda text, path: path == f"{other}/bin/python"):
            choose()
        with qtbot.waitSignal(field.settled):
            field.line.clear()


def test_it_is_asked_in_a_thread(
    field: ProjectPython, project: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def ask(path: str) -> asking.Python:
        threads.append(threading.current_thread().name)
        return asking.ask(path)

    monkeypatch.setattr(project_python, "ask", ask)
    with qtbot.waitSignal(field.settled):
        field.show_file(project / "mine.py", "")
    assert threads == ["project's Python"]
