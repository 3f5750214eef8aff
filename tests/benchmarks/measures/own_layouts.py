"""What is measured of people's projects: whether each layout runs where it should, and how fast one is looked at."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.program import HERE, LONG_S, ROOT
from tests.benchmarks.sizes import LAYOUT_COUNT, LONG_FUNCTIONS, PROJECT_MODULES
from tests.support.project_layouts import LAYOUTS, make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench
    from tests.support.project_layouts import Layout

PROGRAM, CHOICE = ROOT / "main.py", HERE / "watch" / "project_window.py"
APART = ("process_pool", "other_python")
IN_PROCESS = ("thread_pool", "qthread", "gui_thread")
OFFER = "add --runner process_pool"


def layouts() -> Measure:
    """How many layouts run in each place that they should; in ours a clash is told, with what to do."""
    names = list(LAYOUTS)[:LAYOUT_COUNT]
    places = list(itertools.product(names, APART + IN_PROCESS))
    title = f"{len(names)} layouts of projects, each in its places: wrong of {len(places)}"
    wanted = Wanted("layouts.wrong", title, 0.0, "calls")

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        wrong = 0
        for name, runner in places:
            folder = bench.new_folder()
            layout = make(name, folder)
            said = _run(layout, runner, folder)
            is_right = OFFER in said if layout.clashes and runner in IN_PROCESS else "2 tasks done" in said
            if not is_right:
                wrong += 1
                tell(f"{name} on {runner}: {said.strip().splitlines()[-1:]}")
        return {wanted.key: [float(wrong)]}

    return Measure((wanted,), take)


def _run(layout: Layout, runner: str, folder: Path) -> str:
    python = folder / ".venv" / "bin" / "python" if layout.venv else sys.executable
    more = ("--param", f"python={python}") if runner == "other_python" else ()
    work = ("--headless", "--workload", layout.work, "--runner", runner, "--tasks", "2", *more)
    command = [sys.executable, str(PROGRAM), *work]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONG_S, check=False)
    return ended.stdout + ended.stderr


def choice() -> Measure:
    """From the choice of a file to its form: of one in a project of thousands of modules, and of a long one."""
    what = f"project of {PROJECT_MODULES:,} modules"
    wanted = (
        Wanted("choice.s", f"from the choice of a file to its form, {what}", 0.3, "s"),
        Wanted("choice.lag_ms", "  the window's lag meanwhile, at the worst", 16.0, "ms"),
        Wanted("long.s", f"the same, a file of {LONG_FUNCTIONS} functions of 20 lines", None, "s"),
        Wanted("long.lag_ms", "  the window's lag meanwhile, at the worst", 16.0, "ms"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        paths = {
            "choice": large_project(bench.new_folder(), PROJECT_MODULES),
            "long": long_file(bench.new_folder(), LONG_FUNCTIONS),
        }
        found: Values = {one.key: [] for one in wanted}
        for _ in range(runs):
            for key, path in paths.items():
                seen = bench.one_line(CHOICE, path)
                tell(f"{path.name}: {seen['s'] * 1e3:.0f} ms, lag {seen['lag_ms']:.1f} ms")
                found[f"{key}.s"].append(seen["s"])
                found[f"{key}.lag_ms"].append(seen["lag_ms"])
                assert seen["packages"] == ["psutil"], "all was looked at"
        return found

    return Measure(wanted, take)


def long_file(folder: Path, functions: int) -> Path:
    """A file on its own, with many functions; returns its path."""
    body = "".join(f"    total = total * {at} + size\n" for at in range(16))
    others = "".join(
        f"def work_{at}(size: int, total=0):\n{body}    return total\n\n\n" for at in range(functions - 1)
    )
    path = folder / "long.py"
    path.write_text(f"import psutil\n\n\ndef work(size: int = 3):\n    return size\n\n\n{others}")
    return path


def large_project(folder: Path, modules: int) -> Path:
    """A project whose modules import each other, with a main.py that nobody imports; returns a file in it."""
    body = "\n".join(
        f"def function_{at}(x, y=1):\n    return [x + y for _ in range({at})]\n" for at in range(20)
    )
    for at in range(modules):
        package = folder / "src" / "shop" / f"part_{at // 50}"
        if at % 50 == 0:
            package.mkdir(parents=True)
            (package / "__init__.py").write_text("")
        others = [2 * at + 1, 2 * at + 2]
        lines = [f"from ..part_{one // 50} import module_{one}" for one in others if one < modules]
        last = ["import psutil"] if at == modules - 1 else []
        text = "\n".join(["import os", "import json", *lines, *last, body])
        (package / f"module_{at}.py").write_text(text)
    (folder / "src" / "shop" / "__init__.py").write_text("")
    (folder / "pyproject.toml").write_text("")
    (folder / "src" / "main.py").write_text("")
    path = folder / "src" / "shop" / "start.py"
    path.write_text("from shop.part_0 import module_0\n\ndef work(size: int = 3):\n    return size\n")
    return path
