"""Which Python a person means: by a name, a path, a folder, a project; and which there are at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.environments import answer, environment, program
from workers.pythons import asking, finding
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")

PYPY = answer("PyPy", (3, 9, 16), base="/opt/pypy")
FREE = answer("CPython", (3, 13, 1), gil=False, base="/opt/free")
OLD = answer("CPython", (3, 8, 18), base="/opt/old")
SELF = answer("CPython", (3, 11, 7), base=os.path.realpath(sys.executable))


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Makes programs, the only ones on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bin").mkdir()
    return lambda name, script: program(tmp_path / "bin" / name, script)


def sentence(wanted: str) -> str:
    with pytest.raises(BadInput, match=r"\.$") as caught:
        finding.choose(wanted)
    return str(caught.value)


# ---------------------------------------------------------------- on PATH


def test_others_are_listed_once_in_the_order_of_path(make: Callable[[str, str], str], tmp_path: Path) -> None:
    make("pypy3", PYPY)
    make("python3.13t", FREE)
    make("python3", FREE)
    make("python3.8", OLD)
    make("python3.9", "echo no such version; exit 127")
    make("python3.11", SELF)
    make("python3-config", "echo no Python at all")
    (tmp_path / "bin" / "python3.10").write_text("not executable")
    (tmp_path / "bin" / "pypy3.9").symlink_to(tmp_path / "bin" / "pypy3")
    found = finding.others()
    assert [python.words for python in found] == ["PyPy 3.9.16, GIL on", "Python 3.13.1t, GIL off"]
    assert finding.choose("") == found[0]
    assert finding.choose("python3.13t").gil is False
    assert finding.choose("free-threaded") == found[1]
    assert finding.choose("python3.11").path.endswith("python3.11"), "who names this very one gets it"


def test_they_are_asked_at_the_same_time(make: Callable[[str, str], str], tmp_path: Path) -> None:
    """Each answers once the others have begun: one after the other they would never."""
    names = ("python3.12", "python3.13", "python3.14")
    for name in names:
        waits = "".join(f"while [ ! -e {tmp_path}/{other} ]; do :; done\n" for other in names)
        make(name, f": > {tmp_path}/{name}\n{waits}{answer(base=f'/opt/{name}')}")
    assert [python.base for python in finding.others()] == [f"/opt/{name}" for name in names]


def test_an_environment_on_path_is_another_python_than_its_base(
    make: Callable[[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = environment(tmp_path / "env")
    monkeypatch.setenv(
        "PATH", f"{tmp_path}/env/bin{os.pathsep}{os.path.dirname(os.path.realpath(sys.executable))}"
    )
    [python] = [one for one in finding.others() if one.environment]
    assert (python.path, python.environment) == (str(path), str(tmp_path / "env"))


@pytest.fixture
def pyenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A version manager with stand-ins that nobody should run, and two versions."""
    root = tmp_path / "pyenv"
    for version, name in (("3.9.18", "python3.9"), ("3.12.1", "python3.12"), ("3.12.10", "python3.12")):
        folder = root / "versions" / version / "bin"
        numbers = tuple(int(number) for number in version.split("."))
        program(folder / name, answer(version=numbers, base=f"/opt/{version}"))
        (folder / "python3").symlink_to(folder / name)
        for shim in (name, "python3"):
            program(root / "shims" / shim, f": > {tmp_path}/was_run; exit 127")
    monkeypatch.setenv("PATH", str(root / "shims"))
    monkeypatch.delenv("PYENV_VERSION", raising=False)
    monkeypatch.chdir(tmp_path)
    return root


def test_stand_ins_of_a_version_manager_are_not_asked_but_what_is_behind_them(
    pyenv: Path, tmp_path: Path
) -> None:
    names = [python.name for python in finding.others()]
    assert names == ["Python 3.12.10", "Python 3.12.1", "Python 3.9.18"]
    (pyenv / "version").write_text("3.9.18\n")
    assert finding.choose("").name == "Python 3.9.18", "the selected one first"
    assert finding.choose("python3").path == str(pyenv / "versions" / "3.9.18" / "bin" / "python3")
    assert finding.choose("python3.12").name == "Python 3.12.10", "the newest that has it"
    assert finding.choose(str(pyenv / "shims" / "python3.9")).name == "Python 3.9.18"
    assert not (tmp_path / "was_run").exists()


def test_a_version_manager_may_select_what_is_not_its_own(
    pyenv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "usr" / "python3", answer(version=(3, 11, 2)))
    monkeypatch.setenv("PATH", f"{pyenv}/shims{os.pathsep}{tmp_path}/usr")
    (tmp_path / ".python-version").write_text("system\n")
    assert finding.choose("python3").path == str(tmp_path / "usr" / "python3")


# ---------------------------------------------------------------- by a path or a folder


