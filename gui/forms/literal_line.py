"""A field for a value as Python writes it, which says while one types what is wrong with it. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui.widgets.fields import describe, note
from gui.widgets.panels import fill
from workers.catalog.callables.literals import Unread
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from workers.catalog.fields import Field

KINDS = {"literal", "expression"}
"""The kinds of parameters that have such a field."""


class LiteralLine(QWidget):
    """Holds a number, a text, a list, a dict, None ...; or the line that makes an object.

    Attributes:
        line: what is typed.
        problem: what is wrong with it, below it; hidden where nothing is.

    Signals:
        changed: another text.
    """

    changed = Signal()

    def __init__(self, field: Field, placeholder: str) -> None:
        super().__init__()
        self._field = field
        self.line = QLineEdit(placeholderText=placeholder, clearButtonEnabled=True)
        self.problem = note()
        fill(QVBoxLayout(self), self.line, self.problem, spacing=4)
        self.setFocusProxy(self.line)
        if field.default is not None:
            self.line.setText(field.text(field.default))
        self._look()
        self.line.textChanged.connect(self._look)
        self.line.textChanged.connect(self.changed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said: an empty text has quotes."""
        return not self.line.text().strip()

    def value(self) -> Any:
        """What the text means; an `Unread` where it means nothing."""
        text = self.line.text()
        try:
            return self._field.parse(text)
        except BadInput as error:
            unread = Unread(text)
            unread.why = str(error)
            return unread

    def setValue(self, value: object) -> None:
        self.line.setText(str(value) if isinstance(value, Unread) else self._field.text(value))

    def describe(self, name: str, tip: str) -> None:
        describe(self.line, name, tip)

    @Slot()
    def _look(self) -> None:
        said = "" if self.is_empty else self.value()
        why = f"✕ {said.why}." if isinstance(said, Unread) else ""
        self.problem.setText(why)
        self.problem.setVisible(bool(why))
