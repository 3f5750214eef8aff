"""Starts processes to be measured, each in surroundings of its own, and sees that they end.

Everything runs in the caller's thread.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.benchmarks.figures import Missing
from tests.benchmarks.sizes import size
from tests.benchmarks.watch import ping
from tests.benchmarks.watch.display import wait_until_there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.benchmarks.watch.display import Display

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PATIENCE_S = 90.0
"""No run that is measured takes nearly as long."""

LONG_S = size(400.0, PATIENCE_S)
"""Nor does a script that makes many measurements by itself."""

POLL_S = 0.02
TERMINATED = 143
"""How the program ends by SIGTERM: the exit code of Thaw."""

KILLED = -15
"""And of a program that does nothing about it."""

SETTINGS = Path("Thaw", "Thaw.conf")
"""Where QSettings keeps what the program remembers, below XDG_CONFIG_HOME."""


class Seen(NamedTuple):
    """A run in the window, from the inside and from the outside.

    Attributes:
        report: the program's own.
        pings: those of the run's time; empty where nobody asked.
    """

    report: dict[str, Any]
    pings: list[ping.Ping]


class Process:
    """A process that is measured. Its output is kept, to tell why it failed.

    Attributes:
        pid: its number.
        began: when it was started, by `time.perf_counter`.
        folder: where it runs and keeps its settings.
    """

    def __init__(self, command: Sequence[str | Path], environment: dict[str, str], folder: Path) -> None:
        self._said = tempfile.TemporaryFile()  # a pipe might fill up
        self.folder = folder
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said
        )
        self.pid = self._process.pid

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def said(self) -> str:
        """What it has written so far."""
        self._said.seek(0)
        return self._said.read().decode(errors="replace").strip()

    def _last_line(self) -> str:
        lines = self.said().splitlines() or ["it said nothing"]
        return lines[-1][:200]

    def window(self, connection: Any, *, painted: bool = True) -> tuple[Any, float]:
        """Wait for its window's first frame, or for nothing but the window.

        Returns:
            The window, and when it was seen, by `time.perf_counter`.

        Raises:
            Missing: there is none.
        """
        try:
            return wait_until_there(connection, self.pid, self.alive, painted=painted)
        except Missing as problem:
            raise Missing(f"{problem}: {self._last_line()}") from None

    def wait_for_file(self, path: Path) -> None:
        """Wait until it, which stays, has written a file.

        Raises:
            Missing: it has ended, or nothing came in time.
        """
        deadline = time.monotonic() + PATIENCE_S
        while not path.exists():
            if not self.alive():
                raise Missing(
                    f"the process ended too early, with exit code {self._process.returncode}: {self._last_line()}"
                )
            if time.monotonic() > deadline:
                raise Missing(f"the run did not end within {PATIENCE_S:.0f} s")
            time.sleep(POLL_S)

    def wait(self, *codes: int, timeout: float = PATIENCE_S) -> None:
        """Wait for its end.

        Raises:
            Missing: it did not end in time, or with none of these exit codes (0 if none is given).
        """
        try:
            found = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Missing(f"the process did not end within {timeout:.0f} s") from None
        if found not in (codes or (0,)):
            raise Missing(f"the process ended with exit code {found}: {self._last_line()}")

    def stop(self, code: int) -> None:
        """Ask it to leave by SIGTERM, and wait until it has, with this exit code."""
        self._process.send_signal(signal.SIGTERM)
        self.wait(code, timeout=10)

    def close(self) -> None:
        """End it by force where it still runs."""
        if self.alive():
            self._process.kill()
            self._process.wait()
        self._said.close()


class Bench:
    """What all measurements need.

    Attributes:
        display: the X server for all windows.
        folder: a folder that is thrown away at the end.
        settings: what the program remembers from the time before each start, as a file of QSettings; empty for nothing.
        variables: environment variables of every process, beside the usual ones or in their place.
    """

    def __init__(self, display: Display, folder: Path) -> None:
        self.display, self.folder = display, folder
        self.settings = b""
        self.variables: dict[str, str] = {}
        self._count = 0

    def new_folder(self) -> Path:
        """A new empty folder."""
        self._count += 1
        folder = self.folder / str(self._count)
        folder.mkdir()
        return folder

    @contextmanager
    def process(self, *command: str | Path, python: str | Path = sys.executable) -> Iterator[Process]:
        """A Python process with a folder, settings and temporary files of its own; all gone when the block ends."""
        folder = self.new_folder()
        if self.settings:
            (folder / SETTINGS).parent.mkdir()
            (folder / SETTINGS).write_bytes(self.settings)
        # They slow a start down.
        unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "WAYLAND_DISPLAY")
        environment = {
            **{
                key: value
                for key, value in os.environ.items()
                if key not in unwanted and not key.startswith("QT_")
            },
            "DISPLAY": self.display.name,
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "xcb",
            "TMPDIR": str(folder),
            "THAW_DATA": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            **self.variables,
        }
        process = Process([python, *command], environment, folder)
        try:
            yield process
        finally:
            process.close()
            # At once: a thousand pictures that wait for the disk would disturb the next run. What it has started may
            # be removing its own there.
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def busy(self, count: int) -> Iterator[None]:
        """So many processes that keep a core busy each, as long as the block lasts."""
        with ExitStack() as stack:
            for _ in range(count):
                stack.enter_context(self.process("-c", "while True: pass"))
            yield

    def first_frame(self, *command: str | Path, code: int, python: str | Path = sys.executable) -> float:
        """Seconds from the start of a process to its window's first painted frame; `code` is how it ends by SIGTERM."""
        with self.process(*command, python=python) as process:
            _, painted = process.window(self.display.connection)
            process.stop(code)
        return painted - process.began

    def silence(self, *command: str | Path, seconds: float, code: int) -> float:
        """The longest that a window leaves a ping unanswered, in seconds, in this time after it is mapped."""
        with self.process(*command) as process:
            window, began = process.window(self.display.connection, painted=False)
            pings = ping.Pinger(self.display.connection, window).run(
                lambda: time.perf_counter() < began + seconds
            )
            process.stop(code)
        return max(one.took_s for one in pings)

    def run_in_window(self, *arguments: str | Path, pinged_every_s: float = 0.0) -> Seen:
        """One run in Thaw's window, which leaves after it.

        Args:
            arguments: the command line, less what starts, ends and reports the run.
            pinged_every_s: how often the window is pinged from outside meanwhile; 0 for not at all.
        """
        report = self.new_folder() / "report.json"
        command = [ROOT / "main.py", *arguments, "--start", "--exit-after-run", "--report", report]
        pings: list[ping.Ping] = []
        with self.process(*command) as process:
            if pinged_every_s:
                window, _ = process.window(self.display.connection)
                deadline = time.monotonic() + PATIENCE_S
                pinger = ping.Pinger(self.display.connection, window)
                pings = pinger.run(lambda: process.alive() and time.monotonic() < deadline, pinged_every_s)
            process.wait()
        content = read_report(report)
        began = content["began"]
        return Seen(content, ping.between(pings, began, began + content["wall_s"]))

    def one_line(
        self, *command: str | Path, keep: Callable[[Path], None] = lambda folder: None, judges: bool = False
    ) -> dict[str, Any]:
        """Run one of the scripts below this folder; returns the JSON object that it prints.

        Args:
            command: the script and its arguments.
            keep: called at its end with its folder, which is about to be thrown away.
            judges: whether it ends with exit code 1 when its figures do not hold, which is judged here once more.
        """
        with self.process(*command) as process:
            process.wait(*((0, 1) if judges else (0,)), timeout=LONG_S if judges else PATIENCE_S)
            answer = process.said()
            keep(process.folder)
        try:
            content: dict[str, Any] = json.loads(answer.splitlines()[-1])
        except (ValueError, IndexError):
            raise Missing(f"the process said {answer[:200]!r} in place of a result") from None
        return content


def read_report(path: Path) -> dict[str, Any]:
    """A run's report, if all of its tasks are done.

    Raises:
        Missing: they are not, or there is none.
    """
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        raise Missing("the run left no report") from None
    counts, tasks = content["counts"], content["run"]["tasks"]
    if counts["done"] != tasks:
        errors = [error["error"] for error in content["errors"]] or ["none was told"]
        raise Missing(
            f"only {counts['done']:,} of {tasks:,} tasks were done; the first error: {errors[0][:200]}"
        )
    if content["gui"] is None:
        raise Missing("the report says nothing about the window")
    return content
