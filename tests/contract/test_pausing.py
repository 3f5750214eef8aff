"""What every runner promises of a task that is paused alone: it sleeps in its place, and others go on in theirs."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.contract.test_download_promises import JPEG, Stage
from tests.contract.test_promises import RUNNERS
from tests.support.misbehaving_server import response
from tests.support.patience import AT_ONCE_S
from tests.support.runner_harness import PATIENCE_S, Harness, harness_on
from workers.engine.task import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from tests.support.misbehaving_server import Connection
    from workers.engine.run import Run
    from workers.engine.task import TaskEvent

ONE_AT_A_TIME = frozenset({"gui_thread"})
"""Where a paused task keeps all others waiting, for it has the only place."""

STACKED = frozenset({"process_events"})
"""Where a task stands on those that began before it: they wait while it is paused."""


class Watched(Harness):
    """A harness that sees events where they happen, before the GUI thread does, which may be blocked."""

    def __init__(self, runner: str, *module: str) -> None:
        super().__init__(runner, *module)
        self._changed = threading.Condition()
        self.seen: list[TaskEvent] = []
        post = self.session._emit

        def watch(event: TaskEvent) -> None:
            with self._changed:
                self.seen.append(event)
                self._changed.notify_all()
            post(event)

        self.session._emit = watch

    def wait(self, condition: Callable[[], bool]) -> None:
        """Called in another thread: wait until a condition holds for what was seen."""
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE_S)

    def saw(self, number: int, phase: Phase) -> bool:
        return any(event.number == number and event.phase is phase for event in self.seen)

    def changes_of(self, number: int) -> list[Phase]:
        """What happened to a task, without its progress."""
        return [
            event.phase for event in self.seen if event.number == number and event.phase is not Phase.PROGRESS
        ]

    def amount(self, number: int) -> float:
        return max((event.amount for event in self.seen if event.number == number), default=0.0)


@pytest.fixture(params=RUNNERS)
def harness(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Watched]:
    with harness_on(request.param, Watched) as made:
        yield made


def test_a_paused_task_waits_while_others_go_on_and_is_resumed(harness: Watched) -> None:
    paused: list[int] = []

    def act() -> None:
        session, run = harness.session, harness.session.run
        assert run is not None
        first, second = run.recorder.first, run.recorder.first + 1
        try:
            harness.wait(lambda: harness.saw(first, Phase.STARTED))
            if harness.runner not in ONE_AT_A_TIME:
                harness.wait(lambda: harness.saw(second, Phase.STARTED))
            # Of those that stand on one another the last can be paused: the first could not even look whether it is.
            one, other = (second, first) if harness.runner in STACKED else (first, second)
            session.pause_task(one)
            harness.wait(lambda: harness.saw(one, Phase.PAUSED))
            held, before = harness.amount(one), harness.amount(other)
            if harness.runner not in ONE_AT_A_TIME | STACKED:
                harness.wait(lambda: harness.amount(other) > before + 3)
            assert harness.amount(one) == held, "work was done while it was paused"
            assert not harness.saw(other, Phase.PAUSED)
            session.resume_task(one)
            harness.wait(lambda: harness.saw(one, Phase.RESUMED) and harness.amount(one) > held)
            paused.append(one)
        finally:
            session.cancel()

    actor = harness.later(act, lambda: harness.session.run is not None)
    harness.start("endless", tasks=2, workers=2)
    run = harness.finish()
    actor.join()
    assert len(paused) == 1, "see what the thread above says"
    assert harness.changes_of(paused[0]) == [Phase.STARTED, Phase.PAUSED, Phase.RESUMED, Phase.CANCELLED]
    assert run.recorder.cancelled == 2


def test_a_cancel_ends_a_task_that_is_paused_alone(harness: Watched) -> None:
    cancelled_at: list[float] = []

    def act() -> None:
        run = harness.session.run
        assert run is not None
        first = run.recorder.first
        try:
            harness.session.pause_task(first)
            harness.wait(lambda: harness.saw(first, Phase.PAUSED))
        finally:
            cancelled_at.append(time.perf_counter())
            harness.session.cancel()

    actor = harness.later(act, lambda: bool(harness.session.run and harness.session.run.source.pulled))
    harness.start("endless", tasks=5, workers=1)
    run = harness.finish()
    actor.join()
    assert run.recorder.cancelled == 5
    assert run.recorder.last_final - cancelled_at[0] < AT_ONCE_S
    assert harness.changes_of(run.recorder.first)[:2] == [Phase.STARTED, Phase.PAUSED]


def test_a_task_can_be_paused_before_it_begins(harness: Watched) -> None:
    def act() -> None:
        run = harness.session.run
        assert run is not None
        second = run.recorder.first + 1
        try:
            harness.wait(lambda: harness.saw(second, Phase.PAUSED))
        finally:
            harness.session.resume_task(second)

    def pause(run: Run) -> None:
        harness.session.pause_task(run.recorder.first + 1)

    actor = harness.later(act, lambda: harness.session.run is not None)
    settings = harness.settings("steps", 4, 1)
    harness.session.start(settings, pause)
    run = harness.finish()
    actor.join()
    assert run.recorder.done == 4
    assert harness.changes_of(run.recorder.first + 1) == [
        Phase.STARTED,
        Phase.PAUSED,
        Phase.RESUMED,
        Phase.DONE,
    ]
    assert harness.changes_of(run.recorder.first) == [Phase.STARTED, Phase.DONE]


@pytest.mark.parametrize("runner", ["qt_network", "asyncio_loop"])
def test_a_download_that_is_paused_alone_is_not_late_and_another_goes_on(
    qapp: QApplication, runner: str, tmp_path: Path
) -> None:
    """These two wait in ways of their own; all others as they do for any work."""
    stage = Stage(runner, tmp_path)
    go, changed = threading.Event(), threading.Condition()
    seen: list[TaskEvent] = []
    emit = stage.session._emit

    def watch(event: TaskEvent) -> None:
        with changed:
            seen.append(event)
            changed.notify_all()
        emit(event)

    def saw(number: int, phase: Phase) -> bool:
        return any((event.number, event.phase) == (number, phase) for event in seen)

    def slow(connection: Connection) -> None:
        connection.send(response(JPEG)[:5000])
        stage.server.reached.set()
        go.wait(5)
        connection.send(response(JPEG)[5000:])

    def act() -> None:
        run = stage.session.run
        assert run is not None
        one, other = run.recorder.first, run.recorder.first + 1
        try:
            assert stage.server.reached.wait(5)
            stage.session.pause_task(one)
            go.set()
            with changed:
                assert changed.wait_for(lambda: saw(one, Phase.PAUSED) and saw(other, Phase.DONE), PATIENCE_S)
                assert not changed.wait_for(
                    lambda: seen[-1].number == one and seen[-1].phase is not Phase.PAUSED, 1.1
                )
        finally:
            stage.session.resume_task(one)

    stage.session._emit = watch
    actor = stage.later(act, lambda: stage.session.run is not None)
    stage.download(slow, response(JPEG), total_s=1.0)
    run = stage.finish()
    actor.join()
    closed = stage.until(lambda: stage.session.close(0))
    stage.server.close()
    assert closed
    assert stage.errors == []
    assert run.recorder.done == 2
    changes = [
        event.phase for event in seen if event.number == run.recorder.first and event.phase != Phase.PROGRESS
    ]
    assert changes == [Phase.STARTED, Phase.PAUSED, Phase.RESUMED, Phase.DONE]
