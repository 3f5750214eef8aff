"""Courses: files that list lessons, and folders of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.lesson_files import write_lesson
from workers.catalog.lessons import lessons
from workers.teaching.courses import course
from workers.utils.child import PACKAGE
from workers.utils.errors import BadInput


def refused(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        course(path)
    return str(caught.value)


def listing(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "hour.txt"
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def test_a_file_lists_lessons_in_its_order(tmp_path: Path) -> None:
    write_lesson(tmp_path / "mine.py")
    made = course(listing(tmp_path, "", "# An hour", "# of threads", "mine.py", "  lost_updates  "))
    assert made.title == "An hour"
    assert [lesson.title for lesson in made.lessons] == ["Two sleep", "Lost updates"]


def test_without_a_title_it_is_called_as_its_file(tmp_path: Path) -> None:
    assert course(listing(tmp_path, "lost_updates")).title == "hour"


def test_a_folder_is_in_the_order_of_its_lessons(tmp_path: Path) -> None:
    write_lesson(tmp_path / "a.py")
    write_lesson(tmp_path / "b.py", ("TAKE_HOME", "ORDER = 1\nTAKE_HOME"))
    for other in ("notes.txt", "_helps_them.py", "__init__.py"):
        (tmp_path / other).write_text("no lesson")
    made = course(tmp_path)
    assert made.title == tmp_path.name
    assert [lesson.path.name for lesson in made.lessons] == ["b.py", "a.py"]


def test_all_are_ours_and_so_is_their_folder() -> None:
    assert course(Path("all")).lessons == tuple(lessons().values())
    assert course(PACKAGE / "lessons").lessons == course(Path("all")).lessons


def test_what_is_wrong_with_a_course_is_said_with_its_line(tmp_path: Path) -> None:
    path = listing(tmp_path, "# An hour", "lost_updates", "lost_times")
    assert refused(path).startswith(f"The course {path}, line 3: There is no lesson 'lost_times'. There are: ")
    path = listing(tmp_path, "gone.py")
    assert refused(path).startswith(f"The course {path}, line 1: There is no file {tmp_path}/gone.py")
    path = listing(tmp_path, "lost_updates", str(PACKAGE / "lessons" / "lost_updates.py"))
    assert refused(path) == f"The course {path} has the lesson lost_updates twice: leave one of them out."
    assert "lists no lesson" in refused(listing(tmp_path, "# An hour"))
    path.write_bytes(b"caf\xe9.py")
    assert refused(path) == f"The course {path} is not UTF-8: save it as that."


def test_what_is_no_course_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "There is no lesson in " in refused(tmp_path / "empty")
    for name in ("gone", "a" * 300, "a\0b"):
        assert refused(tmp_path / name).endswith(". Name a text file or a folder.")


def test_a_folder_that_cannot_be_read_is_not_called_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(folder: Path) -> list[str]:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(os, "listdir", deny)
    said = f"The course {tmp_path} cannot be read: Permission denied. Name a text file or a folder."
    assert refused(tmp_path) == said
