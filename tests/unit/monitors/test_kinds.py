"""What the innermost call of a stack is found to do: by its place in the source, to the column."""

from __future__ import annotations

import os
import queue
import runpy
import socket
import sys
import threading
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from workers.monitors.kinds import WORK, Kinds
from workers.monitors.stacks import Call, processor_times, stack_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

nap = time.sleep


@contextmanager
def caught(action: Callable[[], object], let_go: Callable[[], object]) -> Iterator[Call]:
    """The innermost call of a thread that hangs in `action`."""
    thread = threading.Thread(target=action)
    thread.start()
    assert thread.ident is not None
    deadline = time.monotonic() + 5
    before = None
    while time.monotonic() < deadline:  # until it stands still
        stack = stack_of(thread.ident)
        now = [(call.code, call.instruction) for call in stack]
        if now and now == before and any(call.code is action.__code__ for call in stack):
            break
        before = now
        threading.Event().wait(0.02)
    try:
        yield stack[0]
    finally:
        let_go()
        thread.join()


def test_waits_are_told_apart() -> None:
    here, there = socket.socketpair()
    read_end, write_end = os.pipe()
    lock, event, things = threading.Lock(), threading.Event(), queue.SimpleQueue[int]()

    def receive() -> object:
        return len(here.recv(1))

    def read() -> object:
        return [os.read(read_end, 1)]

    def read_lines() -> None:
        for _ in there_file:
            return

    def acquire() -> None:
        lock.acquire()

    def enter() -> None:
        with lock:
            pass

    def wait() -> object:
        return event.wait()

    def get() -> object:
        return things.get(
            timeout=9,
        )

    there_file = os.fdopen(os.dup(read_end), "rb")
    lock.acquire()
    cases: list[tuple[Callable[[], object], Callable[[], object], str]] = [
        (receive, lambda: there.send(b"x"), "network"),
        (read, lambda: os.write(write_end, b"x"), "io"),
        (acquire, lock.release, "lock"),
        (enter, lock.release, "lock"),
        (wait, event.set, "lock"),
        (get, lambda: things.put(1), "lock"),
        (read_lines, lambda: os.close(write_end), "io"),
    ]
    with here, there, there_file:
        found = {}
        for action, let_go, wanted in cases:
            if action is enter:
                lock.acquire(blocking=False)  # the one before has it
            with caught(action, let_go) as call:
                found[action.__name__] = Kinds().of(call)[0]
            assert found[action.__name__] == wanted, action.__name__
    os.close(read_end)


@pytest.mark.parametrize(("file", "kind"), [("ssl.py", "network"), ("archive.py", "io")])
def test_what_the_library_of_connections_reads_is_the_network(file: str, kind: str, tmp_path: Path) -> None:
    """There a connection is read by the name that files are read by elsewhere."""
    path = tmp_path / file
    path.write_text("def read(of):\n    return of.read(1)\n")
    read = runpy.run_path(str(path))["read"]
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb", buffering=0) as pipe:

        def action() -> None:
            read(pipe)

        with caught(action, lambda: os.close(write_end)) as call:
            assert Kinds().of(call)[0] == kind


@pytest.mark.parametrize("name", ["time.sleep", "nap"])
def test_a_sleep_is_found_by_what_the_name_stands_for(name: str) -> None:
    def plain() -> None:
        time.sleep(0.3)

    def other() -> None:
        nap(0.3)

    with caught(plain if name == "time.sleep" else other, lambda: None) as call:
        assert Kinds().of(call) == ("sleep", True)
        assert Kinds().is_certain(call)


def test_of_several_calls_on_a_line_the_current_one_counts() -> None:
    event = threading.Event()

    def line() -> None:
        [len("recv"), sum([1, 2]), event.wait(), time.perf_counter()]

    with caught(line, event.set) as call:
        assert call.code.co_filename == threading.__file__
        assert Kinds().of(call)[0] == "lock"
        assert Kinds().is_certain(call)


def test_what_has_no_source_is_work() -> None:
    code = compile("1 + 1", "<nowhere>", "eval")
    assert Kinds().of(Call(code, 1, 0, {})) == (WORK, False)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.monitors.kinds.MAX_KNOWN", 10)
    kinds = Kinds()
    for number in range(50):
        kinds.of(Call(compile("1 + 1", f"<{number}>", "eval"), 1, 0, {}))
    assert len(kinds._known) <= 10


def test_a_stack_begins_with_the_innermost_call_and_keeps_no_frame() -> None:
    class Thing:
        pass

    ends: list[str] = []

    def outer() -> None:
        thing = Thing()
        weakref.finalize(thing, lambda: ends.append(threading.current_thread().name))
        inner()

    def inner() -> None:
        go.wait()

    go = threading.Event()
    thread = threading.Thread(target=outer, name="the owner")
    thread.start()
    assert thread.ident is not None
    while "inner" not in (names := [call.code.co_name for call in stack_of(thread.ident)]):
        pass
    assert names.index("inner") < names.index("outer")
    assert names[-1] == "_bootstrap"
    go.set()
    thread.join()
    assert ends == ["the owner"], "what a thread owned ended in it"
    assert stack_of(thread.ident) == [], "a thread that has ended has none"


@pytest.mark.skipif(sys.platform != "linux", reason="asks for the clocks of other threads")
def test_processor_times_are_told_for_each_thread() -> None:
    before = processor_times()
    until = time.thread_time() + 0.05
    while time.thread_time() < until:
        pass
    me = threading.get_ident()
    assert processor_times()[me] - before[me] >= 0.05


def test_a_call_without_a_line_stands_where_its_function_begins() -> None:
    """In the middle of what the compiler made there is none: a card would blame line 0."""
    code = stack_of.__code__
    assert Call(code, None, 0, {}).place == (code.co_filename, code.co_firstlineno, "stack_of")
    assert Call(code, 7, 0, {}).place == (code.co_filename, 7, "stack_of")
