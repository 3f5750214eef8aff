"""The question before a run, and its answers to choose from. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from gui.widgets.panels import fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from gui.theme.theme import Theme

UNKNOWN = "I do not know"
WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
PAD, DOT, CORNER = 8, 14, 5
"""Room around an answer, the size of the circle before it, and how round its frame is, in pixels."""


class Answer(QRadioButton):
    """An answer in a frame. It wraps, which Qt's own radio button does not."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(text)
        self._theme = theme
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def _place(self, width: int) -> QRect:
        """Where its text stands, in a frame of this width."""
        left = 2 * PAD + DOT
        room = QRect(left, PAD - 2, max(40, width - left - PAD), 10_000)
        return self.fontMetrics().boundingRect(room, WRAP, self.text())

    def heightForWidth(self, width: int) -> int:
        return max(self._place(width).height(), DOT) + 2 * (PAD - 2)

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() + 2 * (PAD - 2))

    def hitButton(self, place: QPoint) -> bool:
        return self.rect().contains(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        other = self.window().focusWidget()
        if isinstance(other, Answer) and other is not self:
            other.click()  # as long as none is chosen, Qt's arrow keys would choose none

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, is_on = self._theme, self.isChecked()
        color = theme.color("text" if self.isEnabled() or is_on else "muted")
        is_marked = is_on or self.hasFocus()
        frame = theme.color("accent" if is_marked else "text" if self._is_pointed_at else "border")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(frame, 2.0 if self.hasFocus() else 1.0))
            painter.setBrush(theme.color("selection" if is_on else "raised"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CORNER, CORNER)
            middle = QPointF(PAD + DOT / 2, PAD - 2 + self.fontMetrics().height() / 2)
            painter.setPen(QPen(theme.color("accent" if is_on else "muted"), 1.5))
            painter.setBrush(theme.color("panel"))
            painter.drawEllipse(middle, DOT / 2 - 1, DOT / 2 - 1)
            if is_on:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("accent"))
                painter.drawEllipse(middle, DOT / 4, DOT / 4)
            painter.setPen(color)
            painter.drawText(self._place(self.width()), WRAP, self.text())

    @property
    def _is_pointed_at(self) -> bool:
        return self.isEnabled() and self.underMouse()


class Answers(QWidget):
    """The answers of a lesson, and that one does not know.

    Attributes:
        buttons: they, from the top.

    Signals:
        chosen: one was chosen.
    """

    chosen = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        self.buttons: list[Answer] = []
        self._column = fill(QVBoxLayout(self), spacing=5)

    def show_answers(self, question: str, texts: Sequence[str]) -> None:
        """Offer these, none of which is chosen."""
        for button in self.buttons:
            self._group.removeButton(button)
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [Answer(self._theme, text) for text in (*texts, UNKNOWN)]
        for at, button in enumerate(self.buttons):
            button.setAccessibleDescription(question)
            self._group.addButton(button, at)
            self._column.addWidget(button)
            button.show()  # by itself it would only be with the next event, and could not have the keys yet

    @property
    def has_one(self) -> bool:
        """Whether one is chosen, also that one does not know."""
        return self._group.checkedId() >= 0

    @property
    def answer(self) -> int | None:
        """Which is chosen, from 0 on; None where none is, or one does not know."""
        at = self._group.checkedId()
        return at if 0 <= at < len(self.buttons) - 1 else None
