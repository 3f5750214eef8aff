"""The timeline's legend: each state as the shape and the colour that its bars have, and its word. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.timeline.lane_image import LaneImage
from gui.widgets.panels import LEFT_SIDE
from workers.reports.lane import CANCELLED, DONE, FAILED, PAUSED, RUNNING, WAITING, Lane

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.theme.theme import Theme

STATES = (
    (RUNNING, "Running"),
    (DONE, "Done"),
    (FAILED, "Failed"),
    (CANCELLED, "Cancelled"),
    (WAITING, "Waiting for its turn"),
    (PAUSED, "Paused"),
)
FROZEN = "Window slow or frozen"
SWATCH, HEIGHT, SPACE, APART = 16, 14, 5, 14


class Legend(QWidget):
    """Paints what fits; the rest is in its tool tip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._image = theme, LaneImage(theme)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "Running: lower bars. Done: full bars. Failed: a sharp edge along the top. Cancelled: stripes along. "
            "Waiting for its turn: low bars. Paused: low bars with stripes across. "
            "Window slow or frozen: a band over all lanes; the strip above them says which."
        )
        self.setAccessibleName("Legend: " + ", ".join([word for _, word in STATES] + [FROZEN]))

    def sizeHint(self) -> QSize:
        return QSize(10, max(HEIGHT, self.fontMetrics().height()) + 4)

    def restyle(self) -> None:
        self._image.restyle()
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self.draw(painter, self.width(), self.height())

    def draw(self, painter: QPainter, width: int, height: int) -> None:
        """Paint it in some room, from the painter's origin."""
        metrics, ratio = self.fontMetrics(), self.devicePixelRatioF()
        top, left = (height - HEIGHT) / 2, 0
        edges = np.linspace(0.0, 1.0, round(SWATCH * ratio) + 1)
        painter.setPen(self._theme.color("muted"))
        for kind, word in (*STATES, (-1, FROZEN)):
            advance = metrics.horizontalAdvance(word)
            if left + SWATCH + SPACE + advance > width:
                break
            lane = Lane("")
            if kind >= 0:
                lane.add(np.zeros(1), np.ones(1), np.array([kind], np.uint8), np.zeros(1, np.uint32))
            bands = np.full(len(edges) - 1, float(kind < 0))
            # Higher than the swatch, for the gap below a lane's bars is not part of it.
            picture = self._image.lanes([lane], edges, 0.0, round((HEIGHT + 3) * ratio), bands)
            picture.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF(left, top), picture, QRectF(0, 0, SWATCH * ratio, HEIGHT * ratio))
            left += SWATCH + SPACE
            painter.drawText(QRectF(left, 0, advance + 2, height), LEFT_SIDE, word)
            left += advance + APART
