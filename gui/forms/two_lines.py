"""Entries of a menu with a sentence below each name, which wraps. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QPainter

    from gui.theme.theme import Theme

NAME_ROLE = Qt.ItemDataRole.UserRole + 1
"""What the entry is called; its display text may say more, or be a path."""

SENTENCE_ROLE = Qt.ItemDataRole.UserRole + 2
WORD_ROLE, COLOR_ROLE = Qt.ItemDataRole.UserRole + 3, Qt.ItemDataRole.UserRole + 4
"""What stands at the right of the name, and in which of the theme's colours."""

WIDTH = 480
"""Of an entry, in pixels at a text scale of 1."""

MARGIN, GAP = 8, 2


class TwoLines(QStyledItemDelegate):
    """Paints a marker, a name, and a sentence in a calmer colour below it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    @property
    def width(self) -> int:
        return round(WIDTH * self._theme.text_scale)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        metrics = QFontMetrics(option.font)
        left = MARGIN + self._marker_room(option, index)
        room = QRect(0, 0, self.width - left - MARGIN, 10_000)
        sentence = metrics.boundingRect(room, _wrapped(), str(index.data(SENTENCE_ROLE) or "")).height()
        return QSize(self.width, metrics.height() + GAP + sentence + MARGIN)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        enabled = bool(state & QStyle.StateFlag.State_Enabled)
        theme = self._theme
        painter.save()
        painter.fillRect(option.rect, theme.color("selection" if chosen else "panel"))
        inner = option.rect.adjusted(MARGIN, MARGIN // 2, -MARGIN, -MARGIN // 2)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        height = QFontMetrics(option.font).height()
        if icon is not None:
            middle = QPoint(inner.left(), inner.top() + (height - option.decorationSize.height()) // 2)
            icon.paint(painter, QRect(middle, option.decorationSize))
        inner.setLeft(inner.left() + self._marker_room(option, index))
        painter.setFont(option.font)
        name, word = str(index.data(NAME_ROLE) or ""), str(index.data(WORD_ROLE) or "")
        metrics, room = painter.fontMetrics(), inner.width()
        if word:
            painter.setPen(theme.color(index.data(COLOR_ROLE)))
            painter.drawText(inner, Qt.AlignmentFlag.AlignRight, word)
            room -= metrics.horizontalAdvance(word) + MARGIN
        name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.setPen(theme.color("text" if enabled else "muted"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop, name)
        painter.setPen(theme.color("muted"))
        painter.drawText(
            inner.adjusted(0, height + GAP, 0, 0),
            _wrapped(),
            str(index.data(SENTENCE_ROLE) or ""),
        )
        painter.restore()

    def _marker_room(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> int:
        return (
            option.decorationSize.width() + MARGIN
            if index.data(Qt.ItemDataRole.DecorationRole) is not None
            else 0
        )


def _wrapped() -> int:
    """Mixing two enumerations takes 4 ms the first time, which is no time to spend at the program's start."""
    return Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
