"""The garbage collector is held off by threads of ours while they run, and `gc` says what everybody else told it."""

from __future__ import annotations

import _thread
import gc
import threading
import time
from typing import TYPE_CHECKING

import pytest

from workers.monitors.process import collector
from workers.monitors.process.collector import OwnThread, Wake

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT_S = 20.0


@pytest.fixture(autouse=True)
def shared() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    end = collector.share()
    yield
    end()
    assert gc.isenabled is collector.is_enabled
    assert collector.is_enabled()
    if not was_on:
        gc.disable()


class Ours:
    """A thread of ours: it runs until `rest`, waits until `go_on`, and runs until `end`."""

    def __init__(self) -> None:
        self._runs, self._rests = threading.Event(), threading.Event()
        self._to_rest, self._to_end = threading.Event(), threading.Event()
        self._to_go_on, self._thread = Wake(), OwnThread(self._live)
        self._thread.start()
        assert self._runs.wait(LIMIT_S)

    def _live(self) -> None:
        self._runs.set()
        self._to_rest.wait(LIMIT_S)
        collector.unheld(self._rests.set)
        self._to_go_on.wait(LIMIT_S)
        self._runs.set()
        self._to_end.wait(LIMIT_S)

    def rest(self) -> None:
        self._runs.clear()
        self._to_rest.set()
        assert self._rests.wait(LIMIT_S)

    def go_on(self) -> None:
        self._to_go_on.set()
        assert self._runs.wait(LIMIT_S)

    def end(self) -> None:
        for event in (self._to_rest, self._to_go_on, self._to_end):
            event.set()
        self._thread.join(LIMIT_S)
        assert not self._thread.is_alive()


@pytest.fixture
def two() -> Iterator[tuple[Ours, Ours]]:
    both = Ours(), Ours()
    yield both
    for one in both:
        one.end()


def comes_on() -> bool:
    """Whether it is on soon: a thread that goes to its wait tells nobody when it is there."""
    until = time.monotonic() + LIMIT_S
    while not collector.is_enabled() and time.monotonic() < until:
        pass
    return collector.is_enabled()


def test_it_is_off_while_one_of_ours_runs_and_nobody_else_sees_that(two: tuple[Ours, Ours]) -> None:
    first, second = two
    assert (collector.is_enabled(), gc.isenabled()) == (False, True)
    first.rest()
    assert (collector.is_enabled(), gc.isenabled()) == (False, True)
    second.rest()
    assert comes_on()
    first.go_on()
    assert (collector.is_enabled(), gc.isenabled()) == (False, True)


def test_what_the_program_says_meanwhile_holds(two: tuple[Ours, Ours]) -> None:
    first, second = two
    gc.disable()
    assert (collector.is_enabled(), gc.isenabled()) == (False, False)
    first.end()
    second.end()
    assert (collector.is_enabled(), gc.isenabled()) == (False, False)
    third = Ours()
    assert not gc.isenabled()
    gc.enable()
    assert (collector.is_enabled(), gc.isenabled()) == (False, True)
    third.end()
    assert (collector.is_enabled(), gc.isenabled()) == (True, True)


def test_one_that_is_left_behind_holds_nothing_off(two: tuple[Ours, Ours]) -> None:
    collector.forsake()
    assert (collector.is_enabled(), gc.isenabled()) == (True, True)


def test_a_thread_that_cannot_start_holds_nothing_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_told: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.delattr(_thread, "start_joinable_thread", raising=False)
    monkeypatch.setattr(_thread, "start_new_thread", refuse)
    with pytest.raises(RuntimeError):
        OwnThread(int).start()
    assert collector.is_enabled()
