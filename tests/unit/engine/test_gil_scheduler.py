"""Turns and the gate: order, exclusion, time-outs, and that nobody is left waiting."""

from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from workers.engine.gil_scheduler import GilScheduler, impolite, polite
from workers.engine.task import Control, Phase, Task, TaskEvent, drive, drive_to_end
from workers.utils.gil.polite import GATE_S, EventLoopGate, FairLock, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 5.0
UNIT = "steps"
GIL = "holds"
INSIDE: list[int] = []


def overlapping(index: int, *, log: list[int]) -> object:
    """Notes how many of its kind are within a step at the same time; a step gives the GIL up half way."""
    for _ in range(30):
        INSIDE.append(index)
        log.append(len(INSIDE))
        threading.Event().wait(0.0005)
        INSIDE.pop()
        yield 1


def nothing() -> None:
    """Nobody to tell."""


def test_the_turn_goes_in_the_order_of_asking() -> None:
    fair_lock = FairLock()
    assert fair_lock.take(nothing) is False
    order: list[int] = []
    threads = []
    for number in range(5):
        asked = threading.Event()

        def ask(number: int = number, asked: threading.Event = asked) -> None:
            fair_lock.take(asked.set)
            order.append(number)
            fair_lock.give()

        threads.append(threading.Thread(target=ask))
        threads[-1].start()
        assert asked.wait(PATIENCE_S)
    assert fair_lock.is_wanted
    fair_lock.give()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert order == [0, 1, 2, 3, 4]
    assert not fair_lock.is_wanted
    assert fair_lock.take(nothing) is False


def test_a_turn_alone_never_waits_and_keeps_its_turn() -> None:
    fair_lock = FairLock()
    turn = Turn(fair_lock)
    assert turn.ends == 0.0
    assert turn.renew(nothing) is False
    assert turn.ends > time.perf_counter()
    assert turn.renew(nothing) is False
    turn.leave()
    assert turn.ends == 0.0
    turn.leave()
    assert fair_lock.take(nothing) is False


