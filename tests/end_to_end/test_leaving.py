"""Leaving, at any time and with anything in flight: soon, in silence, with nothing left behind.

How it leaves on each of the runners, without a window and past tasks that heed nothing, is in tests/faults.
"""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.servers import PictureServer
from tests.support.program import Program, wait_until
from tests.support.x11 import Desktop
from workers.workloads.hold_gil import hold_gil

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOON_S = 5.0
"""Within 1.5 s, where nothing else runs: a busy machine is late to let the program run."""
CODES = {"close": 0, "INT": 130, "TERM": 143}
ENDLESS = ["--start", "--workload", "primes", "--tasks", "1000", "--param", "numbers=1000000"]
STALLED = ["--start", "--workload", "download", "--tasks", "32", "--workers", "16"]

BEFORE_HEADERS, IN_THE_MIDDLE = -1.0, 0.5


@pytest.fixture
def desktop(display: str) -> Iterator[Desktop]:
    with Desktop(display) as made:
        yield made


def leave(program: Program, how: str, desktop: Desktop | None = None, within_s: float = SOON_S) -> None:
    """Make the program leave; checks how it does."""
    program.children()
    assert program.said() == ("", "")
    window = desktop.wait_for_window(program.pid) if desktop is not None and how == "close" else None
    began = time.monotonic()
    if window is not None and desktop is not None:
        desktop.close_window(window)
    else:
        program.signal(getattr(signal, f"SIG{how}"))
    ended = program.wait()
    took = time.monotonic() - began
    assert ended == (CODES[how], "", "")
    assert took < within_s
    wait_until(lambda: not program.living_children(), "the end of its children")
    assert program.temporary == []


@pytest.mark.parametrize(
    "how", ["close", *(pytest.param(how, marks=pytest.mark.long) for how in ("INT", "TERM"))]
)
def test_with_nothing_to_do(how: str, windowed: dict[str, str], desktop: Desktop) -> None:
    with Program([], windowed) as program:
        program.wait_for_server()
        leave(program, how, desktop)


@pytest.mark.parametrize("runner", ["thread_pool", pytest.param("qthread", marks=pytest.mark.long)])
def test_while_threads_compute(runner: str, windowed: dict[str, str], desktop: Desktop) -> None:
    with Program(["--runner", runner, *ENDLESS], windowed) as program:
        program.wait_for_server()
        program.wait_until_busy()
        leave(program, "close", desktop)


@pytest.mark.parametrize(
    ("runner", "how", "share"),
    [
        ("thread_pool", "TERM", IN_THE_MIDDLE),
        ("qthread", "close", BEFORE_HEADERS),
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in (("thread_pool", "close", BEFORE_HEADERS), ("qthread", "INT", IN_THE_MIDDLE))
        ),
    ],
)
def test_while_downloads_stall(
    runner: str, how: str, share: float, windowed: dict[str, str], desktop: Desktop, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    with PictureServer(share) as server:
        files = ["--param", f"urls={server.list_in(tmp_path, 32)}", "--param", f"folder={folder}"]
        with Program(["--runner", runner, *STALLED, *files], windowed) as program:
            wait_until(lambda: server.asked >= 16, "16 requests")
            assert folder.is_dir()
            leave(program, how, desktop)
    assert list(folder.iterdir()) == []


def test_while_the_gui_thread_computes(windowed: dict[str, str]) -> None:
    with Program(["--blocking", *ENDLESS], windowed) as program:
        program.wait_for_server()
        program.wait_until_busy()
        leave(program, "TERM")


def test_while_the_gui_thread_reads(windowed: dict[str, str], tmp_path: Path) -> None:
    with PictureServer(0.5) as server:
        files = ["--param", f"urls={server.list_in(tmp_path, 4)}"]
        with Program(["--blocking", *STALLED, *files], windowed) as program:
            wait_until(lambda: server.asked >= 1, "a request")
            leave(program, "INT")


def test_while_a_run_is_compared(windowed: dict[str, str]) -> None:
    with Program(["--compare", *ENDLESS[1:]], windowed) as program:
        program.wait_for_server()
        program.wait_until_busy()
        leave(program, "TERM")


def test_while_a_question_waits_for_its_answer(windowed: dict[str, str], desktop: Desktop) -> None:
    arguments = ["--blocking", "--workload", "sleep", "--param", "seconds=1", "--tasks", "100"]
    with Program(arguments, windowed) as program:
        program.wait_for_server()
        desktop.focus(desktop.wait_for_window(program.pid))
        desktop.press("F5")
        wait_until(lambda: len(desktop.windows(program.pid)) == 2, "the question")
        leave(program, "TERM")


def test_while_the_gil_is_kept(windowed: dict[str, str]) -> None:
    """No signal handler can run before the call into C returns: the time counts from there."""
    began = time.perf_counter()
    next(hold_gil(blanks=5_000))
    call_s = 2 * 16 * (time.perf_counter() - began)  # four times the blanks take sixteen times as long
    arguments = ["--start", "--workload", "hold_gil", "--tasks", "50", "--param", "blanks=20000"]
    with Program(arguments, windowed) as program:
        program.wait_for_server()
        program.wait_until_busy()
        leave(program, "TERM", within_s=SOON_S + call_s)


def test_what_is_killed_leaves_no_server(windowed: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    arguments = ["--start", "--workload", "download", "--tasks", "500", "--param", f"folder={folder}"]
    with Program(arguments, windowed) as program:
        wait_until(lambda: folder.is_dir() and len(list(folder.iterdir())) > 3, "the first pictures")
        assert len(program.children()) == 1
        program.signal(signal.SIGKILL)
        assert program.wait().code == -signal.SIGKILL
        wait_until(lambda: not program.living_children(), "the end of the image server")


@pytest.mark.parametrize(("how", "cpu_s"), [("INT", 0.06), ("TERM", 0.15), ("INT", 0.3)])
def test_while_it_starts(how: str, cpu_s: float, environment: dict[str, str]) -> None:
    """Where Python and Qt are being loaded, a traceback is the custom. Below 0.05 s Python itself is not ready."""
    with Program(["--offscreen", *ENDLESS], environment) as program:
        wait_until(lambda: program.cpu_s() >= cpu_s, "its imports")
        leave(program, how)
