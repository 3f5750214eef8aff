"""A field for a value as Python writes it: checked while one types, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest

from gui.forms.lazy_form import LazyForm, WorkForm
from gui.forms.literal_line import LiteralLine
from workers.catalog import user_functions
from workers.catalog.callables.literals import Unread
from workers.catalog.compatibility import lack
from workers.catalog.fields import Field
from workers.catalog.user_parameters import arguments

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

SOURCE = "class Box:\n    def work(self, x, items: list[int], more=None): ...\n"


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path) -> WorkForm:
    path = tmp_path / "mine.py"
    path.write_text(SOURCE, encoding="utf-8")
    made = WorkForm(user_functions.entry(f"{path}:Box.work"))
    for part in made.parts:
        qtbot.addWidget(part)
        assert part.form.isVisibleTo(part)
    return made


def line(form: WorkForm, name: str) -> LiteralLine:
    editor = form.editors[name]
    assert isinstance(editor, LiteralLine)
    return editor


def test_values_are_of_the_type_that_is_typed(form: WorkForm) -> None:
    assert form.values() == {}
    for name, text in (("self", "Box()"), ("x", "'1'"), ("items", "[1, 2]"), ("more", "None")):
        QTest.keyClicks(line(form, name).line, text)
    assert form.values() == {"self": "Box()", "x": "1", "items": [1, 2], "more": None}
    line(form, "more").line.clear()
    assert "more" not in form.values()
    assert list(form.needed.form.editors) == ["self", "x", "items"], "these are in sight"
    assert line(form, "self").line.accessibleName() == "Made by"


def test_what_is_wrong_is_told_while_one_types_and_before_a_start(form: WorkForm, tmp_path: Path) -> None:
    entry = user_functions.entry(f"{tmp_path}/mine.py:Box.work")
    form.set_values({"self": "Box()", "x": 1, "items": [1]})
    items = line(form, "items")
    assert not items.problem.isVisibleTo(items)
    QTest.keyClicks(items.line, ",")
    assert items.problem.isVisibleTo(items)
    assert items.problem.text() == "✕ items is a list, such as [1, 2], not [1],."
    values = form.values()
    assert isinstance(values["items"], Unread)
    assert lack(entry, values) == ("items", "items is a list, such as [1, 2], not [1],.")
    with pytest.raises(ValueError, match=r"^items is a list"):
        arguments(entry, values)
    line(form, "self").line.setText("Box.__init__")
    assert "self is made by a call of what stands in its file" in line(form, "self").problem.text()
    form.set_values(values)
    assert items.line.text() == "[1],", "as it was typed"


def test_texts_have_quotes_where_they_look_like_something_else(form: WorkForm) -> None:
    form.set_values({"x": "1"})
    assert line(form, "x").line.text() == "'1'"
    form.set_values({"x": None})
    assert line(form, "x").line.text() == "None"
    assert form.values()["x"] is None


def test_values_of_a_form_that_was_not_made_yet(qtbot: QtBot) -> None:
    form = LazyForm([Field("x", "literal", None, ""), Field("y", "literal", (1,), "")])
    qtbot.addWidget(form)
    assert form.values() == {"y": (1,)}
    form.set_values({"x": {"a": 1}})
    assert form.values() == {"x": {"a": 1}, "y": (1,)}
