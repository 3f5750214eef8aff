"""A pool of interpreters, on every Python: what becomes of tasks that it never tells of."""

from __future__ import annotations

from concurrent import futures
from typing import TYPE_CHECKING, Any

from workers.engine.task import Control, Phase, Task
from workers.runners.interpreters import InterpretersRunner

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from workers.engine.task import TaskEvent


class SilentPool(futures.ThreadPoolExecutor):
    """Runs nothing of what it is given, and says that it did."""

    def __init__(self, workers: int, **more: Any) -> None:
        super().__init__(workers)

    def submit(self, call: Callable[..., Any], /, *args: Any, **more: Any) -> futures.Future[Any]:
        return super().submit(int)


def test_a_task_that_nobody_told_the_end_of_fails_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(futures, "InterpreterPoolExecutor", SilentPool, raising=False)
    events: list[TaskEvent] = []
    runner = InterpretersRunner()
    runner.start(iter([Task(0, "sleep", ())]), 1, events.append, Control())
    runner._thread.join(10)
    last = events[-1]
    assert last.phase is Phase.FAILED
    assert last.detail == "The interpreter ended without telling what became of the task."
