"""The question what becomes of a text that was not saved. In the GUI thread."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Answer(Enum):
    """What a person wants."""

    SAVE = QMessageBox.StandardButton.Save
    DROP = QMessageBox.StandardButton.Discard
    STAY = QMessageBox.StandardButton.Cancel


def ask_to_save(parent: QWidget, name: str) -> Answer:
    """Ask for a file of this name."""
    box = QMessageBox(QMessageBox.Icon.Question, "Save your changes?", "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Save your changes to {name}?")
    box.setInformativeText("Without that, they are lost.")
    box.setStandardButtons(Answer.SAVE.value | Answer.DROP.value | Answer.STAY.value)
    box.button(Answer.DROP.value).setText("Do not save")
    box.setDefaultButton(Answer.SAVE.value)
    answer = box.exec()
    box.deleteLater()
    return Answer(QMessageBox.StandardButton(answer))
