"""Lessons on the command line: which are meant, how they are shown, and a sentence for what cannot be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.lesson_files import write_lesson
from workers.catalog.lessons import lessons
from workers.command_line.declaration import parser
from workers.command_line.lessons import NO_LESSON, listing
from workers.command_line.parser import parse
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from workers.command_line.lessons import Teach
    from workers.command_line.parser import Options

ONE = ("--lesson", "lost_updates")


def refused(*said: str) -> str:
    with pytest.raises(BadInput) as caught:
        parse(said)
    return str(caught.value)


def taught(options: Options) -> Teach:
    assert options.teach is not None
    return options.teach


def test_one_lesson_is_a_course_of_its_own() -> None:
    teach = taught(parse([*ONE, "--headless"]))
    assert teach.course.title == "Lost updates"
    assert teach.course.lessons == (lessons()["lost_updates"],)
    assert teach.answer is None


@pytest.mark.parametrize("how", ["--headless", "--offscreen"])
def test_it_leaves_at_the_end_and_starts_no_run(how: str) -> None:
    options = parse([*ONE, how])
    assert options.exit_after_run
    assert not options.start


def test_in_a_window_it_stays() -> None:
    assert not parse(ONE).exit_after_run


def test_an_answer_is_counted_from_one() -> None:
    assert taught(parse([*ONE, "--answer", "2"])).answer == 1
    assert refused(*ONE, "--answer", "4") == "--answer is a number from 1 to 3, not 4."
    assert refused(*ONE, "--answer", "0") == "--answer is a number from 1 to 3, not 0."
    assert "--answer: invalid int value: 'x'" in refused(*ONE, "--answer", "x")
    assert refused("--answer", "1") == "--answer is of a lesson: add --lesson NAME."
    assert (
        refused("--course", "all", "--answer", "1") == "--answer answers one lesson: name that with --lesson."
    )


def test_a_file_of_a_persons_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_lesson(tmp_path / "mine.py")
    assert taught(parse(["--lesson", str(path)])).course.lessons[0].path == path
    monkeypatch.chdir(tmp_path)
    assert taught(parse(["--lesson", "mine.py"])).course.lessons[0].path == path


def test_courses(tmp_path: Path) -> None:
    assert taught(parse(["--course", "all"])).course.title == "All lessons"
    write_lesson(tmp_path / "mine.py")
    assert len(taught(parse(["--course", str(tmp_path)])).course.lessons) == 1
    assert refused(*ONE, "--course", "all").startswith("--lesson is one lesson and --course are several")


def test_what_needs_a_window_has_one_off_screen_where_none_was_wanted(tmp_path: Path) -> None:
    path = write_lesson(tmp_path / "mine.py", ("TAKE_HOME", "WINDOW = True\nTAKE_HOME"))
    for said in (["--lesson", str(path)], ["--course", str(tmp_path)]):
        options = parse([*said, "--headless"])
        assert (options.headless, options.offscreen) == (False, True)
    assert parse([*ONE, "--headless"]).headless
    for lesson in ("lost_updates", str(path)):
        assert refused("--lesson", lesson, "--headless", "--offscreen").startswith("--headless has no window")


def test_a_function_that_needs_the_gui_thread_has_a_window_off_screen(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("NEEDS_GUI_THREAD = True\ndef work():\n    pass\n")
    path = write_lesson(tmp_path / "mine.py", ('"sleep"', '"own.py:work"'))
    assert parse(["--lesson", str(path), "--headless"]).offscreen
    gone = write_lesson(tmp_path / "gone.py", ('"sleep"', '"gone.py:gone"'))
    assert parse(["--lesson", str(gone), "--headless"]).headless, "its start says why not"


@pytest.mark.parametrize("course", [("--course", "all"), ONE])
@pytest.mark.parametrize(
    "said",
    [
        "--workload sleep",
        "--runner qthread",
        "--blocking",
        "--tasks 2",
        "--workers 2",
        "--param seconds=1",
        "--seed 1",
        "--polite",
        "--no-polite",
        "--switch-interval 1",
        "--check counter.fixed",
        "--start",
        "--compare",
        "--benchmark",
        "--report a.json",
        "--open a.thaw",
        "--save a.thaw",
        "--budget failed=0",
        "--network fair",
        "--weather fair",
    ],
)
def test_what_a_lesson_says_itself_nobody_else_says(course: tuple[str, str], said: str) -> None:
    option = said.partition(" ")[0].replace("--no-", "--")
    words = f"{option} does not go with {course[0]}: a lesson says what it runs."
    assert refused(*course, "--headless", *said.split()) == words


def test_all_that_does_not_go_with_lessons_is_an_option() -> None:
    assert set(NO_LESSON) <= set(vars(parser().parse_args([])))


def test_what_came_of_it_is_a_page(tmp_path: Path) -> None:
    assert parse([*ONE, "--headless", "--export", f"{tmp_path}/a.html"]).exports == (tmp_path / "a.html",)
    assert "name a file that ends in .html" in refused(*ONE, "--headless", "--export", "a.csv")
    assert f"{tmp_path}/gone/a.html" in refused(*ONE, "--headless", "--export", f"{tmp_path}/gone/a.html")
    for option in (["--export", f"{tmp_path}/a.html"], ["--json"]):
        assert refused(*ONE, *option).startswith(f"{option[0]} tells of lessons when the program leaves: add ")


def test_a_lesson_that_is_not_there(tmp_path: Path) -> None:
    assert refused("--lesson", "lost_time").startswith("There is no lesson 'lost_time'. There are: ")
    assert refused("--lesson", "").startswith("There is no lesson ''. There are: ")
    assert refused("--lesson", f"{tmp_path}/a.py").startswith(f"There is no file {tmp_path}/a.py")


def test_the_listing_has_each_with_its_question() -> None:
    assert parse(["--lessons"]).list_lessons
    lines = listing().splitlines()
    assert len(lines) == len(lessons())
    assert any(
        line.startswith("lost_updates ") and "Lost updates: Four threads count" in line for line in lines
    )
