"""What the live graphs are painted on, and where pyqtgraph lays out their axes. Runs in the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent


class Canvas(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """pyqtgraph's view, whose scene is painted into a picture now and then, not onto the screen in every frame."""

    def __init__(self, paint: Callable[[], None]) -> None:
        super().__init__(background=None)
        self._paint = paint
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Moving the mouse over a scene of pyqtgraph runs a lot of Python, and nothing here can be dragged.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint()
