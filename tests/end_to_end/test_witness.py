"""The witness as a process: it is there while its program lives, whatever that does, and not a moment longer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support import witness_frames as frames
from tests.support.program import ROOT, Program, wait_until
from tests.support.x11 import Desktop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")

GONE_S = 5.0
"""It takes some 10 to 50 ms; a busy machine may take longer."""

SCRIPT = """
import sys, threading
sys.path.insert(0, sys.argv[1])
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from gui.witness.handle import Witness

def work():
    if sys.argv[2] == "python":
        while not stop.is_set(): pass
    elif sys.argv[2] == "wait":
        stop.wait()
    elif sys.argv[2] == "c":
        sum(range(10**12))
    app.exit(7)

app = QApplication(["program"])
window = QPushButton("the program")
window.setGeometry(20, 20, 800, 600)
window.show()
stop = threading.Event()
witness = Witness(stop.set)
witness.ready.connect(lambda: QTimer.singleShot(300, work) if sys.argv[2] != "idle" else None)
witness.closed.connect(lambda why: app.exit(3))
witness.start([window.frameGeometry()])
code = app.exec()
witness.close()
sys.exit(code)
"""
"""A program with a window and a witness, that is blocked in a way which its command line names."""


class Watched:
    """Such a program, once its witness is to be seen.

    Attributes:
        program: its process.
        witness: the witness's.
    """

    def __init__(self, program: Program, file: Path, state: str) -> None:
        self.program = program
        wait_until(
            lambda: file.exists() and any(one.state == state for one in frames.read(file)), f"a frame: {state}"
        )
        self.witness = next(one for one in program.children() if "gui.witness" in one.cmdline())


def has_ended(process: psutil.Process) -> bool:
    """Whether a process has ended. Whoever takes in orphans may not have looked at it yet."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "program.py"
    file.write_text(SCRIPT)
    return file


@pytest.fixture
def offscreen(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return {**environment, "QT_QPA_PLATFORM": "offscreen", **frames.variables(tmp_path / "frames")}


@pytest.fixture
def on_screen(windowed: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return {**windowed, **frames.variables(tmp_path / "frames")}


@pytest.fixture
def desktop(display: str) -> Iterator[Desktop]:
    with Desktop(display) as made:
        yield made


@pytest.mark.parametrize(
    ("how", "state"),
    [
        ("idle", "answering"),
        ("python", "frozen"),
        pytest.param("wait", "frozen", marks=pytest.mark.long),
        ("c", "frozen"),
    ],
)
def test_it_ends_with_a_program_that_is_killed(
    how: str, state: str, script: Path, offscreen: dict[str, str], tmp_path: Path
) -> None:
    with Program([str(ROOT), how], offscreen, script) as program:
        seen = Watched(program, tmp_path / "frames", state)
        program.signal(signal.SIGKILL)
        program.wait()
        wait_until(lambda: has_ended(seen.witness), "the witness's end", GONE_S)
        assert program.said() == ("", "")


def test_it_ends_though_its_own_start_is_not_over(script: Path, offscreen: dict[str, str]) -> None:
    with Program([str(ROOT), "idle"], offscreen, script) as program:
        wait_until(lambda: bool(program.children()), "a witness")
        program.signal(signal.SIGKILL)
        program.wait()
        wait_until(lambda: all(map(has_ended, program.children())), "the witness's end", GONE_S)


def test_a_program_that_is_idle_hears_that_its_witness_was_killed(
    script: Path, offscreen: dict[str, str], tmp_path: Path
) -> None:
    with Program([str(ROOT), "idle"], offscreen, script) as program:
        Watched(program, tmp_path / "frames", "answering").witness.kill()
        assert program.wait().code == 3


@pytest.mark.parametrize("how", ["python", pytest.param("wait", marks=pytest.mark.long)])
def test_its_stop_button_ends_what_blocks_the_window(
    how: str, script: Path, on_screen: dict[str, str], tmp_path: Path, desktop: Desktop
) -> None:
    with Program([str(ROOT), how], on_screen, script) as program:
        seen = Watched(program, tmp_path / "frames", "frozen")
        window = desktop.wait_for_window(seen.witness.pid)
        shape = window.get_geometry()
        assert shape.x >= 820  # beside the program's window, not on it
        desktop.click(shape.x + shape.width - 50, shape.y + shape.height - 24)
        ended = program.wait()
        assert ended == (7, "", "")
        wait_until(lambda: has_ended(seen.witness), "the witness's end", GONE_S)


def test_closing_it_is_told_and_ends_only_itself(
    script: Path, on_screen: dict[str, str], tmp_path: Path, desktop: Desktop
) -> None:
    with Program([str(ROOT), "idle"], on_screen, script) as program:
        seen = Watched(program, tmp_path / "frames", "answering")
        desktop.close_window(desktop.wait_for_window(seen.witness.pid))
        assert program.wait() == (3, "", "")


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--gui-thread=x"]])
def test_by_hand_it_says_what_it_is(arguments: list[str], offscreen: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gui.witness", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        cwd=ROOT,
        env=offscreen,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("This is Thaw's witness")
