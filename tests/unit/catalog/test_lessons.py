"""A lesson's file: what is read of it without running it, and a sentence for each thing that is wrong in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.lesson_files import SOURCE, write_lesson
from workers.catalog.lessons import Lesson, Step, lessons, read_lesson
from workers.utils.child import PACKAGE
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

TRY = 'TAKE_HOME = "All wake up."\n'


def read(tmp_path: Path, *changes: tuple[str, str]) -> Lesson:
    return read_lesson(write_lesson(tmp_path / "mine.py", *changes))


def refused(tmp_path: Path, *changes: tuple[str, str]) -> str:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, *changes)
    return str(caught.value)


def test_what_is_read_of_a_file(tmp_path: Path) -> None:
    lesson = read(tmp_path)
    assert (lesson.name, lesson.title, lesson.text) == (
        str(tmp_path / "mine.py"),
        "Two sleep",
        "Two tasks sleep.",
    )
    assert (lesson.answers, lesson.right, lesson.why[1]) == (("One", "Two"), 1, "So it is.")
    assert lesson.is_own
    assert not lesson.needs_window


def test_the_saboteur_changes_its_own_step_alone_and_adds_parameters(tmp_path: Path) -> None:
    first, more = '{"seconds": 0.01}},', '{"seconds": 0.01}}, {"says": "Again", "workload": "sleep"},'
    saboteur = "SABOTEUR = ({'step': 1, 'params': {'more': 1}}, {'step': 1, 'tasks': 3})"
    lesson = read(tmp_path, (first, more), ("claims(run)", "claims(*runs)"), (TRY, f"{TRY}{saboteur}\n"))
    assert lesson.sabotaged[0].said == {
        **lesson.steps[0].said,
        "tasks": 3,
        "params": {"seconds": 0.01, "more": 1},
    }
    assert lesson.sabotaged[1:] == lesson.steps[1:]


def test_another_workload_has_only_the_parameters_that_are_said_with_it() -> None:
    step = Step("a step", {"workload": "counter.broken", "params": {"counts": 9}})
    assert step.changed({"workload": "counter.fixed"}).said["params"] == {"counts": 9}, "it is the same lab"
    assert step.changed({"workload": "primes"}).said["params"] == {}
    assert step.changed({"workload": "primes", "params": {"numbers": 5}}).said["params"] == {"numbers": 5}


def test_each_of_ours_has_a_place_of_its_own() -> None:
    orders = [lesson.order for lesson in lessons().values()]
    assert orders == sorted(set(orders))


def test_a_lesson_of_ours_that_is_named_by_its_path_is_ours() -> None:
    by_path = read_lesson(PACKAGE / "lessons" / "lost_updates.py")
    assert by_path == lessons()["lost_updates"]
    assert not by_path.is_own


def test_the_comma_of_a_tuple_of_one_may_be_missing_and_a_list_will_do(tmp_path: Path) -> None:
    usual = read(tmp_path)
    assert read(tmp_path, ("}},\n)", "}}\n)")) == usual
    assert read(tmp_path, ("STEPS = (", "STEPS = ["), ("},\n)", "},\n]")) == usual
    assert read(tmp_path, (TRY, f'{TRY}TRY = {{"step": 1, "tasks": 3}}\n')).tries[0].changes == {"tasks": 3}


@pytest.mark.parametrize("takes", ["*runs", "run, /", "run, other=None"])
def test_claims_may_take_its_runs_in_every_way(tmp_path: Path, takes: str) -> None:
    assert read(tmp_path, ("claims(run)", f"claims({takes})")) == read(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"""Two tasks sleep."""', "", "it begins with no docstring, which is its text."),
        ('ASKS = "How many are done?"', "", "it needs ASKS, a text, as a literal."),
        ('ASKS = "How many are done?"', "ASKS = str(5)", "it needs ASKS, a text, as a literal."),
        ('"How many are done?"', '""', "ASKS is empty."),
        ('"How many are done?"', "5", "ASKS is a text, not 5."),
        ('RIGHT = "Two"', 'RIGHT = "Three"', "RIGHT is one of 'One' and 'Two', not 'Three'."),
        ('"One": "There are two."', '"One": 1', "ANSWERS has two answers or more, each with a text"),
        ('{"One": "There are two.", "Two": "So it is."}', '{["One"]: ""}', "it needs ANSWERS, a dict"),
        (TRY, f"{TRY}ORDER = 'first'\n", "ORDER is a number, not 'first'."),
        (TRY, f"{TRY}CORES = True\n", "CORES is a number, not True."),
        (TRY, f"{TRY}WINDOW = 'no'\n", "WINDOW is True or False, not 'no'."),
        (TRY, f"{TRY}TRY = 5\n", "TRY is a tuple of dicts, not 5."),
        (TRY, f"{TRY}TRY = ('more',)\n", "TRY is a dict, or several in a tuple"),
        (TRY, f"{TRY}TRY = {{'says': 5, 'step': 1}}\n", "TRY is a dict, or several in a tuple"),
        (TRY, f"{TRY}TRY = {{'step': 1.0}}\n", '"step" of TRY is a number from 1 to 1.'),
        (TRY, f"{TRY}SABOTEUR = {{'step': 2}}\n", '"step" of SABOTEUR is a number from 1 to 1.'),
        (TRY, f"{TRY}SABOTEUR = {{'step': 1, 'workers': '2'}}\n", '"workers" of SABOTEUR is a whole number'),
        ('"workload": "sleep", ', "", 'step 1 of STEPS names no "workload".'),
        ('"workload": "sleep"', '"workload": 5', '"workload" of step 1 of STEPS is a text, not 5.'),
        ('"says": "Asleep", ', "", 'step 1 of STEPS is a dict with "says", in a few words.'),
        ('"tasks": 2', '"tasks": "many"', "\"tasks\" of step 1 of STEPS is a whole number, not 'many'."),
        ('"tasks": 2', '"tasks": True', '"tasks" of step 1 of STEPS is a whole number, not True.'),
        ('"tasks": 2', '"polite": 1', '"polite" of step 1 of STEPS is True or False, not 1.'),
        ('"tasks": 2', '"switch_ms": "5"', "\"switch_ms\" of step 1 of STEPS is a number, not '5'."),
        ('{"seconds": 0.01}', '"fast"', "\"params\" of step 1 of STEPS is a dict, not 'fast'."),
        ('"tasks": 2', '"task": 2', "step 1 of STEPS has 'task'; it may have says, look, "),
        ('"tasks": 2', '5: 2, "task": 2', "step 1 of STEPS has 5; it may have says, look, "),
        ('"tasks": 2', '"look": "radar"', '"look" of step 1 of STEPS is one of graphs, timeline, '),
        ("def claims", "def claim", "it needs a function claims, which takes the run of each step."),
        ("claims(run)", "claims(run, other)", "claims takes 2 runs, and STEPS has 1."),
        ("claims(run)", "claims()", "claims takes 0 runs, and STEPS has 1."),
    ],
)
def test_what_is_wrong_with_it_is_said(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert refused(tmp_path, (old, new)).startswith(f"mine.py is no lesson yet: {why}")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"def claims(:\n", "mine.py, line 1 is no valid Python (invalid syntax): def claims(:"),
        (
            b"\n\n\n# caf\xe9\n",
            "mine.py is not UTF-8: save it as that, or name its encoding in its first line.",
        ),
        (b"a\0b", "mine.py"),
        (b"-" * 100_000 + b"1", "mine.py is no file of Python"),
    ],
)
def test_what_is_no_python_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "mine.py"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_lesson(path)
    assert str(caught.value).startswith(why)


def test_another_encoding_that_is_named_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_bytes(f"# coding: latin-1\n{SOURCE.replace('Two sleep', 'Café')}".encode("latin-1"))
    assert read_lesson(path).title == "Café"


def test_a_folder_and_what_is_not_there_are_no_lessons(tmp_path: Path) -> None:
    not_there = {
        tmp_path: "is a folder",
        tmp_path / "a.py": "There is no file",
        tmp_path / ("a" * 300): "There is no file|be read",  # the first on Windows
    }
    for path, why in not_there.items():
        with pytest.raises(BadInput, match=why):
            read_lesson(path)
