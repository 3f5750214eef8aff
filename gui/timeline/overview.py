"""The whole run above the lanes: what the GUI thread did, freezes, and which part is shown. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.timeline.lane_image import LaneImage

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent, QWheelEvent

    from gui.theme.theme import Theme
    from gui.timeline.canvas import TimelineCanvas

HEIGHT = 18
MIN_FRAME_PX = 8


class Overview(QWidget):
    """A picture of the run's whole time in which the shown part can be dragged; the canvas moves."""

    def __init__(self, theme: Theme, canvas: TimelineCanvas) -> None:
        super().__init__()
        self._theme, self._canvas = theme, canvas
        self._image = LaneImage(theme)
        self._picture: QImage | None = None
        self._painted: tuple[object, ...] = ()
        self._grip: float | None = None  # where in the frame it was taken, in seconds from its middle
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName("The whole run; the frame is what the lanes below show")
        self.setToolTip(
            "The whole run: drag the frame, or click where you want to look; a double click shows all"
        )
        canvas.painted.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(100, HEIGHT)

    def restyle(self) -> None:
        self._image.restyle()
        self._painted = ()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        scene, at = self._canvas.scene, self._canvas.scene.layout
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.color("window"))
            if scene.data is None or scene.window.extent <= 0:
                return
            painter.drawImage(QRectF(at.left, 0, at.width, self.height()), self._drawn())
            left, right = self._x(scene.window.low), self._x(scene.window.high)
            if right - left < MIN_FRAME_PX:
                left, right = (left + right - MIN_FRAME_PX) / 2, (left + right + MIN_FRAME_PX) / 2
            left, right = max(left, at.left), min(right, at.right - 1)
            veil = QColor(self._theme.color("window"))
            veil.setAlphaF(0.65)
            painter.fillRect(QRectF(at.left, 0, left - at.left, self.height()), veil)
            painter.fillRect(QRectF(right, 0, at.right - right, self.height()), veil)
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawRect(QRectF(left + 1, 1, max(right - left - 2, 2), self.height() - 2))

    def _drawn(self) -> QImage:
        """The GUI thread's lane over the whole run; it is made anew where there is more of it."""
        scene, at = self._canvas.scene, self._canvas.scene.layout
        data, freezes, main = scene.data, scene.freezes, scene.main
        assert data is not None
        assert freezes is not None
        key = (*scene.versions, scene.window.extent, at.width, at.ratio)
        if self._picture is None or key != self._painted:
            self._painted = key
            edges = np.linspace(0.0, scene.window.extent, round(at.width * at.ratio) + 1)
            bands = freezes.shares(edges, scene.now)
            behind = main.lane if main is not None else None
            high = round(HEIGHT * at.ratio)
            lanes = data.order[:1]
            self._picture = self._image.lanes(
                lanes, edges, scene.now, high, bands, behind, data.kinds, data.is_threads
            )
        return self._picture

    def _x(self, moment: float) -> float:
        at = self._canvas.scene.layout
        return at.left + moment / self._canvas.scene.window.extent * at.width

    def _moment(self, x: float) -> float:
        at = self._canvas.scene.layout
        return (x - at.left) / at.width * self._canvas.scene.window.extent

    # ---------------------------------------------------------------- moving

    def mousePressEvent(self, event: QMouseEvent) -> None:
        window, moment = self._canvas.scene.window, self._moment(event.position().x())
        if event.button() is Qt.MouseButton.LeftButton and window.extent > 0:
            self._grip = moment - (window.low + window.high) / 2 if window.low <= moment <= window.high else 0.0
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._drag(moment)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._drag(self._moment(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._canvas.fit_asked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """As over the lanes: to zoom, around the middle of what is shown."""
        self._canvas.zoom_by_wheel(event.angleDelta().y())
        event.accept()

    def _drag(self, moment: float) -> None:
        window, at = self._canvas.scene.window, self._canvas.scene.layout
        goal = moment - (self._grip or 0.0)
        self._canvas.pan_by((goal - (window.low + window.high) / 2) / window.span * at.width)
