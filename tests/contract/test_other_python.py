"""What is promised of another Python: every one that is found here runs our work, and one that is broken is told of."""

from __future__ import annotations

import itertools
import os
import re
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.runner_harness import Harness
from workers.engine.plan import Settings
from workers.engine.task import Control, Phase, Task, drive_to_end
from workers.pythons import asking, finding
from workers.runners import other_python

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtWidgets import QApplication

    from workers.engine.run import Run
    from workers.engine.task import TaskEvent

ROOT = Path(__file__).parents[2]
REMOTE = "tests.contract.remote_work:"
POSIX = pytest.mark.skipif(os.name != "posix", reason="niceness, signals and scripts with a #! are POSIX's")
HERE = sys.executable


def every_python() -> list[str]:
    """The other ones on PATH and, where pyenv keeps some in folders of their own, its oldest and its newest."""
    kept = list(Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser().glob("versions/3.*/bin/python3"))
    kept.sort(key=lambda path: [int(number) for number in re.findall(r"\d+", path.parents[1].name)])
    ends = (usable(kept), usable(reversed(kept)))
    return list(dict.fromkeys(python.path for python in (*finding.others(), *itertools.chain(*ends))))


def usable(paths: Iterable[Path]) -> Iterator[asking.Python]:
    """The first that can be used, if there is one."""
    for path in paths:
        with suppress(ValueError):
            yield asking.ask(str(path))
            return


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[Harness]:
    made = Harness("other_python")
    yield made
    assert made.until(lambda: made.session.close(0)), "it did not end"


def start(
    harness: Harness, python: str, workload: str, tasks: int = 2, workers: int = 2, **params: object
) -> Run:
    chosen = (("python", python), *params.items())
    return harness.session.start(Settings.named("other_python", workload, tasks, workers, chosen))


def test_every_other_python_comes_to_the_same_results(qapp: QApplication) -> None:
    found = every_python()
    if not found:
        pytest.skip("There is no other Python on PATH.")
    expected: list[object] = []

    def keep(event: TaskEvent) -> None:
        if event.phase is Phase.DONE:
            expected.append(event.detail)

    for index in range(2):
        drive_to_end(Task(index, "primes", (("index", index), ("numbers", 2_000))), keep, Control(), "here")
        drive_to_end(
            Task(index, "mandelbrot", (("index", index), ("tasks", 20), ("detail", 2))),
            keep,
            Control(),
            "here",
        )
    for path in found:
        harness = Harness("other_python")
        start(harness, path, "primes", numbers=2_000)
        assert harness.finish().recorder.errors == {}, path
        harness.session.start(
            Settings.named("other_python", "mandelbrot", 20, 2, (("python", path), ("detail", 2)))
        )
        assert harness.finish().recorder.errors == {}, path
        assert all(result in harness.results for result in expected), path
        assert harness.until(partial(harness.session.close, 0))


@POSIX
def test_its_threads_are_behind_the_gui_and_each_has_a_name(harness: Harness) -> None:
    start(harness, HERE, REMOTE + "where", tasks=8)
    run = harness.finish()
    assert {result["nice"] for result in harness.results} == {os.nice(0) + 10}
    assert len({result["pid"] for result in harness.results} - {os.getpid()}) == 1
    version = ".".join(str(number) for number in sys.version_info[:3])
    assert set(run.recorder.places[1:]) <= {f"Python {version}, thread 1", f"Python {version}, thread 2"}


@POSIX
def test_one_that_is_killed_is_started_again(harness: Harness) -> None:
    run = start(harness, HERE, REMOTE + "slow", tasks=6)
    assert harness.until(lambda: run.recorder.running == 2)
    (pid,) = harness.session._runner.processes()  # type: ignore[union-attr]
    os.kill(pid, signal.SIGKILL)
    harness.finish()
    assert run.recorder.done == 6
    assert pid not in harness.results, "another process did them"
    assert [event.phase for event in harness.events_of(0)].count(Phase.WAITING) == 1


def test_one_that_heeds_no_cancel_is_killed(harness: Harness) -> None:
    run = start(harness, HERE, REMOTE + "deaf", tasks=3)
    assert harness.until(lambda: run.recorder.running == 2)
    (pid,) = harness.session._runner.processes()  # type: ignore[union-attr]
    harness.session.cancel()
    harness.finish()
    assert run.recorder.cancelled == 3
    assert harness.until(lambda: harness.session.close(0))
    assert not psutil.pid_exists(pid)


def stand_in(folder: Path, script: str) -> str:
    """A program that answers as this Python does, but does something else when it is to run tasks."""
    path = folder / "python3.99"
    path.write_text(f'#!/bin/sh\ncase "$*" in *readline*) {script};; esac\nexec "{HERE}" "$@"\n')
    path.chmod(0o755)
    return str(path)


@POSIX
def test_one_that_ends_at_once_is_told_of_on_every_task(harness: Harness, tmp_path: Path) -> None:
    start(harness, stand_in(tmp_path, "echo it has no licence >&2; exit 7"), "sleep", tasks=50)
    run = harness.finish()
    assert run.recorder.failed == 50
    for text in run.recorder.errors.values():
        assert "could not be started" in text
        assert text.endswith("ended with the exit code 7. it has no licence")


@POSIX
def test_one_that_is_never_ready_is_given_up(
    harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(other_python, "READY_S", 0.3)
    start(harness, stand_in(tmp_path, "exec sleep 60"), "sleep", tasks=3)
    run = harness.finish()
    assert run.recorder.failed == 3
    assert "could not be started" in run.recorder.errors[0]
    assert "SIGKILL" in run.recorder.errors[0]


@POSIX
def test_a_cancel_ends_the_wait_for_one_that_is_never_ready(harness: Harness, tmp_path: Path) -> None:
    run = start(harness, stand_in(tmp_path, "exec sleep 60"), "sleep", tasks=3)
    threading.Event().wait(0.05)
    harness.session.cancel()
    harness.finish()
    assert run.recorder.cancelled == 3
    assert harness.until(lambda: harness.session.close(0), 3)


def test_one_that_is_not_there_is_told_of_on_every_task(harness: Harness) -> None:
    start(harness, "no-such-python", "sleep", tasks=3)
    run = harness.finish()
    [why] = set(run.recorder.errors.values())
    assert why.startswith(
        "There is no Python no-such-python: name an interpreter by its path or by its name on PATH"
    )
