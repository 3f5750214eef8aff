"""Runners and workloads are imported when they are chosen, and a runner is made with its own parameters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from workers.catalog.lookup import named
from workers.engine.loading import _load, load_workload, preload, workload_hook
from workers.engine.runner import load_runner
from workers.runners.gui_thread import GuiThreadRunner
from workers.runners.other_python import OtherPythonRunner

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]


def test_a_runner_gets_its_own_parameters_and_leaves_the_others() -> None:
    runner, rest = load_runner(named("runners", "other_python"), {"python": "pypy3", "numbers": 5})
    assert isinstance(runner, OtherPythonRunner)
    assert runner._wanted == "pypy3"
    assert rest == {"numbers": 5}
    runner, rest = load_runner(named("runners", "gui_thread"), {"numbers": 5})
    assert isinstance(runner, GuiThreadRunner)
    assert rest == {"numbers": 5}


def test_a_workload_says_whether_it_holds_the_gil() -> None:
    assert load_workload("primes").gil == "holds"
    assert not load_workload("primes").wants_control
    assert load_workload("tests.support.finished_runs:steps").gil == ""


@pytest.mark.parametrize("name", ["process_pool", "interpreters", "other_python"])
def test_far_runners_can_be_imported_by_every_python_of_ours_and_without_qt(name: str) -> None:
    found = "[name for name in sys.modules if name.startswith(('PySide6', 'gui'))]"
    code = f"import sys, workers.runners.{name}; assert not {found}"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize(("runner", "is_there"), [("asyncio_loop", True), ("thread_pool", False)])
def test_what_a_run_needs_is_imported_before_it(runner: str, is_there: bool) -> None:
    code = (
        "import sys; from workers.catalog.lookup import named; from workers.engine.loading import preload; "
        f"preload(named('runners', {runner!r}), named('workloads', 'download')); print('aiohttp' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert said.strip() == str(is_there)


@pytest.fixture
def mine(tmp_path: Path) -> Callable[[str], str]:
    """Writes mine.py; returns the name of its function `work`."""

    def write(source: str) -> str:
        path = tmp_path / "mine.py"
        path.write_text(source, encoding="utf-8")
        return f"{path}:work"

    return write


def test_an_own_function_has_no_hooks_and_its_constants_are_read(mine: Callable[[str], str]) -> None:
    name = mine("UNIT = 'pages'\nraise RuntimeError('this file was run')\ndef plan(): ...\ndef work(): ...\n")
    entry = named("workloads", name)
    assert workload_hook(entry, "plan") is None
    assert entry.constants["UNIT"] == "pages"


@pytest.mark.parametrize(
    ("source", "own", "is_imported"),
    [
        ("def work(): ...", True, True),
        ("def work(): ...", False, False),
        ("NEEDS_GUI_THREAD = True\ndef work(): ...", True, False),
        ("raise ValueError('told by the run')\ndef work(): ...", True, True),
    ],
)
def test_an_own_function_is_imported_before_its_run_where_that_is_wanted(
    source: str, own: bool, is_imported: bool, mine: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    preload(named("runners", "thread_pool"), named("workloads", mine("print('imported')\n" + source)), own=own)
    assert ("imported" in capsys.readouterr().out) is is_imported


def test_a_workload_of_thaw_is_imported_with_what_its_place_needs() -> None:
    _load.cache_clear()
    preload(named("runners", "thread_pool"), named("workloads", "primes"))
    assert _load.cache_info().currsize == 1
