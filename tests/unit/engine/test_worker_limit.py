"""A run has as many workers as the system has room for, and says so where that is fewer than was asked for."""

from __future__ import annotations

import threading

import pytest

from workers.engine import worker_limit
from workers.engine.plan import Settings
from workers.utils.errors import NO_FILES, NO_THREADS, BadInput

FILES = {"thread_pool": 3, "q_thread_pool": 4, "process_pool": 5}
"""What a worker that downloads keeps open there, in this process."""


@pytest.mark.parametrize(("runner", "each"), FILES.items())
@pytest.mark.parametrize("left", [-5, 0, 1, 40, 1000])
def test_files(runner: str, each: int, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_limit, "max_files", lambda: left + 20 + worker_limit.SPARE_FILES)
    monkeypatch.setattr(worker_limit, "_open_files", lambda: 20)
    fit, why = worker_limit.fitting(Settings.named(runner, "download", 100, 16))
    assert fit == max(1, min(16, left // each))
    limit = NO_FILES.format(f" (ulimit -n is {left + 28:,})")
    assert why == (f"{limit} Of 16 workers there was room for {fit}." if fit < 16 else "")
    assert worker_limit.fitting(Settings.named("gui_thread", "download", 100, 16)) == (16, ""), (
        "it has one at a time"
    )


def test_systems_that_say_nothing_are_taken_to_have_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_limit, "max_files", lambda: 0)
    assert worker_limit.fitting(Settings.named("qthread", "download", 100, 16)) == (16, "")


@pytest.mark.parametrize(
    ("given", "fit"), [(worker_limit.SPARE_THREADS + 5, 5), (worker_limit.SPARE_THREADS, 0), (99, 16)]
)
def test_threads(given: int, fit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[threading.Thread] = []
    start = threading.Thread.start

    def starts(thread: threading.Thread) -> None:
        if len(started) >= given:
            raise RuntimeError("can't start new thread")
        start(thread)
        started.append(thread)

    monkeypatch.setattr(threading.Thread, "start", starts)
    settings = Settings.named("thread_pool", "primes", 100, 16)
    if fit:
        why = f"{NO_THREADS} Of 16 workers there was room for {fit}." if fit < 16 else ""
        assert worker_limit.fitting(settings) == (fit, why)
    else:
        with pytest.raises(BadInput, match="no more threads"):
            worker_limit.fitting(settings)
    assert not any(thread.is_alive() for thread in started)
