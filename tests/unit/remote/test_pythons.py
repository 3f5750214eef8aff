"""The other Pythons of this machine: found, asked, and refused with a sentence."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from workers.catalog.lookup import named
from workers.remote import pythons
from workers.remote.pythons import Python

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")

PYPY = """'["PyPy", [3, 9, 16], true, "/opt/pypy", ""]'"""
FREE = """'["CPython", [3, 13, 1], false, "/opt/free", ""]'"""
OLD = """'["CPython", [3, 8, 18], true, "/opt/old", ""]'"""
SELF = f"""'["CPython", [3, 11, 7], true, "{os.path.realpath(sys.executable)}", ""]'"""


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Makes programs, the only ones on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def write(name: str, script: str) -> str:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    return write


def test_others_are_listed_once_in_the_order_of_path(make: Callable[[str, str], str], tmp_path: Path) -> None:
    make("pypy3", f"echo {PYPY}")
    make("python3.13t", f"echo {FREE}")
    make("python3", f"echo {FREE}")
    make("python3.8", f"echo {OLD}")
    make("python3.9", "echo no such version; exit 127")
    make("python3.11", f"echo {SELF}")
    make("python3-config", "echo no Python at all")
    (tmp_path / "bin" / "python3.10").write_text("not executable")
    (tmp_path / "bin" / "pypy3.9").symlink_to(tmp_path / "bin" / "pypy3")
    found = list(pythons.others())
    assert [python.words for python in found] == ["PyPy 3.9.16, GIL on", "Python 3.13.1t, GIL off"]
    assert pythons.choose("") == found[0]
    assert pythons.choose("python3.13t").gil is False
    assert pythons.choose("free-threaded") == found[1]
    assert pythons.choose("python3.11").path.endswith("python3.11"), "who names this very one gets it"


def test_an_interpreter_is_asked_once_until_its_file_is_another(make: Callable[[str, str], str]) -> None:
    path = make("pypy3", f'echo once >> "$0.log"; echo {PYPY}')
    for _ in range(3):
        assert pythons.ask(path).implementation == "PyPy"
    with open(path + ".log") as log:
        assert len(log.readlines()) == 1
    make("pypy3", f"echo {FREE}")
    os.utime(path, (1, 1))
    assert pythons.ask(path).implementation == "CPython"


def sentence(wanted: str) -> str:
    with pytest.raises(ValueError, match=r"\.$") as caught:
        pythons.choose(wanted)
    return str(caught.value)


def test_what_cannot_be_used_is_told(make: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert sentence("") == (
        "There is no other Python on PATH. Name one with the parameter python, or install one, "
        "such as pypy3 or python3.13t."
    )
    make("pypy3", f"echo {PYPY}")
    assert sentence("free-threaded") == (
        "There is no other Python on PATH whose GIL is off. Install one, such as python3.14t, or name one with the "
        "parameter python."
    )
    assert sentence("nowhere") == (
        "There is no program nowhere. The parameter python names an interpreter or its path."
    )
    old = make("python3.8", f"echo {OLD}")
    assert sentence(old) == f"{old} is Python 3.8.18: Thaw's own source needs 3.9 or later there."
    other = make("other", "echo 'Usage: other [FILE]'")
    assert sentence(other) == f"{other} is no Python of version 3.9 or later."
    monkeypatch.setattr(pythons, "ANSWER_S", 0.2)
    hangs = make("hangs", "exec /bin/sleep 60")
    assert sentence(hangs) == f"{hangs} did not answer within 0.2 s."
    broken = make("broken", "")
    with open(broken, "w") as file:
        file.write("#!/no/such/shell\n")
    assert sentence(broken) == f"{broken} cannot be started: No such file or directory."


def test_a_workload_is_tried_where_it_is_to_run(make: Callable[[str, str], str]) -> None:
    params = {"python": sys.executable}
    assert pythons.refusal(named("workloads", "primes"), params) == ""
    assert pythons.refusal(named("workloads", "tests.support.finished_runs:steps"), params) == ""
    said = pythons.refusal(named("workloads", "no_such_one"), params)
    assert said.startswith("The workload no_such_one cannot be imported by Python ")
    assert said.endswith(": ModuleNotFoundError: No module named '_thaw.workloads.no_such_one'.")
    assert pythons.refusal(named("workloads", "primes"), {}) == sentence("")


def test_a_missing_package_is_told_in_plain_words(make: Callable[[str, str], str]) -> None:
    trace = "Traceback ...\\nModuleNotFoundError: No module named 'requests.adapters'"
    path = make("pypy3", f"""case "$*" in *platform*) echo {PYPY};; *) printf "{trace}" >&2; exit 1;; esac""")
    said = pythons.refusal(named("workloads", "download"), {"python": path})
    assert said == "PyPy 3.9.16 has no package requests, which the workload download needs."


def test_an_own_function_is_read_where_it_is_to_run_and_nothing_of_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "import json, no_such_one, nor_that_one\nprint('it ran')\nraise SystemExit\ndef work(): ...\n"
    )
    params = {"python": sys.executable}
    where = pythons.ask(sys.executable).name
    assert pythons.refusal(named("workloads", f"{file}:work"), params) == (
        f"{where} has no packages no_such_one and nor_that_one, which work needs."
    )
    file.write_text("import json\nraise SystemExit\ndef work(): ...\n")
    assert pythons.refusal(named("workloads", f"{file}:work"), params) == ""


def test_the_t_of_a_free_threaded_build_is_in_its_name() -> None:
    assert Python("/x", "CPython", (3, 14, 0), gil=False).name == "Python 3.14.0t"
    assert Python("/x", "PyPy", (3, 11, 13), gil=True).name == "PyPy 3.11.13"
