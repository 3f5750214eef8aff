"""The catalogue: read from the source, without running a line of it."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from workers.catalog import lookup
from workers.catalog.entry import read_entry

if TYPE_CHECKING:
    from pathlib import Path

EXPLODES = '''"""Works on things: and this is the summary.

More of it.
"""

raise RuntimeError("this file was imported")

import no_such_package
from elsewhere import COMPUTED

TITLE = "Things"
ORDER = 5
UNIT = "bytes"
LABELS = {"rows": "Rows at once"}
COUNT = len([1, 2])
lower = 3


def plan(*, tasks: int, seed: int, server, rows: int = 3):
    """Plan.

    Args:
        rows: how many rows (1 to 9).
    """


def things(index: int, *, control, size: int = 10):
    """Do.

    Args:
        size: how large.
    """
    yield 1


def helper(*, other: int = 1): ...
'''


def write(folder: Path, name: str, source: str) -> Path:
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    return path


def test_an_entry_is_read_without_importing(tmp_path: Path) -> None:
    before = set(sys.modules)
    entry = read_entry(write(tmp_path, "things", EXPLODES))
    assert set(sys.modules) == before
    assert entry is not None
    assert (entry.name, entry.title, entry.missing) == ("things", "Things", "")
    assert entry.summary == "Works on things: and this is the summary."
    assert entry.path == tmp_path / "things.py"


def test_constants_are_upper_case_literals(tmp_path: Path) -> None:
    entry = read_entry(write(tmp_path, "things", EXPLODES))
    assert entry is not None
    labels = {"rows": "Rows at once"}
    assert entry.constants == {"TITLE": "Things", "ORDER": 5, "UNIT": "bytes", "LABELS": labels}


def test_fields_are_those_of_plan_and_of_the_function_that_a_person_may_choose(tmp_path: Path) -> None:
    entry = read_entry(write(tmp_path, "things", EXPLODES))
    assert entry is not None
    assert [(field.name, field.default, field.low, field.high, field.label) for field in entry.fields] == [
        ("rows", 3, 1, 9, "Rows at once"),
        ("size", 10, None, None, ""),
    ]


def test_fields_of_a_runner_are_what_its_class_is_made_with(tmp_path: Path) -> None:
    source = '''TITLE = "There"
class Helper:
    def __init__(self, *, nobodys: int = 1): ...
class ThereRunner:
    def __init__(self, *, where: str = "") -> None:
        """Choose.

        Args:
            where: which place.
        """
    def start(self, tasks, *, inner: int = 3): ...
'''
    entry = read_entry(write(tmp_path, "there", source))
    assert entry is not None
    assert [(field.name, field.kind, field.help) for field in entry.fields] == [
        ("where", "str", "which place.")
    ]


def test_a_workload_may_name_the_dataclass_whose_keyword_only_fields_are_its_parameters(tmp_path: Path) -> None:
    workloads, orders = tmp_path / "workloads", tmp_path / "inside" / "orders"
    workloads.mkdir()
    orders.mkdir(parents=True)
    source = '''raise RuntimeError("this file was imported")
@dataclass(frozen=True)
class Order:
    """One.

    Attributes:
        url: where.
        size: how large (1 to 9).
        deep: whether
            it is.
    """

    url: str
    item: int = 0
    _: KW_ONLY
    size: float = 2.5
    deep: bool = True
'''
    write(orders, "made", source)
    entry = read_entry(
        write(workloads, "things", 'TITLE = "Things"\nPARAMETERS = "..inside.orders.made:Order"\n')
    )
    assert entry is not None
    assert [(field.name, field.kind, field.default, field.help, field.high) for field in entry.fields] == [
        ("size", "float", 2.5, "how large (1 to 9).", 9),
        ("deep", "bool", True, "whether it is.", None),
    ]


def test_no_parameter_means_two_things() -> None:
    """A workload and a runner are given theirs from one list of names."""
    of_runners = {field.name for entry in lookup.runners().values() for field in entry.fields}
    of_workloads = {field.name for entry in lookup.workloads().values() for field in entry.fields}
    assert not of_runners & of_workloads


def test_a_file_without_a_title_is_no_entry(tmp_path: Path) -> None:
    assert read_entry(write(tmp_path, "protocol", '"""Helps."""\nORDER = 1\n')) is None
    assert read_entry(write(tmp_path, "empty", "")) is None


def test_a_missing_package_is_the_reason(tmp_path: Path) -> None:
    entry = read_entry(write(tmp_path, "a", 'TITLE = "A"\nREQUIRES = ("json", "no_such_one")\n'))
    assert entry is not None
    assert entry.missing == "needs the package no_such_one, which is not installed here"
    both = read_entry(
        write(tmp_path, "b", 'TITLE = "B"\nREQUIRES = ("no_such_one", "no_such_two.inside", "json.tool")\n')
    )
    assert both is not None
    assert both.missing == "needs the package no_such_one and no_such_two.inside, which is not installed here"
    extra = read_entry(
        write(tmp_path, "d", 'TITLE = "D"\nREQUIRES = ("no_such_one", "json")\nEXTRA = "more"\n')
    )
    assert extra is not None
    assert extra.missing == (
        "needs the package no_such_one, which is not installed here: pip install no_such_one json"
    )
    present = read_entry(write(tmp_path, "c", 'TITLE = "C"\nREQUIRES = ("json",)\n'))
    assert present is not None
    assert present.missing == ""


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('TITLE = "A"\ndef broken(:\n', "cannot be read: invalid syntax (half.py, line 2)"),
        (
            'TITLE = "A"\ndef half(*, size: int = 2 ** 20): ...\n',
            "cannot be read: the default of the parameter size is not a literal: 2 ** 20",
        ),
    ],
)
def test_a_file_that_is_half_written_is_not_available(tmp_path: Path, source: str, reason: str) -> None:
    entry = read_entry(write(tmp_path, "half", source))
    assert entry is not None
    assert (entry.name, entry.missing) == ("half", reason)


def test_a_folder_is_listed_in_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "workloads"
    folder.mkdir()
    for name, order in (("late", "ORDER = 30"), ("b_none", ""), ("early", "ORDER = 1"), ("a_none", "")):
        write(folder, name, f'TITLE = "{name}"\n{order}\n')
    write(folder, "__init__", '"""Nothing."""\n')
    monkeypatch.setattr(lookup, "PACKAGE", tmp_path)
    assert list(lookup.workloads()) == ["early", "late", "a_none", "b_none"]
    assert lookup.runners() == {}


def test_the_three_runners_are_there() -> None:
    found = lookup.runners()
    assert list(found)[:3] == ["gui_thread", "qthread", "thread_pool"]
    assert all(entry.title and entry.summary and entry.path.exists() for entry in found.values())
    assert all(entry.constants["WHEN"] for entry in found.values())


@pytest.mark.skipif(find_spec("PySide6") is not None, reason="Qt can be found here")
def test_what_needs_qt_is_told_where_there_is_none() -> None:
    assert lookup.runners()["qthread"].missing == "needs the package PySide6, which is not installed here"


def test_every_workload_can_be_read() -> None:
    for entry in lookup.workloads().values():
        assert not entry.missing.startswith("cannot be read"), entry.missing
        assert entry.summary
        assert all(field.help for field in entry.fields), entry.name


@pytest.mark.parametrize("kind", ["runners", "workloads"])
def test_each_label_is_one_of_a_parameter(kind: str) -> None:
    for entry in getattr(lookup, kind)().values():
        assert set(entry.constants.get("LABELS", ())) <= {field.name for field in entry.fields}, entry.name
