"""The programs to paste run as they are, with a person's function filled in: to a result, an error, and an end."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.brokers import NEEDS_SERVER
from workers.benchmark import snippets
from workers.benchmark.snippets import HERE
from workers.catalog import lookup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _pytest.mark import ParameterSet

MINE = """
import time

def quick(size: int = 1, where: "Path" = ""):
    time.sleep(0.001)
    return size + 1

def fails():
    raise ValueError("no such thing")

def steps(count: int = 3):
    for _ in range(count):
        yield

async def waits(size: int = 1):
    return size + 1

async def ticks():
    yield 1

def heeds(control, size: int = 1):
    with control.away(), control.on_cancel(control.wait_while_paused):
        return None if control.cancelled or control.is_paused(0) else size + 1

def endless():
    open("begun", "w").close()
    time.sleep(30)

class Box:
    def __init__(self, size):
        self.size = size

    def filled(self, by, /, *more, name="", **others):
        return [self.size, by, more, name, others]

    def steps(self):
        yield self.size
"""

SHARING = """
from workers.sync import Lock, Queue, sleep

SHARED = "make"

def make(waits, start):
    lock, jobs = Lock(), Queue()
    jobs.put(start)
    waits.watch("jobs", jobs.qsize)
    return lock, jobs

def work(index, shared, *, start: int = 5):
    lock, jobs = shared
    with lock:
        sleep(0.001)
        jobs.put(jobs.get())
        return start + 1

def steps(shared):
    for _ in range(3):
        yield from shared[1].queue
"""

DRIVER = """
import os, runpy, sys

def main(ready, program):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QPushButton

    really = QApplication.exec

    def press_and_wait(app=None):
        (window,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, QPushButton)]
        window.click()

        def look():
            if window.text().startswith(ready) and (ready != "Running" or os.path.exists("begun")):
                timer.stop()
                print(window.text(), flush=True)
                window.close()

        timer = QTimer(window, interval=5)
        timer.timeout.connect(look)
        timer.start()
        return really()

    QApplication.exec = press_and_wait
    sys.argv = [program]
    runpy.run_path(program, run_name="__main__")

if __name__ == "__main__":
    main(*sys.argv[1:])