def elsewhere(action: Callable[[], Any]) -> Any:
    """What a call returns in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(action).result(PATIENCE_S)


@pytest.mark.parametrize("gil", ["", "releases"])
def test_work_that_does_not_hold_the_gil_takes_no_turns(gil: str) -> None:
    gate = EventLoopGate()
    heeded, turn = elsewhere(lambda: GilScheduler(FairLock(), gate).here(gil))
    assert heeded is gate
    assert turn.ends == float("inf")
    assert turn.renew(nothing) is False


def test_impolite_work_heeds_nothing() -> None:
    gate, turn = elsewhere(lambda: impolite().here("holds"))
    assert turn.ends == float("inf")
    assert not gate.shut


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="threads have a niceness of their own on Linux only"
)
def test_threads_that_release_the_gil_step_back_alone() -> None:
    def niceness(gil: str) -> int:
        GilScheduler(FairLock(), gate).here(gil)
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    gate = EventLoopGate()
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert elsewhere(lambda: niceness("releases")) == 10
    assert elsewhere(lambda: niceness("holds")) == before
    assert niceness("releases") == before, "the GUI thread itself must not step back"


def test_without_a_gil_there_are_no_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert polite(EventLoopGate()).fair_lock is None
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: True, raising=False)
    assert polite(EventLoopGate()).fair_lock is not None


def test_tasks_that_hold_the_gil_step_one_at_a_time() -> None:
    log: list[int] = []
    control = Control(polite(EventLoopGate()))
    tasks = [Task(n, f"{__name__}:overlapping", (("index", n), ("log", log))) for n in range(4)]
    threads = [
        threading.Thread(target=drive_to_end, args=(task, lambda event: None, control, "t")) for task in tasks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert len(log) == 120
    assert max(log) == 1


def test_work_between_waits_has_its_turn_but_while_it_is_away() -> None:
    gil_scheduler = polite(EventLoopGate())
    fair_lock = gil_scheduler.fair_lock
    assert fair_lock is not None

    def look() -> list[bool]:
        _, turn = gil_scheduler.here("between")
        seen = [turn.ends == float("inf"), fair_lock.is_taken]
        with suppress(OSError), gil_scheduler.away():
            seen.append(fair_lock.is_taken)
            raise OSError
        seen.append(fair_lock.is_taken)
        turn.leave()
        seen.append(fair_lock.is_taken)
        gil_scheduler.here("")  # the next task in this thread takes no turns
        with gil_scheduler.away():
            pass
        return [*seen, fair_lock.is_taken]

    assert elsewhere(look) == [True, True, False, True, False, False]
    with gil_scheduler.away():
        assert not fair_lock.is_taken
    assert not fair_lock.is_taken, "the GUI thread takes no turns"


def test_who_leaves_has_no_turn_until_it_was_away_once_more() -> None:
    gil_scheduler = polite(EventLoopGate())
    fair_lock = gil_scheduler.fair_lock
    assert fair_lock is not None

    def look() -> list[bool]:
        _, turn = gil_scheduler.here("between")
        gil_scheduler.leave()
        seen = [fair_lock.is_taken]
        with gil_scheduler.away():
            seen.append(fair_lock.is_taken)
        seen.append(fair_lock.is_taken)
        turn.leave()
        return seen

    assert elsewhere(look) == [False, False, True]
    gil_scheduler.leave()  # in the GUI thread: nothing to leave


def test_work_between_waits_computes_one_at_a_time() -> None:
    gil_scheduler = polite(EventLoopGate())
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        _, turn = gil_scheduler.here("between")
        for _ in range(30):
            inside += 1
            most = max(most, inside)
            threading.Event().wait(0.0001)  # gives the GIL up, as computing would after a while
            inside -= 1
            with gil_scheduler.away():
                pass
        turn.leave()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(work) for _ in range(4)]:
            future.result(PATIENCE_S)
    assert most == 1


def test_who_comes_back_waits_while_the_gui_thread_is_busy() -> None:
    gate = EventLoopGate()
    gil_scheduler = polite(gate)

    def come_back() -> float:
        _, turn = gil_scheduler.here("between")
        gate.close()
        began = time.perf_counter()
        with gil_scheduler.away():
            pass
        turn.leave()
        return time.perf_counter() - began

    assert elsewhere(come_back) >= GATE_S / 2


def test_waiting_for_a_turn_is_told() -> None:
    control = Control(polite(EventLoopGate()))
    fair_lock = control.scheduler.fair_lock
    assert fair_lock is not None
    fair_lock.take(nothing)
    events: list[TaskEvent] = []
    waiting = threading.Event()

    def emit(event: TaskEvent) -> None:
        events.append(event)
        if event.phase is Phase.WAITING:
            waiting.set()

    task = Task(0, f"{__name__}:overlapping", (("index", 0), ("log", [])))
    thread = threading.Thread(target=drive_to_end, args=(task, emit, control, "t"))
    thread.start()
    assert waiting.wait(PATIENCE_S)
    fair_lock.give()
    thread.join(PATIENCE_S)
    phases = [event.phase for event in events if event.phase is not Phase.PROGRESS]
    assert phases == [Phase.STARTED, Phase.WAITING, Phase.RESUMED, Phase.DONE]


@pytest.mark.parametrize("end", ["pause", "cancel", "close"])
def test_the_turn_is_handed_on_however_a_task_stops(end: str) -> None:
    control = Control(polite(EventLoopGate()))
    task = Task(0, f"{__name__}:overlapping", (("index", 0), ("log", [])))
    steps = drive(task, lambda event: None, control, "t")
    assert elsewhere(lambda: next(steps)) is False
    assert control.scheduler.fair_lock is not None
    assert control.scheduler.fair_lock.is_taken
    if end == "pause":
        control.pause()
        assert next(steps) is True
    elif end == "cancel":
        control.cancel()
        with pytest.raises(StopIteration):
            next(steps)
    else:
        steps.close()
    assert not control.scheduler.fair_lock.is_taken
    steps.close()


def test_a_task_waits_at_the_gate_until_it_opens() -> None:
    gate = EventLoopGate()
    gate.close()
    assert gate.shut
    passed = threading.Event()

    def pass_gate() -> None:
        gate.wait()
        passed.set()

    thread = threading.Thread(target=pass_gate)
    thread.start()
    gate.open()
    assert passed.wait(PATIENCE_S)
    thread.join()
    assert not gate.shut


def test_a_stuck_window_does_not_stop_the_work() -> None:
    gate = EventLoopGate()
    gate.close()
    thread = threading.Thread(target=gate.wait)
    thread.start()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert not gate.shut, "the next step would wait as long again"
    gate.open()
    gate.close()
    assert gate.shut, "the gate works again after the window has come back"
    gate.open()


def test_the_gate_shuts_whoever_is_just_passing() -> None:
    """A task that has been let through, and has not got the GIL yet to go on, must not hold it open for the others."""
    gate = EventLoopGate()
    gate.close()
    thread = threading.Thread(target=gate.wait)
    thread.start()
    gate.open()
    gate.close()
    assert gate.shut
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    gate.open()
    assert not gate.shut


def test_all_who_wait_at_the_gate_are_let_through() -> None:
    gate = EventLoopGate()
    gate.close()
    threads = [threading.Thread(target=gate.wait) for _ in range(8)]
    for thread in threads:
        thread.start()
    gate.open()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def test_work_in_the_gui_thread_does_not_wait_for_itself() -> None:
    gate = EventLoopGate()
    gate.close()
    heeded, turn = GilScheduler(FairLock(), gate).here("holds")
    assert not heeded.shut
    assert turn.ends == float("inf")
    assert elsewhere(lambda: GilScheduler(FairLock(), gate).here("holds")[0]) is gate
    gate.open()


def test_a_gui_thread_that_works_is_not_slowed_by_its_own_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """With events waiting the gate is shut all the while: each step would wait for its time-out."""
    gate = EventLoopGate()
    gate.close()
    monkeypatch.setattr("workers.utils.gil.polite.GATE_S", PATIENCE_S)
    began = time.perf_counter()
    task = Task(0, f"{__name__}:overlapping", (("index", 0), ("log", [])))
    drive_to_end(task, lambda event: None, Control(polite(gate)), "GUI thread")
    assert time.perf_counter() - began < PATIENCE_S
    gate.open()
