"""The settings of a lesson's steps, and a sentence for each that cannot be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.lesson_files import write_lesson
from workers.catalog.lessons import read_lesson
from workers.engine.plan import MAX_TASKS
from workers.teaching.steps import settings_of
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from workers.engine.plan import Settings

TASKS = '"tasks": 2'


def settings(tmp_path: Path, *changes: tuple[str, str]) -> Settings:
    lesson = read_lesson(write_lesson(tmp_path / "mine.py", *changes))
    return settings_of(lesson, lesson.steps[0])


def test_a_step_is_run_as_it_says_and_else_as_in_the_window_at_first(tmp_path: Path) -> None:
    said = settings(tmp_path)
    assert (said.runner, said.workload, said.tasks, said.workers) == ("thread_pool", "sleep", 2, 2)
    assert (said.params, said.seed, said.polite, said.switch_interval_ms) == (
        (("seconds", 0.01),),
        1,
        True,
        0.5,
    )
    assert settings(tmp_path, (TASKS, '"polite": False')).switch_interval_ms == 5.0
    assert settings(tmp_path, (TASKS, '"polite": False, "switch_ms": 1')).switch_interval_ms == 1.0


def test_a_parameter_becomes_what_it_is_meant_to_be(tmp_path: Path) -> None:
    assert settings(tmp_path, ("0.01", "'0.5'")).params == (("seconds", 0.5),)
    [(_, value)] = settings(tmp_path, ("0.01", "1")).params
    assert isinstance(value, float)


def test_a_function_of_a_file_beside_the_lesson(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("def work(size: int = 3) -> None:\n    pass\n")
    said = settings(tmp_path, ('"sleep"', '"own.py:work"'), ('"seconds": 0.01', '"size": 5'))
    assert (said.workload, said.params) == (f"{tmp_path}/own.py:work", (("size", 5),))


def test_what_a_step_does_not_say_is_as_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("async def work() -> None:\n    pass\n")
    own = settings(
        tmp_path, ('"sleep"', '"own.py:work"'), ('"runner": "thread_pool", ', ""), ('"seconds": 0.01', "")
    )
    assert own.runner == "asyncio_loop"
    listed = settings(
        tmp_path, ('"sleep"', '"download"'), (f"{TASKS}, ", ""), ('"seconds": 0.01', '"urls": "a.txt"')
    )
    assert listed.tasks == MAX_TASKS


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"sleep"', '"slept"', "There is no workload 'slept': --list has all of them."),
        ('"sleep"', '"counter.gone"', "There is no workload 'counter.gone': --list has all of them."),
        ('"sleep"', '"nowhere.py:work"', "There is no file "),
        ('"sleep"', '"mine.py"', "Name a function of "),
        ('"sleep"', '"mine.py:gone"', "There is no function gone in mine.py."),
        ('"thread_pool"', '"nowhere"', "There is no runner 'nowhere': --list has all of them."),
        ('"thread_pool"', '"qt_network"', ""),
        ("0.01", "'long'", "seconds is a number like 0.25, not 'long'."),
        ("0.01", "None", "seconds is a number like 0.25, not 'None'."),
        ("0.01", "-1", "seconds is at least "),
        ('"seconds"', '"hours"', "Neither sleep nor thread_pool has a parameter 'hours'. There are: seconds."),
        ('"seconds"', "5", "Neither sleep nor thread_pool has a parameter 5."),
        (TASKS, '"tasks": -1', '"tasks" is a number from 1 to 1,000,000, not -1.'),
        (TASKS, '"tasks": 0', '"tasks" is a number from 1 to 1,000,000, not 0.'),
        (TASKS, '"workers": 257', '"workers" is a number from 1 to 256, not 257.'),
        (TASKS, '"seed": 0', '"seed" is a number from 1 to '),
        (TASKS, '"switch_ms": 0', '"switch_ms" is a number from 0.01 to 1,000, not 0.'),
    ],
)
def test_why_a_step_cannot_be_run_is_said(tmp_path: Path, old: str, new: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        settings(tmp_path, (old, new))
    assert str(caught.value).startswith(f"Two sleep: Asleep: {why}")
