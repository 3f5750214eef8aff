"""The field for another Python: a list with versions, and any other that a person types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest

from gui.forms.python_box import ASKING, PythonBox
from gui.forms.two_lines import NAME_ROLE
from workers.pythons import finding
from workers.pythons.asking import Python
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme

FREE = Python("/opt/python3.13t", "CPython", (3, 13, 1), gil=False)
PYPY = Python("/usr/bin/pypy3", "PyPy", (3, 9, 16), gil=True)


def choose(wanted: str) -> Python:
    for python in (FREE, PYPY):
        if wanted in ("", python.path):
            return python
    raise BadInput(f"There is no program {wanted}.")


@pytest.fixture
def box(qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> PythonBox:
    monkeypatch.setattr(finding, "others", lambda: [FREE, PYPY])
    monkeypatch.setattr(finding, "choose", choose)
    made = PythonBox(theme)
    qtbot.addWidget(made)
    return made


def show(box: PythonBox, qtbot: QtBot) -> None:
    with qtbot.waitExposed(box):
        box.show()
    qtbot.waitUntil(lambda: box.found is not None)


def test_nobody_is_asked_before_it_is_seen(box: PythonBox, qtbot: QtBot) -> None:
    box.setText("/usr/bin/pypy3")
    assert (box.found, box.what.text()) == (None, "")
    box.show()
    assert box.what.text() == ASKING
    qtbot.waitUntil(lambda: box.what.text() == "PyPy 3.9.16, GIL on")
    assert box.text() == "/usr/bin/pypy3"


def test_the_list_tells_version_and_gil(box: PythonBox, qtbot: QtBot) -> None:
    show(box, qtbot)
    assert [box.menu.itemText(at) for at in range(box.menu.count())] == [FREE.path, PYPY.path]
    assert [box.menu.itemData(at, NAME_ROLE) for at in (0, 1)] == [
        "Python 3.13.1t, GIL off",
        "PyPy 3.9.16, GIL on",
    ]
    assert box.text() == ""
    qtbot.waitUntil(lambda: box.what.text() == "Python 3.13.1t, GIL off")  # the first one, as nothing is chosen


def test_one_of_the_list_or_any_other_can_be_chosen(box: PythonBox, qtbot: QtBot) -> None:
    show(box, qtbot)
    told = []
    box.changed.connect(lambda: told.append(box.text()))
    box.menu.setCurrentIndex(1)
    assert told == [PYPY.path]
    qtbot.waitUntil(lambda: box.what.text() == "PyPy 3.9.16, GIL on")
    box.line.selectAll()
    QTest.keyClicks(box.line, "/my")
    assert told[1:] == ["/", "/m", "/my"]
    qtbot.waitUntil(lambda: box.what.text() == "")


def test_where_nothing_is_chosen_it_is_the_one_of_the_function_s_project(box: PythonBox, qtbot: QtBot) -> None:
    box.use_project(PYPY.path)
    show(box, qtbot)
    qtbot.waitUntil(lambda: box.what.text() == "PyPy 3.9.16, GIL on")
    assert (box.text(), box.line.placeholderText()) == ("", "that of your project")
    box.setText(FREE.path)
    qtbot.waitUntil(lambda: box.what.text() == "Python 3.13.1t, GIL off")
