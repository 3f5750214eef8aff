"""What went wrong unseen, to be read. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from workers.utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtWidgets import QWidget

    from gui.process.problems import Problem


def read_problems(parent: QWidget, problems: Collection[Problem], checked: bool = False) -> None:
    """Show them in a box, the newest last."""
    count = len(problems)
    box = QMessageBox(QMessageBox.Icon.Information, "Problems", "", parent=parent)
    box.setText(f"{plural(count, 'problem')}, the newest last" if count else "Nothing has gone wrong unseen.")
    box.setDetailedText("\n\n".join(f"{problem.where}\n{problem.text}" for problem in problems))
    box.exec()
    box.deleteLater()
