"""The Help menu: keys read from the actions, limits from the bands, and a report that tells nothing of a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from gui.frame import help
from gui.process.problems import Problem
from tests.support.whole_app import TINY

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl

    from gui.app import App
    from gui.theme.theme import Theme
    from tests.support.whole_app import Stage


@pytest.fixture(autouse=True)
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform off screen warns of every dialog that is shown."""
    monkeypatch.setattr(help.HelpDialog, "show", lambda dialog: None)


def action_of(app: App, text: str) -> QAction:
    return next(each for each in app.window.findChildren(QAction) if each.text().replace("&", "") == text)


def test_the_list_has_every_key_and_only_those(stage: Stage) -> None:
    with stage.app() as app:
        window = app.window
        action_of(app, "Keyboard shortcuts").trigger()
        [dialog] = window.findChildren(help.HelpDialog)
        text = dialog.browser.toPlainText()
        listed = {row: keys for _, rows in help.shortcuts(window) for row, keys in rows}
        assert listed["Start"] == "F5 or Ctrl+Return"
        assert listed["Keyboard shortcuts"] == "F1"
        assert listed["Timeline"] == "Alt+2"
        for each in window.findChildren(QAction):
            for key in each.shortcuts():
                assert key.toString(QKeySequence.SequenceFormat.NativeText) in text
        action_of(app, "Start").setShortcuts([QKeySequence("Ctrl+G")])
        assert ("Start", "Ctrl+G") in dict(help.shortcuts(window))["Run"]
        dialog.close()


def test_no_two_actions_of_the_menus_have_one_key(stage: Stage) -> None:
    with stage.app() as app:
        keys = [
            key.toString()
            for menu in app.window.menuBar().findChildren(QMenu)
            for each in menu.actions()
            for key in each.shortcuts()
        ]
        assert len(keys) == len(set(keys)) > 25


def test_how_to_read_the_graphs_names_the_limits_of_the_bands(stage: Stage) -> None:
    with stage.app() as app:
        action_of(app, "How to read the graphs").trigger()
        [dialog] = app.window.findChildren(help.HelpDialog)
        text = dialog.browser.toPlainText()
        assert all(
            limit in text for limit in ("smooth, up to 17 ms", "noticeable, up to 100 ms", "up to 700 ms")
        )
        dialog.close()


def test_the_documentation_beside_the_program_opens(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []

    def open_nothing(url: QUrl) -> bool:
        opened.append(url)
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", open_nothing)
    with stage.app() as app:
        docs = app.window.menus._docs
        docs.aboutToShow.emit()
        by_title = {action.text(): action for action in docs.actions()}
        by_title["Where should this work run?"].trigger()
        assert Path(opened[0].toLocalFile()).name == "choosing.md"
        assert "No program here opens" in app.window.strip.verdict.text()
        monkeypatch.setattr(help, "documents", list)
        docs.aboutToShow.emit()
        assert [action.isEnabled() for action in docs.actions()] == [False]


def test_the_first_minute_begins_again(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        app.window.pages.show_room(2)
        app.window.menus.tour.trigger()
        assert app.window.is_blocking
        assert app.window.header.isVisible()
        assert app.window.tabs.isVisible()
        assert "Press Start" in app.window.announcer.hint.text


def test_information_is_copied(stage: Stage) -> None:
    with stage.app() as app:
        app.window.menus.problems = lambda: (Problem("pool 0", "Traceback ...\nOSError: no such thing"),)
        action_of(app, "Copy information for a report").trigger()
        text = QGuiApplication.clipboard().text()
    assert text.startswith("Thaw ")
    for part in ("Python 3.", "PySide6 6.", "the GIL", "Screen: ", "Theme: ", "pool 0: OSError: no such thing"):
        assert part in text


def test_information_tells_nothing_of_the_person(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/jane roe"))
    lines = (
        "OSError: [Errno 2] No such file: '/home/jane roe/secret plans/pictures.zip'",
        r"OSError: C:\Users\Jane\My.txt is gone",
        "it was jane roe, at 12 calls/s",
    )
    text = help.information(theme, ["gil"], [Problem("GUI thread", f"Traceback\n{line}") for line in lines])
    assert "jane" not in text.lower()
    assert "/home" not in text
    assert "My.txt is gone" in text
    assert "12 calls/s" in text
    assert "Problems: 3" in text
