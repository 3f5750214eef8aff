"""Runs lessons as the program does, without a window or in one off screen."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from gui.controllers.core import Core
from tests.support.whole_app import PATIENCE_MS
from workers.command_line.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from tests.support.whole_app import Stage
    from workers.catalog.lessons import Lesson
    from workers.teaching.judge import Result


@contextmanager
def core_for(lesson: Lesson, stage: Stage) -> Iterator[Core]:
    """What a lesson is run by: with a window only where it needs one."""
    if lesson.needs_window:
        with stage.app(()) as app:
            app.core.measure()
            yield app.core
        return
    core = Core(parse(["--headless"]))
    try:
        core.begin()
        yield core
    finally:
        while not core.session.close(0.5):
            pass
        core.close()


def result_of(core: Core, lesson: Lesson, qtbot: QtBot, answer: int | None = None) -> Result:
    """Go through a lesson; it must not be refused."""
    found, why = list["Result"](), list[str]()
    core.lessons.finished.connect(found.append)
    core.lessons.refused.connect(why.append)
    core.lessons.start(lesson, answer)
    qtbot.waitUntil(lambda: bool(found or why), timeout=PATIENCE_MS)
    core.lessons.finished.disconnect(found.append)
    core.lessons.refused.disconnect(why.append)
    assert why == []
    return found[0]
