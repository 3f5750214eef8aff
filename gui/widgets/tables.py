"""What the window's tables have in common: how they are set up, sorted and copied from. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QTableView

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole
"""By this a cell tells the value by which it is sorted."""


class FiguresProxy(QSortFilterProxyModel):
    """Sorts by the true figures, not by their texts; at first as the model has them."""

    def lessThan(self, left: Index, right: Index) -> bool:
        """Whether one row comes before another. In Python, for a figure may be a pair, which Qt cannot compare."""
        return bool(left.data(SORT_ROLE) < right.data(SORT_ROLE))


def set_up(view: QTableView, name: str) -> None:
    """Make a table of whole rows that are all equally high, without a grid, and whose cells nobody edits."""
    view.setAccessibleName(name)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().hide()
    view.horizontalHeader().setHighlightSections(False)


def set_row_height(view: QTableView, height: int) -> None:
    """Make every row `height` pixels high."""
    rows = view.verticalHeader()
    rows.setMinimumSectionSize(height)
    rows.setDefaultSectionSize(height)


def add_copy(view: QAbstractItemView, text: str, copy: Callable[[], object]) -> None:
    """Put a copy of the table's rows on Ctrl+C and into its menu.

    Args:
        view: the table or list.
        text: what the menu says.
        copy: a bound slot that does it.
    """
    action = QAction(text, view)
    action.setShortcut(QKeySequence.StandardKey.Copy)
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(copy)
    view.addAction(action)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


def heading(orientation: Qt.Orientation, role: int, title: str, tip: str, align: Qt.AlignmentFlag | int) -> Any:
    """What a model answers of a column's heading."""
    if orientation is not Qt.Orientation.Horizontal:
        return None
    if role == Qt.ItemDataRole.DisplayRole:
        return title
    if role == Qt.ItemDataRole.ToolTipRole:
        return tip
    return align if role == Qt.ItemDataRole.TextAlignmentRole else None
