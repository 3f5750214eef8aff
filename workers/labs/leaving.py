"""What becomes of a thread when the program leaves.

A plain thread keeps the program alive until it has ended, even where nobody joins it. A daemon thread does not: it is
cut off wherever it is just then. Its `finally` does not run, its files are not closed, and what they had not written
yet is lost. `daemon=True` is for threads that have nothing to lose.

Who wants to leave soon asks the thread to end, and waits for it: an Event that it looks at, and `join`.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import sleep
from ..utils.child import private, run_child
from ..utils.formatting import none_or

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Leaving"
ORDER = 140
UNIT = "programs"
RUNNER = "thread_per_task"
TASKS = 1
WORKERS = 1
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "daemon": {
        "right": False,
        "shows": "A daemon thread is cut off: its file is cut, and finally does not run.",
    },
    "joined": {"right": True, "shows": "The program waits for the thread: its file is whole."},
    "asked": {"right": True, "shows": "The thread is asked to end: it does so soon, and its finally runs."},
}
LINES = 30
LEAVES_S = 0.05

# ---------------------------------------------------------------- the programs, each in a process of its own


def write(path: str, leave: threading.Event) -> None:
    """What the thread does: it writes lines, slowly, and at last one that says that it has ended."""
    with open(path, "w", encoding="utf-8") as file:
        try:
            for number in range(LINES):
                if leave.is_set():
                    return
                file.write(f"line {number}\n")
                time.sleep(0.01)
        finally:
            file.write("the end\n")


def daemon_program(path: str) -> None:
    thread = threading.Thread(target=write, args=(path, threading.Event()), daemon=True)
    thread.start()
    time.sleep(LEAVES_S)


def joined_program(path: str) -> None:
    thread = threading.Thread(target=write, args=(path, threading.Event()))
    thread.start()
    time.sleep(LEAVES_S)
    thread.join()


def asked_program(path: str) -> None:
    leave = threading.Event()
    thread = threading.Thread(target=write, args=(path, leave))
    thread.start()
    time.sleep(LEAVES_S)
    leave.set()
    thread.join()


# ---------------------------------------------------------------- the versions


def make(waits: Waits) -> SimpleNamespace:
    shared = SimpleNamespace(lines=[])
    waits.watch("lines", lambda: sum(line.startswith("line") for line in shared.lines))
    waits.watch("finally ran", lambda: shared.lines[-1:] == ["the end"])
    return shared


def daemon(shared: SimpleNamespace) -> Generator[int, None, None]:
    """Leave while a daemon thread writes."""
    yield from run_program("daemon_program", shared)


def joined(shared: SimpleNamespace) -> Generator[int, None, None]:
    """Wait for the thread that writes, and leave."""
    yield from run_program("joined_program", shared)


def asked(shared: SimpleNamespace) -> Generator[int, None, None]:
    """Ask the thread that writes to end, wait for it, and leave."""
    yield from run_program("asked_program", shared)


def run_program(program: str, shared: SimpleNamespace) -> Generator[int, None, None]:
    """Run a program, and look at the file that it has left."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lines.txt")
        code = f"from _thaw.labs.leaving import {program}; {program}(sys.argv[1])"
        run_child(private(code, str(path), python=sys.executable), sleep)
        shared.lines = path.read_text("utf-8").splitlines()
    yield 1


def check(shared: SimpleNamespace) -> None:
    """What must hold in any order: the thread came to its end."""
    assert shared.lines[-1:] == ["the end"]


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    return {name: run.recorder.sharing.figure(name) for name in ("lines", "finally ran")}


def _is_there(run: Run) -> str:
    lines, ended = figures(run).values()
    return f"{none_or(lines)} of {LINES} lines are in the file, and finally {'ran' if ended else 'did not run'}"


def is_cut_off(daemon: Run) -> tuple[bool, str]:
    lines, ended = figures(daemon).values()
    return lines < LINES and not ended, f"With a daemon thread {_is_there(daemon)}."


def is_whole(joined: Run) -> tuple[bool, str]:
    lines, ended = figures(joined).values()
    return lines == LINES and bool(ended), f"Joined, {_is_there(joined)}."


def ends_soon(asked: Run) -> tuple[bool, str]:
    lines, ended = figures(asked).values()
    return lines < LINES and bool(ended), f"Asked to end, {_is_there(asked)}."


CLAIMS = (is_cut_off, is_whole, ends_soon)
