"""A Qt timer that a test leaves behind is told with the line of the checkout that started it."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from tests.support.leaks import Before

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

HERE = re.escape("tests/gui/support/test_leaks.py")


def test_a_timer_is_told_with_the_line_that_started_it(qapp: QApplication) -> None:
    before, timer = Before(True), QTimer()
    line = sys._getframe().f_lineno + 1
    timer.start(60_000)
    with pytest.raises(
        AssertionError, match=f"timers were left running: '60000 ms of None', started at {HERE}:{line}$"
    ):
        before.check()
    timer.stop()
    before.check()


def test_a_timer_s_start_is_a_slot_as_ever(qapp: QApplication) -> None:
    first, second = QTimer(), QTimer(interval=60_000)
    Before(True)
    first.timeout.connect(second.start)
    first.timeout.emit()
    assert second.isActive()
    second.stop()
