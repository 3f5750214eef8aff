"""--watch without a window: the program is as it would be alone, and at its end Thaw says which line froze it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.program import MAIN, START_S, Program, run, wait_until
from workers.monitors.process.own_file import HIGH_FD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.program import Ended

SERVER = """
import asyncio, sys, time

def blocks():
    time.sleep(0.9)

async def main():
    print("serves")
    loop = asyncio.get_running_loop()
    for _ in range(2):
        loop.call_soon(blocks)
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)

asyncio.run(main())
print("has served", sys.argv[1:])
raise SystemExit(5)
"""

WINDOW = """
import sys, time
from PySide6.QtCore import QCoreApplication, QTimer

def on_timer():
    time.sleep(0.9)
    QTimer.singleShot(200, app.quit)

app = QCoreApplication(sys.argv)
QTimer.singleShot(100, on_timer)
sys.exit(app.exec())
"""

STARVES = """
import asyncio, threading, time

def count():
    end = time.perf_counter() + 2.5
    while time.perf_counter() < end:
        pass

async def main():
    threads = [threading.Thread(target=count, name=f"counter {n}") for n in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        await asyncio.sleep(0.01)

asyncio.run(main())
"""

FOR_EVER = """
import asyncio, pathlib, signal, sys

async def main():
    pathlib.Path("running").touch()
    while not pathlib.Path("enough").exists():
        await asyncio.sleep(0.02)
    pathlib.Path("ended by itself").touch()

asyncio.run(main())
"""

HEEDS_NOTHING = """
import pathlib, signal
signal.signal(signal.SIGTERM, lambda *about: pathlib.Path("asked").touch())
"""

CRASHES = """
import asyncio, ctypes

def crashes():
    ctypes.string_at(0)

async def main():
    asyncio.get_running_loop().call_later(0.1, crashes)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def watch(environment: dict[str, str], tmp_path: Path) -> Callable[..., Ended]:
    """Watches a program to its end."""

    def watched(source: str, *options: str, words: tuple[str, ...] = ()) -> Ended:
        (tmp_path / "app.py").write_text(source)
        arguments = ["--headless", *options, "--watch", str(tmp_path / "app.py"), *words]
        return run(arguments, environment)

    return watched


def froze(ended: Ended) -> int:
    """How many times it froze, as is said: on a busy machine it may be held up once more than it holds itself up."""
    found = re.search(r"the event loop froze (\d+) times", " ".join(ended.err.split()))
    return int(found[1]) if found else 0


def at(told: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """What a report tells of the line that has this text."""
    lines: list[Mapping[str, Any]] = told["program"]["lines"]
    [found] = [one for one in lines if text in one["line"]["text"]]
    return found


def line_of(source: str, text: str) -> int:
    return next(number for number, line in enumerate(source.splitlines(), 1) if text in line)


def test_the_line_is_said_and_the_program_is_as_it_would_be_alone(watch: Callable[..., Ended]) -> None:
    ended = watch(SERVER, words=("--", "--json", "-m", ""))
    assert (ended.code, ended.out) == (5, "serves\nhas served ['--', '--json', '-m', '']\n")
    assert "ended with exit code 5" in ended.err
    assert froze(ended) >= 2
    assert f"app.py:{line_of(SERVER, 'time.sleep')} in blocks" in ended.err
    assert "The event loop's thread slept." in ended.err
    assert "a timer of the event loop waits without blocking" in " ".join(ended.err.split())


def test_with_json_standard_output_is_the_reports_alone(watch: Callable[..., Ended]) -> None:
    ended = watch(SERVER, "--json", "--budget", "lag_p99<100,freezes=0")
    told: dict[str, Any] = json.loads(ended.out)
    assert ended.code == 1
    assert "serves" in ended.err
    line = at(told, "time.sleep(0.9)")
    assert (line["times"], line["line"]["function"]) == (2, "blocks")
    assert told["program"]["exit_code"] == 5
    assert [each["kept"] for each in told["budget"]] == [False, False]


def test_a_budget_that_is_kept_leaves_the_programs_own_code(watch: Callable[..., Ended]) -> None:
    assert watch(SERVER, "--budget", "freezes<30").code == 5


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_qt_program_names_the_timer(watch: Callable[..., Ended], tmp_path: Path) -> None:
    ended = watch(WINDOW, "--json")
    told = json.loads(ended.out)
    line = at(told, "time.sleep(0.9)")
    assert (ended.code, line["times"]) == (0, 1)
    assert "on_timer" in line["delivered"]
    assert told["environment"]["event_loop"].startswith("Qt (PySide6")


def test_who_starves_is_told_as_that(watch: Callable[..., Ended]) -> None:
    said = " ".join(watch(STARVES).err.split())
    assert "It starved" in said
    assert "counter" in said
    assert "docs/politeness.md" in said


def test_without_an_event_loop_it_is_said_what_it_did(watch: Callable[..., Ended]) -> None:
    ended = watch("print(input())\n")
    assert ended.code == 1
    assert "EOFError" in ended.err
    assert "ran no event loop that Thaw knows" in ended.err
    blind = watch("print(1)\n", "--budget", "freezes=0")
    assert blind.code == 2
    assert "cannot be judged: the run ran no event loop" in blind.err


def test_what_it_reads_is_its_own(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print(input()[::-1])\n")
    words = [sys.executable, str(MAIN), "--headless", "--watch", "app.py"]
    done = subprocess.run(
        words, input="abc\n", capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=START_S
    )
    assert done.stdout == "cba\n"


def test_two_runs_are_compared(watch: Callable[..., Ended], tmp_path: Path) -> None:
    before, both = tmp_path / "before.thaw", tmp_path / "both.html"
    watch(SERVER, "--save", str(before))
    mended = SERVER.replace("time.sleep(0.9)", "time.sleep(0.001)")
    ended = watch(mended, "--open", str(before), "--export", str(both))
    assert re.search(r"froze [2-9] times", " ".join(ended.err.split()))
    assert "now, it never freezes" in " ".join(ended.err.split())
    assert "now, it never freezes" in both.read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
class TestEnds:
    """Signals, crashes and kills, of either side."""

    @pytest.fixture
    def going(self, environment: dict[str, str], tmp_path: Path) -> Mapping[str, str]:
        (tmp_path / "app.py").write_text(FOR_EVER)
        return environment

    def started(self, environment: Mapping[str, str], folder: Path) -> Program:
        program = Program(["--headless", "--watch", "app.py"], environment, cwd=folder)
        wait_until(lambda: (folder / "running").exists(), "the program")
        program.children()
        return program

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_is_passed_on(
        self, going: Mapping[str, str], tmp_path: Path, number: signal.Signals
    ) -> None:
        with self.started(going, tmp_path) as program:
            program.signal(number)
            ended = program.wait()
            assert ended.code == 128 + number
            assert not program.living_children()

    def test_a_second_sigterm_ends_what_does_not_heed_the_first(
        self, going: Mapping[str, str], tmp_path: Path
    ) -> None:
        (tmp_path / "app.py").write_text(HEEDS_NOTHING + FOR_EVER)
        with self.started(going, tmp_path) as program:
            program.signal(signal.SIGTERM)
            wait_until((tmp_path / "asked").exists, "the first one")
            program.signal(signal.SIGTERM)
            assert program.wait().code == 128 + signal.SIGKILL
            assert not program.temporary

    def test_the_program_goes_on_when_thaw_is_killed(self, going: Mapping[str, str], tmp_path: Path) -> None:
        with self.started(going, tmp_path) as program:
            program.signal(signal.SIGKILL)
            program.wait()
            (tmp_path / "enough").touch()
            wait_until(lambda: (tmp_path / "ended by itself").exists(), "the program's end")
            wait_until(lambda: not program.living_children(), "the program's end")
            assert not program.temporary

    def test_what_was_told_is_kept_when_the_program_is_killed(
        self, going: Mapping[str, str], tmp_path: Path
    ) -> None:
        with self.started(going, tmp_path) as program:
            [child] = [one for one in program.children() if "app.py" in one.cmdline()]
            child.kill()
            ended = program.wait()
            assert ended.code == 128 + signal.SIGKILL
            assert not program.temporary
            assert "was ended by SIGKILL" in ended.err

    def test_a_crash_is_told_with_its_last_stacks(self, watch: Callable[..., Ended]) -> None:
        ended = watch(CRASHES, "--json")
        assert ended.code == 128 + signal.SIGSEGV
        [error] = json.loads(ended.out)["errors"]
        assert "Ended by SIGSEGV" in error["traceback"]
        assert "in crashes" in error["traceback"]


LETS_IN = shutil.which("python3.14")
RUNS = """
import asyncio, pathlib, time

done = 0

def blocks():
    global done
    time.sleep(0.9)
    done += 1
    pathlib.Path("done").write_text(str(done))

async def main():
    while not pathlib.Path("enough").exists():
        asyncio.get_running_loop().call_soon(blocks)
        await asyncio.sleep(0.1)

asyncio.run(main())
"""


@pytest.mark.skipif(LETS_IN is None or sys.platform != "linux", reason="there is no Python 3.14 on PATH")
def test_what_runs_already_is_watched_and_goes_on(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(RUNS)

    def done() -> int:
        return int((tmp_path / "done").read_text() or 0) if (tmp_path / "done").exists() else 0

    with subprocess.Popen([str(LETS_IN), "app.py"], cwd=tmp_path, env=environment) as running:
        try:
            wait_until(lambda: done() > 0, "the program")
            files = Path("/proc", str(running.pid), "fd")
            with Program(
                ["--headless", "--json", "--watch", "--pid", str(running.pid)], environment
            ) as program:
                wait_until(lambda: any(int(file.name) >= HIGH_FD for file in files.iterdir()), "the agent")
                least = done() + 3
                wait_until(lambda: done() >= least, "some freezes")
                program.signal(signal.SIGINT)
                ended = program.wait()
            assert ended.code == 0, ended
            [line] = json.loads(ended.out)["program"]["lines"]
            assert line["line"]["function"] == "blocks"
            assert running.poll() is None
        finally:
            (tmp_path / "enough").touch()
    assert running.returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.py"], "There is no file nowhere.py"),
        (["-m"], "names a package"),
        ([], "--watch names a program"),
        (["--pid", "4999999"], "There is no process 4999999"),
        (["--pid", str(os.getpid())], "3.14"),
    ],
)
@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python lets others in")
def test_what_cannot_be_watched_is_said(words: list[str], said: str, environment: dict[str, str]) -> None:
    ended = run(["--headless", "--watch", *words], environment)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "Traceback" not in ended.err