def test_a_folder_stands_for_the_python_in_it(make: Callable[[str, str], str], tmp_path: Path) -> None:
    path = environment(tmp_path / "project" / ".venv")
    for wanted in (
        "project",
        "project/",
        "project/.venv",
        "project/.venv/bin",
        str(path),
        "./project/.venv/bin/python",
    ):
        assert finding.choose(wanted).path == str(path), wanted
    assert os.path.islink(path), "it is not followed: what it leads to has other packages"


def test_the_layout_of_windows(make: Callable[[str, str], str], tmp_path: Path) -> None:
    path = program(tmp_path / "project" / "venv" / "Scripts" / "python.exe", answer())
    assert finding.choose("project").path == path
    assert finding.choose("project/venv").path == path
    assert finding.choose("project/venv/Scripts").path == path
    (tmp_path / "project" / "setup.py").touch()
    assert finding.of_project(tmp_path / "project" / "pack" / "file.py") == path


def test_the_home_folder_may_be_said_as_a_tilde(
    make: Callable[[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    program(tmp_path / "project" / ".venv" / "bin" / "python", answer())
    (tmp_path / "project" / ".venv" / "pyvenv.cfg").touch()
    assert finding.choose("~/project").told == "~/project/.venv, Python 3.13.1"


def test_what_cannot_be_used_is_told(
    make: Callable[[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sentence("") == (
        "There is no other Python on PATH. Name one with the parameter python, or install one, "
        "such as pypy3 or python3.13t."
    )
    make("pypy3", PYPY)
    assert sentence("free-threaded") == (
        "There is no other Python on PATH whose GIL is off. Install one, such as python3.14t, or name one with the "
        "parameter python."
    )
    assert sentence("nowhere").startswith("There is no Python nowhere: name an interpreter by its path or ")
    assert sentence("bin").startswith(
        f"There is no Python in {tmp_path}/bin, nor in a folder .venv or venv of it: "
    )
    old = make("python3.8", OLD)
    assert sentence(old) == f"{old} is Python 3.8.18: Thaw's own source needs 3.9 or later there."
    other = make("other", "echo 'Usage: other [FILE]'")
    assert sentence(other) == f"{other} is no Python of version 3.9 or later."
    monkeypatch.setattr(asking, "ANSWER_S", 0.2)
    hangs = make("hangs", "exec /bin/sleep 60")
    assert sentence(hangs) == f"{hangs} did not answer within 0.2 s."
    broken = make("broken", "")
    Path(broken).write_text("#!/no/such/shell\n")
    assert sentence(broken) == f"{broken} cannot be started: No such file or directory."
    (tmp_path / "env" / "bin").mkdir(parents=True)
    (tmp_path / "env" / "bin" / "python").symlink_to("/no/such/python3.11")
    assert sentence("env") == (
        f"{tmp_path}/env/bin/python leads to /no/such/python3.11, which is not there any more: "
        "make the environment anew."
    )


# ---------------------------------------------------------------- of a project


@pytest.mark.parametrize("mark", ["pyproject.toml", "setup.py", "setup.cfg", ".git"])
@pytest.mark.parametrize("name", [".venv", "venv"])
def test_the_environment_of_the_project_that_a_file_is_in(mark: str, name: str, tmp_path: Path) -> None:
    project, file = tmp_path / "project", tmp_path / "project" / "src" / "pack" / "file.py"
    path = program(project / name / "bin" / "python", answer())
    assert finding.of_project(file) == "", "nothing says that this is a project"
    (project / mark).touch()
    assert finding.of_project(file) == path
    assert finding.of_project(project / "file.py") == path


def test_the_nearest_project_with_an_environment_counts_and_none_outside_of_the_repository(
    tmp_path: Path,
) -> None:
    outer = program(tmp_path / ".venv" / "bin" / "python", answer())
    (tmp_path / "pyproject.toml").touch()
    member = tmp_path / "members" / "one"
    member.mkdir(parents=True)
    (member / "pyproject.toml").touch()
    assert finding.of_project(member / "file.py") == outer
    inner = program(member / "venv" / "bin" / "python", answer())
    assert finding.of_project(member / "file.py") == inner
    (tmp_path / "members" / "two" / ".git").mkdir(parents=True)
    assert finding.of_project(tmp_path / "members" / "two" / "file.py") == ""
    lone = program(tmp_path / "members" / "two" / "scripts" / ".venv" / "bin" / "python", answer())
    assert finding.of_project(tmp_path / "members" / "two" / "scripts" / "file.py") == lone, (
        "beside the file itself"
    )


def test_neither_thaw_s_own_environment_nor_a_broken_one_is_a_project_s(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".venv").symlink_to(sys.prefix)
    assert finding.of_project(tmp_path / "file.py") == ""
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to("/no/such/python")
    assert finding.of_project(tmp_path / "file.py") == ""
