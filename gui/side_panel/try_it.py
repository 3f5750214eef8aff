"""Things to try while work runs: they answer at once, or they do not. In the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSlider, QVBoxLayout, QWidget

from gui.widgets.fields import describe, section
from gui.widgets.panels import fill
from workers.utils.formatting import plural


class TryIt(QWidget):
    """A slider with its value, a text field, and a button that counts its clicks.

    Attributes:
        slider: 0 to 100; `value` is the label beside it.
        text: takes any text.
        button: counts its `clicks`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.clicks = 0
        self.slider = QSlider(Qt.Orientation.Horizontal)
        describe(self.slider, "Slider to try", "Drag it while work runs: does it follow?")
        self.slider.setRange(0, 100)
        self.slider.setValue(50)
        self.value = QLabel("50", alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.slider.valueChanged.connect(self.value.setNum)
        self.text = QLineEdit(placeholderText="Type here")
        describe(self.text, "Text to try", "Type while work runs: do the letters appear as you type?")
        self.button = QPushButton("Clicked 0 times")
        describe(self.button, "Button that counts its clicks", "Click while work runs: does it count at once?")
        self.button.clicked.connect(self._count_click)
        rows = [
            fill(QHBoxLayout(), (wide, 1), narrow, spacing=8)
            for wide, narrow in ((self.slider, self.value), (self.text, self.button))
        ]
        fill(QVBoxLayout(self), section("Try these while it runs"), *rows, spacing=6)
        self.fit()

    def fit(self) -> None:
        # As wide as it will be after many clicks, so that nothing moves.
        self.value.setFixedWidth(self.fontMetrics().horizontalAdvance("100"))
        self.button.setFixedWidth(self.button.fontMetrics().horizontalAdvance("Clicked 888 times") + 24)

    @Slot()
    def _count_click(self) -> None:
        self.clicks += 1
        self.button.setText(f"Clicked {plural(self.clicks, 'time')}")
