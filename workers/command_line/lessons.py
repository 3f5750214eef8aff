"""What the command line says of lessons, checked before anything is started. Knows nothing of Qt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..additions.files import told
from ..catalog.lessons import lessons
from ..teaching.courses import Course, course, lesson_of
from ..teaching.steps import needs_window
from ..utils.errors import BadInput
from .declaration import refuse

if TYPE_CHECKING:
    import argparse

NO_LESSON = (
    "python",
    *("workload", "runner", "blocking", "tasks", "workers", "param", "seed", "polite", "switch_interval"),
    *("check", "start", "compare", "benchmark", "report", "open", "save", "budget", "network", "weather"),
)
"""Options that mean nothing to a lesson, which says all of that itself."""

SUFFIX = ".html"
"""Of the file that keeps what a learner has done."""


class Teach(NamedTuple):
    """Which lessons are to be gone through.

    Attributes:
        course: they, in their order.
        answer: what is answered to the only one, from 0 on; None: nothing.
    """

    course: Course
    answer: int | None

    @property
    def needs_window(self) -> bool:
        return any(map(needs_window, self.course.lessons))


def read_lessons(said: argparse.Namespace) -> Teach:
    """The lessons that the command line asks for, by --lesson or --course.

    Raises:
        BadInput: it means nothing that can be done, with a sentence.
    """
    if said.lesson is None and said.course is None:
        raise BadInput("--answer is of a lesson: add --lesson NAME.")
    option = "--lesson" if said.course is None else "--course"
    if said.lesson is not None and said.course is not None:
        raise BadInput("--lesson is one lesson and --course are several: choose one of them.")
    refuse(said, NO_LESSON, f"{option}: a lesson says what it runs.")
    if (said.export or said.json) and not (said.offscreen or said.headless or said.exit_after_run):
        what = "--export" if said.export else "--json"
        raise BadInput(f"{what} tells of lessons when the program leaves: add --headless or --offscreen.")
    for path in said.export:
        if path.suffix != SUFFIX:
            raise BadInput(f"What came of lessons is written to a page: name a file that ends in {SUFFIX}.")
    if said.course is not None:
        if said.answer is not None:
            raise BadInput("--answer answers one lesson: name that with --lesson.")
        return Teach(course(Path(said.course)), None)
    lesson = lesson_of(said.lesson, Path.cwd())
    if said.answer is not None and said.answer not in range(1, len(lesson.answers) + 1):
        raise BadInput(f"--answer is a number from 1 to {len(lesson.answers)}, not {said.answer:,}.")
    return Teach(Course(lesson.title, (lesson,)), None if said.answer is None else said.answer - 1)


def listing() -> str:
    """What --lessons prints."""
    lines = [f"{name:<20} {lesson.title}: {lesson.question}" for name, lesson in lessons().items()]
    return "\n".join([*lines, *told.values()])
