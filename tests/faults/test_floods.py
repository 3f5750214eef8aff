"""A flood of events, and a call into C that keeps the GIL: the run goes on, and nothing of it is lost."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from tests.support.download_session import FOUR
from workers.engine.task import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.download_session import House

STEPS = 100_000


@pytest.mark.parametrize("runner", FOUR)
def test_a_hundred_thousand_steps_are_counted_and_few_events_cross(
    runner: str, house: Callable[[str], House]
) -> None:
    made = house(runner)
    made.start("flood", tasks=6, steps=STEPS)
    run = made.finish()
    assert run.recorder.done == 6
    assert run.recorder.amount == STEPS + 5 * 3
    progress = [event for event in made.events if event.phase is Phase.PROGRESS]
    assert len(progress) <= 2 + 31 * run.wall_s * run.settings.workers
    assert [event.amount for event in made.events_of(0)] == sorted(event.amount for event in made.events_of(0))


def longest_gap_s(made: House, seconds: float) -> float:
    """Run tasks of which one keeps the GIL; how long the event loop was silent at the longest."""
    beats = [time.perf_counter()]
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start()
    made.start("keeps_gil", tasks=6, seconds=seconds)
    run = made.finish()
    timer.stop()
    beats.append(time.perf_counter())
    assert run.recorder.done == 6
    assert sorted(made.results) == list(range(6))
    return max(later - earlier for earlier, later in pairwise(beats))


@pytest.mark.parametrize("runner", FOUR)
def test_a_call_that_keeps_the_gil_stops_its_own_process_and_the_run_goes_on(
    runner: str, house: Callable[[str], House]
) -> None:
    """A third of a second here; the 2 s of the list below, with the long tests."""
    check_gil(runner, house(runner), 0.35)


@pytest.mark.long
@pytest.mark.parametrize("runner", FOUR)
def test_two_seconds_of_it(runner: str, house: Callable[[str], House]) -> None:
    check_gil(runner, house(runner), 2.0)


def check_gil(runner: str, made: House, seconds: float) -> None:
    gap = longest_gap_s(made, seconds)
    if runner == "process_pool":
        assert gap < 0.9 * seconds, "another process has a GIL of its own"
    else:
        assert gap > seconds / 2, "the fault was not injected: nobody was stopped by the call"
