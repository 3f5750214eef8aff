"""What is promised of a process for each task, whose other promises take the long run: the task is all that it has."""

from __future__ import annotations

import errno
import os
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.runner_harness import Harness
from workers.engine.plan import Settings
from workers.engine.task import Phase
from workers.runners import process_per_task

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from workers.engine.run import Run

REMOTE = "tests.contract.remote_work:"
POSIX = pytest.mark.skipif(os.name != "posix", reason="niceness and signals are POSIX's")


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[Harness]:
    made = Harness("process_per_task")
    yield made
    assert made.until(lambda: made.session.close(0)), "its processes did not end"


def start(harness: Harness, workload: str, tasks: int = 2, workers: int = 2, **params: object) -> Run:
    settings = Settings.named(harness.runner, REMOTE + workload, tasks, workers, tuple(params.items()))
    return harness.session.start(settings)


@POSIX
def test_each_task_has_a_process_of_its_own_behind_the_gui_and_without_qt(harness: Harness) -> None:
    start(harness, "where", tasks=3)
    run = harness.finish()
    assert len({found["pid"] for found in harness.results} - {os.getpid()}) == 3
    assert {found["nice"] for found in harness.results} == {os.nice(0) + 10}
    assert [found["qt"] for found in harness.results] == [[]] * 3
    assert set(run.recorder.places[1:]) == {"process 1", "process 2"}


@POSIX
def test_a_task_whose_process_dies_harms_no_other(harness: Harness, tmp_path: Path) -> None:
    start(harness, "ends_its_process", tasks=3, folder=str(tmp_path), times=9)
    run = harness.finish()
    assert sorted(harness.results) == ["1 after 0", "2 after 0"]
    assert run.recorder.errors == {
        0: "The process that ran the task was ended by the signal SIGKILL. It was tried 2 times."
    }


def test_it_is_paused_resumed_and_cancelled(harness: Harness) -> None:
    start(harness, "slow", tasks=1, steps=100_000)

    def told(phase: Phase) -> bool:
        return any(event.phase is phase for event in harness.events)

    assert harness.until(lambda: told(Phase.PROGRESS)), "progress comes while it runs"
    harness.session.pause()
    assert harness.until(lambda: told(Phase.PAUSED))
    harness.session.resume()
    assert harness.until(lambda: told(Phase.RESUMED))
    harness.session.cancel()
    assert harness.finish().recorder.cancelled == 1


def test_one_that_heeds_no_cancel_is_killed(harness: Harness) -> None:
    run = start(harness, "deaf", tasks=3)
    assert harness.until(lambda: run.recorder.running == 2)
    pids = list(harness.session._runner.processes())  # type: ignore[union-attr]
    harness.session.cancel()
    harness.finish()
    assert run.recorder.cancelled == 3
    assert harness.until(lambda: harness.session.close(0))
    assert not [pid for pid in pids if psutil.pid_exists(pid)]


def test_one_that_does_not_end_with_its_task_leaves_its_place_to_the_next(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function left a thread, say, for which the interpreter waits."""
    monkeypatch.setattr(process_per_task, "END_S", 0.1)
    start(harness, "leaves_a_thread", tasks=2, workers=1)
    assert harness.finish().recorder.done == 2


def test_where_the_system_gives_no_more_processes_a_task_waits_for_one_to_end(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system with room for one."""
    begin, refused = BaseProcess.start, []

    def start_one(process: BaseProcess) -> None:
        if harness.session._runner._places:  # type: ignore[union-attr]
            refused.append(process.name)
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        begin(process)

    monkeypatch.setattr(BaseProcess, "start", start_one)
    start(harness, "where", tasks=2)
    assert harness.finish().recorder.done == 2
    assert refused


def test_where_the_system_gives_none_at_all_that_is_said(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(process: BaseProcess) -> None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    monkeypatch.setattr(BaseProcess, "start", refuse)
    start(harness, "where", tasks=3)
    run = harness.finish()
    assert set(run.recorder.errors.values()) == {"No process could be started: Cannot allocate memory."}
