"""Starts programs as a person does, alone or watched by Thaw without a window, and reads what was seen of them.

Everything runs in the caller's thread.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.benchmarks.figures import Missing
from tests.benchmarks.program import HERE, PATIENCE_S, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmarks.program import Bench, Process

PROGRAMS = HERE / "watched"
ENVIRONMENTS = ROOT / ".cache" / "watch"
ASK = "scripts/other-pythons --environments makes it"
BINDINGS = ("PySide6", "PyQt6", "PyQt5", "PySide2")
LOOPS = ("tkinter", "asyncio", "uvloop")
FILES = ("loops.py", "freezer.py", "window.py")


class Environment(NamedTuple):
    """A Python that programs are watched in.

    Attributes:
        name: such as "3.9", "3.13t", or "here": Thaw's own.
        python: its interpreter.
        loops: the kinds of event loops that it has.
    """

    name: str
    python: str
    loops: tuple[str, ...]


class Outcome(NamedTuple):
    """What came of a program that was watched.

    Attributes:
        report: Thaw's.
    """

    report: dict[str, Any]

    @property
    def freezes(self) -> list[dict[str, Any]]:
        """All that got a card: when they began by `time.time`, how long they were, and who and what was guilty."""
        gui = self.report["gui"]
        if gui is None:
            raise Missing("no event loop was seen in the program")
        began = self.report["began"]
        return [{**each, "began": began + each["at_s"]} for each in gui["freeze_causes"]]


def bare(bench: Bench) -> None:
    """Start all that is measured without Thaw's own source on its path: a program is nothing of ours."""
    bench.variables["PYTHONPATH"] = ""


def here() -> Environment:
    """Thaw's own Python."""
    return Environment("here", sys.executable, ("PySide6", "asyncio"))


def environments() -> Iterator[Environment]:
    """Those that scripts/other-pythons has made, the oldest Python first."""
    for folder in sorted(
        ENVIRONMENTS.glob("3.*"), key=lambda one: [int(n) for n in re.findall(r"\d+", one.name)]
    ):
        packages = {path.name for path in folder.glob("lib/python3*/site-packages/*")}
        python = str(folder / "bin" / "python")
        there = [name for name in BINDINGS if name in packages]
        yield Environment(folder.name, python, (*there, "tkinter", "asyncio", *({"uvloop"} & packages)))


def of_program(name: str) -> Environment:
    """The environment of a published program.

    Raises:
        Missing: there is none.
    """
    python = ENVIRONMENTS / name / "bin" / "python"
    if not python.exists():
        raise Missing(f"there is no .cache/watch/{name}: {ASK}")
    return Environment(name, str(python), ())


def laid_out(bench: Bench) -> Path:
    """A new folder with the programs that are watched, which lies outside of Thaw's own, as a person's does."""
    folder = bench.new_folder()
    for file in (*(PROGRAMS / name for name in FILES), HERE / "watch" / "frozen_ways.py"):
        shutil.copy(file, folder)
    return folder


def watching(
    report: Path, *command: str | Path, python: str = "", options: Sequence[str] = ()
) -> list[str | Path]:
    """The words after `python` that watch a program without a window of Thaw's."""
    which = ("--python", python) if python else ()
    return [ROOT / "main.py", "--headless", *options, "--report", report, *which, "--watch", *command]


def read(report: Path, process: Process | None = None) -> Outcome:
    """What was seen.

    Raises:
        Missing: there is no report.
    """
    try:
        return Outcome(json.loads(report.read_text()))
    except (OSError, ValueError):
        said = process.said().splitlines()[-1:] if process is not None else []
        raise Missing(f"watching left no report: {''.join(said)[:200] or 'nothing was said'}") from None


def watch(
    bench: Bench,
    *command: str | Path,
    python: str = "",
    codes: Sequence[int] = (0,),
    timeout: float = PATIENCE_S,
) -> Outcome:
    """Watch a program from its start to its end."""
    report = bench.new_folder() / "report.json"
    with bench.process(*watching(report, *command, python=python)) as process:
        process.wait(*codes, timeout=timeout)
        return read(report, process)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(number) for number in (task / "children").read_text().split()]
    return found


def is_there(pid: int) -> bool:
    """Whether a process runs, and is no more than a name that waits to be read."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def left_behind(folder: Path) -> list[str]:
    """What lies in a folder of temporary files beside what the programs themselves leave there."""
    return sorted(os.path.relpath(path, folder) for path in folder.rglob("*") if "thaw" in path.name.lower())
