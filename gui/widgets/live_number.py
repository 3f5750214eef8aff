"""A number that changes several times a second, painted in a fixed width. In the GUI thread.

The graphs beside it want the time: it paints only when what it says has changed, and nothing moves for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.theme.theme import Theme


class Figure(QWidget):
    """A caption, a large number with its unit, and a word below it.

    Args:
        theme: gives colours and fonts.
        caption: what the number is.
        widest: the longest number to expect; a longer one is drawn smaller.
        tip: the tooltip.

    Attributes:
        number: what is shown.
        word: what stands below it.
        is_short: whether the caption is left out: where there is little room, the tooltip alone has it.
    """

    def __init__(self, theme: Theme, caption: str, widest: str, tip: str) -> None:
        super().__init__()
        self._theme, self._caption, self._widest = theme, caption, widest
        self._room_for = caption
        self.number, self.word, self._role = "–", "", "muted"
        self.is_short = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(tip)
        self.setAccessibleName(caption)
        theme.changed.connect(self._start_anew)
        self._start_anew()

    def show_number(self, number: str, word: str, role: str) -> None:
        """Show a number and a word, in the colour of a role of the theme; nothing happens where they stand already."""
        if (number, word, role) != (self.number, self.word, self._role):
            self.number, self.word, self._role = number, word, role
            self.setAccessibleDescription(f"{number}, {word}" if word else number)
            self.update()

    def set_caption(self, caption: str) -> None:
        """Say what the number is; nothing is laid out anew, so it is no longer than the first caption."""
        if caption != self._caption:
            self._caption = caption
            self.setAccessibleName(caption)
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as the widest number and the first caption, whatever is shown now."""
        return self._size(self.is_short)

    @property
    def full_width(self) -> int:
        """With its caption, whether that is shown or not."""
        return self._size(short=False).width()

    @property
    def width_to_give(self) -> int:
        """How much narrower it can still become."""
        return 0 if self.is_short else self.full_width - self._size(short=True).width()

    def _size(self, short: bool) -> QSize:
        small, large = (QFontMetricsF(font) for font in self._fonts)
        width = max(
            large.horizontalAdvance(self._widest), 0 if short else small.horizontalAdvance(self._room_for)
        )
        return QSize(round(width) + 4, round((1 if short else 2) * small.height() + 0.95 * large.height()))

    def set_short(self, short: bool) -> None:
        """Leave the caption out, or show it again."""
        if short != self.is_short:
            self.is_short = short
            self.updateGeometry()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        small, large = self._fonts
        high = QFontMetricsF(small).height()
        color = theme.color(self._role)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("window"))
            painter.setFont(small)
            painter.setPen(theme.color("muted"))
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            wide = float(self.width())
            above = 0.0 if self.is_short else high
            if not self.is_short:
                painter.drawText(QRectF(0, 0, wide, high), left, self._caption)
            mark = QRectF(0, self.height() - high, wide, high)
            if self.word:
                painter.setPen(color)
                painter.drawText(mark, left, self.word)
            need = QFontMetricsF(large).horizontalAdvance(self.number)
            if need > wide:
                large = QFont(large)
                large.setPointSizeF(large.pointSizeF() * wide / need)
            painter.setFont(large)
            painter.setPen(theme.color("text") if self._role == "muted" else color)
            painter.drawText(QRectF(0, above, wide, self.height() - above - high), left, self.number)

    def _start_anew(self) -> None:
        theme = self._theme
        small = theme.numbers_font(0.92 * theme.headline_scale / theme.text_scale)
        self._fonts = (small, theme.headline_font(1.9))
        self.updateGeometry()
        self.update()
