"""What is asked of other threads, which may end at any moment."""

from __future__ import annotations

import gc
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from workers.monitors.deliveries.marks import levels_of
from workers.monitors.stacks import goes_on_without_gil, processor_times, stack_of, thread_idents
from workers.monitors.threads.states import innermost_calls

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.skipif(
    not hasattr(time, "pthread_getcpuclockid"), reason="threads have no clocks of their own here"
)
def test_of_a_thread_that_has_ended_nothing_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog asks it of a GUI thread that may just be leaving."""

    def gone(clock: int) -> float:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(time, "clock_gettime", gone)
    assert goes_on_without_gil(threading.get_ident()) is None


@pytest.mark.parametrize(
    "look",
    [
        lambda: stack_of(threading.get_ident()),
        lambda: not stack_of(0),
        lambda: levels_of(threading.get_ident()),
        processor_times,
        thread_idents,
        innermost_calls,
    ],
)
@pytest.mark.parametrize("collects", [True, False])
def test_nothing_is_collected_while_python_keeps_the_lock_of_its_threads(
    monkeypatch: pytest.MonkeyPatch, look: Callable[[], object], collects: bool
) -> None:
    current_frames, seen = sys._current_frames, list[bool]()

    def watched() -> object:
        seen.append(gc.isenabled())
        return current_frames()

    monkeypatch.setattr(sys, "_current_frames", watched)
    was = gc.isenabled()
    (gc.enable if collects else gc.disable)()
    try:
        assert look()
        assert gc.isenabled() is collects
    finally:
        (gc.enable if was else gc.disable)()
    assert seen, "it looked at no frames"
    assert not any(seen)
