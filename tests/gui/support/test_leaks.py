"""What a test leaves of Qt: a timer is told with the line that started it, and no thread collects any of it."""

from __future__ import annotations

import gc
import re
import sys
import threading
import weakref
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


def test_no_thread_of_the_next_test_collects_what_is_left_of_qt(qapp: QApplication) -> None:
    """Destroyed there, a timer that runs stays on the GUI thread's list: the next look at it crashed."""
    collected_in: list[int] = []
    timer = QTimer(singleShot=True)
    timer.start(60_000)
    timer.itself = timer  # type: ignore[attr-defined]
    weakref.finalize(timer, lambda: collected_in.append(threading.get_ident()))
    del timer
    assert not gc.isenabled(), "nor does one of the test itself"
    Before(is_qt_used=False)
    assert gc.isenabled(), "where there is no Qt the collector works as ever"
    thread = threading.Thread(target=gc.collect)
    thread.start()
    thread.join()
    gc.disable()
    assert collected_in == [threading.get_ident()]
