"""Packages of another Python in this one: found after ours, for a while; and what is said where that cannot be."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.support.environments import answer, environment, program, site_packages
from workers.catalog import user_functions
from workers.catalog.entry import Facts
from workers.pythons import asking, lending, needs
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and shell scripts")
HERE = f"Thaw's own Python {platform.python_version()}"


def test_what_is_lent_is_found_for_a_while_and_after_ours(tmp_path: Path) -> None:
    path = str(environment(tmp_path / "env", only_there="WHERE = 'theirs'", pytest="WHERE = 'theirs'"))
    asking.ask(path)
    before = list(sys.path)
    with lending.lent(path):
        assert importlib.import_module("only_there").WHERE == "theirs"
        assert importlib.import_module("pytest") is pytest
        assert sys.path[: len(before)] == before
    assert sys.path == before
    assert not (site_packages(tmp_path / "env") / "__pycache__").exists(), "nothing is written there"
    assert "only_there" not in sys.modules
    assert find_spec("only_there") is None


def test_the_next_who_borrows_gets_the_same_modules(tmp_path: Path) -> None:
    """Many that are written in C cannot be imported twice."""
    first = str(environment(tmp_path / "first", borrowed="NUMBER = 1"))
    other = str(environment(tmp_path / "other", borrowed="NUMBER = 2"))
    for path in (first, other):
        asking.ask(path)
    with lending.lent(first):
        module = importlib.import_module("borrowed")
    with lending.lent(other):
        assert importlib.import_module("borrowed").NUMBER == 2
    with lending.lent(first), lending.lent(first):
        assert importlib.import_module("borrowed") is module
    assert "borrowed" not in sys.modules


def test_a_project_that_is_worked_on_is_imported_anew(tmp_path: Path) -> None:
    path = str(environment(tmp_path / "env"))
    (site_packages(tmp_path / "env") / "editable.pth").write_text(f"{tmp_path}\n")
    (tmp_path / "worked_on.py").write_text("SEEN = []\n")
    asking.ask(path)
    for _ in range(2):
        with lending.lent(path):
            seen = importlib.import_module("worked_on").SEEN
            assert seen == []
            seen.append(1)


def test_packages_that_do_not_fit_and_those_of_who_was_not_asked_are_not_lent(tmp_path: Path) -> None:
    packages = str(tmp_path / "packages")
    (tmp_path / "packages").mkdir()
    path = program(tmp_path / "python3.9", answer(version=(3, 9, 1), packages=(packages,)))
    with lending.lent(path):
        assert packages not in sys.path
    asking.ask(path)
    with lending.lent(path):
        assert packages not in sys.path
    assert lending.packages("") == ()


# ---------------------------------------------------------------- what is said


def facts(python: str = "", *lacks: str) -> Facts:
    return Facts("work", "plain", imports=lacks, lacks=lacks, python=python)


def test_a_package_that_no_python_is_known_to_have_is_told_with_both_ways() -> None:
    assert needs.unmet(facts("", "no_such"), "--runner other_python", ask=True) == (
        "work needs the package no_such, which is not installed here. Name the Python of your project (--python PATH): "
        "then it runs with the packages of that one, or in that Python itself (--runner other_python)."
    )
    assert "the packages a and b, which are not installed here" in needs.unmet(
        facts("", "a", "b"), "--runner other_python", ask=True
    )
    assert needs.unmet(facts(), "--runner other_python", ask=True) == ""


def test_a_package_that_the_project_s_python_has_is_no_lack(tmp_path: Path) -> None:
    path = str(environment(tmp_path / "env", only_there=""))
    assert needs.unmet(facts(path, "only_there"), "--runner other_python", ask=False) == "", "nobody knows yet"
    assert needs.unmet(facts(path, "only_there"), "--runner other_python", ask=True) == ""
    assert needs.unmet(facts(path, "only_there", "no_such"), "--runner other_python", ask=False) == (
        "work needs the packages only_there and no_such, which are not installed here, nor in "
        f"{asking.ask(path).told}: install what it needs there, or name another Python (--python PATH)."
    )
    assert (
        needs.note(facts(path), "shared", {})
        == f"Packages that Thaw has not come from {asking.ask(path).told}."
    )
    assert needs.note(facts(path), "other", {"python": path}) == f"It ran in {asking.ask(path).told}."


def test_versions_that_differ_are_told_in_one_sentence(tmp_path: Path) -> None:
    path = program(tmp_path / "python3.9", answer(version=(3, 9, 1)))
    assert needs.unmet(facts(path, "no_such"), "--runner other_python", ask=True) == (
        f"work needs the package no_such, which is not installed here, and {HERE} cannot use the packages of "
        f"{path}, Python 3.9.1: run it in that Python (--runner other_python)."
    )
    assert needs.note(facts(path)._replace(imports=("numpy",)), "shared", {}) == (
        f"{HERE} cannot use the packages of {path}, Python 3.9.1: it ran with Thaw's own."
    )
    assert needs.note(facts(path), "shared", {}) == "", "it imports none"


def test_a_build_that_differs_does_not_fit_either(tmp_path: Path) -> None:
    real = asking.ask(sys.executable)
    assert lending.fits(real)
    assert not lending.fits(real._replace(suffix=".cpython-311t-x86_64-linux-gnu.so"))
    assert not lending.fits(real._replace(implementation="PyPy"))
    assert not lending.fits(real._replace(version=(3, 99, 0)))


def test_a_python_that_cannot_be_used_is_told_with_the_reason(tmp_path: Path) -> None:
    told = needs.unmet(facts(str(tmp_path / "gone"), "no_such"), "--runner other_python", ask=True)
    assert told.endswith(
        f"the Python of its project cannot be used: {tmp_path}/gone cannot be started: No such file or directory."
    )


def test_a_version_that_it_needs_is_asked_of_the_python_that_runs_it() -> None:
    assert needs.unmet(facts()._replace(least_python=(3, 99)), "--runner other_python", ask=True) == (
        f"work needs Python 3.99 or later, and this is {HERE}: choose another (--runner other_python)."
    )


def test_a_function_may_be_one_of_a_package_that_is_installed_there_alone(tmp_path: Path) -> None:
    source = "import functools\ndef power(x, by): return x ** by\nsquare = functools.partial(power, by=2)\n"
    path = str(environment(tmp_path / "env", only_there=source))
    asking.ask(path)
    with pytest.raises(BadInput, match=r"There is no module only_there here"):
        user_functions.entry("only_there:power")
    for function, fields in (("power", ["x", "by"]), ("square", ["x"])):
        entry = user_functions.entry(f"only_there:{function}", path)
        assert [field.name for field in entry.fields] == fields
        assert entry.own is not None
        assert entry.own.python == path
    assert "only_there" not in sys.modules, "it was asked in a process of its own"
