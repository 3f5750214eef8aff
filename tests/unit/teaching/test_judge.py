"""What is said of a lesson one of whose steps cannot be run here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.catalog.lessons import lessons, read_lesson
from workers.teaching.judge import Told, judge

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = '''
"""A step may lack."""

TITLE = "One or two"
ASKS = "How many?"
RIGHT = "one"
TAKE_HOME = "Count."
SNIPPET = "print(1)"
ANSWERS = {"one": "Right.", "two": "Wrong."}
STEPS = (
    {"says": "here", "workload": "sleep"},
    {"says": "elsewhere", "workload": "sleep", "may_lack": True},
)


def claims(here, elsewhere):
    yield True, "one"
    if elsewhere is not None:
        yield True, "two"
'''


def test_what_does_not_need_a_step_that_lacks_is_claimed(tmp_path: Path) -> None:
    path = tmp_path / "lesson.py"
    path.write_text(SOURCE)
    result = judge(read_lesson(path), [None, None])
    assert (result.is_judged, result.holds, result.told) == (True, True, [Told("one", True)])


def test_a_lesson_that_claims_nothing_without_it_is_not_judged() -> None:
    result = judge(lessons()["without_the_gil"], [None, None, None])
    assert (result.is_judged, result.holds) == (False, False)
    assert result.why_not.startswith("Not judged: this cannot be run here: counter += 1 in this Python, ")
