"""The list of a file's functions: name, kind, and a sentence on each, or why it cannot be used. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from gui.theme.theme import Theme
    from workers.user_code.listing import FoundFunction

KINDS = {
    "plain": "plain function",
    "generator": "generator: each yield is progress",
    "async": "async function",
    "class": "class: its call makes an object",
}
KIND_ROLE = Qt.ItemDataRole.UserRole + 1
SENTENCE_ROLE = Qt.ItemDataRole.UserRole + 2
MARGIN, GAP = 8, 2


class FunctionList(QListWidget):
    """Choosing a row chooses its function; one that cannot be used is greyed out and says why.

    Signals:
        picked: the name of the function that a person chose.
    """

    picked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._shown: Sequence[FoundFunction] = ()
        self.setItemDelegate(_Lines(theme))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The panel's ground goes through, also while nothing can be chosen.
        self.viewport().setAutoFillBackground(False)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)  # a long reason is broken into lines again
        self.setMinimumHeight(48)
        self.setAccessibleName("Functions of the file")
        self.currentItemChanged.connect(self._tell)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def show_functions(self, functions: Sequence[FoundFunction], chosen: str) -> None:
        """Show these, the chosen one in another colour; nobody is told."""
        if functions is self._shown:
            self.choose(chosen)
            return
        self._shown = functions
        with QSignalBlocker(self):
            self.clear()
        for found in functions:
            item = QListWidgetItem(found.name, self)
            sentence = found.why_not or found.summary or "No docstring says what it does."
            item.setData(KIND_ROLE, found.kind)
            item.setData(SENTENCE_ROLE, f"✕ {sentence}" if found.why_not else sentence)
            item.setToolTip(f"{found.name}: {KINDS[found.kind]}, line {found.line:,}\n{sentence}")
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, f"{KINDS[found.kind]}. {sentence}")
            if found.why_not:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.choose(chosen)

    def choose(self, name: str) -> None:
        """Choose a function's row, or none; nobody is told."""
        found = self.findItems(name, Qt.MatchFlag.MatchExactly)
        with QSignalBlocker(self):
            self.setCurrentRow(self.row(found[0]) if found else -1)
        self.viewport().update()

    @Slot()
    def _tell(self) -> None:
        item = self.currentItem()
        if item is not None:
            self.picked.emit(item.text())


class _Lines(QStyledItemDelegate):
    """Paints the name and the kind in one line, and the sentence in a calmer colour below it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines; more where a function cannot be used and the reason is long."""
        metrics = QFontMetrics(option.font)
        height = metrics.height()
        if not index.flags() & Qt.ItemFlag.ItemIsEnabled and isinstance(option.widget, QListWidget):
            room = QRect(0, 0, option.widget.viewport().width() - 2 * MARGIN - 2, 1000)
            height = metrics.boundingRect(
                room, Qt.TextFlag.TextWordWrap, str(index.data(SENTENCE_ROLE))
            ).height()
        return QSize(100, metrics.height() + height + GAP + MARGIN)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, state = self._theme, option.state
        chosen, enabled = (
            bool(state & QStyle.StateFlag.State_Selected),
            bool(state & QStyle.StateFlag.State_Enabled),
        )
        painter.save()
        painter.fillRect(option.rect, theme.color("selection" if chosen else "panel"))
        if chosen:
            painter.fillRect(
                QRect(option.rect.topLeft(), QSize(3, option.rect.height())), theme.color("accent")
            )
        inner = option.rect.adjusted(MARGIN + 2, MARGIN // 2, -MARGIN, -MARGIN // 2)
        metrics = QFontMetrics(option.font)
        kind = str(index.data(KIND_ROLE))
        top = QRect(inner.topLeft(), QSize(inner.width(), metrics.height()))
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(theme.color("text" if enabled else "muted"))
        room = top.width() - metrics.horizontalAdvance(kind) - MARGIN
        name = QFontMetrics(bold).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(option.font)
        painter.setPen(theme.color("muted"))
        painter.drawText(top, Qt.AlignmentFlag.AlignRight, kind)
        below = top.translated(QPoint(0, metrics.height() + GAP))
        sentence = str(index.data(SENTENCE_ROLE))
        if index.flags() & Qt.ItemFlag.ItemIsEnabled:
            sentence = metrics.elidedText(sentence, Qt.TextElideMode.ElideRight, below.width())
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, sentence)
        else:
            below.setBottom(inner.bottom())
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, sentence)
        painter.restore()
