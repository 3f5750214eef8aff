"""Paints one large picture that grows tile by tile: each tile is copied in once, and only its own part is painted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QPainter
from PySide6.QtWidgets import QWidget

from gui.charts.picture import add_picture_actions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPaintEvent

    from gui.theme.theme import Theme
    from workers.utils.picture import Picture

MARGIN = 12


class GrowingPicture(QWidget):
    """One picture, as large as fits, whose tiles arrive in any order. What has not arrived is left blank.

    Signals:
        said: what was done with it, in a sentence.
    """

    said = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image: QImage | None = None
        self._waiting: list[Picture] = []
        self.covered = 0
        """Pixels that have arrived."""
        self.setAccessibleName("Picture that grows")
        theme.changed.connect(self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        actions = add_picture_actions(self, self.image, "picture", self.said.emit)
        for action, keys in zip(actions, ("Ctrl+C", "Ctrl+S"), strict=True):
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    @property
    def has_any(self) -> bool:
        return self._image is not None or bool(self._waiting)

    @property
    def caption(self) -> str:
        """How much of the picture has arrived."""
        share = self.covered / (self._image.width() * self._image.height()) if self._image else 0.0
        return "The whole picture" if share >= 1 else f"{share:.0%} of the picture".replace("%", " %")

    def image(self) -> QImage:
        """As much of it as has arrived, in its own size."""
        return self._image or QImage()

    def clear(self) -> None:
        self._image = None
        self.covered = 0
        self._waiting.clear()
        self.update()

    def append(self, tiles: Iterable[Picture]) -> None:
        """Take tiles in; they are painted with the next `show_new`. Makes no Qt call."""
        self._waiting.extend(tiles)

    def show_new(self) -> None:
        """Copy what was appended into the picture, and have just those parts painted."""
        if not self._waiting:
            return
        width, height = self._waiting[-1].whole_width, self._waiting[-1].whole_height
        if self._image is None or (self._image.width(), self._image.height()) != (width, height):
            self._image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
            self._image.fill(0)  # see-through, so that the panel's own colour shows in light and in dark
            self.covered = 0
            self.update()
        with QPainter(self._image) as painter:
            scale, left, top = self._fit()
            dirty = QRect()
            for tile in self._waiting:
                pixels = QImage(
                    tile.pixels, tile.width, tile.height, 4 * tile.width, QImage.Format.Format_RGB32
                )
                painter.drawImage(tile.x, tile.y, pixels)
                self.covered += tile.width * tile.height
                # One pixel more all around: a smoothly scaled edge mixes with its neighbour's pixels.
                x, y = math.floor(left + tile.x * scale) - 1, math.floor(top + tile.y * scale) - 1
                dirty |= QRect(x, y, math.ceil(tile.width * scale) + 3, math.ceil(tile.height * scale) + 3)
        self._waiting.clear()
        self.update(dirty)

    def _fit(self) -> tuple[float, float, float]:
        """The scale and the left and top edge at which the picture fits; it is not blown up."""
        if self._image is None:
            return 1.0, 0.0, 0.0
        across, down = self._image.width(), self._image.height()
        scale = min(1.0, (self.width() - 2 * MARGIN) / across, (self.height() - 2 * MARGIN) / down)
        scale = max(scale, 0.01)
        return scale, (self.width() - across * scale) / 2, (self.height() - down * scale) / 2

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        scale, left, top = self._fit()
        whole = QRectF(left, top, self._image.width() * scale, self._image.height() * scale)
        with QPainter(self) as painter:
            painter.fillRect(whole, self._theme.color("raised"))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(whole, self._image)
            painter.setPen(self._theme.color("line"))
            painter.drawRect(whole.adjusted(-0.5, -0.5, 0.5, 0.5))
