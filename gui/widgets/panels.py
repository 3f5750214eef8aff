"""Panels that are laid out without a gap, on their own ground. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QLayout, QStackedWidget, QVBoxLayout, QWidget

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
