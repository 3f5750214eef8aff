"""`drive` and `Control`: which events a task tells, whatever is done to it."""

from __future__ import annotations

import pickle
import signal
import threading
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

import pytest

from workers.engine import task as task_module
from workers.engine.gil_scheduler import GilScheduler
from workers.engine.task import (
    EVERY,
    PAUSE_POLL_S,
    PROGRESS_INTERVAL_S,
    Control,
    Phase,
    Task,
    TaskEvent,
    drive,
    drive_to_end,
)
from workers.utils.gil.polite import EventLoopGate, FairLock

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

UNIT = "steps"
PATIENCE_S = 5.0
MAX_STEPS = 20_000
LOG: list[str] = []
"""What the workloads below and the events noted, in their order."""


@pytest.fixture(autouse=True)
def empty_log() -> None:
    LOG.clear()


class Clock:
    """A clock that goes on when a workload moves it."""

    now = 50.0

    def perf_counter(self) -> float:
        return self.now


class Told(list[TaskEvent]):
    """Takes events as `emit`, and notes their phases in LOG."""

    def __call__(self, event: TaskEvent) -> None:
        self.append(event)
        LOG.append(event.phase.name)

    @property
    def phases(self) -> list[Phase]:
        return [event.phase for event in self]


def rest(driven: Generator[bool, None, None]) -> list[bool]:
    """What is left of a drive; one that does not end fails the test."""
    steps = list(islice(driven, MAX_STEPS))
    assert len(steps) < MAX_STEPS
    return steps


def work(name: str, **arguments: Any) -> Task:
    return Task(7, f"{__name__}:{name}", tuple(arguments.items()))


# ---------------------------------------------------------------- workloads


def counts(*, count: int = 3) -> Generator[float, None, str]:
    LOG.append("begins")
    for _ in range(count):
        yield 1
    return "result"


def takes_time(*, clock: Clock, count: int, each_s: float) -> Generator[float, None, None]:
    for _ in range(count):
        clock.now += each_s
        yield 2.5


def cleans_up() -> Generator[int, None, None]:
    try:
        while True:
            yield 1
    finally:
        LOG.append("cleaned up")


def cleans_up_badly() -> Generator[int, None, None]:
    try:
        while True:
            yield 1
    finally:
        raise OSError("the part file could not be removed")


def will_not_end() -> Generator[int, None, None]:
    try:
        while True:
            yield 1
    except GeneratorExit:
        yield 2  # which a generator must not do when it is closed


def fails(*, error: BaseException) -> Generator[int, None, None]:
    yield 1
    raise error


def cancels_then(*, action: Callable[[], None], control: Control) -> Generator[int, None, str]:
    """As if the cancel had come while this was blocked."""
    yield 1
    control.cancel()
    action()
    return "result"


def yields(*, what: Any) -> Generator[Any, None, None]:
    try:
        yield what
    finally:
        LOG.append("cleaned up")


def plain() -> int:
    return 3


# ---------------------------------------------------------------- what drive tells


def test_a_task_starts_and_is_done() -> None:
    told = Told()
    assert rest(drive(work("counts"), told, Control(), "here")) == [False] * 3
    assert told.phases == [Phase.STARTED, Phase.DONE]
    assert [(event.number, event.place) for event in told] == [(7, "here")] * 2
    assert (told[-1].amount, told[-1].detail) == (3.0, "result")


def test_nothing_runs_before_the_first_step() -> None:
    told = Told()
    drive(work("counts"), told, Control(), "here")
    assert LOG == []


def test_each_next_is_one_step() -> None:
    driven = drive(work("cleans_up"), told := Told(), Control(), "here")
    for _ in range(5):
        next(driven)
    driven.close()
    assert told[-1].amount == 5


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(task_module, "time", made)
    return made


