"""A lesson as a page of docs/lessons, in Markdown: all from the lesson's own file, but for what one run showed.

A page is made of its lesson and of the part that depends on a run. That part is found again in a page that there is, so
it can be told whether the rest of it is what the lesson's file says now.
"""

from __future__ import annotations

import re
import shlex
from html import escape
from typing import TYPE_CHECKING, Any

from ..utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..catalog.lessons import Lesson, Step

RUN = "scripts/run"
SHOWED, NEXT_HEADING = "## What a run showed", "## To take home"
CONTENTS = "README.md"
OPTIONS = {
    "workload": "--workload",
    "runner": "--runner",
    "tasks": "--tasks",
    "workers": "--workers",
    "seed": "--seed",
    "switch_ms": "--switch-interval",
}
"""What says on the command line what a step says, in this order."""

_CONTENTS = """\
# A course on threads

{many}, {minutes} minutes in all. Each asks what will happen, runs it, and says with the figures of your own run what
did. `scripts/lesson-pages` makes these pages from the lessons' own files; the figures in them are those of one run.

| Lesson | It asks | Minutes |
| --- | --- | --- |
{rows}
All of them, one after the other, on the terminal:

    {run} --course all --headless

[teaching.md](../teaching.md) has the plan of an hour for a class, [write-a-lesson.md](../write-a-lesson.md) says how to
add a lesson.
"""
_CODE_OR_SPECIAL = re.compile(r"(`[^`]*`)|([\\*_<>\[\]|])")


def page(lesson: Lesson, course: Sequence[Lesson], showed: str) -> str:
    """The page of a lesson.

    Args:
        lesson: the lesson.
        course: all lessons in their order; those beside it are linked.
        showed: what a run of it showed, as `showed` or `showed_in` tells it.
    """
    return "\n".join(
        [*_until_run(lesson), SHOWED, "", showed, "", *_after_run(lesson), _links(lesson, course), ""]
    )


def showed(lesson: Lesson, result: Mapping[str, Any], machine: Mapping[str, Any]) -> str:
    """What a run of a lesson showed.

    Args:
        lesson: the lesson.
        result: what came of it, as `Result.data` says.
        machine: where it ran, as `environment` of workers/reports/summary.py says.
    """
    system = machine["platform"].partition("-")[0]
    free = result["free_cores"]
    cores = "" if free is None else f", {free:.1f} of them free"
    where = f"{system} with {plural(machine['cpus'], 'processor')}{cores}, Python {machine['python']}"
    told = [f"- {'✓' if claim['holds'] else '✗'} {_text(claim['text'])}" for claim in result["claims"]]
    picture = f"![The window after these runs]({lesson.name}.png)"
    return "\n".join([f"One run, on {where}:", "", *(told or [result["why_not_judged"]]), "", picture])


def showed_in(page: str) -> str:
    """What a page tells of a run; empty where it is no page of a lesson."""
    found = re.search(rf"^{SHOWED}$(.*?)^{NEXT_HEADING}$", page, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found is not None else ""


def contents(lessons: Sequence[Lesson]) -> str:
    """The course's table of contents."""
    rows = [
        f"| [{_text(lesson.title)}]({lesson.name}.md) | {_text(lesson.question)} | {lesson.minutes:g} |\n"
        for lesson in lessons
    ]
    minutes = sum(lesson.minutes for lesson in lessons)
    return _CONTENTS.format(
        many=plural(len(lessons), "lesson"), minutes=f"{minutes:g}", rows="".join(rows), run=RUN
    )


def line_of(step: Step) -> str:
    """The command line that runs a step by itself, in the window."""
    said = step.said
    words = [word for name, option in OPTIONS.items() if name in said for word in (option, str(said[name]))]
    words += [word for pair in said.get("params", {}).items() for word in ("--param", "{}={}".format(*pair))]
    words += ["--no-polite"] if not said.get("polite", True) else []
    return shlex.join([RUN, *words, "--start"])


def _until_run(lesson: Lesson) -> Iterator[str]:
    yield from (f"# {_text(lesson.title)}", "")
    for paragraph in lesson.paragraphs:
        yield from (_text(paragraph), "")
    yield from (
        "## What do you think?",
        "",
        f"**{_text(lesson.question)}** Choose an answer to see what is said to it.",
        "",
    )
    for at, (answer, why) in enumerate(zip(lesson.answers, lesson.why, strict=True)):
        right = "**Right.** " if at == lesson.right else ""
        yield from (
            f"<details><summary>{escape(answer)}</summary>",
            "",
            f"{right}{_text(why)}",
            "",
            "</details>",
            "",
        )
    yield from ("## What is run", "", f"    {RUN} --lesson {lesson.name}", "")
    if lesson.cores:
        yield from (f"It needs {lesson.cores:g} free cores. Where there are fewer, it judges nothing.", "")
    for at, step in enumerate(lesson.steps, 1):
        yield f"{at}. {_text(step.says)}: `{line_of(step)}`"
    yield ""


def _after_run(lesson: Lesson) -> Iterator[str]:
    yield from (NEXT_HEADING, "", f"**{_text(lesson.take_home)}**", "")
    yield from ("```python", lesson.snippet.rstrip("\n"), "```", "")
    if lesson.tries:
        yield from ("## Try", "")
        for one in lesson.tries:
            yield f"- {_text(one.says)}: `{line_of(lesson.steps[one.step].changed(one.changes))}`"
        yield ""
    yield from ("---", "")


def _links(lesson: Lesson, course: Sequence[Lesson]) -> str:
    at = [one.name for one in course].index(lesson.name)
    before = [f"Before: [{_text(one.title)}]({one.name}.md)" for one in course[:at][-1:]]
    after = [f"Next: [{_text(one.title)}]({one.name}.md)" for one in course[at + 1 :][:1]]
    return " · ".join([*before, f"[All lessons]({CONTENTS})", *after])


def _text(plain: str) -> str:
    """A text, in which code stands between backticks, as Markdown that says the same."""
    return _CODE_OR_SPECIAL.sub(lambda found: found[1] or f"\\{found[2]}", plain)
