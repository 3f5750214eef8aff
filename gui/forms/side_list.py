"""The list at a room's left: each entry with a sentence, and at the right of its name a word where there is one.

In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyle

from gui.forms.two_lines import COLOR_ROLE, NAME_ROLE, SENTENCE_ROLE, WORD_ROLE, TwoLines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from gui.theme.theme import Theme

ROLE = Qt.ItemDataRole


class SideEntry(NamedTuple):
    """An entry of the list.

    Attributes:
        name: what it is known by.
        title: what it is called.
        sentence: what it is about.
    """

    name: str
    title: str
    sentence: str


class SideList(QListWidget):
    """Choosing an entry picks it.

    Signals:
        picked: the name of an entry.
    """

    picked = Signal(str)

    MIN_WIDTH = 170
    """In pixels at a text scale of 1."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self._theme = theme
        self._is_to_come = False  # what is chosen, into sight
        self._lines = _Lines(theme, self)
        self.setItemDelegate(self._lines)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setAccessibleName(title)
        self.currentItemChanged.connect(self._tell)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_entries(self, entries: Iterable[SideEntry]) -> None:
        """Show these in place of what was there; none is chosen."""
        with QSignalBlocker(self):
            self.clear()
            for entry in entries:
                item = QListWidgetItem(entry.title, self)
                item.setData(ROLE.UserRole, entry.name)
                item.setData(NAME_ROLE, entry.title)
                item.setToolTip(entry.title)  # it may be cut
                for role in (SENTENCE_ROLE, ROLE.AccessibleDescriptionRole):
                    item.setData(role, entry.sentence)

    def show_word(self, name: str, word: str, color: str) -> None:
        """Say something short of an entry.

        Args:
            name: the entry's.
            word: what is said; empty for nothing.
            color: the word's, by its name in the theme.
        """
        for item in self._items(name):
            item.setData(WORD_ROLE, word)
            item.setData(COLOR_ROLE, color)
            title = item.text()
            item.setData(ROLE.AccessibleTextRole, f"{title}: {word}" if word else title)

    def choose(self, name: str) -> None:
        """Choose an entry by its name, or the first where there is none of that name."""
        self.setCurrentItem(next(iter(self._items(name)), self.item(0)))
        self._is_to_come = True

    def _items(self, name: str) -> list[QListWidgetItem]:
        items = map(self.item, range(self.count()))
        return [item for item in items if item.data(ROLE.UserRole) == name]

    @Slot()
    def _tell(self) -> None:
        self.picked.emit(self.currentItem().data(ROLE.UserRole))

    @Slot()
    def _restyle(self) -> None:
        self.setMinimumWidth(round(self.MIN_WIDTH * self._theme.text_scale))
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_to_come = True
        self.scheduleDelayedItemsLayout()  # sentences are broken into lines again

    def doItemsLayout(self) -> None:
        """Bring what was chosen into sight as a whole, once it is known how high it is."""
        super().doItemsLayout()
        item = self.currentItem()
        if self._is_to_come and self.isVisible() and item is not None:
            self._is_to_come = False
            self.scrollToItem(item)


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
