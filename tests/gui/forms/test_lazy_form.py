"""Forms that are made when they are first seen say the same before and after that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.forms.form import Form
from gui.forms.lazy_form import LazyForm, WorkForm
from workers.catalog import lookup, user_functions, user_names
from workers.catalog.fields import Field

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

ODD = """
from pathlib import Path


def work(
    where: Path, many=10_000_000_000, small=0.00000001, third=1 / 3, yes: bool = True, sure: bool | None = None,
    text: str | None = None, place=Path("a b"), empty="", thing=None, pair=(1, "a"), more: list[int] = [], *rest,
): ...
"""


@pytest.mark.parametrize("name", lookup.workloads())
def test_nobody_can_tell_whether_it_was_made(qtbot: QtBot, name: str) -> None:
    form = LazyForm(lookup.workloads()[name].fields)
    qtbot.addWidget(form)
    before = form.values()
    form.set_values(before)
    assert form.findChildren(Form) == []
    with qtbot.waitSignal(form.made):
        form.show()
    assert form.values() == before
    assert list(map(type, form.values().values())) == list(map(type, before.values()))


def test_the_odd_defaults_of_a_person_s_own_function_too(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "odd.py"
    path.write_text(ODD, encoding="utf-8")
    form = WorkForm(user_functions.entry(user_names.name_of(path, "work")))
    for part in form.parts:
        qtbot.addWidget(part)
    before = form.values()
    assert next(iter(before)) == "where"
    for part in form.parts:
        assert part.form.isVisibleTo(part)
    assert form.values() == before
    assert list(form.needed.form.editors) == ["where"]


def test_another_value_makes_it_and_is_told(qtbot: QtBot) -> None:
    form = LazyForm([Field("size", "int", 3, "how large (1 to 9)", 1, 9)])
    qtbot.addWidget(form)
    with qtbot.waitSignal(form.changed):
        form.set_values({"size": 7, "unknown": 1})
    assert form.values() == {"size": 7}
