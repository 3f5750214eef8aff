"""Fills a row or a column in one call. In the GUI thread."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

Box = TypeVar("Box", bound=QBoxLayout)
Item = QWidget | QLayout


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
