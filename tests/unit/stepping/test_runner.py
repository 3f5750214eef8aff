"""The runner stepped, without a window: what it makes of orders, and of tasks that share something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.benchmark import everywhere
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
    events: list[TaskEvent] = []
    control = Control(crew=Crew(0, tasks, workers))
    made = iter([Task(number, f"{path}:{function}", ()) for number in range(tasks)])
    runner.start(made, workers, events.append, control)
    for thread in runner._threads:
        thread.join(20)
    assert runner.close(0)
    return [event.detail for event in events if event.phase is Phase.DONE]


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


def test_nobody_measures_it_unasked(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(LOST, encoding="utf-8")
    chosen = everywhere.choice(user_functions.entry(f"{tmp_path}/mine.py:keep"), lookup.runners())
    assert "thread_per_task" in chosen.runners
    assert "stepped" not in chosen.runners
