"""What docs/write-a-lesson.md and docs/teaching.md say of lessons and courses is so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.lab_runs import run_of
from tests.support.lesson_files import example_lesson
from workers.catalog.lessons import CHANGES, LOOKS, MAY_SAY, NEEDED, Lesson, lessons, read_lesson
from workers.teaching.courses import course
from workers.teaching.judge import judge
from workers.teaching.steps import settings_of
from workers.utils.child import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from workers.teaching.judge import Result

DOCS = ROOT / "docs"
GUIDE = (DOCS / "write-a-lesson.md").read_text("utf-8")
MAX_MINUTES = 45
"""What the lessons of an hour may take by themselves: a class needs time for its answers, too."""


@pytest.fixture
def example(tmp_path: Path) -> Lesson:
    """The lesson that is shown as a whole."""
    path = tmp_path / "bank.py"
    path.write_text(example_lesson(), encoding="utf-8")
    return read_lesson(path)


def result_of(lesson: Lesson) -> Result:
    return judge(lesson, [run_of(settings_of(lesson, step)) for step in lesson.steps], lesson.right)


def test_the_example_claims_what_is_so(example: Lesson) -> None:
    result = result_of(example)
    assert [told.text for told in result.told if not told.holds] == []
    assert (result.holds, result.is_right) == (True, True)


def test_the_example_s_saboteur_makes_a_claim_fail(example: Lesson) -> None:
    assert not result_of(example._replace(steps=example.sabotaged)).holds


def test_what_the_example_offers_to_try_can_be_run(example: Lesson) -> None:
    for one in example.tries:
        assert settings_of(example, example.steps[one.step].changed(one.changes))


def test_every_literal_and_all_that_a_step_may_say_is_told() -> None:
    told = set(re.findall(r"`(\w+)`", "".join(line for line in GUIDE.splitlines() if line.startswith("|"))))
    assert told >= {*NEEDED, *MAY_SAY, *CHANGES, *LOOKS, "says", "look", "may_lack"}


def test_the_course_of_an_hour_can_be_read_and_fits_into_one() -> None:
    found = course(DOCS / "an-hour-on-threads.txt")
    assert found.title == "An hour on threads"
    assert sum(lesson.minutes for lesson in found.lessons) <= MAX_MINUTES


def test_the_plan_has_the_lessons_of_the_course_in_their_order() -> None:
    text = (DOCS / "teaching.md").read_text("utf-8")
    planned = re.findall(r"^\| \d+ \| \[.+?\]\(lessons/(\w+)\.md\)", text, re.MULTILINE)
    listed = course(DOCS / "an-hour-on-threads.txt").lessons
    assert planned == [lesson.name for lesson in listed]


def test_all_lessons_that_the_plan_names_are_there() -> None:
    named = re.findall(r"\(lessons/(\w+)\.md\)", (DOCS / "teaching.md").read_text("utf-8"))
    assert set(named) - {"README"} <= set(lessons())
