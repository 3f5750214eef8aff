"""The field that shows no password to who looks at the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.forms.discreet_line import DiscreetLine

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ADDRESS = "redis://:open-sesame-9@host:6379"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def lines(window: QWidget, qtbot: QtBot) -> tuple[DiscreetLine, QLineEdit]:
    """One, and another field to go to."""
    found, other = DiscreetLine("broker", "", "none"), QLineEdit()
    for widget in (found, other):
        widget.setParent(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    other.setFocus()
    return found, other


def test_a_password_is_seen_while_somebody_types_and_never_else(lines: tuple[DiscreetLine, QLineEdit]) -> None:
    line, other = lines
    line.setFocus()
    QTest.keyClicks(line, ADDRESS)
    assert line.displayText() == ADDRESS
    other.setFocus()
    assert line.displayText() == "redis://***@host:6379"
    assert line.text() == ADDRESS
    line.setFocus()
    assert line.displayText() == ADDRESS


def test_one_that_is_filled_in_is_not_seen(lines: tuple[DiscreetLine, QLineEdit]) -> None:
    line, _ = lines
    line.setText(ADDRESS)
    assert line.displayText() == "redis://***@host:6379"
    assert line.text() == ADDRESS


def test_its_owner_hears_of_changes_of_the_text_alone(lines: tuple[DiscreetLine, QLineEdit]) -> None:
    line, other = lines
    heard: list[str] = []
    line.textChanged.connect(lambda: heard.append(line.text()))
    line.setText(ADDRESS)
    line.setFocus()
    other.setFocus()
    assert heard == [ADDRESS]
    line.clear()
    assert heard == [ADDRESS, ""]
    assert line.text() == ""


def test_what_has_no_secret_is_shown_as_it_is(lines: tuple[DiscreetLine, QLineEdit]) -> None:
    line, _ = lines
    line.setText("https://example.org/list?page=2")
    assert line.displayText() == line.text() == "https://example.org/list?page=2"
