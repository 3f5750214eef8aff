"""The free cores that are measured: what threads got of the processors, and no more than there are."""

from __future__ import annotations

import os
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING

from workers.reports.summary import usable_cpus
from workers.teaching import free_cores

if TYPE_CHECKING:
    import pytest


def test_it_is_more_than_nothing_and_no_more_than_there_are() -> None:
    # A thread's time is told in ticks of up to 16 ms on some systems.
    assert 0 < free_cores.in_a_moment(0.1) <= usable_cpus() + 0.5


def test_processor_time_counts_and_not_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three processors that others leave half of, one and a half are free."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1, 2}, raising=False)
    clock, used = iter([0.0, *[2.0] * 4]), dict[int, float]()

    def thread_time() -> float:
        mine = threading.get_ident()
        used[mine] = used.get(mine, -1.0) + 1.0
        return used[mine]

    own = SimpleNamespace(perf_counter=lambda: next(clock), thread_time=thread_time)
    monkeypatch.setattr(free_cores, "time", own)
    assert free_cores.in_a_moment(1.0) == 1.5


def test_without_affinity_all_processors_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    began: list[str] = []
    start = threading.Thread.start

    def note(thread: threading.Thread) -> None:
        began.append(thread.name)
        start(thread)

    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    monkeypatch.setattr(threading.Thread, "start", note)
    free_cores.in_a_moment(0.01)
    assert began == ["free cores"] * 3


def test_a_moment_in_which_something_starts_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter([0.9, 1.1, 1.9, 1.8])
    monkeypatch.setattr(free_cores, "in_a_moment", lambda: next(found))
    assert free_cores.free_cores() == 1.9