@pytest.mark.parametrize("each_s", [0.0001, 0.001, 0.01, 0.05])
def test_progress_comes_at_most_thirty_times_a_second(clock: Clock, each_s: float) -> None:
    told = Told()
    rest(
        drive(work("takes_time", clock=clock, count=round(1 / each_s), each_s=each_s), told, Control(), "here")
    )
    times = [event.time for event in told if event.phase is not Phase.DONE]
    assert all(after - before >= PROGRESS_INTERVAL_S - 1e-9 for before, after in pairwise(times))
    assert len(times) <= 31
    if each_s < 0.002:
        assert len(times) >= 29, "and not much less often"


def test_progress_tells_the_sum(clock: Clock) -> None:
    told = Told()
    rest(drive(work("takes_time", clock=clock, count=4, each_s=0.04), told, Control(), "here"))
    assert [event.amount for event in told] == [0.0, 2.5, 5.0, 7.5, 10.0, 10.0]


@pytest.mark.parametrize("error", [ValueError("no good"), SystemExit(3), KeyboardInterrupt(), MemoryError()])
def test_any_error_fails_with_its_traceback(error: BaseException) -> None:
    told = Told()
    rest(drive(work("fails", error=error), told, Control(), "here"))
    assert told.phases == [Phase.STARTED, Phase.FAILED]
    assert type(error).__name__ in told[-1].detail
    assert ("MemoryError: The system gives no more memory: " in told[-1].detail) == isinstance(
        error, MemoryError
    )
    assert "in fails" in told[-1].detail
    assert told[-1].amount == 1


def test_an_error_that_cannot_be_printed_fails_all_the_same() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError("and not even that")

    told = Told()
    rest(drive(work("fails", error=Mute()), told, Control(), "here"))
    assert told.phases == [Phase.STARTED, Phase.FAILED]
    assert "Mute" in told[-1].detail


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        (Task(1, "no.such.module:work", ()), "There is no module no.such.module here"),
        (Task(1, f"{__name__}:no_such_function", ()), "AttributeError"),
        (Task(1, f"{__name__}:counts", (("wrong", 1),)), "TypeError"),
    ],
)
def test_what_cannot_begin_has_failed(task: Task, reason: str) -> None:
    told = Told()
    rest(drive(task, told, Control(), "here"))
    assert told.phases == [Phase.STARTED, Phase.FAILED]
    assert reason in told[-1].detail


@pytest.mark.parametrize("what", [None, "many"])
def test_a_step_that_is_no_amount_fails_after_the_cleaning_up(what: Any) -> None:
    told = Told()
    rest(drive(work("yields", what=what), told, Control(), "here"))
    assert LOG == ["STARTED", "cleaned up", "FAILED"]
    assert "TypeError" in told[-1].detail


# ---------------------------------------------------------------- cancel


def test_a_task_that_was_cancelled_before_it_began_never_begins() -> None:
    control = Control()
    control.cancel()
    told = Told()
    assert rest(drive(work("counts"), told, control, "here")) == []
    assert LOG == ["CANCELLED"]


def test_a_cancelled_task_cleans_up_before_its_final_event() -> None:
    control = Control()
    driven = drive(work("cleans_up"), told := Told(), control, "here")
    next(driven)
    control.cancel()
    assert rest(driven) == []
    assert LOG == ["STARTED", "cleaned up", "CANCELLED"]
    assert told[-1].detail is None


def test_a_drive_that_is_closed_half_way_tells_one_cancelled() -> None:
    driven = drive(work("cleans_up"), Told(), Control(), "here")
    next(driven)
    driven.close()
    driven.close()
    assert LOG == ["STARTED", "cleaned up", "CANCELLED"]


def test_a_drive_that_is_closed_while_paused_tells_one_cancelled() -> None:
    control = Control()
    driven = drive(work("cleans_up"), Told(), control, "here")
    next(driven)
    control.pause()
    assert next(driven)
    driven.close()
    assert LOG == ["STARTED", "PAUSED", "cleaned up", "CANCELLED"]


