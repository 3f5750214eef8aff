"""What is seen of a watched loop's thread: none of ours is to blame."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from workers.agent.watching import hidden
from workers.agent.watching.loop_thread import LoopThread
from workers.agent.watching.watched_loop import WatchedLoop
from workers.monitors.evidence import Gap
from workers.monitors.guilt import SourceFiles

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
