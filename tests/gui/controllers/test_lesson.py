"""A lesson that comes to no end says why, and judges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.controllers import lesson as leader_module
from gui.controllers.core import Core
from tests.support.lesson_files import write_lesson
from tests.support.whole_app import PATIENCE_MS
from workers.catalog.lessons import lessons, read_lesson
from workers.command_line.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

LESSON = lessons()["lost_updates"]


@pytest.fixture
def core() -> Iterator[Core]:
    made = Core(parse(["--headless"]))
    made.begin()
    yield made
    while not made.session.close(0.5):
        pass
    made.close()


def test_one_that_is_cancelled_between_two_runs_is_refused(core: Core, qtbot: QtBot) -> None:
    said, found = list[str](), list[object]()
    core.lessons.refused.connect(said.append)
    core.lessons.finished.connect(found.append)
    core.lessons.start(LESSON, 0)
    qtbot.waitUntil(lambda: len(core.listed) == 1, timeout=PATIENCE_MS)
    assert not core.session.is_running
    core.cancel()
    qtbot.waitUntil(lambda: bool(said or found), timeout=PATIENCE_MS)
    assert (said, found) == (["The lesson was cancelled."], [])
    assert not core.is_busy


def test_one_that_cannot_be_imported_is_refused_before_its_runs(core: Core, tmp_path: Path) -> None:
    said = list[str]()
    core.lessons.refused.connect(said.append)
    core.lessons.start(read_lesson(write_lesson(tmp_path / "mine.py", ("RIGHT", "import gone\nRIGHT"))))
    assert len(said) == 1
    assert "No module named 'gone' (mine.py, line 6)" in said[0]
    assert not core.is_busy


def test_a_fault_of_ours_in_what_it_claims_ends_it_all_the_same(
    core: Core, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*about: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(leader_module, "judge", fail)
    said = list[str]()
    core.lessons.refused.connect(said.append)
    with qtbot.captureExceptions() as faults:
        core.lessons.start(LESSON)
        qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE_MS)
    assert said == ["Lost updates: what it claims is a fault of Thaw's own: please report it."]
    assert [kind for kind, _, _ in faults] == [ZeroDivisionError]
    assert not core.is_busy
