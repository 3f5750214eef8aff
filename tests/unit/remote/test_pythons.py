"""What another Python can do with a workload: it tries, or reads, where the work is to run."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.environments import answer, environment, program, site_packages
from workers.catalog import user_functions
from workers.catalog.lookup import named
from workers.pythons import asking
from workers.remote import pythons

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")
OURS = {"python": sys.executable}


def test_a_workload_is_tried_where_it_is_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pythons.refusal(named("workloads", "primes"), OURS) == ""
    assert pythons.refusal(named("workloads", "tests.support.finished_runs:steps"), OURS) == ""
    said = pythons.refusal(named("workloads", "no_such_one"), OURS)
    assert said.startswith("The workload no_such_one cannot be imported by Python ")
    assert said.endswith(": ModuleNotFoundError: No module named '_thaw.workloads.no_such_one'.")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pythons.refusal(named("workloads", "primes"), {}).startswith("There is no other Python on PATH.")


def test_a_missing_package_is_told_in_plain_words(tmp_path: Path) -> None:
    trace = "Traceback ...\\nModuleNotFoundError: No module named 'requests.adapters'"
    script = (
        f"""case "$*" in *site.main*) {answer("PyPy", (3, 9, 16))};; *) printf "{trace}" >&2; exit 1;; esac"""
    )
    path = program(tmp_path / "pypy3", script)
    said = pythons.refusal(named("workloads", "download"), {"python": path})
    assert said == f"PyPy 3.9.16 at {path} has no package requests, which the workload download needs."


def test_an_own_function_is_read_where_it_is_to_run_and_nothing_of_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "import json, no_such_one, nor_that_one\nprint('it ran')\nraise SystemExit\ndef work(): ...\n"
    )
    where = f"{asking.ask(sys.executable).name} at {asking.place(sys.executable)}"
    assert pythons.refusal(named("workloads", f"{file}:work"), OURS) == (
        f"{where} has no packages no_such_one and nor_that_one, which work needs."
    )
    file.write_text("import json\nraise SystemExit\ndef work(): ...\n")
    assert pythons.refusal(named("workloads", f"{file}:work"), OURS) == ""


def test_packages_are_asked_of_the_python_that_is_to_run_it_alone(tmp_path: Path) -> None:
    """Neither what Thaw has counts there, nor what it lacks; and what is installed meanwhile is seen."""
    folder = tmp_path / ".venv"
    path = str(environment(folder, only_there=""))
    file = tmp_path / "mine.py"
    file.write_text("REQUIRES = 'no_such.part'\nimport only_there, pytest\ndef work(): ...\n")
    entry = user_functions.entry(f"{file}:work")
    assert entry.own is not None
    assert entry.own.python == path, "that of its project"
    assert pythons.refusal(entry, {}).endswith(" has no packages no_such.part and pytest, which work needs.")
    before = site_packages(folder).stat()
    (site_packages(folder) / "pytest.py").touch()
    (site_packages(folder) / "no_such").mkdir()
    (site_packages(folder) / "no_such" / "part.py").touch()
    os.utime(site_packages(folder), (before.st_atime, before.st_mtime + 1))
    assert pythons.refusal(entry, {}) == ""


def test_what_came_with_python_here_may_not_have_come_with_that_one(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "import os.path, tomllib\nfrom json import loads\ntry:\n    import imp\nexcept ImportError: ...\n"
        "def work(): ...\n"
    )
    lacks = (
        "import sys\nclass No:\n    def find_spec(self, name, *more):\n        if name == 'tomllib':\n"
        "            raise ModuleNotFoundError\nsys.meta_path.insert(0, No())\n"
    )
    path = environment(tmp_path / "env", sitecustomize=lacks)
    assert pythons.refusal(named("workloads", f"{file}:work"), {"python": str(path)}) == (
        f"{asking.ask(str(path)).name} at {tmp_path}/env has no package tomllib, which work needs."
    )
    (tmp_path / "tomllib.py").touch()
    os.utime(file, (1, 1))
    assert pythons.refusal(named("workloads", f"{file}:work"), {"python": str(path)}) == "", (
        "there is one beside it"
    )


def test_the_least_version_is_that_of_the_python_that_runs_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("REQUIRES_PYTHON = (3, 13)\ndef work(): ...\n")
    path = program(tmp_path / "python3.12", answer(version=(3, 12, 1)))
    assert pythons.refusal(named("workloads", f"{file}:work"), {"python": path}) == (
        f"work needs Python 3.13 or later, and {path} is Python 3.12.1."
    )
