"""Whole programs that are closed, interrupted and killed in the middle of downloads, on each of the four runners.

The programs of a test run at the same time: most of their lives they load Qt, and two processors can do that for two.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.end_to_end.servers import PICTURE, PictureServer
from tests.end_to_end.test_leaving import leave
from tests.support.download_session import FOUR, ONCE, beyond_this_machine
from tests.support.misbehaving_server import in_turn, picture, response, stalling
from tests.support.program import MAIN, ROOT, Program, clean_environment, wait_until
from tests.support.x11 import Desktop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.download_session import House

LEAVE_S = 20.0
"""Four programs leave at the same time on a busy machine; who waited for a download would take STALL_S."""

STALL_S = 100.0

JPEG = picture()


class Village:
    """Programs on the four runners that download from the same server, each with a home and a folder of its own.

    Attributes:
        programs: by the name of the runner.
    """

    def __init__(self, folder: Path, server: PictureServer) -> None:
        self._folder, self._server = folder, server
        self._stack = ExitStack()
        self.programs: dict[str, Program] = {}

    def __enter__(self) -> Village:
        return self

    def __exit__(self, *about: object) -> None:
        self._stack.close()

    def begin(
        self, runner: str, *arguments: str, main: Path = MAIN, tasks: int = 8, display: str = ""
    ) -> Program:
        """Start one."""
        home = self._folder / runner
        home.mkdir()
        environment = clean_environment(home)
        if display:
            environment["DISPLAY"] = display
        params = {"urls": str(self._server.list_in(home, tasks)), "folder": str(self.pictures(runner)), **ONCE}
        params |= {"stall_s": STALL_S, "total_s": STALL_S} if main == MAIN else {}  # all of its downloads stall
        given = [word for name, value in params.items() for word in ("--param", f"{name}={value}")]
        program = Program(
            ["--runner", runner, "--tasks", str(tasks), "--workers", "2", *arguments, *given], environment, main
        )
        self.programs[runner] = self._stack.enter_context(program)
        return program

    def pictures(self, runner: str) -> Path:
        """Where a program's pictures go."""
        return self._folder / runner / "pictures"

    def whole(self, runner: str) -> int:
        """How many pictures have their names; fails for one that is not whole."""
        folder = self.pictures(runner)
        found = [path for path in folder.iterdir() if path.suffix == ".jpg"] if folder.is_dir() else []
        assert all(path.read_bytes() == PICTURE for path in found)
        return len(found)

    def has(self, count: int, runner: str) -> bool:
        return self.whole(runner) >= count


def is_alone(program: Program) -> bool:
    """Whether none of the children that it was seen to have still runs."""
    return not program.living_children()


def test_a_signal_in_the_middle_of_stalled_downloads(tmp_path: Path) -> None:
    with PictureServer(0.5) as server, Village(tmp_path, server) as village:
        for runner in FOUR:
            village.begin(runner, "--headless", "--workload", "download")
        wait_until(lambda: server.asked >= 7, "a request from each worker")
        for (runner, program), how in zip(village.programs.items(), ("INT", "TERM") * 2, strict=True):
            leave(program, how, within_s=LEAVE_S)
            assert list(village.pictures(runner).iterdir()) == []


STUCK = '''"""Downloads of which the first is stuck."""

import threading
import time
from pathlib import Path

from . import download

TITLE = "Stuck"
close, leave = download.close, download.leave


def stuck(index, url, name, into, control, per_host, gate, *, tries: int = 4):
    """Wait for an hour in one step, or download."""
    if index == 0:
        (Path.home() / f"stuck-{threading.get_native_id()}").touch()
        time.sleep(3600)
        yield 1
    return (yield from download.download(control, url=url, name=name, into=into, tries=tries))


def plan(tasks, seed, server, *, urls="", folder=""):
    """As the downloads' own."""
    return download.plan(tasks, seed, server, urls=urls, folder=folder)
'''


@pytest.fixture
def house_with_a_stuck_workload(tmp_path: Path) -> Path:
    """A second house, whose workloads have one more that no cancel can end; returns its main.py."""
    house = tmp_path / "house"
    shutil.copytree(ROOT / "workers", house / "workers", ignore=shutil.ignore_patterns("__pycache__"))
    (house / "workers" / "workloads" / "stuck.py").write_text(STUCK)
    (house / "gui").symlink_to(ROOT / "gui")
    (house / "resources").symlink_to(ROOT / "resources")
    shutil.copy(MAIN, house)
    return house / "main.py"


def is_stuck(program: Program) -> bool:
    """Whether its first task is."""
    return any(program.home.glob("stuck-*"))


@pytest.fixture
def desktop(display: str) -> Iterator[Desktop]:
    with Desktop(display) as made:
        yield made


