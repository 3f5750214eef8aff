"""A person's own function in the whole program, before its page was ever looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.process.preferences import Preferences
from gui.your_function.page import TROUBLE
from gui.your_function.recent import OwnFiles
from tests.support.whole_app import PATIENCE_MS
from workers.catalog.user_names import name_of
from workers.engine.plan import Settings
from workers.user_code.listing import SHORT

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.app import App
    from tests.support.whole_app import Stage


def set_last_time(path: Path) -> str:
    """As if the function `work` of a file had been chosen in the side panel when the program was left."""
    preferences, name = Preferences(lasting=True), name_of(path, "work")
    OwnFiles(preferences).trust_file(path)
    OwnFiles(preferences).use(path, "work")
    preferences.write_run(Settings.named("thread_pool", name, 2, 1))
    preferences.write("blocking", "no")
    return name


def is_made(app: App) -> bool:
    return any(type(page).__name__ == "OwnPage" for page in app.window.pages)


@pytest.mark.parametrize("body", ["return 1", "raise ValueError(3)"])
def test_it_runs_without_its_page_which_tells_later_what_went_wrong(
    stage: Stage, tmp_path: Path, body: str
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"def work():\n    {body}\n", encoding="utf-8")
    name = set_last_time(path)
    with stage.app(()) as app:
        assert app.window.controls.workload == name
        app.window.start()
        stage.wait_for_runs(app, 1)
        assert not is_made(app)
        own = app.window.pages.own
        assert own.choice.entry is not None
        assert own.pages.isTabVisible(TROUBLE) == ("raise" in body)


def test_what_was_typed_and_not_saved_is_not_passed_over(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("def work():\n    return 1\n", encoding="utf-8")
    name = set_last_time(path)
    with stage.app(()) as app:
        app.preferences.write("own_draft", "some text")
        app.window.pages.may_run(name)
        assert is_made(app)


def test_a_function_of_a_long_file_is_set_once_the_file_was_read(
    stage: Stage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"def work():\n    return 1\n{'# long' * SHORT}\n", encoding="utf-8")
    name = set_last_time(path)
    with stage.app(()) as app:
        qtbot.waitUntil(lambda: app.window.controls.workload == name, timeout=PATIENCE_MS)
    with stage.app(("--workload", "sleep", "--tasks", "7")) as app:
        qtbot.waitUntil(lambda: name in app.core.catalog.workloads, timeout=PATIENCE_MS)
        assert app.window.controls.workload == "sleep"
        assert not is_made(app)
