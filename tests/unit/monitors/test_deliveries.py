"""What an event loop delivers: each for itself, as long as it was, and nothing of the program's own lines."""

from __future__ import annotations

import ctypes
import os
import queue
import threading
import time
from operator import call
from typing import TYPE_CHECKING, Any

import pytest

from workers.monitors.deliveries import looks as looks_file
from workers.monitors.deliveries.looks import Looks
from workers.monitors.deliveries.marks import Marks, levels_of
from workers.monitors.guilt import SourceFiles
from workers.monitors.stacks import ProcessorWaits, stack_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workers.monitors.deliveries.looks import Delivered

PATIENCE_S = 10.0
LONG_S = 0.060
POSIX = pytest.mark.skipif(os.name != "posix", reason="the sleep that keeps the GIL is POSIX's")


class Loop:
    """A thread with an event loop in C, which is looked at."""

    def __init__(self) -> None:
        self._orders: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.marks = Marks()
        self._thread = threading.Thread(target=self._live)
        self._thread.start()
        self.looks: Looks = self._done.get(timeout=PATIENCE_S)  # type: ignore[assignment]

    def _live(self) -> None:
        looks = Looks(self.marks, SourceFiles(), 0.002)
        looks.start()
        self._done.put(looks)
        while (order := self._orders.get()) is not None:
            order()
            self._done.put(None)
        looks.stop()
        self._done.put(None)

    def do(self, order: Callable[[], object]) -> list[Delivered]:
        """Let the thread do it in its own lines, and tell what was seen so far."""
        self._orders.put(order)
        self._done.get(timeout=PATIENCE_S)
        return self.looks.delivered()

    def turn(self, *delivered: Callable[[], object]) -> object:
        """One turn of the event loop; only in its thread."""
        return list(map(call, (self.marks.mark, *delivered, self.marks.mark)))

    def stands(self) -> None:
        """Stand still until the thread was seen to do so for LONG_S."""
        began, deadline = time.perf_counter(), time.perf_counter() + PATIENCE_S
        while time.perf_counter() < deadline:
            threading.Event().wait(0.002)
            seen = self.looks._stretch
            if seen is not None and seen.started > began - 0.001 and seen.ended - seen.started > LONG_S:
                return
        raise AssertionError("nobody looked")

    def close(self) -> None:
        self._orders.put(None)
        self._done.get(timeout=PATIENCE_S)
        self._thread.join()


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loop]:
    monkeypatch.setattr(ProcessorWaits, "total_s", lambda waits: 0.0)
    made = Loop()
    yield made
    made.close()


def test_a_slow_slot_is_told_with_its_line(loop: Loop) -> None:
    def on_click() -> None:
        loop.stands()

    (found,) = loop.do(lambda: loop.turn(on_click))
    assert found.name.endswith("on_click")
    assert found.freeze.line is not None
    assert found.freeze.line.file == __file__
    assert LONG_S < found.freeze.ended - found.freeze.started < PATIENCE_S
    assert found.freeze.stack[0].function == "turn"  # who runs the loop


def test_the_programs_own_lines_are_no_delivery(loop: Loop) -> None:
    lasted = threading.Event()
    assert loop.do(lambda: (loop.turn(), lasted.wait(3 * LONG_S), loop.turn())) == []


def test_each_thing_that_a_turn_delivers_counts_for_itself(loop: Loop) -> None:
    def first() -> None:
        loop.stands()

    def second() -> None:
        loop.stands()

    found = loop.do(lambda: loop.turn(first, second))
    assert [one.name.rpartition(".")[2] for one in found] == ["first", "second"]
    assert found[0].freeze.ended <= found[1].freeze.started


def test_the_same_slot_in_two_turns_are_two(loop: Loop) -> None:
    def slot() -> None:
        loop.stands()

    assert len(loop.do(lambda: (loop.turn(slot), loop.turn(slot)))) == 2


def test_a_slot_that_lets_the_loop_go_on_is_not_counted_meanwhile(loop: Loop) -> None:
    def inner() -> None:
        loop.stands()

    def outer() -> None:
        loop.turn(inner)
        loop.stands()

    found = loop.do(lambda: loop.turn(outer))
    assert [one.name.rpartition(".")[2] for one in found] == ["inner", "outer"]
    assert found[0].freeze.ended <= found[1].freeze.started


def test_what_is_no_python_is_seen_by_the_silence_of_the_loop(loop: Loop) -> None:
    gate = threading.Lock()
    gate.acquire()

    def let_go() -> None:
        loop.stands()
        gate.release()

    threading.Thread(target=let_go).start()
    (found,) = loop.do(lambda: loop.turn(gate.acquire))
    assert found.name == ""


def test_a_click_is_delivered_without_a_loop(loop: Loop) -> None:
    def on_click() -> None:
        loop.stands()

    (found,) = loop.do(lambda: loop.marks.click(call, on_click))
    assert found.name.endswith("on_click")


def test_each_letter_that_is_typed_is_one_thing(loop: Loop) -> None:
    typed: list[str] = []

    def on_key(_widget: object, letter: str) -> None:
        typed.append(letter)
        loop.stands()

    found = loop.do(lambda: loop.marks.clicks(lambda *told: call(on_key, *told), None, "ab"))
    assert typed == ["a", "b"]
    assert len(found) == 2


def test_what_a_test_sets_up_and_what_a_person_looks_at_counts_for_nothing(loop: Loop) -> None:
    lasted = threading.Event()

    def setUp() -> None:
        loop.turn(lambda: lasted.wait(3 * LONG_S))

    assert loop.do(setUp) == []
    loop.looks.is_paused = True
    assert loop.do(lambda: loop.turn(lambda: lasted.wait(3 * LONG_S))) == []


@POSIX
def test_a_call_into_c_that_keeps_the_gil_is_as_long_as_it_was(loop: Loop) -> None:
    with_gil: Any = ctypes.PyDLL(None)

    def slot() -> None:
        with_gil.usleep(400_000)

    deadline = time.perf_counter() + PATIENCE_S
    found: list[Delivered] = []
    while not found and time.perf_counter() < deadline:  # on a busy machine nobody may look meanwhile
        found = [one for one in loop.do(lambda: loop.turn(slot)) if one.name.endswith("slot")]
    assert found[0].freeze.kind == "c_gil"
    assert found[0].freeze.ended - found[0].freeze.started > looks_file.LATE_S


def test_the_time_without_a_processor_is_left_out(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = iter(range(100_000))
    monkeypatch.setattr(ProcessorWaits, "total_s", lambda one: float(next(waits)))

    def slot() -> None:
        loop.stands()

    assert loop.do(lambda: loop.turn(slot)) == []


def test_what_goes_wrong_while_it_looks_is_raised_where_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = threading.Event()

    def fail(_ident: int) -> list[object]:
        seen.set()
        raise OSError("no stacks today")

    monkeypatch.setattr(looks_file, "levels_of", fail)
    looks = Looks(Marks(), SourceFiles())
    looks.start()
    assert seen.wait(PATIENCE_S)
    with pytest.raises(OSError, match="no stacks today"):
        looks.stop()


def test_levels_are_the_stack_with_its_frames() -> None:
    me = threading.get_ident()
    assert [level.call.code for level in levels_of(me)][1:] == [one.code for one in stack_of(me)][1:]
    assert levels_of(-1) == []
