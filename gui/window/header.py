"""The head of the window: the big toggle, the heartbeat, the lag in figures, a line of hint. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import describe, named
from gui.widgets.live_number import Figure
from gui.widgets.panels import fill
from gui.widgets.spinner import Heartbeat
from gui.widgets.toggle import Toggle
from workers.utils import formatting

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QResizeEvent

    from gui.theme.theme import Theme


class SwitchLabel(QLabel):
    """The toggle's label: a click on it flips it."""

    def __init__(self, text: str, toggle: Toggle) -> None:
        super().__init__(text)
        self._toggle = toggle
        self.setBuddy(toggle)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._toggle.click()


MARGINS = 16  # pixels, of the left side and the right


class Header(QWidget):
    """The toggle, the heartbeat, lag now, worst lag of the run, cores, and the hint.

    Attributes:
        toggle: whether the work is put on the GUI thread.
        witness: whether a witness is wanted.
        hint_button: what the hint offers.
        line: what holds the hint, below the toggle and the figures.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.toggle = Toggle(theme)
        about = "On: all work runs on the GUI thread, and the window freezes until it is done."
        describe(self.toggle, "Run on the GUI thread", about)
        self._label = SwitchLabel("Run on the GUI thread", self.toggle)
        self.witness = QCheckBox("Witness")
        self.witness.setToolTip(
            "A small window of another process comes up with a run on the GUI thread. It asks this window whether it "
            "still answers, shows the line that holds it up, and can stop the run."
        )
        self.heartbeat = Heartbeat(theme)
        self.now = Figure(
            theme, "Lag now", "888 ms", "How late the GUI thread's event loop is, in this moment."
        )
        self.worst = Figure(theme, "Worst in this run", "88.8 s", "The greatest lag since Start.")
        self.cores = Figure(theme, "Cores", "8.8 of 88", "How many processor cores this program uses now.")

        self._hint = ElidedLabel()
        self.hint_button = named(QPushButton(), "link")
        self.hint_button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hint_button.hide()

        top = fill(
            QHBoxLayout(),
            self.toggle,
            self._label,
            None,
            self.heartbeat,
            8,
            self.now,
            8,
            self.worst,
            8,
            self.cores,
            8,
            spacing=8,
        )
        self._top, self.line = top, QWidget()
        fill(QHBoxLayout(self.line), self._hint, self.hint_button, None, self.witness, 8, spacing=8)
        fill(QVBoxLayout(self), top, self.line, margins=(12, 8, 4, 4), spacing=4)
        theme.changed.connect(self._dress)
        self._dress()

    def set_hint(self, text: str, action_label: str = "") -> None:
        if text != self._hint.text():
            self._hint.setText(text)
            self._hint.setToolTip(text)
            self._hint.updateGeometry()
        if action_label != self.hint_button.text():
            self.hint_button.setText(action_label)
            self.hint_button.setAccessibleName(action_label)
        self.hint_button.setVisible(bool(action_label))

    def set_lag(self, now_ms: float, worst_ms: float) -> None:
        for figure, lag in ((self.now, now_ms), (self.worst, worst_ms)):
            word = self._theme.lag_word(lag)
            figure.show_number(formatting.milliseconds(lag), word, word)

    def set_cores(self, used: float, total: int) -> None:
        self.cores.show_number(f"{used:.1f} of {total}", "used by Thaw", "muted")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit_hint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_figures()

    def minimumSizeHint(self) -> QSize:
        """As narrow as it is with figures that have no captions."""
        hint = super().minimumSizeHint()
        return QSize(hint.width() - sum(each.width_to_give for each in self._figures), hint.height())

    def _fit_figures(self) -> None:
        """Leave the captions out where the window is too narrow for them."""
        given = sum(each.full_width - each.sizeHint().width() for each in self._figures)
        is_tight = self.width() < self._top.minimumSize().width() + given + MARGINS
        for figure in self._figures:
            figure.set_short(is_tight)

    @property
    def _figures(self) -> tuple[Figure, ...]:
        return self.now, self.worst, self.cores

    def _dress(self) -> None:
        self._label.setFont(self._theme.headline_font(1.35))
        self._fit_hint()
        self._fit_figures()

    def _fit_hint(self) -> None:
        # The line is as high as the button, also without it: else all that is below would move when it comes and goes.
        self.hint_button.ensurePolished()
        self._hint.setFixedHeight(self.hint_button.sizeHint().height())
