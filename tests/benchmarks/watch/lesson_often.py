"""Runs Thaw with a lesson that it goes through many times: `lesson_often.py TIMES whole|sabotaged --lesson NAME ...`.

Of a lesson that is sabotaged each run has what its saboteur changes.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from unittest.mock import patch

import main
from workers.command_line import lessons
from workers.teaching.courses import Course, lesson_of

if TYPE_CHECKING:
    from pathlib import Path

    from workers.catalog.lessons import Lesson

if __name__ == "__main__":  # processes of a run import this file as well
    times, how = int(sys.argv.pop(1)), sys.argv.pop(1)

    def changed(name: str, folder: Path) -> Lesson:
        lesson = lesson_of(name, folder)
        return lesson._replace(steps=lesson.sabotaged) if how == "sabotaged" else lesson

    def many(title: str, found: tuple[Lesson, ...]) -> Course:
        return Course(title, found * times)

    with patch.multiple(lessons, lesson_of=changed, Course=many):
        main.run()
