"""The witness for a lecture hall: its figure over half of the screen's height. Painted in the witness's GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from gui.widgets.elided import cut_words
from gui.witness.texts import WAITING, Shown

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.theme.theme import Theme

DIGIT = 0.54
"""How high a digit is, of the screen; `LINE`: how high a line of text is."""

LINE = 0.055
UNIT = 0.4
"""How large the figure's unit is, of its digits."""


class Poster(QWidget):
    """Paints what it was shown, as large as there is room for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.shown = Shown("starting", "–", WAITING)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("How long the window takes to respond, in large")

    def show_now(self, shown: Shown) -> None:
        self.shown = shown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        shown, theme, high = self.shown, self._theme, self.screen().size().height()
        line = round(LINE * high)
        room = self.rect().adjusted(line // 2, line // 4, -line // 2, 0)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color(shown.state if shown.is_silent else "window"))
            painter.setPen(theme.color("on_accent" if shown.is_silent else "text"))
            self._paint_line(painter, QRect(room.x(), room.y(), room.width(), line), shown.headline)
            below = [text for text in (shown.sentence, shown.blame or shown.hint, shown.source) if text]
            for number, text in enumerate(reversed(below)):
                top = room.bottom() - (number + 1) * line
                self._paint_line(painter, QRect(room.x(), top, room.width(), line), text)
            self._paint_figure(painter, room.adjusted(0, line, 0, -len(below) * line), DIGIT * high)

    def _paint_line(self, painter: QPainter, place: QRect, text: str) -> None:
        font = self._theme.numbers_font()
        font.setPixelSize(round(place.height() * 0.7))
        painter.setFont(font)
        cut = cut_words(text, QFontMetrics(font), place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)

    def _paint_figure(self, painter: QPainter, place: QRect, digit: float) -> None:
        """The number in digits of that height, made narrower where it would be too wide, and its unit."""
        number, _, unit = self.shown.figure.partition(" ")
        font = self._theme.headline_font(1.0)
        font.setPixelSize(1000)
        font.setPixelSize(round(1000 * digit / QFontMetrics(font).tightBoundingRect("0").height()))
        small = QFont(font)
        small.setPixelSize(round(font.pixelSize() * UNIT))
        wide = QFontMetrics(font).horizontalAdvance(number)
        gap = small.pixelSize() // 4
        all_wide = wide + gap + QFontMetrics(small).horizontalAdvance(unit)
        narrow = min(1.0, place.width() / all_wide)
        painter.save()
        painter.translate(place.center().x() - all_wide * narrow / 2, place.center().y() + digit / 2)
        painter.scale(narrow, 1.0)
        painter.setFont(font)
        painter.drawText(0, 0, number)
        painter.setFont(small)
        painter.drawText(wide + gap, 0, unit)
        painter.restore()
