"""A person's own function in the whole program: run by Start, everywhere, and when it fails; never unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gui.your_function.page import ANSWER, TROUBLE
from tests.gui.your_function.test_page import told
from workers.catalog import user_functions, user_names

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.support.whole_app import Stage

SOURCE = '''
import pathlib

pathlib.Path(__file__).with_name("was_run").touch()


def divide(by: int = 1) -> float:
    """Divide one."""
    return 1 / by
'''


def test_start_runs_it_and_an_error_is_told_with_its_line(
    stage: Stage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *about: (str(path), ""))
    with stage.app(("--workload", "sleep")) as app:
        page, controls = app.window.pages.own, app.window.controls
        app.window.pages.show_page(page)
        app.window.set_blocking(False)
        page.choice.choose_file()
        page.choice.choose("divide")
        assert controls.workload == user_names.name_of(path, "divide")
        controls.tasks.setValue(4)
        assert not (tmp_path / "was_run").exists()  # it was read and chosen, and nothing of it has run
        app.window.pages.show_room(0)
        stage.click(controls.start_button)
        stage.wait_for_runs(app, 1)
        assert app.core.session.runs[0].recorder.done == 4
        assert not page.pages.isTabVisible(TROUBLE)
        assert (tmp_path / "was_run").exists()
        controls.form.set_values({"by": 0})
        stage.click(controls.start_button)
        stage.wait_for_runs(app, 2)
        assert page.pages.currentIndex() == TROUBLE
        assert "✕ ZeroDivisionError: division by zero" in told(page.trouble)
        assert "> 9      return 1 / by" in told(page.trouble)


def test_one_that_is_withdrawn_before_its_run_begins_still_runs(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *about: (str(path), ""))
    with stage.app(("--workload", "sleep")) as app:
        app.window.pages.page("Gallery")
        page = app.window.pages.own
        app.window.pages.show_page(page)
        page.choice.choose_file()
        page.choice.choose("divide")
        app.window.pages.show_room(0)
        app.window.set_blocking(False)
        stage.click(app.window.controls.start_button)
        app.core.catalog.remove(user_names.name_of(path, "divide"))
        stage.wait_for_runs(app, 1)
        assert app.core.session.runs[0].recorder.done > 0


def test_dropped_code_is_not_run_without_a_yes(
    stage: Stage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "theirs.py"
    path.write_text(SOURCE, encoding="utf-8")
    asked: list[str] = []

    def refuse(box: QMessageBox) -> QMessageBox.StandardButton:
        asked.append(box.text())
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "exec", refuse)
    with stage.app(("--workload", "sleep")) as app:
        page = app.window.pages.own
        page.choice.open(path)
        page.choice.choose("divide")
        assert asked == ["Use the function divide of theirs.py?"]
        assert app.window.controls.workload == "sleep"
        # By another way: a run that is opened from a file names it, and it is in the menu for whatever reason.
        app.window.controls.choose_workload(user_functions.entry(user_names.name_of(path, "divide")))
        for begin in (app.window.start, app.window.compare, page.start):
            begin()
        assert len(asked) == 2  # it is withdrawn at the second no; what is chosen then is other work
        app.core.cancel()
        qtbot.waitUntil(lambda: not app.core.director.is_busy)
        assert not (tmp_path / "was_run").exists()


@pytest.mark.long
def test_the_example_is_run_everywhere_and_advised_on(
    stage: Stage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: (str(tmp_path / "mine.py"), ""))
    with stage.app(("--workload", "sleep")) as app:
        page = app.window.pages.own
        app.window.pages.show_page(page)
        page.choice.save_example()
        page.picker.settings.calls.setValue(8)
        stage.click(page.picker.button)
        qtbot.waitUntil(lambda: app.core.leader.is_running)
        qtbot.waitUntil(lambda: not app.core.leader.is_running, timeout=180_000)
        assert page.pages.currentIndex() == ANSWER
        assert page.answer.advice.text()
        assert page.answer.snippet.runner == page.answer.places.chosen
        assert "from mine import count_primes" in page.answer.snippet.source
        assert page.answer.places.topLevelItemCount() >= 8
        assert not page.picture("").isNull()
        assert app.window.pages.current is page
