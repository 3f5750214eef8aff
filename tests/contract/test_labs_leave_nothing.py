"""Labs that start threads, pools, processes and loops of their own leave none of them behind, whatever ends them."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.lab_runs import cancel_lab
from workers.catalog import labs

if TYPE_CHECKING:
    from workers.engine.run import Run

STARTERS = ("leaving", "leak", "loop", "pool", "results", "sharing", "slot")
SOON_S = 2.0
"""Far more than a cancel takes, on a machine that does much else."""


def cancelled(version: str, after: str) -> tuple[Run, float]:
    """A run of a version that was cancelled, and how long it took to end.

    Args:
        version: such as "leak.kept".
        after: "begin": as soon as a task has begun; "child": when a process is there; "thread": when one is there.
    """
    threads, children = threading.active_count(), _children()

    def is_time(run: Run) -> bool:
        if after == "begin":
            return run.recorder.running > 0
        if after == "child":
            return _children() > children
        return threading.active_count() > threads + 1  # one is the task's

    run, moment = cancel_lab(version, is_time)
    assert moment, f"it was over before there was a {after}"
    took = time.perf_counter() - moment
    assert _children() <= children
    return run, took


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


@pytest.mark.parametrize("version", [name for name in labs.versions() if name.startswith(STARTERS)])
def test_nothing_is_left_after_a_cancel_at_once(version: str) -> None:
    run, seconds = cancelled(version, "begin")
    assert run.recorder.finals == run.recorder.count
    assert seconds < SOON_S


@pytest.mark.parametrize("version", ["leaving.joined", "sharing.value_locked", "slot.widget_by_signal"])
def test_a_child_process_ends_with_its_task(version: str) -> None:
    run, seconds = cancelled(version, "child")
    assert run.recorder.cancelled == 1
    assert seconds < SOON_S


OTHERS = 4 if os.name == "posix" else 3
"""The child and two that it has started; and, where there is such a thing, what tracks their resources."""


def test_processes_that_a_child_has_started_end_with_it() -> None:
    """They are nobody's children once it is killed: they look after it themselves."""
    ours = psutil.Process()
    before = set(ours.children(recursive=True))
    started: set[psutil.Process] = set()

    def has_started_others(run: Run) -> bool:
        started.update(set(ours.children(recursive=True)) - before)
        return len(started) >= OTHERS

    cancel_lab("sharing.value_locked", has_started_others)
    assert len(started) >= OTHERS
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not alive


@pytest.mark.parametrize("version", ["leak.kept", "results.map", "slot.lock_in_slot", "slot.join_in_slot"])
def test_threads_of_a_task_end_with_it(version: str) -> None:
    before = set(threading.enumerate())
    run, seconds = cancelled(version, "thread")
    assert run.recorder.finals == 1
    assert seconds < SOON_S
    assert set(threading.enumerate()) <= before
