"""Runs the real main.py as a process: to its end, or as something that lives while a test does things to it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

from tests.support.leaks import children_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

ROOT = Path(__file__).parent.parent.parent
MAIN = ROOT / "main.py"
START_S = 45.0
"""Patience with a program that starts on a busy machine; what is measured is measured apart."""

BEYOND_START_S = 2.5
"""A start with a window takes a second of processor time or two."""

LOOK_S = 0.01


class Ended(NamedTuple):
    """How a process ended: its exit code (negative: the signal that killed it), and what it wrote."""

    code: int
    out: str
    err: str


PAUSE = threading.Event()
"""Never set: what waits for it waits for its time-out."""


def wait_until(condition: Callable[[], bool], what: str, timeout: float = START_S) -> None:
    """Look again and again until something is true; fails, saying what was waited for, when it never is."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {timeout:g} s"
        PAUSE.wait(LOOK_S)  # a process says nothing when it changes: it can only be looked at again


def clean_environment(home: Path) -> dict[str, str]:
    """The variables of a person who has just logged in, in a home of their own, with no display."""
    for folder in ("config", "runtime", "temporary"):
        (home / folder).mkdir(exist_ok=True, mode=0o700)
    of_windows = {name: os.environ[name] for name in ("SYSTEMROOT", "COMSPEC") if name in os.environ}
    if of_windows:  # without the first no socket can be made
        of_windows |= {
            "USERPROFILE": str(home),
            "LOCALAPPDATA": str(home / "config"),
            "TEMP": str(home / "temporary"),
        }
    return {
        **of_windows,
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_RUNTIME_DIR": str(home / "runtime"),
        "TMPDIR": str(home / "temporary"),
        "LANG": "C.UTF-8",
    }


class Program:
    """A process of Thaw; whatever happens to the test, it and its children are gone after the `with` block.

    Attributes:
        home: its home folder; temporary files go to `temporary` in it.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        script: Path = MAIN,
        cwd: Path | None = None,
    ) -> None:
        self.home = Path(environment["HOME"])
        self._out, self._err = self.home / "out.txt", self.home / "err.txt"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, str(script), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=dict(environment),
                cwd=cwd or self.home,
            )
        self._seen: set[psutil.Process] = set()

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.children()
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for child in self._seen:
            if child.is_running():
                child.kill()

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    @property
    def temporary(self) -> list[str]:
        """What lies in its folder for temporary files."""
        return sorted(path.name for path in (self.home / "temporary").iterdir())

    def children(self) -> set[psutil.Process]:
        """Every child that it was ever seen to have."""
        for child in children_of(self.pid):
            with suppress(psutil.NoSuchProcess):
                self._seen.add(psutil.Process(child))
        return self._seen

    def living_children(self) -> list[psutil.Process]:
        """Those of them that still run."""
        return [child for child in self._seen if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]

    def cpu_s(self) -> float:
        """Processor time that it has used, without its children's."""
        times = psutil.Process(self.pid).cpu_times()
        return times.user + times.system

    def wait_for_server(self) -> None:
        """Wait until its image server runs: then its window, if it has one, has painted its first frame."""

        def is_there() -> bool:
            return self._process.poll() is not None or any(map(_is_server, self.children()))

        wait_until(is_there, "the image server")
        assert self._process.poll() is None, self.said()

    def wait_until_busy(self, seconds: float = 0.3) -> None:
        """Wait until it computes: it used so much processor time within a window of one and a half times as long.

        On a busy machine, which lets nobody have so much of it: until it has used more than a start takes.
        """
        before = self.cpu_s()
        marks = [(time.monotonic(), before)]

        def is_busy() -> bool:
            now = (time.monotonic(), self.cpu_s())
            while len(marks) > 1 and now[0] - marks[0][0] > seconds * 1.5:
                marks.pop(0)
            marks.append(now)
            return now[1] - marks[0][1] >= seconds * 0.9 or now[1] - before >= BEYOND_START_S

        wait_until(is_busy, "a program that computes", 4 * START_S)

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def wait(self, timeout: float = START_S) -> Ended:
        """Wait for its end."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout:g} s; it said: {self.said()}") from None
        return Ended(code, *self.said())

    def said(self) -> tuple[str, str]:
        """What it wrote so far to standard output and to standard error."""
        return self._out.read_text("utf-8"), self._err.read_text("utf-8")


def _is_server(process: psutil.Process) -> bool:
    try:
        return any("image_server.__main__ import main" in word for word in process.cmdline())
    except psutil.Error:
        return False  # it has just gone


def run(arguments: Sequence[str], environment: Mapping[str, str], timeout: float = START_S) -> Ended:
    """Run the program to its end."""
    with Program(arguments, environment) as program:
        return program.wait(timeout)
