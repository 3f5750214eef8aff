"""Runners, workloads, labs and lessons of a person's own: files in the data folder, by name on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.lesson_files import write_lesson
from tests.support.program import run

if TYPE_CHECKING:
    from collections.abc import Callable

WORKLOAD = '''"""Counts up."""

TITLE = "Count up"
UNIT = "numbers"
TASKS = 3


def count_up(*, far: int = 10):
    for number in range(far):
        yield 1
    return far
'''
RUNNER = '''"""One task after the other, in one thread."""

from threading import Thread

from ..engine.task import drive_to_end

TITLE = "My thread"
GIL = "shared"


class MyThreadRunner:
    def start(self, tasks, workers, emit, control):
        self.thread = Thread(target=self.work, args=(tasks, emit, control))
        self.thread.start()

    def work(self, tasks, emit, control):
        for task in tasks:
            drive_to_end(task, emit, control, "my thread")

    def close(self, timeout):
        self.thread.join(timeout)
        return not self.thread.is_alive()
'''
LAB = '''"""Two ways to add up."""

from workers.sync import Lock

TITLE = "Adding up"
RUNNER = "thread_per_task"
SHARED = "make"
VERSIONS = {
    "careless": {"right": False, "shows": "Nothing is held."},
    "careful": {"right": True, "shows": "A lock is held."},
}


class Shared:
    def __init__(self):
        self.lock, self.sum = Lock(), 0


def make():
    return Shared()


def careless(shared):
    shared.sum += 1
    yield 1


def careful(shared):
    with shared.lock:
        shared.sum += 1
    yield 1
'''


@pytest.fixture
def put(environment: dict[str, str], tmp_path: Path) -> Callable[[str, str], Path]:
    """Puts a file into the data folder."""
    environment["THAW_DATA"] = str(tmp_path / "data")

    def put(name: str, source: str) -> Path:
        path = Path(environment["THAW_DATA"]) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        return path

    return put


@pytest.mark.parametrize("runner", ["my_thread", "process_pool"])
def test_work_and_place_of_ones_own(
    runner: str, put: Callable[[str, str], Path], environment: dict[str, str]
) -> None:
    put("workloads/count_up.py", WORKLOAD)
    put("runners/my_thread.py", RUNNER)
    ended = run(["--headless", "--workload", "count_up", "--runner", runner, "--json"], environment)
    assert ended.code == 0, ended
    report = json.loads(ended.out)
    assert (report["counts"]["done"], report["amount"]) == (
        3,
        {"unit": "numbers", "total": 30, "per_s": report["amount"]["per_s"]},
    )


@pytest.mark.parametrize("how", ["--headless", pytest.param("--offscreen", marks=pytest.mark.long)])
def test_a_place_that_fails_is_told_with_its_line(
    how: str, put: Callable[[str, str], Path], environment: dict[str, str]
) -> None:
    path = put("runners/my_thread.py", RUNNER.replace("self.thread.start()", "raise OSError('no thread')"))
    ended = run([how, "--workload", "sleep", "--runner", "my_thread"], environment)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"thaw: {path}, line 14: OSError: no thread.\n"


def test_a_lab_of_ones_own_runs_in_every_version(
    put: Callable[[str, str], Path], environment: dict[str, str]
) -> None:
    put("labs/adding.py", LAB)
    for version in ("careless", "careful"):
        ended = run(["--offscreen", "--workload", f"adding.{version}"], environment)
        assert (ended.code, ended.err) == (0, ""), ended


def test_a_lesson_of_ones_own_has_a_name(put: Callable[[str, str], Path], environment: dict[str, str]) -> None:
    write_lesson(put("lessons/two_sleep.py", ""))
    assert "\ntwo_sleep            Two sleep: How many are done?\n" in run(["--lessons"], environment).out
    ended = run(["--lesson", "two_sleep", "--headless"], environment)
    assert (ended.code, ended.err) == (0, "")
    assert "yes  2 are done." in ended.out


def test_what_is_no_good_is_told_and_all_else_goes_on(
    put: Callable[[str, str], Path], environment: dict[str, str]
) -> None:
    put("workloads/primes.py", WORKLOAD)
    put("workloads/half.py", 'TITLE = "Half"\ndef half(')
    ended = run(["--list"], environment)
    assert ended.code == 0
    assert "not available: it cannot be read" in ended.out
    assert "primes.py is left out: Thaw has workloads of its own with that name" in ended.out
    ended = run(["--offscreen", "--workload", "sleep", "--tasks", "1"], environment)
    assert ended.code == 0, ended
    assert "primes.py is left out" in ended.err
