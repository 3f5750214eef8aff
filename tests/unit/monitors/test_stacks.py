"""What is asked of other threads, which may end at any moment."""

from __future__ import annotations

import threading
import time

import pytest

from workers.monitors.stacks import goes_on_without_gil


@pytest.mark.skipif(
    not hasattr(time, "pthread_getcpuclockid"), reason="threads have no clocks of their own here"
)
def test_of_a_thread_that_has_ended_nothing_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog asks it of a GUI thread that may just be leaving."""

    def gone(clock: int) -> float:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(time, "clock_gettime", gone)
    assert goes_on_without_gil(threading.get_ident()) is None