@pytest.mark.parametrize("name", ["cleans_up_badly", "will_not_end"])
@pytest.mark.parametrize("by_cancel", [True, False])
def test_cleaning_up_that_goes_wrong_has_failed(name: str, by_cancel: bool) -> None:
    control = Control()
    driven = drive(work(name), told := Told(), control, "here")
    next(driven)
    if by_cancel:
        control.cancel()
        rest(driven)
    else:
        driven.close()
    assert told.phases == [Phase.STARTED, Phase.FAILED]
    assert "Error" in told[-1].detail


@pytest.mark.parametrize(
    "error", [ConnectionError("cut short"), ValueError("closed file"), KeyboardInterrupt()]
)
def test_what_raises_because_it_was_cancelled_is_cancelled(error: BaseException) -> None:
    def raise_it() -> None:
        raise error

    told = Told()
    rest(drive(work("cancels_then", action=raise_it), told, Control(), "here"))
    assert told.phases == [Phase.STARTED, Phase.CANCELLED]
    assert told[-1].detail is None


def test_what_reaches_its_end_is_done_though_a_cancel_came() -> None:
    told = Told()
    rest(drive(work("cancels_then", action=lambda: None), told, Control(), "here"))
    assert told.phases == [Phase.STARTED, Phase.DONE]
    assert told[-1].detail == "result"


# ---------------------------------------------------------------- pause


def test_no_step_is_made_while_paused() -> None:
    control = Control()
    driven = drive(work("counts"), told := Told(), control, "here")
    assert next(driven) is False
    control.pause()
    assert [next(driven) for _ in range(4)] == [True] * 4
    control.resume()
    assert rest(driven) == [False, False]
    assert told.phases == [Phase.STARTED, Phase.PAUSED, Phase.RESUMED, Phase.DONE]
    assert [event.amount for event in told] == [0, 1, 1, 3]


def test_a_task_that_starts_paused_makes_no_step() -> None:
    control = Control()
    control.pause()
    driven = drive(work("counts"), told := Told(), control, "here")
    assert next(driven) is True
    assert "begins" not in LOG
    control.resume()
    rest(driven)
    assert told.phases == [Phase.STARTED, Phase.PAUSED, Phase.RESUMED, Phase.DONE]


def test_a_cancel_ends_a_paused_task() -> None:
    control = Control()
    driven = drive(work("cleans_up"), told := Told(), control, "here")
    next(driven)
    control.pause()
    next(driven)
    control.cancel()
    assert rest(driven) == []
    assert [phase for phase in told.phases if phase.is_final] == [Phase.CANCELLED]


def test_a_thread_waits_while_paused() -> None:
    control, told = Control(), Told()
    paused, ended = threading.Event(), threading.Event()

    def emit(event: TaskEvent) -> None:
        told(event)
        if event.phase is Phase.PAUSED:
            paused.set()

    control.pause()

    def run() -> None:
        drive_to_end(work("counts"), emit, control, "there")
        ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    assert paused.wait(PATIENCE_S)
    assert not ended.is_set()
    control.resume()
    assert ended.wait(PATIENCE_S)
    thread.join()
    assert told.phases == [Phase.STARTED, Phase.PAUSED, Phase.RESUMED, Phase.DONE]


def test_a_cancel_lets_a_paused_thread_go() -> None:
    control = Control()
    control.pause()
    thread = threading.Thread(target=control.wait_while_paused)
    thread.start()
    control.cancel()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert control.paused


# ---------------------------------------------------------------- pause of one task


def test_one_task_is_paused_and_others_are_not() -> None:
    control = Control()
    control.pause_task(7)
    control.pause_task(7)
    one, other = (
        drive(work("counts"), told := Told(), control, "a"),
        drive(work("counts")._replace(number=8), other_told := Told(), control, "b"),
    )
    assert [next(one) for _ in range(3)] == [True] * 3
    assert rest(other) == [False] * 3
    assert other_told.phases == [Phase.STARTED, Phase.DONE]
    control.resume_task(7)
    assert rest(one) == [False] * 3
    assert told.phases == [Phase.STARTED, Phase.PAUSED, Phase.RESUMED, Phase.DONE]
    assert not control.held


