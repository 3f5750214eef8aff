"""A line above the rooms that leads back to where a person was shown the way from. In the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import describe, named
from gui.widgets.panels import fill


class BackLine(QWidget):
    """Says what is seen now, and leads back; hidden where there is no way back.

    Attributes:
        text: what is seen.
        button: leads back.

    Signals:
        chosen: a person wants to go back.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = ElidedLabel()
        self.button = named(QPushButton(), "link")
        self.button.clicked.connect(self.chosen)
        fill(QHBoxLayout(self), self.button, (self.text, 1), None, margins=(12, 4, 12, 4), spacing=10)
        self.hide()

    def show_way(self, back: str, text: str) -> None:
        """Offer the way back: what the button says, and what stands beside it."""
        self.button.setText(back)
        describe(self.button, back, text)
        self.text.setText(text)
        self.show()
