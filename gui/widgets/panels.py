"""Panels that are laid out without a gap, on their own ground. In the GUI thread.

Fills a row or a column in one call. In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QColor


def pile(owner: QWidget, *parts: QWidget | QLayout) -> QWidget:
    """Lay parts out in a widget, one above the other, without a gap; what scrolls, or is a stack, takes all room."""
    column = QVBoxLayout(owner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        if isinstance(part, QLayout):
            column.addLayout(part)
        else:
            column.addWidget(part, int(isinstance(part, (QAbstractScrollArea, QStackedWidget))))
    return owner


def fill_panel(panel: QWidget, name: str, *pages: QWidget) -> QStackedWidget:
    """Let a panel show one of these pages, the first at first; returns their stack."""
    stack = QStackedWidget()
    for page in pages:
        stack.addWidget(page)
    pile(panel, stack)
    # The panel's own colour, in every state of it; it follows the application's palette by itself.
    panel.setBackgroundRole(QPalette.ColorRole.Base)
    panel.setAutoFillBackground(True)
    panel.setAccessibleName(name)
    return stack


def set_text_color(widget: QWidget, color: QColor) -> None:
    """Give a widget's text another colour."""
    palette = widget.palette()
    palette.setColor(widget.foregroundRole(), color)
    widget.setPalette(palette)


Box = TypeVar("Box", bound=QBoxLayout)
Item = QWidget | QLayout | int


def fill(
    box: Box, *items: Item | tuple[Item, int], margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 0
) -> Box:
    """Put things into a row or a column, one after the other; returns it.

    Args:
        box: new, and empty.
        items: widgets, layouts and numbers, which are that many pixels of room; in a pair with the share that it gets
            of the room that is left.
        margins: left, top, right and bottom, in pixels.
        spacing: between two of them.
    """
    box.setContentsMargins(*margins)
    box.setSpacing(spacing)
    for each in items:
        item, stretch = each if isinstance(each, tuple) else (each, 0)
        if isinstance(item, QLayout):
            box.addLayout(item, stretch)
        elif isinstance(item, QWidget):
            box.addWidget(item, stretch)
        elif stretch:
            box.addStretch(stretch)
        else:
            box.addSpacing(item)
    return box
