"""What is seen of a watched loop's thread: none of ours is to blame."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from workers.agent.watching import hidden
from workers.agent.watching.loop_thread import LoopThread
from workers.agent.watching.watched_loop import WatchedLoop
from workers.monitors.evidence import Gap
from workers.monitors.freeze import GUI
from workers.monitors.guilt import SourceFiles
from workers.monitors.threads.standing import COUNTS

LOOKER = 4_711


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> LoopThread:
    monkeypatch.setattr(hidden, "idents", {LOOKER})
    return LoopThread(WatchedLoop("asyncio"), SourceFiles(Path("/nowhere"), watched=True), 0.25)


def test_the_line_of_a_thread_of_ours_is_not_blamed(one: LoopThread) -> None:
    dump = (
        f'Thread 0x{LOOKER:x} (most recent call first):\n  File "outbox.py", line 7 in take\n\n'
        f'Thread 0x{threading.get_ident():x} (most recent call first):\n  File "app.py", line 9 in load\n'
    )
    gap = Gap(1.0, None, {LOOKER: 0.9, threading.get_ident(): 0.1}, True, None)
    found = one.from_dump(dump, 0.0, 1.0, gap)
    assert found is not None
    assert found.calls == (("app.py", 9, "load"),)


@pytest.mark.skipif(not COUNTS, reason="nobody counts the waits for a processor")
def test_a_loop_that_is_busy_itself_is_told_as_that(one: LoopThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as JavaScript in QML, or a painting in C++: the innermost line runs the loop, and it computes."""
    monkeypatch.setattr(one._loop, "inside", lambda stack: 0)
    now = time.perf_counter()
    mine = threading.get_ident()
    busy = Gap(1.0, True, {mine: 0.9, 99: 0.4}, False, None)
    found = one.sample(now, now - 1.0, busy)
    assert found is not None
    assert (found.kind, found.holder, found.line.file) == ("loop", GUI, __file__)
    asleep = busy._replace(length=0.1, used={mine: 0.0})
    monkeypatch.setattr(one, "_no_processor", iter([0.0, 0.09, 0.0]))
    told = [one.sample(now, now - 0.1, asleep), one.sample(now, now - 0.1, asleep)]
    assert [sample and sample.kind for sample in told] == ["loop", None]
    assert one.sample(now, now - 9.0, asleep._replace(length=9.0)) is None  # as after a stop of the process


def test_before_its_first_turn_nobody_saw_a_program_it_was_in_its_own_lines(one: LoopThread) -> None:
    began = one._loop.began
    assert one.own_lines(began, began + 3.0) == [(began, began + 3.0)]
    assert not one.own_lines(began + 3.0, began + 6.0)
    assert not one.stretches(began, began + 3.0)