def test_the_window_is_closed_in_downloads_with_one_stuck_worker(
    tmp_path: Path, display: str, desktop: Desktop, house_with_a_stuck_workload: Path
) -> None:
    """On the GUI thread nothing can be closed while it is stuck: there it is told by SIGTERM."""
    with PictureServer(0.5) as server, Village(tmp_path, server) as village:
        for runner in FOUR:
            arguments = ("--start", "--workload", "stuck")
            village.begin(runner, *arguments, main=house_with_a_stuck_workload, display=display)
        for runner, program in village.programs.items():
            wait_until(partial(is_stuck, program), f"a stuck task on {runner}")
        wait_until(lambda: server.asked >= 3, "the other downloads")
        for runner, program in village.programs.items():
            looked_at = psutil.Process(program.pid)
            wait_until(lambda: beyond_this_machine(looked_at)[0] > 0, f"a connection on {runner}")  # noqa: B023
            assert beyond_this_machine(looked_at)[1] == [], runner
        windows = {runner: desktop.wait_for_window(program.pid) for runner, program in village.programs.items()}
        for program in village.programs.values():
            program.children()
        began = time.monotonic()
        village.programs["gui_thread"].signal(signal.SIGTERM)
        for runner, window in windows.items():
            if runner != "gui_thread":
                desktop.close_window(window)
        for runner, program in village.programs.items():
            ended = program.wait()
            assert time.monotonic() - began < LEAVE_S
            assert ended == (143 if runner == "gui_thread" else 0, "", ""), runner
        for runner, program in village.programs.items():
            wait_until(partial(is_alone, program), "the end of its children")
            assert program.temporary == []
            assert village.whole(runner) == 0


PATIENT = """if __name__ == "__main__":
    from gui.process import ending, leaving

    ending.IN_C_S = leaving.DEADLINE_S = leaving.LAST_RESORT_S = 3600.0
"""
"""Of a program that this is part of, a first signal that is not heeded has no effect before an hour has gone."""


def test_ctrl_c_twice_leaves_at_once(tmp_path: Path, house_with_a_stuck_workload: Path) -> None:
    main = house_with_a_stuck_workload
    main.write_text(main.read_text().replace(PATIENT.split("    ")[0], PATIENT))
    with PictureServer(0.5) as server, Village(tmp_path, server) as village:
        for runner in FOUR:
            village.begin(runner, "--headless", "--workload", "stuck", main=house_with_a_stuck_workload)
        for runner, program in village.programs.items():
            wait_until(partial(is_stuck, program), f"a stuck task on {runner}")
            program.children()
        for program in village.programs.values():
            program.signal(signal.SIGINT)
        began = time.monotonic()
        wait_until(lambda: time.monotonic() - began > 0.2, "the first signal's effect")
        for program in village.programs.values():
            program.signal(signal.SIGINT)
        for runner, program in village.programs.items():
            assert program.wait().code == 130, runner
        for program in village.programs.values():
            wait_until(partial(is_alone, program), "the end of its children")


def test_the_program_is_killed(tmp_path: Path) -> None:
    with PictureServer(wait_s=0.1) as server, Village(tmp_path, server) as village:
        for runner in FOUR:
            village.begin(runner, "--headless", "--workload", "download", tasks=5_000)
        for runner, program in village.programs.items():
            wait_until(partial(village.has, 3, runner), f"pictures on {runner}")
            program.children()
        for program in village.programs.values():
            program.signal(signal.SIGKILL)
        for runner, program in village.programs.items():
            assert program.wait().code == -signal.SIGKILL
            wait_until(partial(is_alone, program), "the end of its children")
            assert village.whole(runner) > 2


def test_a_pool_worker_is_killed_in_the_middle_of_a_download(house: Callable[[str], House]) -> None:
    """Nobody but process_pool has worker processes that can be killed."""
    made = house("process_pool")
    half = stalling(response(JPEG)[: len(JPEG) // 2])
    urls = made.serve(in_turn(half, response(JPEG)), *[response(JPEG)] * 6)
    before = set(psutil.Process().children())

    def kill() -> None:
        """The process that waits for the rest of the first picture: the other one has ended all the rest."""
        deadline = time.monotonic() + 10
        while made.session.run and made.session.run.recorder.done < 6 and time.monotonic() < deadline:
            threading.Event().wait(0.005)
        for child in set(psutil.Process().children()) - before:
            if child.name().startswith("python") and "spawn_main" in " ".join(child.cmdline()):
                os.kill(child.pid, signal.SIGKILL)

    killer = made.later(kill, made.server.reached.is_set)
    made.download(urls, workers=2, stall_s=8.0, **ONCE)
    run = made.finish()
    killer.join()
    assert (run.recorder.done, run.recorder.failed) == (7, 0)
    # A process that is killed cannot tidy up: what it had of the file stays, under no final name.
    whole = [name for name in made.files if not name.endswith(".part")]
    assert whole == [f"{index}.jpg" for index in range(7)]
    assert all((made.folder / name).read_bytes() == JPEG for name in whole)