def test_a_task_goes_on_when_neither_it_nor_its_run_is_paused() -> None:
    control = Control()
    driven = drive(work("counts"), told := Told(), control, "here")
    next(driven)
    control.pause_task(7)
    assert next(driven) is True
    control.pause()
    control.resume_task(7)
    assert control.is_paused(7)
    assert next(driven) is True
    control.pause_task(7)
    control.resume()
    assert (control.paused, control.is_paused(7), control.is_paused(8)) == (False, True, False)
    assert next(driven) is True
    control.resume_task(7)
    control.resume_task(7)
    assert rest(driven) == [False, False]
    assert told.phases == [Phase.STARTED, Phase.PAUSED, Phase.RESUMED, Phase.DONE], (
        "once each, whoever paused it"
    )


def test_a_thread_waits_until_neither_its_task_nor_its_run_is_paused() -> None:
    control = Control()
    control.pause_task(3)
    control.pause_task(4)
    control.pause()
    gone = threading.Event()

    def wait() -> None:
        control.wait_while_paused(3)
        gone.set()

    thread = threading.Thread(target=wait)
    thread.start()
    control.resume()
    control.resume_task(4)
    assert not gone.wait(0.01)
    control.resume_task(3)
    assert gone.wait(PATIENCE_S)
    thread.join()


def test_a_thread_does_not_miss_a_resume_that_a_new_pause_follows() -> None:
    control = Control()
    control.pause_task(3)
    first = control.held[3]
    control.resume_task(3)
    control.pause_task(3)
    assert first.is_set(), "who waits for the first looks again"
    assert not control.held[3].is_set()


def test_a_paused_thread_sleeps() -> None:
    """It looks for a cancel now and then, and does nothing in between."""
    control = Control()
    control.pause_task(3)
    looks: list[float | None] = []

    class Counting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            looks.append(timeout)
            if len(looks) == 3:
                control.cancel()
            return self.is_set()

    control.held[3] = Counting()
    control.wait_while_paused(3)
    assert looks == [PAUSE_POLL_S] * 3


def test_a_cancel_lets_a_task_go_that_is_paused_alone() -> None:
    control = Control()
    driven = drive(work("cleans_up"), Told(), control, "here")
    next(driven)
    control.pause_task(7)
    assert next(driven) is True
    control.cancel()
    assert rest(driven) == []
    assert LOG[-2:] == ["cleaned up", "CANCELLED"]


def test_where_nothing_is_paused_a_step_asks_nobody() -> None:
    class Unasked(Control):
        def is_paused(self, number: int) -> bool:
            raise AssertionError("each step would pay for this")

    rest(drive(work("counts"), told := Told(), Unasked(), "here"))
    assert told.phases == [Phase.STARTED, Phase.DONE]


# ---------------------------------------------------------------- on_cancel


def test_a_cancel_calls_the_closers_in_its_own_thread() -> None:
    control = Control()
    called: list[int] = []
    with control.on_cancel(lambda: called.append(threading.get_ident())):
        thread = threading.Thread(target=control.cancel)
        thread.start()
        thread.join()
    assert called == [thread.ident]


def test_a_cancel_after_the_block_calls_nothing() -> None:
    control = Control()
    called: list[str] = []
    with control.on_cancel(lambda: called.append("first")):
        pass
    with pytest.raises(ValueError, match="x"), control.on_cancel(lambda: called.append("second")):
        raise ValueError("x")
    control.cancel()
    assert called == []


def test_a_block_that_is_entered_after_the_cancel_is_closed_at_once() -> None:
    control = Control()
    control.cancel()
    called: list[str] = []
    with control.on_cancel(lambda: called.append("closed")):
        assert called == ["closed"]


def test_cancelling_twice_calls_the_closers_twice() -> None:
    control = Control()
    called: list[str] = []
    with control.on_cancel(lambda: called.append("one")), control.on_cancel(lambda: called.append("two")):
        control.cancel()
        control.cancel()
    assert sorted(called) == ["one", "one", "two", "two"]


