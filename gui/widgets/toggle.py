"""A large switch, painted: the one that puts all work on the GUI thread. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from workers.engine.plan import BLOCKING

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from gui.theme.theme import Theme

HEIGHT = 32.0
"""Of the track, in pixels at a text scale of 1."""

MARGIN = 4.0
"""Room around the track for the ring that shows the keyboard's focus."""


class Toggle(QAbstractButton):
    """An on/off switch in the colour of the runner that it stands for.

    It has no animation: it is flipped just before the window freezes, and would stand half way.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        height = HEIGHT * self._theme.headline_scale
        return QSize(round(1.9 * height + 2 * MARGIN), round(height + 2 * MARGIN))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return flips it too: Space alone is what buttons know."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, knob and a sign: a bar for on, a ring for off, as on a power switch."""
        theme = self._theme
        on = self.isChecked()
        track = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        radius = track.height() / 2
        body = theme.runner_color(BLOCKING) if on else theme.color("muted")
        if self.underMouse():
            body = body.lighter(108)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not self.isEnabled():
                painter.setOpacity(0.4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(body)
            painter.drawRoundedRect(track, radius, radius)
            knob = QPointF(track.right() - radius if on else track.left() + radius, track.center().y())
            sign = QPointF(track.left() + radius * 1.1 if on else track.right() - radius * 1.1, knob.y())
            light = theme.color("panel" if theme.scheme == "light" else "text")
            painter.setBrush(light)
            painter.drawEllipse(knob, radius - 3, radius - 3)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(light, max(2.0, radius / 8), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            if on:
                painter.drawLine(sign - QPointF(0, radius * 0.36), sign + QPointF(0, radius * 0.36))
            else:
                painter.drawEllipse(sign, radius * 0.34, radius * 0.34)
            if self.hasFocus():
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawRoundedRect(track.adjusted(-3, -3, 3, 3), radius + 3, radius + 3)
