"""A part of a panel that folds away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from gui.widgets.fold import Fold

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_click_and_a_key_open_and_close_it(qtbot: QtBot) -> None:
    inside = QLineEdit()
    fold = Fold("More", inside)
    qtbot.addWidget(fold)
    with qtbot.waitExposed(fold):
        fold.show()
    assert (fold.is_open, inside.isVisible(), fold.line.accessibleName()) == (False, False, "More")
    QTest.mouseClick(fold.line, Qt.MouseButton.LeftButton)
    assert (fold.is_open, inside.isVisible()) == (True, True)
    assert fold.line.arrowType() is Qt.ArrowType.DownArrow
    QTest.keyClick(fold.line, Qt.Key.Key_Space)
    assert (fold.is_open, inside.isVisible()) == (False, False)
    fold.set_open(True)
    assert inside.isVisible()
