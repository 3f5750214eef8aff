"""The pages of docs/lessons: all that does not hang on a run is what the lessons' own files say now."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from workers.catalog.lessons import lessons
from workers.command_line.parser import parse
from workers.teaching.document import CONTENTS, RUN, contents, line_of, page, showed, showed_in
from workers.teaching.steps import settings_of
from workers.utils.child import ROOT
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from typing import Any

    from workers.catalog.lessons import Lesson

LESSONS = lessons()
COURSE = list(LESSONS.values())
FOLDER = ROOT / "docs" / "lessons"
MAX_BYTES = 100_000
AGAIN = "run scripts/lesson-pages"
EVERY = pytest.mark.parametrize("lesson", COURSE, ids=list(LESSONS))
MACHINE = {"platform": "Linux-6.1-x86_64", "cpus": 2, "python": "3.11.7"}


def result_of(lesson: Lesson, **changes: Any) -> dict[str, Any]:
    claims = [{"text": "50 of 200 are *there*.", "holds": True}, {"text": "None is lost.", "holds": False}]
    return {"claims": claims, "free_cores": None, "why_not_judged": "", **changes}


@EVERY
def test_a_lesson_s_page_is_what_its_file_says(lesson: Lesson) -> None:
    file = FOLDER / f"{lesson.name}.md"
    assert file.is_file(), AGAIN
    told = file.read_text("utf-8")
    assert showed_in(told), AGAIN
    assert told == page(lesson, COURSE, showed_in(told)), AGAIN


@EVERY
def test_a_lesson_s_page_has_a_small_picture(lesson: Lesson) -> None:
    picture = FOLDER / f"{lesson.name}.png"
    assert picture.is_file(), AGAIN
    assert picture.stat().st_size < MAX_BYTES


def test_the_table_of_contents_has_every_lesson() -> None:
    assert (FOLDER / CONTENTS).read_text("utf-8") == contents(COURSE), AGAIN


def test_nothing_else_is_left_there() -> None:
    names = {f"{name}.{suffix}" for name in LESSONS for suffix in ("md", "png")}
    assert {path.name for path in FOLDER.iterdir()} - names == {CONTENTS}


@EVERY
def test_the_line_that_runs_a_step_means_what_the_lesson_runs(lesson: Lesson) -> None:
    tries = [lesson.steps[one.step].changed(one.changes) for one in lesson.tries]
    for step in (*lesson.steps, *tries):
        words = shlex.split(line_of(step))
        assert words[0] == RUN
        try:
            settings = settings_of(lesson, step)
        except BadInput:
            with pytest.raises(BadInput):
                parse(words[1:])
        else:
            assert parse(words[1:]).settings == settings


def test_all_that_a_step_may_say_goes_into_its_line() -> None:
    lesson = COURSE[0]
    changes = {
        "workload": "sleep",
        "runner": "thread_pool",
        "tasks": 3,
        "workers": 3,
        "params": {"seconds": 0.25},
        "seed": 7,
        "polite": False,
        "switch_ms": 2.0,
    }
    step = lesson.steps[0]._replace(said=changes)
    assert parse(shlex.split(line_of(step))[1:]).settings == settings_of(lesson, step)


def test_what_a_run_showed_is_told_with_where_it_was() -> None:
    lesson = COURSE[0]
    told = showed(lesson, result_of(lesson), MACHINE)
    assert told.splitlines() == [
        "One run, on Linux with 2 processors, Python 3.11.7:",
        "",
        r"- ✓ 50 of 200 are \*there\*.",
        "- ✗ None is lost.",
        "",
        f"![The window after these runs]({lesson.name}.png)",
    ]
    assert showed_in(page(lesson, COURSE, told)) == told


def test_code_in_a_text_stays_as_it_is() -> None:
    lesson = COURSE[0]._replace(text="Call `to_thread(*all)` and not run_now.")
    assert "Call `to_thread(*all)` and not run\\_now." in page(lesson, COURSE, "-")


def test_what_was_not_judged_says_why_and_how_many_cores_were_free() -> None:
    lesson = COURSE[0]
    told = showed(
        lesson,
        result_of(lesson, claims=[], free_cores=0.83, why_not_judged="Not judged: a run was cancelled."),
        MACHINE,
    )
    assert "with 2 processors, 0.8 of them free, Python" in told
    assert "Not judged: a run was cancelled." in told


def test_a_page_leads_to_those_beside_it() -> None:
    lesson = COURSE[0]
    before, after = lesson._replace(name="one", title="One"), lesson._replace(name="two", title="Two_2")
    text = page(lesson, [before, lesson, after], "-")
    assert text.endswith("Before: [One](one.md) · [All lessons](README.md) · Next: [Two\\_2](two.md)\n")
    assert "Before" not in page(lesson, [lesson, after], "-")
    assert "Next:" not in page(lesson, [before, lesson], "-")


def test_a_lesson_that_needs_free_cores_says_so() -> None:
    assert "It needs 1.8 free cores." in page(COURSE[0]._replace(cores=1.8), COURSE, "-")


def test_what_is_no_page_tells_of_no_run() -> None:
    assert showed_in("# Something else\n") == ""
