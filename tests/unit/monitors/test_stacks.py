"""What is asked of other threads, which may end at any moment."""

from __future__ import annotations

import gc
import hashlib
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from workers.monitors.deliveries.marks import levels_of
from workers.monitors.stacks import (
    all_stacks,
    goes_on_without_gil,
    processor_times,
    processor_waits,
    stack_of,
    thread_idents,
)
from workers.monitors.threads.states import ThreadStates, innermost_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.mark.skipif(
    not hasattr(time, "pthread_getcpuclockid"), reason="threads have no clocks of their own here"
)
def test_of_a_thread_that_has_ended_nothing_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog asks it of a GUI thread that may just be leaving."""

    def gone(clock: int) -> float:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(time, "clock_gettime", gone)
    assert goes_on_without_gil(threading.get_ident()) is None


@pytest.mark.parametrize(
    "look",
    [
        lambda: stack_of(threading.get_ident()),
        lambda: not stack_of(0),
        lambda: levels_of(threading.get_ident()),
        processor_times,
        thread_idents,
        innermost_calls,
    ],
)
@pytest.mark.parametrize("collects", [True, False])
def test_nothing_is_collected_while_python_keeps_the_lock_of_its_threads(
    monkeypatch: pytest.MonkeyPatch, look: Callable[[], object], collects: bool
) -> None:
    current_frames, seen = sys._current_frames, list[bool]()

    def watched() -> object:
        seen.append(gc.isenabled())
        return current_frames()

    monkeypatch.setattr(sys, "_current_frames", watched)
    was = gc.isenabled()
    (gc.enable if collects else gc.disable)()
    try:
        assert look()
        assert gc.isenabled() is collects
    finally:
        (gc.enable if was else gc.disable)()
    assert seen, "it looked at no frames"
    assert not any(seen)


def test_a_thread_that_has_ended_waits_for_no_processor() -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    waits = processor_waits(f"self/task/{thread.native_id}")
    assert next(waits) >= 0.0
    over.set()
    thread.join()
    if sys.platform == "linux":  # a moment after that `threading` has let it go
        while os.path.exists(f"/proc/self/task/{thread.native_id}"):
            pass
    assert next(waits) == next(waits) == 0.0


# ---------------------------------------------------------------- without a GIL, as far as it can be seen with one


@pytest.fixture
def without_gil(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)


@pytest.fixture
def hashing() -> Iterator[int]:
    """A thread in one call into C after the other, at one place."""
    over, data = threading.Event(), bytes(20_000_000)

    def work() -> None:
        while not over.is_set():
            hashlib.sha256(data)

    thread = threading.Thread(target=work)
    thread.start()
    yield thread.ident or 0
    over.set()
    thread.join()


@pytest.mark.skipif(
    not hasattr(time, "pthread_getcpuclockid"), reason="threads have no clocks of their own here"
)
@pytest.mark.usefixtures("without_gil")
def test_without_a_gil_a_thread_that_stays_in_one_call_computes_in_c(hashing: int) -> None:
    until = time.monotonic() + 20
    while goes_on_without_gil(hashing) is not True:  # it may have no processor just then
        assert time.monotonic() < until
    waits = threading.Event()
    waiter = threading.Thread(target=waits.wait)
    waiter.start()
    try:
        assert goes_on_without_gil(waiter.ident or 0) is None
    finally:
        waits.set()
        waiter.join()


@pytest.mark.usefixtures("without_gil")
def test_without_a_gil_states_are_told_without_a_look_that_stops_all_threads(
    monkeypatch: pytest.MonkeyPatch, hashing: int
) -> None:
    def stops() -> object:
        raise AssertionError("all threads would have been stopped")

    monkeypatch.setattr(sys, "_current_frames", stops)
    states = ThreadStates(0.1)
    assert hashing in {change.ident for change in states.look()}


def test_all_stacks_are_those_of_the_others(hashing: int) -> None:
    stacks = all_stacks(hashing)
    assert next(iter(stacks)) == hashing
    assert "work" in [call.code.co_name for call in stacks[hashing]]
    assert threading.get_ident() not in stacks


@pytest.mark.usefixtures("without_gil")
def test_all_stacks_are_taken_in_one_look_without_a_gil(hashing: int) -> None:
    stacks = all_stacks(hashing)
    assert next(iter(stacks)) == hashing
    assert "work" in [call.code.co_name for call in stacks[hashing]]
    assert threading.get_ident() not in stacks
