"""The left of the room Labs: every lab, with the first sentence of what it teaches. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyle

from gui.forms.two_lines import NAME_ROLE, SENTENCE_ROLE, TwoLines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from gui.theme.theme import Theme
    from workers.catalog.labs import Lab


class LabList(QListWidget):
    """Choosing a row chooses its lab.

    Signals:
        picked: the name of a lab.
    """

    picked = Signal(str)

    MIN_WIDTH = 170
    """In pixels at a text scale of 1."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines = _Lines(theme, self)
        self.setItemDelegate(self._lines)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setAccessibleName("Labs")
        self.currentItemChanged.connect(self._tell)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_labs(self, labs: Iterable[Lab]) -> None:
        with QSignalBlocker(self):
            for lab in labs:
                item = QListWidgetItem(lab.title, self)
                item.setData(Qt.ItemDataRole.UserRole, lab.name)
                item.setData(NAME_ROLE, lab.title)
                sentence = lab.text.partition("\n")[0]
                for role in (SENTENCE_ROLE, Qt.ItemDataRole.AccessibleDescriptionRole):
                    item.setData(role, sentence)

    def choose(self, name: str) -> None:
        """Choose a lab by its name, or the first where there is none of that name."""
        rows = [row for row in range(self.count()) if self.item(row).data(Qt.ItemDataRole.UserRole) == name]
        self.setCurrentRow(rows[0] if rows else 0)

    @Slot()
    def _tell(self) -> None:
        self.picked.emit(self.currentItem().data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _restyle(self) -> None:
        self.setMinimumWidth(round(self.MIN_WIDTH * self._theme.text_scale))
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()  # sentences are broken into lines again


class _Lines(TwoLines):
    """As wide as the list."""

    def __init__(self, theme: Theme, owner: QListWidget) -> None:
        super().__init__(theme)
        self._owner, self._color = owner, theme.color

    @property
    def width(self) -> int:
        return self._owner.viewport().width()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_Selected:
            bar = QRect(option.rect.topLeft(), QSize(3, option.rect.height()))
            painter.fillRect(bar, self._color("accent"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._color("accent"), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
