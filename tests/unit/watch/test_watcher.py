"""A program's life, watched: its end, its exit code, and what is left of both sides."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tests.support.program import ROOT, wait_until
from workers.agent import messages
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


TELLS = """
import json, os, socket, sys, time
sys.path.insert(0, {root!r})
from workers.agent import invitation, messages, proof
told = invitation.Invitation(*json.load(open(os.environ[invitation.VARIABLE])))
link = socket.socket(socket.AF_UNIX)
link.connect(told.address)
proof.prove_as_agent(link, bytes.fromhex(told.key))
link.settimeout(None)
now = time.perf_counter()
hello = messages.Hello(1, os.getpid(), "3.12", sys.executable, tuple(sys.argv), "/", (), True, time.time(), now)
link.sendall(messages.encode(hello))
link.sendall(messages.encode(messages.Loop("qt", "PyQt6", "6.7", 1, "MainThread", now)))
asked = next(messages.Frames().feed(link.recv(1000)))
link.sendall(messages.encode(messages.Dumped(now, ())))
link.sendall(messages.encode(messages.Uncaught(now, "ValueError: no such thing")))
"""


@pytest.fixture
def told(
    script: Callable[[str], Program], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], tuple[Run, list[messages.Message]]]:
    """Watches a program that tells what an agent would, is asked for its stacks, and then does what is given."""
    monkeypatch.setattr("workers.agent.invitation.INJECT", tmp_path / "nothing")

    def watched(then: str) -> tuple[Run, list[messages.Message]]:
        heard: list[messages.Message] = []

        def take(message: messages.Message) -> None:
            heard.append(message)
            if isinstance(message, messages.Loop):
                assert watcher.is_linked
                assert watcher.dump()

        watcher = Watcher(script(TELLS.format(root=str(ROOT)) + then), take)
        assert not watcher.dump()
        watcher.start()
        assert watcher.wait(PATIENCE_S)
        assert not watcher.interrupt()
        return watcher.run, heard

    return watched


def test_what_is_told_is_in_the_run_and_passed_on(
    told: Callable[[str], tuple[Run, list[messages.Message]]],
) -> None:
    run, heard = told("link.sendall(messages.encode(messages.Bye(time.perf_counter())))")
    kinds = [type(message).__name__ for message in heard]
    assert kinds == ["Hello", "Loop", "Dumped", "Uncaught", "Bye"]
    assert run.lag is not None
    assert run.environment["event_loop"] == "Qt (PyQt6 6.7)"
    assert run.notes == ["1 exception that nobody caught, the last one: ValueError: no such thing."]


def test_of_one_that_is_killed_all_is_kept_that_was_told(
    told: Callable[[str], tuple[Run, list[messages.Message]]],
) -> None:
    run, heard = told("os.kill(os.getpid(), 9)")
    assert [type(message).__name__ for message in heard] == ["Hello", "Loop", "Dumped", "Uncaught"]
    assert run.recorder.row(0).error == "Ended by SIGKILL."


def test_what_ends_with_1_failed_by_what_nobody_caught(
    told: Callable[[str], tuple[Run, list[messages.Message]]],
) -> None:
    run, _ = told("raise SystemExit(1)")
    assert run.recorder.row(0).error == "ValueError: no such thing"
    assert "could not be watched to its end" in run.notes[0]


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
