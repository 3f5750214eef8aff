"""Panels that are laid out without a gap, on their own ground. In the GUI thread.

Fills a row or a column in one call. In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QBoxLayout,
    QFrame,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor


Box = TypeVar("Box", bound=QBoxLayout)
Item = QWidget | QLayout


def pile(owner: QWidget, *parts: Item) -> QWidget:
    """Lay parts out in a widget, one above the other, without a gap; what scrolls, or is a stack, takes all room."""
    stretch = [int(isinstance(part, (QAbstractScrollArea, QStackedWidget))) for part in parts]
    fill(QVBoxLayout(owner), *zip(parts, stretch, strict=True))
    return owner


def stacked(*pages: QWidget) -> QStackedWidget:
    """Pages of which one is shown, the first at first."""
    stack = QStackedWidget()
    for page in pages:
        stack.addWidget(page)
    return stack


def fill_panel(panel: QWidget, name: str, *pages: QWidget) -> QStackedWidget:
    """Let a panel show one of these pages, the first at first; returns their stack."""
    stack = stacked(*pages)
    pile(panel, stack)
    set_ground(panel, name)
    return stack


def set_ground(panel: QWidget, name: str) -> None:
    """Give a panel its own background in every state of it, and its accessible name."""
    panel.setBackgroundRole(QPalette.ColorRole.Base)  # it follows the application's palette by itself
    panel.setAutoFillBackground(True)
    panel.setAccessibleName(name)


def side_by_side(*panes: QWidget, sizes: Sequence[int]) -> QSplitter:
    """Panes beside each other that share the room as `sizes`, in pixels, are to each other; none can be folded up."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setChildrenCollapsible(False)
    for at, pane in enumerate(panes):
        splitter.addWidget(pane)
        splitter.setStretchFactor(at, sizes[at])
    splitter.setSizes(sizes)
    return splitter


def scroll_area(name: str = "") -> QScrollArea:
    """Shows a widget that takes the area's width and may be higher than it: no frame, and no scrolling sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    return area


def set_text_color(widget: QWidget, color: QColor) -> None:
    """Give a widget's text another colour."""
    palette = widget.palette()
    palette.setColor(widget.foregroundRole(), color)
    widget.setPalette(palette)


def fill(
    box: Box, *items: Item | tuple[Item, int], margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 0
) -> Box:
    """Put things into a row or a column, one after the other; returns it.

    Args:
        box: new, and empty.
        items: widgets and layouts; in a pair with the share that it gets of the room that is left.
        margins: left, top, right and bottom, in pixels.
        spacing: between two of them.
    """
    box.setContentsMargins(*margins)
    box.setSpacing(spacing)
    for each in items:
        item, stretch = each if isinstance(each, tuple) else (each, 0)
        if isinstance(item, QLayout):
            box.addLayout(item, stretch)
        else:
            box.addWidget(item, stretch)
    return box
