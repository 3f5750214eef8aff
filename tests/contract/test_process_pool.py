"""What is promised of processes beyond what every runner promises: they die, and can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.runner_harness import Harness
from workers.engine.plan import Settings
from workers.engine.task import Phase
from workers.runners.process_pool import ProcessPoolRunner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from workers.engine.run import Run

ROOT = Path(__file__).parents[2]
REMOTE = "tests.contract.remote_work:"
POSIX = pytest.mark.skipif(os.name != "posix", reason="niceness and signals are POSIX's")


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[Harness]:
    made = Harness("process_pool")
    yield made
    assert made.until(lambda: made.session.close(0)), "its processes did not end"


def start(harness: Harness, workload: str, tasks: int = 2, workers: int = 2, **params: object) -> Run:
    settings = Settings.named("process_pool", REMOTE + workload, tasks, workers, tuple(params.items()))
    return harness.session.start(settings)


def runner(harness: Harness) -> ProcessPoolRunner:
    found = harness.session._runner
    assert isinstance(found, ProcessPoolRunner)
    return found


@POSIX
def test_work_runs_in_other_processes_behind_the_gui_and_without_qt(harness: Harness) -> None:
    start(harness, "where", tasks=6)
    harness.finish()
    assert {found["pid"] for found in harness.results}.isdisjoint({os.getpid()})
    assert {found["nice"] for found in harness.results} == {os.nice(0) + 10}
    assert [found["qt"] for found in harness.results] == [[]] * 6


@POSIX
def test_impolite_work_is_as_important_as_the_gui(harness: Harness) -> None:
    harness.session.start(Settings.named("process_pool", REMOTE + "where", 1, 1, polite=False))
    harness.finish()
    assert [found["nice"] for found in harness.results] == [os.nice(0)]


@POSIX
def test_a_task_whose_process_dies_is_run_once_more(harness: Harness, tmp_path: Path) -> None:
    start(harness, "ends_its_process", tasks=4, folder=str(tmp_path), times=1)
    run = harness.finish()
    assert run.recorder.done == 4
    assert sorted(harness.results) == ["0 after 1", "1 after 0", "2 after 0", "3 after 0"]
    # Its progress may be left out.
    phases = [event.phase for event in harness.events_of(0) if event.phase is not Phase.PROGRESS]
    assert phases == [Phase.STARTED, Phase.WAITING, Phase.RESUMED, Phase.DONE]


@POSIX
def test_a_task_whose_process_dies_twice_has_failed_and_the_rest_goes_on(
    harness: Harness, tmp_path: Path
) -> None:
    start(harness, "ends_its_process", tasks=6, folder=str(tmp_path), times=9)
    run = harness.finish()
    assert (run.recorder.done, run.recorder.failed) == (5, 1)
    assert run.recorder.errors == {
        0: "The process that ran the task was ended by the signal SIGKILL. It was tried 2 times."
    }


def test_a_process_that_leaves_says_its_exit_code(harness: Harness) -> None:
    start(harness, "leaves", tasks=1)
    run = harness.finish()
    assert run.recorder.errors == {
        0: "The process that ran the task ended with the exit code 3. It was tried 2 times."
    }


KILLS = 8
"""In one run; `scripts/bench runners` kills twenty."""


@POSIX
def test_processes_are_killed_again_and_again_and_no_task_is_lost(harness: Harness) -> None:
    tasks = 3 * KILLS
    run = start(harness, "slow", tasks=tasks, workers=2)
    killed: list[int] = []

    def kill() -> None:
        """From outside, again and again, as soon as new processes are at work."""
        last = 0.0
        while len(killed) < KILLS and run.ended is None:
            latest = harness.events[-1] if harness.events else None
            pids = [one.pid for one in runner(harness)._processes if one.pid and one.pid not in killed]
            if pids and latest and latest.time > last and latest.phase in {Phase.STARTED, Phase.RESUMED}:
                last = time.perf_counter()
                killed.append(pids[len(killed) % len(pids)])
                os.kill(killed[-1], signal.SIGKILL)
            threading.Event().wait(0.005)

    killer = threading.Thread(target=kill)
    killer.start()
    assert harness.until(lambda: run.ended is not None, 60)
    killer.join()
    assert len(killed) == KILLS
    finals = [event.number for event in harness.events if event.phase.is_final]
    assert sorted(finals) == [run.recorder.first + index for index in range(tasks)]
    assert run.recorder.done + run.recorder.failed == tasks
    assert harness.until(lambda: harness.session.close(0))
    assert not [pid for pid in killed if psutil.pid_exists(pid)]


def test_a_process_that_heeds_no_cancel_is_killed(harness: Harness) -> None:
    run = start(harness, "deaf", tasks=3)
    assert harness.until(lambda: run.recorder.running == 2)
    pids = list(runner(harness).processes())
    harness.session.cancel()
    run = harness.finish()
    assert run.recorder.cancelled == 3
    assert harness.until(lambda: harness.session.close(0))
    assert not [pid for pid in pids if psutil.pid_exists(pid)]


def test_a_process_that_does_not_end_is_killed(harness: Harness) -> None:
    """A function left a thread, say, for which the interpreter waits."""
    start(harness, "leaves_a_thread")
    harness.finish()
    assert harness.until(lambda: harness.session.close(0))
    assert not [pid for pid in harness.results if psutil.pid_exists(pid)]


def test_a_cancel_before_any_process_is_ready_ends_the_run(harness: Harness) -> None:
    run = start(harness, "slow", tasks=50, steps=10_000)
    harness.session.cancel()
    harness.finish()
    assert run.recorder.cancelled == 50


def test_a_flood_of_progress_arrives_whole_and_few_of_its_events_go_on(harness: Harness) -> None:
    run = start(harness, "flood", tasks=1, workers=1, events=100_000)
    far = runner(harness)
    harness.finish()
    assert far._in_flight.received > 100_000
    assert run.recorder.amount == 100_000
    assert len(harness.events) < 1_000, "and the GUI thread is spared"


@pytest.mark.parametrize("runner", ["process_pool", pytest.param("process_per_task", marks=pytest.mark.long)])
def test_all_processes_end_with_the_program_even_if_it_is_killed(runner: str) -> None:
    command = [sys.executable, "main.py", "--headless", "--runner", runner, "--workload", "sleep"]
    program = subprocess.Popen(
        [*command, "--param", "seconds=60", "--tasks", "2"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert program.stderr is not None
    try:
        mother = psutil.Process(program.pid)
        deadline = time.monotonic() + 20
        workers: list[psutil.Process] = []
        while len(workers) < 2 and time.monotonic() < deadline:
            workers = [one for one in mother.children() if "spawn_main" in " ".join(one.cmdline())]
            threading.Event().wait(0.02)
        assert len(workers) == 2
        everyone = mother.children(recursive=True)
        program.kill()
        program.wait()
        assert psutil.wait_procs(everyone, 20)[1] == []
        assert b"Traceback" not in program.stderr.read()
    finally:
        program.kill()
        program.wait()
        program.stderr.close()
