"""A widget that is to be seen, for tests of one alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

W = TypeVar("W", bound="QWidget")


def bring_up(qtbot: QtBot, widget: W, width: int, height: int) -> W:
    """Show a widget of this size, and wait until it can be seen; it is closed when the test ends."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget
