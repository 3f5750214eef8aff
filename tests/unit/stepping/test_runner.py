"""The runner stepped, without a window: what it makes of orders, and of tasks that share something."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from workers.benchmark.choice import everywhere
from workers.catalog import lookup, user_functions
from workers.engine.task import Control, Crew, Phase, Task, TaskEvent
from workers.runners.stepped import SteppedRunner

if TYPE_CHECKING:
    from pathlib import Path

LOST = """
import threading
count, lock = 0, threading.Lock()
def lose():
    global count
    old = count
    count = old + 1
    return count
def keep():
    global count
    with lock:
        old = count
        count = old + 1
        return count
"""

SHARES = """
SHARED = "make"
def make():
    made = []
    made.append(0)
    return made
def add(shared):
    shared.append(1)
    yield 1
    return len(shared)
"""

SLOW = (
    "import threading, time\nSHARED = 'make'\ndef make():\n    time.sleep(0.001)\n    return []\n"
    "def add(shared):\n    shared.append(1)\n    return len(shared)\n"
)
IMPORTS_SLOWLY = f"{SLOW}one = threading.Thread(target=make)\none.start()\none.join()\n"

LONG = """
import threading
def count(seen):
    for number in range(5_000):
        seen.append(number)
def compute(control, seen):
    control.cancel()
    count(seen)
def start(control, seen):
    threading.Thread(target=count, args=(seen,)).start()
    control.cancel()
def tidy(control, seen):
    try:
        control.cancel()
        yield 1
        seen.append("it went on")
    finally:
        count_some(seen)
def count_some(seen):
    for number in range(50):
        seen.append(number)
"""


def results(
    path: Path,
    function: str,
    runner: SteppedRunner,
    *,
    source: str = LOST,
    tasks: int = 4,
    workers: int = 2,
) -> list[str]:
    path /= "mine.py"
    path.write_text(source, encoding="utf-8")
    return done(runner, f"{path}:{function}", (), tasks, workers)


def done(
    runner: SteppedRunner, workload: str, arguments: tuple[tuple[str, Any], ...], tasks: int, workers: int
) -> list[Any]:
    events: list[TaskEvent] = []
    made = iter([Task(number, workload, arguments) for number in range(tasks)])
    runner.start(made, workers, events.append, Control(crew=Crew(0, tasks, workers)))
    for thread in runner._threads:
        thread.join(20)
    assert runner.close(0)
    return [event.detail for event in events if event.phase == Phase.DONE]


def test_the_same_schedule_gives_the_same_results_of_more_tasks_than_threads(tmp_path: Path) -> None:
    for schedule in range(1, 5):
        first, *others = [results(tmp_path, "lose", SteppedRunner(schedule=schedule)) for _ in range(3)]
        assert len(first) == 4
        assert others == [first, first]


def test_with_a_lock_of_threading_nothing_is_lost(tmp_path: Path) -> None:
    for schedule in range(1, 9):
        assert sorted(results(tmp_path, "keep", SteppedRunner(schedule=schedule))) == ["1", "2", "3", "4"]


def test_an_order_is_made_and_then_one_goes_on_after_the_other(tmp_path: Path) -> None:
    assert results(tmp_path, "lose", SteppedRunner(order="1x2 2x3"), tasks=2) == ["1", "1"]
    assert results(tmp_path, "lose", SteppedRunner(order="1x3"), tasks=2) == ["1", "2"]


@pytest.mark.parametrize("opcodes", [False, True])
def test_nobody_is_stopped_while_making_what_all_share(tmp_path: Path, opcodes: bool) -> None:
    for schedule in range(1, 9):
        runner = SteppedRunner(schedule=schedule, opcodes=opcodes)
        assert max(results(tmp_path, "add", runner, source=SHARES)) == "5"


@pytest.mark.parametrize("source", [SLOW, IMPORTS_SLOWLY])
def test_others_wait_while_one_imports_the_file_or_makes_what_all_share(tmp_path: Path, source: str) -> None:
    assert max(results(tmp_path, "add", SteppedRunner(), source=source)) == "4"


def test_locks_of_python_that_a_lab_takes_are_stepped() -> None:
    """As in the room Steps: else a thread with its turn would wait for one that has none, for ever."""
    assert done(SteppedRunner(), "gil.one_lock", (("references", 20),), 2, 2) == [None, None]


def cancelled(path: Path, function: str) -> tuple[list[Phase], list[object]]:
    """How a task ended that has cancelled its run, and how far it came."""
    path /= "mine.py"
    path.write_text(LONG, encoding="utf-8")
    events: list[TaskEvent] = []
    seen: list[object] = []
    before = set(threading.enumerate())
    runner = SteppedRunner()
    made = iter([Task(0, f"{path}:{function}", (("seen", seen),))])
    runner.start(made, 1, events.append, Control(crew=Crew(0, 1, 1)))
    while others := set(threading.enumerate()) - before:
        for thread in others:
            thread.join(20)
    return [event.phase for event in events if event.phase >= Phase.DONE], seen


def test_a_cancel_ends_what_comes_to_no_yield(tmp_path: Path) -> None:
    ends, seen = cancelled(tmp_path, "compute")
    assert ends == [Phase.CANCELLED]
    assert len(seen) < 1_000


def test_a_cancel_ends_threads_that_a_task_has_started(tmp_path: Path) -> None:
    _, seen = cancelled(tmp_path, "start")
    assert len(seen) < 1_000


def test_what_comes_to_a_yield_after_a_cancel_cleans_up(tmp_path: Path) -> None:
    assert cancelled(tmp_path, "tidy") == ([Phase.CANCELLED], list(range(50)))


def test_nobody_measures_it_unasked(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(LOST, encoding="utf-8")
    chosen = everywhere(user_functions.entry(f"{tmp_path}/mine.py:keep"), lookup.runners())
    assert "thread_per_task" in chosen.runners
    assert "stepped" not in chosen.runners
