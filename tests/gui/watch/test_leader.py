"""Who leads a watched program from its start to its end: what may happen while it is about to start."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.watch import leader
from tests.support.watched_programs import MadeWatcher
from workers.watch.program import Program

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot


def test_what_is_started_while_the_window_goes_is_let_go(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    begins, may_start, let_go = threading.Event(), threading.Event(), threading.Event()

    class SlowWatcher(MadeWatcher):
        def start(self) -> None:
            begins.set()
            may_start.wait()

        def leave(self) -> None:
            let_go.set()

    monkeypatch.setattr(leader, "Watcher", SlowWatcher)
    owner = QObject()
    watches = leader.WatchLeader(owner)
    watches.start_program(Program("my_app.py"))
    assert begins.wait(5)
    watches.close()
    may_start.set()
    assert let_go.wait(5)
