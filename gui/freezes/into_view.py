"""Scrolls what was unfolded of a freeze card into view. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer, Slot
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QScrollArea

BELOW = 12
"""Pixels that stay free below a part that is brought into view."""


class IntoView(QObject):
    """Belongs to the scroll area in which cards are."""

    def __init__(self, scroll: QScrollArea) -> None:
        super().__init__(scroll)
        self._scroll = scroll
        self._part: QWidget | None = None
        self._laid_out = QTimer(self, singleShot=True, interval=0)
        self._laid_out.timeout.connect(self._scroll_down)

    def forget(self) -> None:
        """What was to be brought into view is no more."""
        self._part = None

    @Slot(QWidget)
    def bring(self, part: QWidget) -> None:
        """Scroll down, once all is laid out, until a part is seen: all of it, or else from its top on."""
        self._part = part
        self._laid_out.start()

    @Slot()
    def _scroll_down(self) -> None:
        part, bar = self._part, self._scroll.verticalScrollBar()
        if part is not None:
            seen = self._scroll.viewport()
            top = part.mapTo(seen, QPoint()).y()
            bar.setValue(bar.value() + max(0, min(top, top + part.height() + BELOW - seen.height())))
