"""The runner with a thread for each task: as many threads as tasks, never more at once than there are places."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from workers.engine.task import Control, Phase, Task, TaskEvent
from workers.runners.thread_per_task import ThreadPerTaskRunner

if TYPE_CHECKING:
    from collections.abc import Generator

PATIENCE_S = 5.0
SEEN: list[tuple[int, int]] = []
"""For each task the thread that it ran in, and how many threads there were just then."""


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    SEEN.clear()


def looks_round(*, index: int) -> Generator[int, None, None]:
    SEEN.append((id(threading.current_thread()), threading.active_count()))
    yield 1


def carry_out(tasks: int, workers: int) -> list[TaskEvent]:
    events: list[TaskEvent] = []
    runner = ThreadPerTaskRunner()
    source = iter([Task(index, f"{__name__}:looks_round", (("index", index),)) for index in range(tasks)])
    runner.start(source, workers, events.append, Control())
    runner._starter.join(PATIENCE_S)
    assert runner.close(0)
    return events


def test_each_task_has_a_thread_of_its_own_and_there_are_few_at_once() -> None:
    kept: list[threading.Thread] = []  # alive, their ids are not used again
    before = threading.active_count()
    start = threading.Thread.start

    def keep(thread: threading.Thread) -> None:
        kept.append(thread)
        start(thread)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Thread, "start", keep)
        carry_out(40, 3)
    assert len({thread for thread, _ in SEEN}) == 40
    assert max(count for _, count in SEEN) <= before + 1 + 3  # the starter, and three places
    assert not any(thread.is_alive() for thread in kept)


def test_where_the_system_gives_no_more_threads_the_work_is_done_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name.endswith("2"):
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    events = carry_out(10, 2)
    finals = [event for event in events if event.phase.is_final]
    assert sorted(event.number for event in finals) == list(range(10))
    assert {event.phase for event in finals} == {Phase.DONE}
    assert "thread 2" in {event.place for event in events}