def test_a_closer_is_called_when_the_cancel_comes_between_registering_and_looking() -> None:
    control = Control()
    called: list[str] = []

    class Interrupted(dict[object, Any]):
        def __setitem__(self, key: object, value: Any) -> None:
            super().__setitem__(key, value)
            control.cancel()

    control._closers = Interrupted()
    with control.on_cancel(lambda: called.append("closed")):
        assert called


def test_a_closer_is_called_when_the_cancel_comes_just_before_registering() -> None:
    control = Control()
    called: list[str] = []

    class Interrupted(dict[object, Any]):
        def __setitem__(self, key: object, value: Any) -> None:
            control.cancel()
            super().__setitem__(key, value)

    control._closers = Interrupted()
    with control.on_cancel(lambda: called.append("closed")):
        assert called == ["closed"]


def test_no_closer_is_missed_however_two_threads_race() -> None:
    for _ in range(200):
        control, barrier = Control(), threading.Barrier(2)
        closed = threading.Event()

        def enter(
            control: Control = control, barrier: threading.Barrier = barrier, closed: Any = closed
        ) -> None:
            barrier.wait(PATIENCE_S)
            with control.on_cancel(closed.set):
                closed.wait(PATIENCE_S)

        thread = threading.Thread(target=enter)
        thread.start()
        barrier.wait(PATIENCE_S)
        control.cancel()
        assert closed.wait(PATIENCE_S)
        thread.join()
        assert not control._closers


def test_a_cancel_takes_no_lock() -> None:
    class Untouchable:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"a signal handler would wait in {name}")

    control = Control()
    control.held = Untouchable()  # type: ignore[assignment]
    with control.on_cancel(lambda: None):
        control.cancel()
    assert control.cancelled


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signal on this system")
def test_a_signal_handler_may_cancel_in_the_middle_of_anything() -> None:
    control = Control()
    called: list[str] = []
    before = signal.signal(signal.SIGUSR1, lambda *_: control.cancel())
    try:
        # As if the main thread were half way through `resume`:
        control.pause()
        with control.held[EVERY]._cond:  # type: ignore[attr-defined]
            with control.on_cancel(lambda: called.append("closed")):
                signal.raise_signal(signal.SIGUSR1)
                assert called == ["closed"]
    finally:
        signal.signal(signal.SIGUSR1, before)


# ---------------------------------------------------------------- plain data


def test_tasks_and_events_can_be_pickled() -> None:
    event = TaskEvent(1, Phase.DONE, 2.0, 3.0, "here", {"a": b"b"})
    assert pickle.loads(pickle.dumps(event)) == event
    assert pickle.loads(pickle.dumps(work("counts", count=2))) == work("counts", count=2)


def test_the_last_three_phases_are_final() -> None:
    assert [phase for phase in Phase if phase.is_final] == [Phase.DONE, Phase.FAILED, Phase.CANCELLED]


# ---------------------------------------------------------------- politeness


def test_a_step_waits_where_the_gui_thread_is_busy() -> None:
    gate = EventLoopGate()
    gate.shut = True
    waits: list[bool] = []

    def wait() -> None:
        waits.append(gate.shut)
        gate.shut = False

    gate.wait = wait  # type: ignore[method-assign]
    gate._owner = 0  # of another thread
    told = Told()
    rest(drive(work("counts"), told, Control(GilScheduler(FairLock(), gate)), "a"))
    assert waits == [True]
    assert told.phases == [Phase.STARTED, Phase.DONE]


def test_a_task_is_away_by_its_loose_turn() -> None:
    gate, mine = EventLoopGate(), threading.local()
    gate._owner = 0  # of another thread
    scheduler = GilScheduler(FairLock(), gate, mine)
    assert Control().away() is Control(scheduler).away()  # nothing to give away
    scheduler.here("between")
    assert Control(scheduler).away() is mine.turn
