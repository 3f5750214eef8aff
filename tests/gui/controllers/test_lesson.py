"""A lesson that is given up in the middle says so, and judges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.controllers.core import Core
from tests.support.whole_app import PATIENCE_MS
from workers.catalog.lessons import lessons
from workers.command_line.parser import parse

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LESSON = lessons()["lost_updates"]


def test_one_that_is_cancelled_between_two_runs_is_refused(qtbot: QtBot) -> None:
    core = Core(parse(["--headless"]))
    said, found = list[str](), list[object]()
    core.lessons.refused.connect(said.append)
    core.lessons.finished.connect(found.append)
    try:
        core.begin()
        core.lessons.start(LESSON, 0)
        qtbot.waitUntil(lambda: len(core.listed) == 1, timeout=PATIENCE_MS)
        assert not core.session.is_running
        core.cancel()
        qtbot.waitUntil(lambda: bool(said or found), timeout=PATIENCE_MS)
        assert (said, found) == (["The lesson was cancelled."], [])
        assert not core.is_busy
    finally:
        while not core.session.close(0.5):
            pass
        core.close()