"""
NAMES = sorted(path.stem for path in HERE.glob("*.py") if path.stem != "work")
USABLE = [name for name in NAMES if not lookup.runners()[name].missing]
SERVED = {"celery_queue": NEEDS_SERVER}
"""Those that need something beside the program."""


def case(name: str, *marks: pytest.MarkDecorator) -> ParameterSet:
    return pytest.param(name, marks=[*marks, *([SERVED[name]] if name in SERVED else [])])


def later(name: str) -> ParameterSet:
    """A case that the long run tries: each is the start of a program, a quarter of a second."""
    return case(name, pytest.mark.long)


@contextmanager
def around(runner: str, folder: Path) -> Iterator[dict[str, str]]:
    """What a program needs beside itself, as its docstring says how to start it; yields variables for it."""
    if runner not in SERVED:
        yield {}
        return
    from tests.support.brokers import broker

    with broker() as (url, _):
        command = [sys.executable, "-m", "celery", "-A", "program", "worker", "-c", "1"]
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": str(folder), "BROKER": url}
        with subprocess.Popen(
            command, cwd=folder, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as worker:
            try:
                yield {"BROKER": url}
            finally:
                worker.terminate()


def run(
    folder: Path,
    runner: str,
    function: str,
    ready: str = "Done",
    size: int | None = None,
    mine: str = MINE,
    name: str = "mine.py",
    params: tuple[tuple[str, Any], ...] = (),
) -> str:
    """What its window showed in the end; it must have ended by itself, well."""
    (folder / name).write_text(mine)
    (folder / "driver.py").write_text(DRIVER)
    params = params if size is None else (("size", size),)
    program = snippet(runner, f"{folder / name}:{function}", params, sys.executable)
    # So that nobody waits for it.
    (folder / "program.py").write_text(program.replace("timeout=2", "timeout=0.1"))
    with around(runner, folder) as variables:
        ended = subprocess.run(
            [sys.executable, "driver.py", ready, "program.py"],
            cwd=folder,
            env={
                "QT_QPA_PLATFORM": "offscreen",
                "PATH": "/usr/bin:/bin",
                "HOME": str(folder),
                "PYTHONPATH": str(folder),
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.stdout.strip()


def snippet(runner: str, name: str, params: tuple[tuple[str, Any], ...] = (), python: str = "") -> str:
    return snippets.snippet(runner, lookup.named("workloads", name), params, python)


def test_every_runner_that_may_be_advised_has_one() -> None:
    runners = lookup.runners()
    advised = {one for one in runners if runners[one].traits.advise and "ONLY" not in runners[one].constants}
    assert advised <= set(NAMES) <= set(runners)
    assert snippet("process_events", "a.py:work") == snippet("work", "a.py:work") == ""


@pytest.mark.parametrize("runner", NAMES)
def test_it_is_short_and_says_nothing_of_ours(runner: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    text = snippet(runner, f"{tmp_path / 'mine.py'}:quick", (("size", 4), ("where", "/some/file")))
    assert "from mine import quick\n" in text
    assert "workers" not in text
    assert "{'size': 4, 'where': Path('/some/file')}" in text
    assert "from pathlib import Path" in text
    assert "type: ignore" not in text
    assert str(tmp_path) not in text
    assert len([line for line in text.splitlines() if line.strip()]) <= 50
    compile(text, "program.py", "exec")


@pytest.mark.parametrize("runner", [case(one) for one in USABLE])
def test_it_shows_the_result(runner: str, tmp_path: Path) -> None:
    shown = run(tmp_path, runner, "quick", size=4)
    assert shown == ("Done" if runner == "cooperative" else "Done: 5")


@pytest.mark.parametrize("runner", ["thread_pool", *map(later, ["process_pool", "other_python"])])
def test_a_file_inside_of_a_package_is_imported_by_its_whole_name(runner: str, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    (tmp_path / "app" / "far.py").write_text("FAR = 1\n")
    mine = "from .far import FAR\n\ndef quick(size: int = 1):\n    return size + FAR\n"
    assert run(tmp_path, runner, "quick", size=4, mine=mine, name="app/mine.py") == "Done: 5"


@pytest.mark.parametrize("runner", ["process_pool", *map(later, ["thread_pool", "other_python"])])
def test_a_file_whose_name_is_none_for_an_import_is_imported(runner: str, tmp_path: Path) -> None:
    assert run(tmp_path, runner, "quick", size=4, name="my-file.py") == "Done: 5"


@pytest.mark.parametrize(
    "runner", ["thread_pool", *map(later, ["qthread", "cooperative", "other_python", "process_per_task"])]
)
def test_it_shows_the_error(runner: str, tmp_path: Path) -> None:
    assert run(tmp_path, runner, "fails", "Failed").endswith("no such thing")


@pytest.mark.parametrize("runner", ["cooperative", *map(later, ["thread_pool", "other_python"])])
def test_a_generator_is_run_to_its_end(runner: str, tmp_path: Path) -> None:
    assert run(tmp_path, runner, "steps").startswith("Done")


@pytest.mark.parametrize("runner", [case(one) if one == "thread_per_task" else later(one) for one in USABLE])
def test_what_calls_share_is_made_and_has_locks_of_python(runner: str, tmp_path: Path) -> None:
    shown = run(tmp_path, runner, "work", mine=SHARING)
    assert shown == ("Done" if runner == "cooperative" else "Done: 6")


@pytest.mark.parametrize("runner", [later("cooperative"), later("thread_pool")])
def test_steps_share_as_well(runner: str, tmp_path: Path) -> None:
    mine = SHARING.replace("waits, start", "waits, tasks").replace("put(start)", "put(tasks)")
    assert run(tmp_path, runner, "steps", mine=mine).startswith("Done")


@pytest.mark.parametrize("runner", [case(one) if one == "thread_pool" else later(one) for one in USABLE])
def test_who_asks_for_control_gets_some(runner: str, tmp_path: Path) -> None:
    shown = run(tmp_path, runner, "heeds", size=4)
    assert shown == ("Done" if runner == "cooperative" else "Done: 5")


@pytest.mark.parametrize("runner", ["thread_pool", later("process_pool"), later("other_python")])
def test_control_and_what_is_shared_come_together(runner: str, tmp_path: Path) -> None:
    mine = SHARING.replace("shared, *,", "control, shared, *,").replace("waits, start", "control, start")
    mine = mine.replace('waits.watch("jobs", jobs.qsize)', "control.paused")
    assert run(tmp_path, runner, "work", mine=mine) == "Done: 6"


@pytest.mark.parametrize("function", ["waits", later("ticks")])
def test_what_is_async_is_awaited(function: str, tmp_path: Path) -> None:
    assert run(tmp_path, "asyncio_loop", function) == ("Done: 2" if function == "waits" else "Done: None")


@pytest.mark.parametrize(
    "runner",
    ["thread_pool", *map(later, ["thread_per_task", "asyncio_loop", "process_pool", "process_per_task"])],
)
def test_closing_does_not_wait_for_a_call_that_does_not_end(runner: str, tmp_path: Path) -> None:
    assert run(tmp_path, runner, "endless", "Running").startswith("Running")


def test_interpreters_are_tried_where_there_are_any() -> None:
    assert ("interpreters" in USABLE) == (sys.version_info >= (3, 14))
    assert find_spec("PySide6") is not None


ODD = (("self", "Box(3)"), ("by", (1, None)), ("more", [5]), ("name", "x"), ("others", {"y": {2}}))


@pytest.mark.parametrize("runner", ["thread_pool", *(later(one) for one in USABLE if one != "thread_pool")])
def test_a_method_with_odd_parameters(runner: str, tmp_path: Path) -> None:
    assert run(tmp_path, runner, "Box.filled", params=ODD).startswith("Done")


def test_the_call_is_written_out(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    text = snippet("thread_pool", f"{tmp_path / 'mine.py'}:Box.filled", ODD)
    assert "from mine import Box\n" in text
    assert (
        "def do_filled(by: Any, name: Any, more: Any, others: Any) -> Any:\n"
        "    return Box(3).filled(by, *more, name=name, **others)\n"
    ) in text
    assert "{'by': (1, None), 'name': 'x', 'more': [5], 'others': {'y': {2}}}" in text
    assert "self.pool.submit(do_filled, **ARGUMENTS)" in text
    steps = snippet("thread_pool", f"{tmp_path / 'mine.py'}:Box.steps", (("self", "Box(1)"),))
    assert "for _ in do_steps(**arguments):" in steps
    compile(steps, "program.py", "exec")
    assert "from math import sqrt\n" in snippet("thread_pool", "math:sqrt", (("x", 2),))
