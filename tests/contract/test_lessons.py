"""Lessons keep their promises: what each claims is so, and is not so any more with what its saboteur changes."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.lesson_runs import core_for, result_of
from tests.support.patience import AT_ONCE_S
from workers.catalog.lessons import CHANGES, lessons
from workers.teaching.free_cores import free_cores
from workers.teaching.steps import settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.support.whole_app import Stage
    from workers.catalog.lessons import Lesson

LESSONS = lessons()
QUICK = {"lost_updates", "race_you_cannot_see"}
"""These are over in a moment; all others run with --long, and where CI runs this file as a whole."""

ALL = [
    pytest.param(lesson, id=name, marks=() if name in QUICK else pytest.mark.long)
    for name, lesson in LESSONS.items()
]
EVERY = pytest.mark.parametrize("lesson", list(LESSONS.values()), ids=list(LESSONS))
MAX_RUN_S = 6.0
"""A lesson's runs take no longer, all together, where they get a fair part of a machine."""

SHARE = 0.75
"""Of a core: where less is free, what computes takes as long as it takes."""

SCREEN = 1_100
"""Characters of text that a lesson's page has room for at 1280x720."""


@pytest.mark.parametrize("lesson", ALL)
def test_what_a_lesson_claims_is_so(lesson: Lesson, stage: Stage, qtbot: QtBot) -> None:
    with core_for(lesson, stage) as core:
        result = result_of(core, lesson, qtbot)
    assert [told.text for told in result.told if not told.holds] == []
    assert result.told or result.why_not
    took_s = sum(run.wall_s for run in result.runs if run is not None)
    assert took_s < MAX_RUN_S or free_cores() < SHARE


@pytest.mark.parametrize("lesson", ALL)
def test_with_what_its_saboteur_changes_it_claims_what_is_not_so(
    lesson: Lesson, stage: Stage, qtbot: QtBot
) -> None:
    assert lesson.saboteur
    with core_for(lesson, stage) as core:
        result = result_of(core, lesson._replace(steps=lesson.sabotaged), qtbot)
    assert not result.holds


@EVERY
def test_a_lesson_has_all_that_its_page_shows(lesson: Lesson) -> None:
    assert 200 < len(lesson.text) < SCREEN
    assert lesson.question.endswith("?")
    assert 2 <= len(lesson.answers) <= 4
    assert all(why.endswith(".") for why in lesson.why)
    assert lesson.take_home.endswith(".")
    assert all(step.look for step in lesson.steps)
    assert lesson.tries, "something is to be tried afterwards"
    assert all(one.says and set(one.changes) <= set(CHANGES) for one in lesson.tries)


@EVERY
def test_all_that_may_be_tried_can_be_run(lesson: Lesson) -> None:
    for one in lesson.tries:
        step = lesson.steps[one.step].changed(one.changes)
        needs_another_python = step.said.get("runner") == "other_python"  # which is not everywhere
        assert needs_another_python or settings_of(lesson, step)


@EVERY
def test_its_snippet_is_a_program(lesson: Lesson, tmp_path: Path) -> None:
    assert len(lesson.snippet.splitlines()) <= 30
    file = tmp_path / "snippet.py"  # processes that it starts import it
    file.write_text(lesson.snippet, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, file],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=5 * AT_ONCE_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
