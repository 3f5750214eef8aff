"""A program's life, watched: its end, its exit code, and what is left of both sides."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tests.support.program import wait_until
from workers.engine.task import Phase
from workers.utils.errors import BadInput
from workers.watch.program import Program
from workers.watch.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workers.engine.run import Run

PATIENCE_S = 30.0

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """What is left of the folders of runs."""
    (tmp_path / "runs").mkdir()
    made: list[Path] = []

    def make() -> Path:
        made.append(tmp_path / "runs" / str(len(made)))
        made[-1].mkdir(mode=0o700)
        return made[-1]

    monkeypatch.setattr("workers.agent.invitation.make_folder", make)
    return lambda: [folder for folder in made if folder.exists()]


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Program]:
    def written(source: str) -> Program:
        path = tmp_path / "app.py"
        path.write_text(source)
        return Program(script=str(path))

    return written


def watched(program: Program) -> Run:
    found: list[Run] = []
    watcher = Watcher(program, ended=found.append)
    watcher.start()
    assert watcher.wait(PATIENCE_S)
    assert found == [watcher.run]
    assert watcher.is_over
    return watcher.run


@pytest.mark.parametrize(
    ("source", "code", "error"),
    [
        ("pass", 0, ""),
        ("raise SystemExit(3)", 3, "Ended with exit code 3."),
        ("import os; os.kill(os.getpid(), 9)", 137, "Ended by SIGKILL."),
    ],
)
def test_the_end_of_a_program_is_that_of_its_run(
    source: str, code: int, error: str, script: Callable[[str], Program], folders: Callable[[], list[Path]]
) -> None:
    run = watched(script(source))
    assert (run.exit_code, run.recorder.row(0).error) == (code, error)
    assert run.recorder.row(0).phase is (Phase.FAILED if error else Phase.DONE)
    assert not folders()


FOR_EVER = "import pathlib, signal\npathlib.Path({there!r}).touch()\nsignal.pause()\n"


@pytest.fixture
def going(script: Callable[[str], Program], tmp_path: Path) -> Callable[[], Watcher]:
    """Begins to watch a program that runs until it is ended."""

    def begun() -> Watcher:
        there = tmp_path / "there"
        watcher = Watcher(script(FOR_EVER.format(there=str(there))))
        watcher.start()
        wait_until(there.exists, "the program")
        return watcher

    return begun


def test_one_that_is_asked_to_end_is_cancelled(going: Callable[[], Watcher]) -> None:
    watcher = going()
    watcher.stop()
    assert watcher.wait(PATIENCE_S)
    assert watcher.run.exit_code == 128 + signal.SIGTERM
    assert watcher.run.cancelled
    watcher.stop()
    watcher.kill()


def test_one_that_is_left_goes_on(going: Callable[[], Watcher], folders: Callable[[], list[Path]]) -> None:
    watcher = going()
    watcher.leave()
    assert watcher.wait(PATIENCE_S)
    assert watcher.run.exit_code is None
    assert watcher.run.ended is not None
    assert not folders()
    os.kill(watcher.pid, 0)
    watcher.kill()


def test_what_cannot_be_started_leaves_nothing(
    script: Callable[[str], Program], folders: Callable[[], list[Path]]
) -> None:
    watcher = Watcher(script("pass")._replace(python="/nowhere/python"))
    with pytest.raises(BadInput, match="cannot be started with /nowhere/python: No such file"):
        watcher.start()
    with pytest.raises(BadInput, match="cannot be started"):
        Watcher(script("pass")._replace(arguments=("a\0b",))).start()
    assert not folders()
    assert watcher.pid == 0


def test_where_nothing_of_ours_can_come_in_that_is_said(
    script: Callable[[str], Program], tmp_path: Path
) -> None:
    isolated = tmp_path / "python"
    isolated.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "$@"\n')
    isolated.chmod(0o755)
    run = watched(script("raise SystemExit(4)")._replace(python=str(isolated)))
    assert run.exit_code == 4
    assert "nothing of ours came to run in it" in run.notes[0]


def test_callbacks_come_in_a_thread_of_its_own(script: Callable[[str], Program]) -> None:
    names: list[str] = []
    watcher = Watcher(script("pass"), ended=lambda run: names.append(threading.current_thread().name))
    watcher.start()
    assert watcher.wait(PATIENCE_S)
    assert names == ["watch"]


def test_the_environment_is_the_one_that_thaw_was_started_in(
    script: Callable[[str], Program], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SET_BY_THAW", "1")
    out = tmp_path / "out"
    code = f"import os, pathlib\npathlib.Path({str(out)!r}).write_text(str('SET_BY_THAW' in os.environ))\n"
    watched(script(code))
    assert out.read_text() == "False"
