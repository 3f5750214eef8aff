"""Texts that give up their end, not their panel's size, where there is too little room. In the GUI thread."""

from __future__ import annotations

import re
from bisect import bisect_left

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy


def cut_words(text: str, metrics: QFontMetrics, wide: int, keep_end: bool = False) -> str:
    """As many whole words as there is room for, and three dots; where the end is kept, whole folders of a path too.

    Args:
        text: one line.
        metrics: of its font.
        wide: the room, in pixels.
        keep_end: give up the beginning.
    """
    if metrics.horizontalAdvance(text) <= wide:
        return text
    words = re.split(r"(?<=[ /\\])", text)
    for many in range(len(words) - 1, 0, -1):
        cut = f"…{''.join(words[-many:])}" if keep_end else f"{''.join(words[:many]).rstrip()} …"
        if metrics.horizontalAdvance(cut) <= wide:
            return cut
    mode = Qt.TextElideMode.ElideLeft if keep_end else Qt.TextElideMode.ElideRight
    return metrics.elidedText(text, mode, wide)


class ElidedLabel(QLabel):
    """A label of plain text that ends in three dots where it is cut; its tooltip is for its owner to set."""

    def __init__(self, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__()
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """The whole text, so that a button beside it follows at once."""
        return QSize(
            round(QFontMetricsF(self.font()).horizontalAdvance(self.text())) + 2, super().sizeHint().height()
        )

    def minimumSizeHint(self) -> QSize:
        """Hardly anything: the window's width does not hang on a text."""
        return QSize(40, super().minimumSizeHint().height())

    @property
    def shown_text(self) -> str:
        """What there is room for."""
        return self.fontMetrics().elidedText(self.text(), self._mode, self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(self.font())
            painter.setPen(self.palette().color(self.foregroundRole()))
            metrics = self.fontMetrics()
            down = (self.height() + metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(0, down), self.shown_text)


class SentenceButton(QPushButton):
    """A sentence that can be clicked; it is cut where there is too little room, and never asks for any."""

    AROUND = 26
    """What the style sheet leaves free around it, and borders, in pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reason")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._sentence = ""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)  # else all that is below would move when it comes and goes
        self.setSizePolicy(policy)

    def say(self, sentence: str) -> None:
        self._sentence = sentence
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - self.AROUND
        text = self.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, room)
        self.setText(text.replace("&", "&&"))


class ShortLabel(QLabel):
    """A label that wraps, and after some lines ends in three dots; the tooltip has all of it."""

    def __init__(self, lines: int) -> None:
        """Make it; `lines` is how many it has at the most."""
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._lines = lines
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        """All of it, also what is not shown."""
        return self._whole

    @property
    def shown_text(self) -> str:
        """What there is room for."""
        return super().text()

    def setText(self, text: str) -> None:
        self._whole = text
        self.setToolTip(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        words = self._whole.split(" ")
        # The first number of words that is one too many.
        many = bisect_left(range(len(words) + 1), True, key=lambda n: not self._fits(words, n))
        shown = self._cut(words, min(many - 1, len(words)))
        if shown != super().text():
            super().setText(shown)

    @staticmethod
    def _cut(words: list[str], many: int) -> str:
        return " ".join(words[:many]) + (" …" if many < len(words) else "")

    def _fits(self, words: list[str], many: int) -> bool:
        metrics = self.fontMetrics()
        room = QRect(0, 0, max(1, self.contentsRect().width()), 1 << 20)
        text = self._cut(words, many)
        high = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()
        return many == 0 or high <= self._lines * metrics.lineSpacing()
