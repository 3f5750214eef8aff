"""Runners and workloads are imported when they are chosen, and a runner is made with its own parameters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workers.engine.loading import load_workload
from workers.engine.runner import load_runner
from workers.runners.gui_thread import GuiThreadRunner
from workers.runners.other_python import OtherPythonRunner

ROOT = Path(__file__).parents[3]


def test_a_runner_gets_its_own_parameters_and_leaves_the_others() -> None:
    runner, rest = load_runner("other_python", {"python": "pypy3", "numbers": 5})
    assert isinstance(runner, OtherPythonRunner)
    assert runner._wanted == "pypy3"
    assert rest == {"numbers": 5}
    runner, rest = load_runner("gui_thread", {"numbers": 5})
    assert isinstance(runner, GuiThreadRunner)
    assert rest == {"numbers": 5}


def test_a_workload_says_whether_it_holds_the_gil() -> None:
    assert load_workload("primes").gil == "holds"
    assert not load_workload("primes").wants_control
    assert load_workload("tests.support.finished_runs:steps").gil == ""


@pytest.mark.parametrize("name", ["process_pool", "interpreters", "other_python"])
def test_far_runners_can_be_imported_by_every_python_of_ours_and_without_qt(name: str) -> None:
    code = (
        f"import sys, workers.runners.{name}; assert not [m for m in sys.modules if m.startswith(('PySide6', 'gui'))]"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize(("runner", "is_there"), [("asyncio_loop", True), ("thread_pool", False)])
def test_what_a_run_needs_is_imported_before_it(runner: str, is_there: bool) -> None:
    code = (
        f"import sys, workers.engine.loading as l; l.preload({runner!r}, 'download'); print('aiohttp' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert said.strip() == str(is_there)
