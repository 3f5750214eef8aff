"""Forms made from parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QPushButton

from gui.forms.discreet_line import DiscreetLine
from gui.forms.form import Form, humanise, when_empty
from gui.widgets.fields import FloatBox, IntBox
from workers.catalog.entry import read_entry
from workers.catalog.fields import Field

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

SOURCE = '''"""Does something."""

TITLE = "Something"


def something(
    *, count: int = 1500, wait_s: float = 0.25, loud: bool = True, urls: str = "", tag: object = "a", index: int
) -> None:
    """Do it.

    Args:
        count: how many (1 to 2,000,000)
        wait_s: seconds between two (0.05 to 10)
        loud: say what happens
        urls: a text file with one address a line
        tag: whatever you like
        index: given
    """
'''


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path) -> Form:
    path = tmp_path / "something.py"
    path.write_text(SOURCE, encoding="utf-8")
    entry = read_entry(path)
    assert entry is not None
    made = Form(entry.fields)
    qtbot.addWidget(made)
    return made


def test_the_defaults_are_the_signature_s(form: Form) -> None:
    assert form.values() == {"count": 1500, "wait_s": 0.25, "loud": True, "urls": "", "tag": "a"}


def test_each_kind_has_its_editor(form: Form) -> None:
    kinds = [type(form.editors[name]) for name in form.values()]
    assert kinds == [IntBox, FloatBox, QCheckBox, DiscreetLine, DiscreetLine]


def test_numbers_are_written_as_people_do(form: Form) -> None:
    count, wait = form.editors["count"], form.editors["wait_s"]
    assert isinstance(count, IntBox)
    assert isinstance(wait, FloatBox)
    assert (count.text(), wait.text()) == ("1,500", "0.25")
    assert (count.minimum(), count.maximum()) == (1, 2_000_000)
    assert (wait.minimum(), wait.maximum()) == (0.05, 10)


def test_steps_are_sensible(form: Form) -> None:
    count, wait = form.editors["count"], form.editors["wait_s"]
    assert isinstance(count, IntBox)
    assert isinstance(wait, FloatBox)
    count.stepUp()
    assert count.value() == 1600
    wait.stepUp()
    assert wait.value() == pytest.approx(0.3)
    wait.stepDown()
    assert wait.value() == pytest.approx(0.2)
    wait.setValue(5)
    wait.stepDown()
    assert wait.value() == pytest.approx(4.9)


def test_typed_numbers_may_have_commas(form: Form, qtbot: QtBot) -> None:
    count = form.editors["count"]
    assert isinstance(count, IntBox)
    count.selectAll()
    QTest.keyClicks(count, "12,000")
    QTest.keyClick(count, Qt.Key.Key_Return)
    assert form.values()["count"] == 12_000


def test_every_editor_has_a_name_and_a_tip(form: Form) -> None:
    for name in form.values():
        assert form.editors[name].accessibleName()
        assert form.editors[name].toolTip()
    assert form.editors["count"].toolTip() == "How many (1 to 2,000,000)"


def test_values_there_and_back_tell_once(form: Form, qtbot: QtBot) -> None:
    wanted = {"count": 7, "wait_s": 1.5, "loud": False, "urls": "list.txt", "tag": "b"}
    told = []
    form.changed.connect(lambda: told.append(form.values()))
    form.set_values({**wanted, "unknown": 1})
    assert told == [wanted]
    form.set_values(wanted)
    assert len(told) == 1


def test_a_person_s_change_is_told(form: Form, qtbot: QtBot) -> None:
    check = form.editors["loud"]
    assert isinstance(check, QCheckBox)
    with qtbot.waitSignal(form.changed):
        check.click()


def test_a_list_of_addresses_can_be_chosen_from_the_disk(
    form: Form, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/there/list.txt", ""))
    (browse,) = form.findChildren(QPushButton)
    QTest.mouseClick(browse, Qt.MouseButton.LeftButton)
    assert form.values()["urls"] == "/there/list.txt"


def test_a_folder_is_chosen_as_one(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    form = Form([Field("save_folder", "str", None, "where to")])
    qtbot.addWidget(form)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/there")
    (browse,) = form.findChildren(QPushButton)
    QTest.mouseClick(browse, Qt.MouseButton.LeftButton)
    assert form.values() == {"save_folder": "/there"}


def test_the_wheel_changes_only_what_was_chosen(form: Form, qtbot: QtBot) -> None:
    count = form.editors["count"]
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(count, wheel)
    assert form.values()["count"] == 1500
    assert not wheel.isAccepted()


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("connect_s", "Connect (s)"),
        ("tile_size", "Tile size"),
        ("urls", "URLs"),
        ("size_mib", "Size (MiB)"),
        ("s", "S"),
    ],
)
def test_labels_are_words(name: str, label: str) -> None:
    assert humanise(name) == label


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ("a text file; empty: Thaw's own image server", "Thaw's own image server"),
        ("where; empty: a temporary folder that goes when Thaw ends", "a temporary folder"),
        ("a text (1 to 2)", "none"),
    ],
)
def test_an_empty_field_says_what_that_means(described: str, said: str) -> None:
    assert when_empty(described) == said
