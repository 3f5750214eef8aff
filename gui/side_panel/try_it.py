"""Things to try while work runs: they answer at once, or they do not. In the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSlider, QVBoxLayout, QWidget

from gui.widgets.fields import section
from workers.utils.formatting import plural


class TryIt(QWidget):
    """A slider with its value, a text field, and a button that counts its clicks.

    Attributes:
        slider: 0 to 100.
        text: takes any text.
        button: counts.

    Signals:
        clicked: how many clicks were counted by now.
    """

    clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        title = section("Try these while it runs")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setValue(50)
        self.slider.setAccessibleName("Slider to try")
        self.slider.setToolTip("Drag it while work runs: does it follow?")
        self._value = QLabel("50")
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.slider.valueChanged.connect(self._value.setNum)
        self.text = QLineEdit()
        self.text.setPlaceholderText("Type here")
        self.text.setAccessibleName("Text to try")
        self.text.setToolTip("Type while work runs: do the letters appear as you type?")
        self.button = QPushButton("Clicked 0 times")
        self.button.setAccessibleName("Button that counts its clicks")
        self.button.setToolTip("Click while work runs: does it count at once?")
        self.button.clicked.connect(self._count_click)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(title)
        for wide, narrow in ((self.slider, self._value), (self.text, self.button)):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(wide, 1)
            row.addWidget(narrow)
            layout.addLayout(row)
        # As wide as it will be after many clicks, so that nothing moves.
        self.fit()

    @property
    def clicks(self) -> int:
        return self._count

    @property
    def shown_value(self) -> str:
        return self._value.text()

    def fit(self) -> None:
        self._value.setFixedWidth(self.fontMetrics().horizontalAdvance("100"))
        self.button.setFixedWidth(self.button.fontMetrics().horizontalAdvance("Clicked 888 times") + 24)

    @Slot()
    def _count_click(self) -> None:
        self._count += 1
        self.button.setText(f"Clicked {plural(self._count, 'time')}")
        self.clicked.emit(self._count)
