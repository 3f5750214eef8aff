"""Courses: lessons in an order, as a teacher wants them. A course is a text file that lists lessons, or a folder.

    # An hour on threads                 its title; further lines with # are passed over
    frozen_window                        a lesson of Thaw's, by its name
    mine/bank_account.py                 one of one's own, beside the course or by its whole path

Of a folder it is all lessons in there, in the order of their literal ORDER; files whose names begin with _ are none.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ..catalog.lessons import lessons, read_folder, read_lesson
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from ..catalog.lessons import Lesson

ALL = "all"
"""The course of all lessons of Thaw's own."""


class Course(NamedTuple):
    """Lessons in an order.

    Attributes:
        title: for people.
        lessons: at least one.
    """

    title: str
    lessons: tuple[Lesson, ...]


def course(path: Path) -> Course:
    """Read a course.

    Raises:
        BadInput: it cannot be read, has no lessons or one twice, or one of them is none.
    """
    if str(path) == ALL:
        return Course("All lessons", tuple(lessons().values()))
    try:
        made = _of_folder(path) if os.path.isdir(path) else _of_file(path)
    except BadInput:
        raise
    except UnicodeDecodeError:
        raise BadInput(f"The course {path} is not UTF-8: save it as that.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"The course {path} cannot be read: {why}. Name a text file or a folder.") from None
    names = [lesson.name for lesson in made.lessons]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise BadInput(f"The course {path} has the lesson {twice[0]} twice: leave one of them out.")
    return made


def _of_file(path: Path) -> Course:
    lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    titles = [line.lstrip("#").strip() for line in lines if line.startswith("#")]
    found = []
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            try:
                found.append(lesson_of(line, path.parent))
            except BadInput as why:
                raise BadInput(f"The course {path}, line {number}: {why}") from None
    if not found:
        raise BadInput(f"The course {path} lists no lesson: write the name of one in each line.")
    return Course(next(filter(None, titles), path.stem), tuple(found))


def _of_folder(folder: Path) -> Course:
    found = read_folder(folder)
    if not found:
        raise BadInput(f"There is no lesson in {folder}: a lesson is a file that ends in .py.")
    return Course(folder.resolve().name, tuple(found))


def lesson_of(name: str, folder: Path) -> Lesson:
    """A lesson by its name, or by the path of its file.

    Args:
        name: of one of Thaw's own, or a path that ends in .py.
        folder: where a path begins that is not a whole one.

    Raises:
        BadInput: there is none.
    """
    if name.endswith(".py"):
        return read_lesson(folder / name)
    found = lessons()
    if name not in found:
        raise BadInput(
            f"There is no lesson {name!r}. There are: {', '.join(found)}; or name a file of your own that ends in .py."
        )
    return found[name]
