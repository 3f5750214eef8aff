"""Courses: lessons in an order, as a teacher wants them. A course is a text file that lists lessons, or a folder.

    # An hour on threads                 its title; further lines with # are passed over
    frozen_window                        a lesson of Thaw's, by its name
    mine/bank_account.py                 one of one's own, beside the course or by its whole path

Of a folder it is all lessons in there, in the order of their literal ORDER.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..catalog.lessons import lessons, read_lesson
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
        BadInput: it cannot be read, has no lessons, or one of them is none.
    """
    if str(path) == ALL:
        return Course("All lessons", tuple(lessons().values()))
    if path.is_dir():
        return _of_folder(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise BadInput(f"The course {path} cannot be read: {error}. Name a text file or a folder.") from error
    titles = [line.lstrip("#").strip() for line in lines if line.lstrip().startswith("#")]
    names = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not names:
        raise BadInput(f"The course {path} lists no lesson: write the name of one in each line.")
    return Course(next(filter(None, titles), path.stem), tuple(lesson_of(name, path.parent) for name in names))


def _of_folder(folder: Path) -> Course:
    files = sorted(path for path in folder.glob("*.py") if path.stem != "__init__")
    found = sorted((read_lesson(path) for path in files), key=lambda lesson: (lesson.order, lesson.name))
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
        path = (folder / name).absolute()
        if not path.is_file():
            raise BadInput(f"There is no lesson {path}: name the file of one, or a lesson of --lessons.")
        return read_lesson(path)
    found = lessons()
    if name not in found:
        raise BadInput(
            f"There is no lesson {name!r}. There are: {', '.join(found)}; or name a file of your own."
        )
    return found[name]
