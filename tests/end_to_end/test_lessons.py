"""Lessons on the terminal: words, data, exit codes, the page that is kept, and one line for what goes wrong."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from tests.support.lesson_files import CLAIM, write_lesson
from tests.support.program import Program, run, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Ended

NOT_SO = ("run.recorder.done == 2", "run.recorder.done == 3")
LONG = ("0.01", "30.0")


def said_of(path: Path, environment: dict[str, str], *others: str) -> Ended:
    option = "--lesson" if path.suffix == ".py" else "--course"
    return run([option, str(path), "--headless", *others], environment)


def test_the_lessons_are_listed(environment: dict[str, str]) -> None:
    ended = run(["--lessons"], environment)
    assert (ended.code, ended.err) == (0, "")
    assert "Lost updates: Four threads count to 50 each" in ended.out


def test_a_lesson_tells_all_that_it_has_and_what_was_answered(environment: dict[str, str]) -> None:
    ended = run(["--lesson", "lost_updates", "--headless", "--answer", "1"], environment)
    assert (ended.code, ended.err) == (0, "")
    parts = (
        "Lost updates",
        "Four threads add to one number.",
        "What does it say at the end?",
        "  2  About 50",
        "Run 1: Without a lock: ",
        "yes  With the lock the counter says 200 after 200 additions: all are there.",
        "You said: 200.",
        "The answer is: About 50.",
        "To take home: ",
    )
    places = [ended.out.index(part) for part in parts]
    assert places == sorted(places)


def test_what_does_not_hold_is_marked_and_leaves_with_1(environment: dict[str, str], tmp_path: Path) -> None:
    ended = said_of(write_lesson(tmp_path / "mine.py", NOT_SO), environment)
    assert (ended.code, ended.err) == (1, "")
    assert "NO   2 are done." in ended.out


@pytest.mark.parametrize(
    ("change", "code", "said"), [("'tasks': 3", 0, "yes"), ("'params': {'seconds': 0.02}", 1, "NO ")]
)
def test_a_lesson_of_one_s_own_is_run_with_its_saboteur_too(
    environment: dict[str, str], tmp_path: Path, change: str, code: int, said: str
) -> None:
    saboteur = ("TAKE_HOME", f"SABOTEUR = {{'step': 1, {change}}}\nTAKE_HOME")
    ended = said_of(write_lesson(tmp_path / "mine.py", saboteur), environment)
    assert (ended.code, ended.err) == (code, "")
    assert f"{said}  With what its saboteur changes a claim fails." in ended.out


def test_a_course_as_data_and_as_a_page(environment: dict[str, str], tmp_path: Path) -> None:
    folder, page = tmp_path / "hour", tmp_path / "hour.html"
    folder.mkdir()
    write_lesson(folder / "a.py", (CLAIM, f"print('importance')\n    {CLAIM}"))
    write_lesson(folder / "b.py", NOT_SO, ("Two sleep", "Three sleep"))
    write_lesson(folder / "c.py", ("TAKE_HOME", "CORES = 999\nTAKE_HOME"))
    ended = said_of(folder, environment, "--json", "--export", str(page))
    assert ended.code == 1
    said = json.loads(ended.out)
    assert "importance" in ended.err, "what a lesson prints is no part of the data"
    assert (said["course"], said["refused"]) == ("hour", [])
    assert [(one["judged"], one["holds"]) for one in said["lessons"]] == [
        (True, True),
        (True, False),
        (False, False),
    ]
    assert all(one["steps"][0]["seconds"] > 0 for one in said["lessons"])
    assert "999 free cores" in said["lessons"][2]["why_not_judged"]
    assert "Three sleep" in page.read_text("utf-8")


def test_what_is_not_judged_says_so_and_leaves_with_0(environment: dict[str, str], tmp_path: Path) -> None:
    ended = said_of(write_lesson(tmp_path / "mine.py", ("TAKE_HOME", "CORES = 999\nTAKE_HOME")), environment)
    assert (ended.code, ended.err) == (0, "")
    assert "Not judged: this needs 999 free cores" in ended.out


def test_what_is_to_be_seen_in_a_window_is_run_in_one_off_screen(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = write_lesson(
        tmp_path / "mine.py",
        ("TAKE_HOME", "WINDOW = True\nTAKE_HOME"),
        ("thread_pool", "gui_thread"),
        ("0.01", "0.5"),
        (CLAIM, "yield len(run.freezes) == 1, 'It froze.'"),
    )
    ended = said_of(path, environment, "--json")
    assert ended.code == 0, ended
    assert json.loads(ended.out)["lessons"][0]["steps"][0]["run"]["worst_lag_ms"] > 900


def test_what_is_no_lesson_is_said_in_a_line(environment: dict[str, str], tmp_path: Path) -> None:
    ended = said_of(write_lesson(tmp_path / "mine.py", ("def claims(run)", "def claims(run")), environment)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("thaw: mine.py, line 14 is no valid Python")
    assert ended.err.count("\n") == 1


WRONG = {
    "an import": ('ASKS = "How', 'import gone\nASKS = "How', "No module named 'gone' (an import.py, line 4)"),
    "an error": (CLAIM, "return run.result", "has no attribute 'result' (an error.py, line 15)"),
    "nothing": (CLAIM, "return ()", "claims yields nothing"),
    "no pair": (CLAIM, "yield 'so it is', True", "claims yields pairs"),
    "a number": ('"tasks": 2', '"tasks": -1', '"tasks" is a number from 1 to 1,000,000, not -1'),
    "a runner": ("thread_pool", "nowhere", "There is no runner 'nowhere'"),
}
"""What is wrong with lessons, and words of the sentence that says it."""


def test_a_lesson_that_cannot_be_run_keeps_no_other_from_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "hour"
    folder.mkdir()
    for name, (old, new, _) in WRONG.items():
        write_lesson(folder / f"{name}.py", (old, new))
    write_lesson(folder / "right.py")
    ended = said_of(folder, environment, "--json")
    assert ended.code == 2
    assert ended.err.startswith("thaw: ")
    assert ended.err.count("\n") == 1
    said = json.loads(ended.out)
    assert [one["lesson"] for one in said["lessons"]] == [str(folder / "right.py")]
    refused = {one["lesson"]: one["why"] for one in said["refused"]}
    assert list(refused) == sorted(f"{folder}/{name}.py" for name in WRONG)
    for name, (_, _, words) in WRONG.items():
        assert words in refused[f"{folder}/{name}.py"]
        assert words in ended.err


@pytest.mark.parametrize("how", ["--headless", pytest.param("--offscreen", marks=pytest.mark.long)])
def test_ctrl_c_keeps_what_is_done(how: str, environment: dict[str, str], tmp_path: Path) -> None:
    course, page = tmp_path / "hour.txt", tmp_path / "hour.html"
    write_lesson(tmp_path / "a.py")
    write_lesson(tmp_path / "b.py", LONG, ("Two sleep", "Two sleep long"))
    course.write_text("# An hour\na.py\nb.py\n")
    with Program(["--course", str(course), how, "--export", str(page)], environment) as program:
        wait_until(lambda: "To take home" in program.said()[0], "the first lesson")
        program.signal(signal.SIGINT)
        ended = program.wait()
    assert ended.code == 130
    assert "Traceback" not in ended.err
    kept = page.read_text("utf-8")
    assert "Two sleep" in kept
    assert "Two sleep long" not in kept
