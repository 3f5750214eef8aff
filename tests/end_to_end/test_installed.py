"""The command `thaw` as it is installed: the same program, whose folders lie beside other people's packages."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.installed import install, wheel_files
from tests.support.program import ROOT, Ended, Program
from workers.reports.summary import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Thaw = Callable[..., Ended]


@pytest.fixture
def thaw(environment: dict[str, str], tmp_path: Path) -> Thaw:
    """Runs the command to its end, in the person's own folder."""
    command = install(tmp_path / "installed")

    def thaw(*words: str) -> Ended:
        with Program(words, environment, command) as program:
            return program.wait()

    return thaw


def test_what_goes_into_the_wheel_is_there_and_lies_in_one_folder() -> None:
    files = wheel_files()
    assert [source for source in files if not (ROOT / source).exists()] == []
    assert {target.partition("/")[0] for target in files.values()} == {"thaw_lab"}


def test_it_is_called_thaw(thaw: Thaw) -> None:
    assert thaw("--version") == (0, f"Thaw {VERSION}\n", "")
    assert thaw("--help").out.startswith("usage: thaw [-h]")
    assert thaw("--tasks").err == "thaw: argument --tasks: expected one argument. See thaw --help.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--runner", "process_pool", "--workload", "primes", "--param", "numbers=1000"),
        pytest.param(
            ("--runner", "process_per_task", "--workload", "primes", "--param", "numbers=1000"),
            marks=pytest.mark.long,
        ),
        ("--runner", "other_python", "--workload", "primes", "--param", f"python={sys.executable}"),
        ("--runner", "thread_pool", "--workload", "download"),
    ],
    ids=lambda words: f"{words[1]}-{words[3]}",
)
def test_its_other_processes_work(words: tuple[str, ...], thaw: Thaw) -> None:
    ended = thaw("--headless", *words, "--tasks", "4", "--json")
    assert ended.code == 0, ended
    assert json.loads(ended.out)["counts"]["done"] == 4


def test_a_function_of_ones_own_is_measured_everywhere(thaw: Thaw, environment: dict[str, str]) -> None:
    path = f"{environment['HOME']}/mine.py"
    with open(path, "w") as file:
        file.write("def mine(size: int = 1000):\n    return sum(range(size))\n")
    measured = ("--benchmark", "--runners", "thread_pool,process_pool", "--repeat", "1", "--tasks", "20")
    ended = thaw("--headless", *measured, "--workload", f"{path}:mine")
    assert ended.code == 0, ended
    assert "Went wrong" not in ended.out
    assert "from mine import mine" in ended.out, "the program to paste from"


def test_a_lesson_holds(thaw: Thaw) -> None:
    ended = thaw("--lesson", "lost_updates", "--headless")
    assert (ended.code, ended.err) == (0, "")
    assert "yes  With the lock the counter says 200" in ended.out


def test_a_freeze_is_blamed_on_the_line_of_the_work(thaw: Thaw, tmp_path: Path) -> None:
    page = tmp_path / "run.html"
    frozen = ("--offscreen", "--blocking", "--workload", "primes", "--tasks", "8", "--instruments", "watchdog")
    ended = thaw(*frozen, "--export", str(page))
    assert ended.code == 0, ended
    assert "workers/workloads/primes.py" in page.read_text("utf-8")
    assert "thaw_lab" not in page.read_text("utf-8")
