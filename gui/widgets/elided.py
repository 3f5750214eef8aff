"""One line of text that gives up its end, not its panel's width, where there is too little room. In the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


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
