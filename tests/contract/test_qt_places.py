"""What the places in and around the GUI thread promise beyond what all runners do."""

from __future__ import annotations

import time
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QThreadPool, QTimer

from tests.support.runner_harness import Harness
from workers.engine.task import Phase
from workers.runners.cooperative import CooperativeRunner
from workers.runners.q_thread_pool import QThreadPoolRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def on(qapp: QApplication) -> Iterator[Callable[[str], Harness]]:
    made: list[Harness] = []

    def make(runner: str) -> Harness:
        made.append(Harness(runner))
        return made[-1]

    yield make
    while made:
        harness = made.pop()
        assert harness.until(partial(harness.session.close, 0))


def test_slices_let_the_event_loop_come_round(on: Callable[[str], Harness]) -> None:
    """A beat of 10 ms keeps coming while more than half a second of work is done in steps of a millisecond."""
    harness = on("cooperative")
    beats: list[float] = []
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start()
    run = harness.start("endless", tasks=4, workers=2)
    harness.until(lambda: len(beats) >= 40)
    timer.stop()
    harness.session.cancel()
    harness.finish()
    assert len(beats) >= 40
    during = sorted(later - earlier for earlier, later in pairwise(beats))
    assert during[len(during) // 2] < 0.25
    assert run.recorder.amount > 20


def test_slices_take_the_tasks_in_turn(on: Callable[[str], Harness]) -> None:
    harness = on("cooperative")
    harness.start("steps", tasks=3, workers=3, count=500)
    run = harness.finish()
    finals = [event for event in harness.events if event.phase is Phase.DONE]
    starts = [event for event in harness.events if event.phase is Phase.STARTED]
    assert max(event.time for event in starts) < min(event.time for event in finals)
    assert run.recorder.places[1:] == ["GUI thread 1", "GUI thread 2", "GUI thread 3"]


def test_a_paused_run_in_slices_looks_now_and_then_only(on: Callable[[str], Harness]) -> None:
    harness = on("cooperative")
    harness.start("endless", tasks=3, workers=3)
    runner = harness.session._runner
    assert isinstance(runner, CooperativeRunner)
    assert harness.until(lambda: bool(harness.events))
    harness.session.pause()
    assert harness.until(lambda: sum(event.phase is Phase.PAUSED for event in harness.events) == 3)
    assert harness.until(lambda: runner._timer.interval() > 0)
    harness.session.resume()
    assert harness.until(lambda: sum(event.phase is Phase.RESUMED for event in harness.events) == 3)
    assert harness.until(lambda: runner._timer.interval() == 0)


def test_slices_go_on_at_full_speed_unless_all_their_tasks_are_paused_alone(
    on: Callable[[str], Harness],
) -> None:
    harness = on("cooperative")
    run = harness.start("endless", tasks=2, workers=2)
    runner = harness.session._runner
    assert isinstance(runner, CooperativeRunner)
    one, other = run.recorder.first, run.recorder.first + 1
    harness.session.pause_task(one)
    assert harness.until(lambda: any(event.phase is Phase.PAUSED for event in harness.events))
    before = run.recorder.amount
    assert harness.until(lambda: run.recorder.amount > before)
    assert runner._timer.interval() == 0
    harness.session.pause_task(other)
    assert harness.until(lambda: runner._timer.interval() > 0)
    harness.session.resume_task(one)
    assert harness.until(lambda: runner._timer.interval() == 0)


def test_the_pool_is_its_own_and_ends_its_threads(on: Callable[[str], Harness]) -> None:
    harness = on("q_thread_pool")
    harness.start("endless", tasks=10, workers=3)
    runner = harness.session._runner
    assert isinstance(runner, QThreadPoolRunner)
    assert harness.until(lambda: sum(event.phase is Phase.STARTED for event in harness.events) == 3)
    assert runner._pool.activeThreadCount() == 3
    assert QThreadPool.globalInstance().activeThreadCount() == 0
    harness.session.cancel()
    harness.finish()
    assert runner._pool.activeThreadCount() == 0
