"""What an interpreter answers: once, also for the next start, until it or what is installed there is another."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.environments import answer, environment, program, site_packages
from tests.support.patience import AT_ONCE_S
from workers.pythons import asking
from workers.pythons.asking import Python
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of answers of a program that was never started; forgets what is in memory."""
    monkeypatch.setenv("THAW_DATA", str(tmp_path / "data"))
    begin_anew(monkeypatch)
    return tmp_path / "data" / "pythons.json"


def begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_answers", {})
    monkeypatch.setattr(asking, "_is_read", False)


def test_an_interpreter_is_asked_once_until_its_file_is_another(tmp_path: Path) -> None:
    path = program(tmp_path / "pypy3", f'echo once >> "$0.log"; {answer("PyPy")}')
    for _ in range(3):
        assert asking.ask(path).implementation == "PyPy"
    assert (tmp_path / "pypy3.log").read_text() == "once\n"
    program(tmp_path / "pypy3", answer("CPython"))
    os.utime(path, (1, 1))
    assert asking.ask(path).implementation == "CPython"


def test_one_that_was_busy_is_asked_again_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = program(tmp_path / "pypy3", f'echo >> "$0.log"; [ -e "$0.free" ] || exec sleep 60; {answer("PyPy")}')
    monkeypatch.setattr(asking, "ANSWER_S", 0.2)
    with pytest.raises(BadInput, match=r"did not answer within 0\.2 s"):
        asking.ask(path)
    (tmp_path / "pypy3.free").touch()
    monkeypatch.setattr(asking, "ANSWER_S", AT_ONCE_S)
    assert asking.ask_all([path]) == [], "whoever only looks around waits for it once"
    assert asking.ask(path).implementation == "PyPy"
    assert asking.ask_all([path]) == [asking.known(path)]
    assert (tmp_path / "pypy3.log").read_text() == "\n\n"


def test_an_environment_is_not_its_base(fresh: Path, tmp_path: Path) -> None:
    path = environment(tmp_path / "env")
    python, base = asking.ask(str(path)), asking.ask(os.path.realpath(path))
    assert python.environment == str(tmp_path / "env")
    assert str(site_packages(tmp_path / "env")) in python.packages
    assert base.environment == ""
    assert set(base.packages).isdisjoint(python.packages)
    assert python.base == base.base == os.path.realpath(path)
    assert python.identity != base.identity
    assert python.told.endswith(f"env, {python.name}")


def test_folders_that_pth_files_name_are_of_its_packages(fresh: Path, tmp_path: Path) -> None:
    path = environment(tmp_path / "env")
    (tmp_path / "src").mkdir()
    (site_packages(tmp_path / "env") / "mine.pth").write_text(f"{tmp_path}/src\n{tmp_path}/not_there\n")
    assert asking.ask(str(path)).packages[-1] == str(tmp_path / "src")


FINDER = """
import sys
MAPPING = {{"pack": "{0}/src/pack", "name": "{0}/elsewhere/other"}}
NAMESPACES = {{"around.inner": ["{0}/spaces/around/inner"]}}
class Finder:
    @classmethod
    def find_spec(cls, name, path=None, target=None): return None
sys.meta_path.append(Finder)
"""


def test_folders_in_which_editable_installs_find_by_a_finder_are_of_its_packages(
    fresh: Path, tmp_path: Path
) -> None:
    path = environment(tmp_path / "env", __editable___pack_1_0_finder=FINDER.format(tmp_path.as_posix()))
    (site_packages(tmp_path / "env") / "pack.pth").write_text("import __editable___pack_1_0_finder\n")
    for name in ("src/pack", "spaces/around/inner", "elsewhere/other"):
        (tmp_path / name).mkdir(parents=True)
    expected = (str(tmp_path / "src"), str(tmp_path / "spaces"))
    assert asking.ask(str(path)).packages[-2:] == expected, "none whose package has another name there"


def test_the_answer_is_kept_for_the_next_start(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(environment(tmp_path / "env"))
    told = asking.ask(path)
    begin_anew(monkeypatch)
    monkeypatch.setattr(asking, "run", None)  # nobody is asked
    assert asking.known(path) == told
    assert asking.ask(path) == told


def test_what_was_installed_meanwhile_is_seen(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(environment(tmp_path / "env"))
    asking.ask(path)
    before = site_packages(tmp_path / "env").stat()
    (tmp_path / "src").mkdir()
    (site_packages(tmp_path / "env") / "mine.pth").write_text(f"{tmp_path}/src\n")
    os.utime(site_packages(tmp_path / "env"), (before.st_atime, before.st_mtime + 1))
    begin_anew(monkeypatch)
    assert asking.known(path) is not None, "a run need not wait for it"
    assert str(tmp_path / "src") in asking.ask(path).packages


def test_of_an_environment_that_is_another_one_nothing_is_known(fresh: Path, tmp_path: Path) -> None:
    path = str(environment(tmp_path / "env"))
    asking.ask(path)
    (tmp_path / "env" / "pyvenv.cfg").write_text("home = elsewhere\nversion = 3.99\n")
    assert asking.known(path) is None


def test_what_a_script_answers_is_not_for_the_next_start(fresh: Path, tmp_path: Path) -> None:
    """It may lead elsewhere by then, and its file is the same."""
    asking.ask(program(tmp_path / "pypy3", answer("PyPy")))
    asking.ask(sys.executable)
    assert list(json.loads(fresh.read_text())["answers"]) == [sys.executable]


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", '{"answers": {"/x": 1}}', '{"answers": {"/x": [[], [1]]}}']
)
def test_a_file_of_answers_that_cannot_be_read_counts_as_none(fresh: Path, text: str) -> None:
    fresh.parent.mkdir()
    fresh.write_text(text)
    assert asking.known("/x") is None
    assert asking.ask(sys.executable).version == tuple(sys.version_info[:3])


def test_what_it_prints_at_its_start_is_no_answer(tmp_path: Path) -> None:
    assert asking.ask(program(tmp_path / "noisy", f"echo Welcome; {answer('PyPy')}")).implementation == "PyPy"


def test_the_t_of_a_free_threaded_build_is_in_its_name() -> None:
    assert Python("/x", "CPython", (3, 14, 0), gil=False).name == "Python 3.14.0t"
    assert Python("/x", "PyPy", (3, 11, 13), gil=True).name == "PyPy 3.11.13"
