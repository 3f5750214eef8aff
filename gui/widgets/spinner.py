"""Something that moves all the time, so that a freeze is seen at once. Drawn by the GUI thread, as all else is.

Its place on the ring comes from the clock, not from counting frames: after a freeze it is where it would have been.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QConicalGradient, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QPaintEvent, QResizeEvent, QShowEvent

    from gui.theme.theme import Theme

FAST_MS, IDLE_MS = 33, 100
"""Between two frames, beside a run and without: each costs 0.5 ms, and is half of what an idle window does."""

PICTURES = 48
"""In one turn. Each is drawn once and kept, so that a frame costs three calls into Qt."""

SIZE = 48


class Heartbeat(QWidget):
    """A comet on a ring, turning at a steady pace for as long as the event loop does.

    Its timer runs only while it can be seen.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures: dict[int, QPixmap] = {}
        # It fills its whole rectangle, so that nothing below it is painted with it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Heartbeat of the window")
        self.setToolTip(
            "Drawn by the GUI thread, 30 times a second beside a run, and 10 times else.\n"
            "When the window is frozen, it stands still."
        )
        self.timer = QTimer(self, interval=IDLE_MS, timerType=Qt.TimerType.CoarseTimer)
        self.timer.timeout.connect(self.update)
        self._turned, self._since = 0.0, time.perf_counter()  # in pictures, up to when the pace changed last
        theme.changed.connect(self._start_anew)

    def set_fast(self, on: bool) -> None:
        """Turn fast, beside a run, or slowly: by a picture at each frame in both."""
        self._turned, self._since = self._place(), time.perf_counter()
        self.timer.setInterval(FAST_MS if on else IDLE_MS)

    def _place(self) -> float:
        return self._turned + (time.perf_counter() - self._since) * 1e3 / self.timer.interval()

    def sizeHint(self) -> QSize:
        """A square that grows with the large texts."""
        side = round(SIZE * self._theme.headline_scale)
        return QSize(side, side)

    @property
    def place(self) -> int:
        """Which of the pictures of a turn it is time for."""
        return int(self._place()) % PICTURES

    def showEvent(self, event: QShowEvent) -> None:
        """Beat while there is something to see; restoring a minimized window comes here too."""
        self.timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self.timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._pictures.clear()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._start_anew()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        place = self.place
        picture = self._pictures.get(place)
        if picture is None:
            picture = self._pictures[place] = self._draw(place)
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, picture)

    def _start_anew(self) -> None:
        self._pictures.clear()
        self.updateGeometry()
        self.update()

    def _draw(self, place: int) -> QPixmap:
        theme = self._theme
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme.color("window"))
        ring = QRectF(self.rect()).adjusted(7, 7, -7, -7)
        angle = 90 - 360 * place / PICTURES  # degrees, against the clock, as Qt counts
        accent = theme.color("accent")
        faint = QColor(accent)
        faint.setAlpha(0)
        tail = QConicalGradient(ring.center(), angle)
        tail.setColorAt(0, accent)
        tail.setColorAt(0.6, faint)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("line"), 4))
            painter.drawEllipse(ring)
            painter.setPen(QPen(tail, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawArc(ring, round(angle * 16), round(360 * 0.6 * 16))
            painter.translate(ring.center())
            painter.rotate(-angle)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawEllipse(QRectF(ring.width() / 2 - 6, -6, 12, 12))
        return picture
