"""The thread that tells: what it does where the program's end is quicker."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from workers.agent.messages import Hello, Trouble
from workers.agent.outbox import Outbox
from workers.agent.teller import Teller
from workers.agent.watching.watched_loop import WatchedLoop
from workers.monitors.watchdog import Watchdog

if TYPE_CHECKING:
    import pytest


def test_a_program_that_ends_while_the_monitors_begin_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """From Python 3.12 on no thread begins at the end any more."""

    def refuse(watchdog: Watchdog) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(Watchdog, "start", refuse)
    outbox, failed = Outbox(), []
    sink: Any = SimpleNamespace(put=outbox.put, step=lambda *told: [], is_broken=False)
    host: Any = SimpleNamespace(
        folder=Path.cwd(), over_s=0.25, stacks=None, has_dumps=False, began=0.0, fail=lambda: failed.append(1)
    )
    teller = Teller(host, WatchedLoop("asyncio"), sink)
    teller.start()
    assert teller._thread is not None
    until = time.monotonic() + 20
    while teller._thread.is_alive() and time.monotonic() < until:
        pass
    assert teller.stop()
    assert not failed
    kinds = {type(message) for message in outbox.take()}
    assert Hello in kinds
    assert Trouble not in kinds
