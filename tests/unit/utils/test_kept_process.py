"""A process that serves for longer than a run: it ends with the program, and so does all that it has started."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from workers.utils.kept_process import process
from workers.utils.kept_process.process import KeptProcess, end_all

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells children of a death")

STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
more = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("here", os.getpid(), more.pid, flush=True)
time.sleep(600)
"""
"""Heeds nothing, and has a child of its own."""

PROGRAM = f"""
import sys, time
from workers.utils.kept_process.process import KeptProcess
def hear(line):
    print(line.decode().strip(), flush=True)
    return True
kept = KeptProcess("kept", [sys.executable, "-c", {STUBBORN!r}], hear)
kept.start()
time.sleep(600)
"""


class Kept:
    """A kept process and what it wrote."""

    def __init__(self, *command: str, niceness: int = 0) -> None:
        self.lines: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
        self.ends: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.process = KeptProcess("kept", command, self.hear, lambda: self.ends.put(None), niceness=niceness)
        self.process.start()

    def hear(self, line: bytes) -> bool:
        if line.startswith(b"here"):
            self.lines.put(line.decode().split()[1:])
            return True
        return False

    def pids(self) -> list[psutil.Process]:
        return [psutil.Process(int(word)) for word in self.lines.get(timeout=10)]


@pytest.fixture
def stubborn() -> Iterator[Kept]:
    made = Kept(sys.executable, "-c", STUBBORN, niceness=3)
    yield made
    made.process.close()


def have_ended(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, 5)[1]


def test_it_ends_with_all_that_it_has_started_though_it_heeds_nothing(stubborn: Kept) -> None:
    everyone = stubborn.pids()
    assert stubborn.process.pid == everyone[0].pid
    assert stubborn.process.alive
    stubborn.process.start()  # a second time does nothing
    stubborn.process.close()
    assert not stubborn.process.alive
    assert have_ended(everyone)
    stubborn.ends.get(timeout=5)
    stubborn.process.close()


@POSIX
def test_it_is_a_background_job_which_ctrl_c_does_not_reach(stubborn: Kept) -> None:
    (child, _) = stubborn.pids()
    assert child.nice() == os.nice(0) + 3
    assert os.getpgid(child.pid) != os.getpgid(0)
    assert os.getsid(child.pid) == os.getsid(0), "there its niceness counts beside the window's"


@POSIX
def test_it_ends_when_the_program_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        everyone = [psutil.Process(int(word)) for word in program.stdout.readline().split()[1:]]
        assert len(everyone) == 2
        program.kill()
    assert have_ended(everyone)


@LINUX
def test_it_ends_when_its_guard_is_killed(stubborn: Kept) -> None:
    everyone = stubborn.pids()
    guard = everyone[0].parent()
    assert guard is not None
    guard.kill()
    assert have_ended(everyone[:1])
    stubborn.process.close()
    assert have_ended(everyone), "its own children end at the close"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import sys; sys.exit(3)", 3),
        pytest.param("import os; os.kill(os.getpid(), 9)", -9, marks=POSIX),
        pytest.param("import os; os.kill(os.getpid(), 15)", -15, marks=POSIX),
    ],
)
def test_how_it_ended_is_told(code: str, found: int) -> None:
    kept = Kept(sys.executable, "-c", f"print('It is bad.', flush=True); {code}")
    kept.ends.get(timeout=10)
    assert kept.process.code == found
    assert list(kept.process.complaints) == ["It is bad."]
    kept.process.close()


def test_a_process_may_write_before_its_guard_does(monkeypatch: pytest.MonkeyPatch) -> None:
    late = "import os; print('It is good.'); print('\\0process', os.getpid()); print('It is bad.')"
    monkeypatch.setattr(process, "guarded", lambda *given: [sys.executable, "-c", late])
    kept = Kept("unused")
    kept.ends.get(timeout=10)
    assert kept.process.pid is not None
    assert list(kept.process.complaints) == ["It is good.", "It is bad."]
    kept.process.close()


@POSIX
def test_what_it_leaves_behind_ends_with_it() -> None:
    kept = Kept(sys.executable, "-c", STUBBORN)
    everyone = kept.pids()
    everyone[0].kill()
    assert have_ended(everyone)
    kept.ends.get(timeout=5)
    kept.process.close()


def test_a_command_that_does_not_exist_is_told(tmp_path: Path) -> None:
    kept = Kept(str(tmp_path / "nothing"))
    kept.ends.get(timeout=10)
    assert not kept.process.alive
    assert kept.process.pid is None
    assert kept.process.complaints[0].startswith(f"{tmp_path / 'nothing'} cannot be started: ")
    kept.process.close()


def test_all_are_ended_together() -> None:
    kept = [Kept(sys.executable, "-c", STUBBORN) for _ in range(3)]
    everyone = [one for made in kept for one in made.pids()]
    end_all()
    assert have_ended(everyone)
    assert not any(made.process.alive for made in kept)


def test_one_that_guards_itself_hears_what_is_said_to_it() -> None:
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def hear(line: bytes) -> bool:
        lines.put(line)
        return True

    code = "import sys\nfor line in sys.stdin: print(line.strip()[::-1], flush=True)"
    kept = KeptProcess("kept", [sys.executable, "-c", code], hear, guards_itself=True)
    kept.say(b"before it is there")
    kept.start()
    kept.say(b"abc")
    assert lines.get(timeout=10).strip() == b"cba"
    kept.close()
    assert kept.code == 0
    kept.say(b"to nobody")
