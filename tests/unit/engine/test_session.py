"""The session: one run at a time, numbered on, and closed when its last task has ended."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import finished_runs
from tests.support.image_site import NoServer
from workers.engine import session as session_module
from workers.engine.plan import Plan, Settings
from workers.engine.run import Run, TaskSource
from workers.engine.session import Session
from workers.engine.task import Control, Phase, Task, TaskEvent, drive, drive_to_end
from workers.image_server.conditions import PROFILES
from workers.monitors import lag as lag_module
from workers.monitors.lag import LagMonitor
from workers.monitors.resources import ResourceMeter
from workers.utils.errors import NO_THREADS, BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workers.engine.task import Emit
    from workers.monitors.probe import Probe

SETTINGS = Settings.named("thread_pool", finished_runs.WORK, 3, 2)


class Held:
    """A runner that does nothing by itself: a test pulls the tasks and ends them."""

    def __init__(self) -> None:
        self.closes = True
        self.error: BaseException | None = None
        self.timeouts: list[float] = []

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        self.tasks, self.workers, self.emit, self.control = tasks, workers, emit, control
        if self.error is not None:
            raise self.error

    def run_next(self) -> Task:
        task = next(self.tasks)
        drive_to_end(task, self.emit, self.control, "here")
        return task

    def close(self, timeout: float) -> bool:
        self.timeouts.append(timeout)
        return self.closes


class Stage:
    """A session whose events are folded at once."""

    def __init__(self, *probes: Probe[Run]) -> None:
        self.runners: list[Held] = []
        self.next_error: BaseException | None = None
        self.results: list[Any] = []
        self.session = Session(self.take, NoServer(), probes=probes)

    def take(self, event: TaskEvent) -> None:
        self.results += self.session.fold([event])

    def make(self, name: str, params: dict[str, Any]) -> tuple[Held, dict[str, Any]]:
        runner = Held()
        runner.error, self.next_error = self.next_error, None
        self.runners.append(runner)
        return runner, params

    @property
    def runner(self) -> Held:
        return self.runners[-1]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    monkeypatch.setattr(session_module, "load_runner", stage.make)
    return stage


def test_a_run_from_start_to_end(stage: Stage) -> None:
    session = stage.session
    assert session.run is None
    assert not session.is_running
    run = session.start(SETTINGS)
    assert session.is_running
    assert stage.runner.workers == 2
    assert [stage.runner.run_next().number for _ in range(2)] == [0, 1]
    assert not session.finish()
    stage.runner.run_next()
    assert session.finish()
    assert not session.finish(), "it was told once"
    assert not session.is_running
    assert session.runs == [run]
    assert run.ended == run.recorder.last_final
    assert run.wall_s > 0
    assert run.per_s == pytest.approx(9 / run.wall_s)
    assert stage.results == [0, 1, 2]
    assert len(stage.runner.timeouts) == 1


def test_the_begin_is_told_before_the_first_task(stage: Stage) -> None:
    begun: list[tuple[Run, bool]] = []
    run = stage.session.start(SETTINGS, lambda run: begun.append((run, hasattr(stage.runner, "tasks"))))
    assert begun == [(run, False)]


def test_another_run_must_wait_for_the_end(stage: Stage) -> None:
    stage.session.start(SETTINGS)
    with pytest.raises(RuntimeError, match="has not ended"):
        stage.session.start(SETTINGS)
    assert len(stage.runners) == 1


def test_another_run_must_wait_for_the_threads_of_the_last(stage: Stage) -> None:
    stage.session.start(SETTINGS._replace(tasks=1))
    stage.runner.closes = False
    stage.runner.run_next()
    assert stage.session.finish()
    with pytest.raises(RuntimeError, match="has not ended"):
        stage.session.start(SETTINGS)
    stage.runner.closes = True
    stage.session.start(SETTINGS)
    assert len(stage.runners) == 2


def test_a_runner_gets_its_own_parameters_and_the_work_the_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, Any]] = []

    def make(name: str, params: dict[str, Any]) -> tuple[Held, dict[str, Any]]:
        given.append(dict(params))
        runner, rest = stage.make(name, params)
        return runner, {key: value for key, value in rest.items() if key != "mine"}

    monkeypatch.setattr(session_module, "load_runner", make)
    run = stage.session.start(SETTINGS._replace(params=(("count", 5), ("mine", "x"), ("of_another_runner", 1))))
    assert given == [{"count": 5, "mine": "x", "of_another_runner": 1}]
    assert dict(run.plan.task(0, 0).arguments) == {"index": 0, "count": 5}


def test_work_that_does_not_fit_its_place_is_refused_before_the_start(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "refusal", lambda runner, *_, **__: f"Not on {runner.name}.")
    with pytest.raises(ValueError, match=r"Not on thread_pool\."):
        stage.session.start(SETTINGS)
    assert stage.runners == []
    assert not stage.session.is_running


def test_a_run_keeps_the_network_conditions_where_it_asks_for_the_server(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plan(tasks: int, server: Callable[[], str]) -> list[dict[str, Any]]:
        return [{"index": 0}] if server() == NoServer.url else []

    assert stage.session.start(SETTINGS).network is None
    stage.session.cancel()
    stage.session.finish()
    monkeypatch.setattr(finished_runs, "plan", plan, raising=False)
    monkeypatch.setattr(NoServer, "settings", PROFILES["rough"])
    run = stage.session.start(SETTINGS)
    monkeypatch.setattr(NoServer, "settings", PROFILES["fair"])
    assert run.network == PROFILES["rough"]  # as it was at the start


def test_a_run_tells_what_it_cost(stage: Stage) -> None:
    stage.session = Session(stage.take, NoServer(), probes=[ResourceMeter()])
    run = stage.session.start(SETTINGS)
    assert run.resources is None
    for _ in range(3):
        stage.runner.run_next()
    assert stage.session.finish()
    assert run.resources is not None
    assert run.startup_s == run.resources.startup_s
    assert 0 <= run.resources.startup_s < run.wall_s
    assert run.resources.cpu_s > 0 or os.name == "nt"  # whose clock of it ticks every 16 ms
    assert stage.session.close(0)


def test_numbers_go_on_so_that_late_events_are_known(stage: Stage) -> None:
    stage.session.start(SETTINGS)
    for _ in range(3):
        stage.runner.run_next()
    stage.session.finish()
    second = stage.session.start(SETTINGS)
    assert second.recorder.first == 3
    stage.take(TaskEvent(1, Phase.DONE, 0.0, 5.0, "late", "late"))
    assert (second.recorder.finals, second.recorder.amount) == (0, 0)
    assert stage.runner.run_next().number == 3


def test_a_cancel_counts_the_tasks_that_never_began(stage: Stage) -> None:
    run = stage.session.start(SETTINGS)
    stage.runner.run_next()
    half = drive(next(stage.runner.tasks), stage.runner.emit, run.control, "here")
    next(half)
    stage.session.cancel()
    stage.session.cancel()
    assert not stage.session.finish(), "one task has not ended"
    assert next(half, None) is None
    assert stage.session.finish()
    assert (run.recorder.done, run.recorder.cancelled) == (1, 2)
    assert run.cancelled
    assert next(stage.runner.tasks, None) is None


def test_a_cancel_before_the_first_task_ends_the_run(stage: Stage) -> None:
    run = stage.session.start(SETTINGS)
    stage.session.cancel()
    assert stage.session.finish()
    assert (run.recorder.cancelled, run.ended) == (3, run.recorder.last_final)


def test_pause_and_resume_reach_the_run(stage: Stage) -> None:
    for action in (stage.session.pause, stage.session.resume, stage.session.cancel):
        action()  # without effect, for there is none
    run = stage.session.start(SETTINGS)
    stage.session.pause()
    assert run.control.paused
    stage.session.resume()
    assert not run.control.paused


def test_pause_and_resume_reach_one_task(stage: Stage) -> None:
    for action in (stage.session.pause_task, stage.session.resume_task):
        action(0)  # without effect, for there is no run
    run = stage.session.start(SETTINGS)
    first = run.recorder.first
    stage.session.pause_task(first)
    assert [run.control.is_paused(number) for number in (first, first + 1)] == [True, False]
    stage.session.resume_task(first)
    assert not run.control.is_paused(first)


def test_what_a_runner_has_to_say_is_kept_with_its_run(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Held, "notes", lambda runner: ["It ran elsewhere."], raising=False)
    run = stage.session.start(SETTINGS)
    stage.session.cancel()
    assert stage.session.finish()
    assert run.notes == ["It ran elsewhere."]


@pytest.mark.parametrize("tasks", [0, -1])
def test_a_run_without_tasks_is_refused(stage: Stage, tasks: int) -> None:
    with pytest.raises(ValueError, match="nothing to do"):
        stage.session.start(SETTINGS._replace(tasks=tasks))
    assert not stage.session.is_running
    stage.session.start(SETTINGS)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RuntimeError("can't start new thread"), BadInput(NO_THREADS)),
        (OSError("no more"), OSError("no more")),
        (KeyboardInterrupt(), KeyboardInterrupt()),
    ],
)
def test_after_a_runner_that_could_not_start_another_run_may_come(
    stage: Stage, error: BaseException, told: BaseException
) -> None:
    stage.next_error = error
    with pytest.raises(type(told)) as caught:
        stage.session.start(SETTINGS)
    assert str(caught.value) == str(told)
    failed = stage.session.run
    assert failed is not None
    assert failed.control.cancelled, "whatever of it did start is to end"
    assert not stage.session.is_running
    assert stage.session.runs == []
    stage.session.start(SETTINGS)
    assert stage.session.is_running


def test_closing_cancels_and_can_be_asked_again(stage: Stage) -> None:
    assert stage.session.close(0)
    run = stage.session.start(SETTINGS)
    stage.runner.closes = False
    assert not stage.session.close(0.25)
    assert run.control.cancelled
    assert stage.runner.timeouts == [0.25]
    stage.runner.closes = True
    assert stage.session.close(0)
    assert stage.session.close(0)
    assert stage.runner.timeouts == [0.25, 0]


def test_a_workload_that_keeps_things_open_is_closed_with_its_runner(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(finished_runs, "close", lambda: closed.append(True), raising=False)
    stage.session.start(SETTINGS)
    stage.runner.closes = False
    stage.session.close(0)
    assert closed == [], "its threads may still use them"
    stage.runner.closes = True
    stage.session.close(0)
    assert closed == [True]


def test_a_source_hands_each_task_out_once_to_many_threads() -> None:
    control = Control()
    source = TaskSource(Plan(SETTINGS._replace(tasks=2000), lambda: ""), 100, control)
    pulled: list[list[int]] = [[] for _ in range(4)]
    threads = [
        threading.Thread(target=lambda to=to: to.extend(task.number for task in source)) for to in pulled
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for numbers in pulled for number in numbers) == list(range(100, 2100))
    assert all(numbers == sorted(numbers) for numbers in pulled)
    assert source.pulled == 2000


def test_a_source_hands_nothing_out_after_a_cancel() -> None:
    control = Control()
    source = TaskSource(Plan(SETTINGS, lambda: ""), 0, control)
    next(source)
    control.cancel()
    assert list(source) == []
    assert source.pulled == 1


# ---------------------------------------------------------------- lag


class Clock:
    now = 500.0

    def perf_counter(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made_clock = Clock()
    monkeypatch.setattr(lag_module, "time", made_clock)
    monkeypatch.setattr(session_module, "time", made_clock)
    monkeypatch.setattr("workers.engine.run.time", made_clock)
    monkeypatch.setattr("workers.engine.task.time", made_clock)
    return made_clock


def test_a_run_gets_the_lag_of_its_own_time(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = LagMonitor()
    stage = Stage(monitor)
    monkeypatch.setattr(session_module, "load_runner", stage.make)

    def wait(seconds: float, gap: float) -> None:
        for _ in range(round(seconds / gap)):
            clock.now += gap
            monitor.beat()

    wait(3.0, 0.060)  # a busy machine
    run = stage.session.start(SETTINGS._replace(tasks=1))
    assert run.idle_lag_ms == pytest.approx(50, abs=1)
    assert run.lag is None
    clock.now += 2.0
    stage.runner.run_next()
    wait(5.0, 0.010)
    assert stage.session.finish()
    assert run.wall_s == pytest.approx(2.0)
    assert run.lag is not None
    assert run.lag.blocked_s == pytest.approx(1.99)
    assert run.lag.freezes == 1

    wait(0.2, 0.010)
    second = stage.session.start(SETTINGS._replace(tasks=1))
    assert second.idle_lag_ms == 0.0, "too short a time to tell"


def test_idle_time_begins_after_what_the_window_did_itself(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor = LagMonitor()
    stage = Stage(monitor)
    monkeypatch.setattr(session_module, "load_runner", stage.make)
    clock.now += 2.0  # its own start: no beat at all
    monitor.beat()
    stage.session.mark_idle()
    for _ in range(100):
        clock.now += 0.010
        monitor.beat()
    assert stage.session.start(SETTINGS).idle_lag_ms == pytest.approx(0, abs=0.01)
