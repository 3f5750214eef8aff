"""--python on the command line: which Python it means, what it is of use for, and what is said where it is of none."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.environments import answer, environment, program
from workers.command_line.parser import parse
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from workers.engine.plan import Settings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and shell scripts")

WORK = "--headless --workload project/mine.py:work"
PLAIN = "--headless --workload project/mine.py:plain"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose function needs a package that Thaw has not, and another one that needs none."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "project"
    made.mkdir()
    (made / "pyproject.toml").touch()
    (made / "mine.py").write_text("import only_there\ndef work(): ...\n")
    (made / "plain.py").write_text("def work(): ...\n")
    return made


def settings(line: str) -> Settings:
    return parse(line.split()).settings


def refused(line: str) -> str:
    with pytest.raises(BadInput, match=r"\.$") as caught:
        parse(line.split())
    return str(caught.value)


def python_of(line: str) -> str:
    own = settings(line).workload_entry.own
    assert own is not None
    return own.python


def test_without_a_python_that_has_it_both_ways_are_named() -> None:
    said = refused(WORK)
    assert said.startswith(
        "work needs the package only_there, which is not installed here. Name the Python of your"
    )
    assert "--python PATH" in said
    assert "--runner other_python" in said


def test_the_environment_of_the_project_is_taken_by_itself(project: Path) -> None:
    path = str(environment(project / ".venv", only_there=""))
    assert python_of(WORK) == path
    assert settings(WORK).runner == "thread_pool"


def test_a_folder_an_interpreter_or_a_name_is_taken(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(environment(tmp_path / "env", only_there=""))
    monkeypatch.setenv("PATH", f"{tmp_path}/env/bin")
    for wanted in ("env", path, "python"):
        assert python_of(f"{WORK} --python {wanted}") == path
    assert settings(f"{WORK} --python env").runner == "thread_pool"


def test_another_python_gets_it_as_its_parameter(tmp_path: Path) -> None:
    path = str(environment(tmp_path / "env", only_there=""))
    line = f"{WORK} --runner other_python"
    assert settings(f"{line} --python env").params == (("python", path),)
    assert settings(f"{line} --param python=env").params == (("python", "env"),)
    assert settings(f"--headless --workload primes --runner other_python --python {sys.executable}").params == (
        ("python", sys.executable),
    )
    assert refused(f"{line} --python env --param python=env") == (
        "--python and --param python= say the same: leave one of them out."
    )
    assert "has no package only_there" in refused(f"{line} --python {sys.executable}")


def test_packages_of_another_version_lead_to_that_python(tmp_path: Path) -> None:
    path = program(
        tmp_path / "python3.9",
        f"""case "$*" in *python_implementation*) {answer(version=(3, 9, 1))};; *) echo '[null, []]';; esac""",
    )
    assert settings(f"{WORK} --python {path}").runner == "other_python"
    assert refused(f"{WORK} --python {path} --runner thread_pool").startswith(
        "--python has no use here: ThreadPoolExecutor runs in Thaw's own Python "
    )
    assert refused(f"--check project/mine.py:work --python {path}").startswith("--python has no use here: ")


def test_the_project_s_own_python_of_another_version_is_where_it_runs_by_itself(project: Path) -> None:
    path = program(
        project / ".venv" / "bin" / "python",
        f"""case "$*" in *python_implementation*) {answer(version=(3, 9, 1))};; *) echo '[null, []]';; esac""",
    )
    assert settings(WORK).runner == "other_python"
    assert refused(f"{WORK} --runner gui_thread").endswith(
        f"cannot use the packages of {path}, Python 3.9.1: run it in that Python (--runner other_python)."
    )
    assert settings("--headless --workload project/plain.py:work").runner == "thread_pool", "it lacks nothing"


def test_what_has_no_use_for_it_says_so() -> None:
    said = refused(f"--headless --workload primes --python {sys.executable}")
    assert said.startswith("--python is for a function of yours, and for --runner other_python: ")
    assert refused(f"--python {sys.executable}") == refused(f"--headless --python {sys.executable}")
    assert refused(f"--lesson all --python {sys.executable}").startswith("--python does not go with --lesson")


def test_a_bad_path_is_told(tmp_path: Path) -> None:
    assert refused(f"{WORK} --python nowhere").startswith("There is no Python nowhere: ")
    assert refused(f"{WORK} --python .").startswith(
        f"There is no Python in {tmp_path}, nor in a folder .venv or venv"
    )


def test_a_benchmark_takes_it_too(tmp_path: Path) -> None:
    path = str(environment(tmp_path / "env", only_there=""))
    line = "--benchmark --headless --workload project/mine.py:work"
    choice = parse(f"{line} --python env".split()).benchmark
    assert choice is not None
    assert choice.python == path
    assert ("python", path) in choice.params
    assert "Name the Python of your project" in refused(line)
    assert refused("--benchmark --headless --runners thread_pool --python env").startswith(
        "--python is for a function"
    )
    other = program(tmp_path / "python3.9", answer(version=(3, 9, 1)))
    assert refused(f"{line} --runners thread_pool --python {other}").startswith("--python has no use here: ")


def test_check_finds_the_packages_of_the_project(project: Path) -> None:
    assert refused("--check project/mine.py:work").startswith("work needs the package only_there")
    path = str(environment(project / ".venv", only_there=""))
    assert python_of("--check project/mine.py:work") == path
