"""The question before code is run that the person did not choose themselves. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from gui.own_recent import digest_of

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from gui.own_recent import OwnFiles


def may_use(parent: QWidget, files: OwnFiles, path: Path, function: str) -> bool:
    """Whether a function may be run: at once where the person chose its file, else they are asked.

    A yes holds for what the file holds now: once it changes, it is asked for again.
    """
    if files.is_trusted(path):
        return True
    asked_for = digest_of(path)
    box = QMessageBox(QMessageBox.Icon.Warning, "Run code from this file?", "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Use the function {function} of {path.name}?")
    box.setInformativeText(
        "You did not choose this file in Thaw. Its code will run with your rights: it can read, change and delete all "
        f"that you can, and send it elsewhere. Use it only if you know what is in it.\n\n{path}\n\n"
        "Your yes holds for this file as it is now. Nothing of it has run yet."
    )
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
    box.button(QMessageBox.StandardButton.Yes).setText("Use it")
    box.button(QMessageBox.StandardButton.No).setText("Do not use it")
    box.setDefaultButton(QMessageBox.StandardButton.No)
    if box.exec() != QMessageBox.StandardButton.Yes:
        return False
    files.trust_contents(asked_for)
    return files.is_trusted(path)  # it may have changed while the question stood
