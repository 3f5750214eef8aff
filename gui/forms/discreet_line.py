"""A field for a text that may be an address with a password, which is seen only while somebody types. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QLineEdit

from workers.transport.redaction import public

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent


class DiscreetLine(QLineEdit):
    """A line edit whose `text` is all of it, and that shows no secrets to who looks at the window."""

    def __init__(self, name: str, text: str, placeholder: str) -> None:
        """Make it; `name` is the parameter's, which says what is a secret there."""
        super().__init__(placeholderText=placeholder, clearButtonEnabled=True)
        self._name = name
        self._whole: str | None = None  # the text, while another one is shown
        self.textChanged.connect(self._take)
        self.setText(text)

    def text(self) -> str:
        return super().text() if self._whole is None else self._whole

    def setText(self, text: str | None) -> None:
        super().setText(text)
        if not self.hasFocus():
            self._hide_secrets()

    @Slot()
    def _take(self) -> None:
        """A person has changed it, or its owner: what is shown is all of it."""
        self._whole = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._whole is not None:
            with QSignalBlocker(self):
                super().setText(self._whole)
            self._whole = None
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._hide_secrets()

    def _hide_secrets(self) -> None:
        whole = self.text()
        shown = public({self._name: whole})[self._name]
        if shown != whole:
            with QSignalBlocker(self):
                super().setText(shown)
            self._whole = whole
