"""The hook in a real event loop: open while it waits, shut while it handles events."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from workers.utils.gil.polite import Polite

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt's event loop is not glib's")
def test_the_gate_of_a_program_is_shut_while_its_window_handles_events(qtbot: QtBot) -> None:
    with closing(Polite()) as polite:
        assert polite.has_gate
        seen: list[bool] = []
        timer = QTimer()
        timer.timeout.connect(lambda: seen.append(polite.gate.shut))
        timer.start(1)
        qtbot.waitUntil(lambda: len(seen) >= 3)
        timer.stop()
        assert all(seen)
    assert not polite.gate.shut
