"""The picture of the live graphs on the screen, and what mouse and keys do with it. In the GUI thread."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from gui.live.hover import paint_hover
from gui.widgets.keys import PAN_SHARE, SIDEWAYS, ZOOM_STEP, ZOOMS

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent

    from gui.live.scene import GraphScene
    from gui.theme.theme import Theme
    from workers.engine.run import Run

WIDE = 1600
"""From this width of a window on lines are twice as thick: it is looked at from far away."""

SETTLED_S = 1.0
"""So long after a moment of the past something may still come in that belongs before it."""

HELP = (
    "The wheel zooms from 5 s to 30 min. Drag to go back in time; a double click returns to the present. "
    "Click a freeze to see why. Keys: Left and Right move, + and - zoom, Home returns, F fits the run."
)


class Canvas(QWidget):
    """Draws a scene and lets people move in it.

    Attributes:
        frames: how many frames were painted on the screen.

    Signals:
        moved: the person has moved or zoomed the picture.
        laid_out: titles, sizes or scales have changed.
        live_asked: the person wants to see the present.
        fit_asked: the person wants to see a whole run.
        freeze_clicked: see `LiveGraphs`.
    """

    moved = Signal()
    laid_out = Signal()
    live_asked = Signal()
    fit_asked = Signal()
    freeze_clicked = Signal(object, float)

    def __init__(self, scene: GraphScene, theme: Theme) -> None:
        super().__init__()
        self.frames = 0
        self._scene, self._theme = scene, theme
        self._painted_at = -math.inf
        self._hover: QPointF | None = None
        self._pressed: QPointF | None = None
        self._is_dragging = self._is_copying = False
        self._ring = QRect()
        self._clicked: tuple[Run, float] | None = None
        # A double click is something else, and begins as a click.
        self._click = QTimer(self, singleShot=True, interval=QApplication.doubleClickInterval())
        self._click.timeout.connect(self._follow_click)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setToolTip(HELP)
        self.setAccessibleDescription(HELP)
        self.restyle()

    def restyle(self) -> None:
        self._ring_pen = QPen(self._theme.color("accent"), 0)
        self.update()

    # ---------------------------------------------------------------- frames

    @property
    def weight(self) -> int:
        """How many pixels of the screen a line is wide."""
        wanted = self._theme.line_width or (2 if self.window().width() >= WIDE else 1)
        return max(1, round(self.devicePixelRatioF() * wanted))

    def refresh(self) -> None:
        """Paint a frame if it would differ from the last one.

        While a run goes on every call paints, whatever the width. Else only those do that move by a pixel. The past is
        painted once and for all.
        """
        if not self.isVisible():
            return
        now, scene = time.perf_counter(), self._scene
        if scene.still is not None:
            if scene.sight.end is not None and now > scene.sight.end + SETTLED_S:
                return
            is_running = scene.strips and scene.strips[-1].run.ended is None
            if not is_running and scene.scroll(now) == self._painted_at:
                return
        self.update_inside()

    def update_inside(self) -> None:
        """Paint what moves with the next frame, and all of it where that is due."""
        if self._scene.still is None:
            self.update()
        else:
            self.update(self._scene.area)

    def lay_out(self) -> None:
        self._scene.lay_out(self.size(), self.devicePixelRatioF(), self.weight)
        self.laid_out.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        scene = self._scene
        now = time.perf_counter()
        scene.take_in(now)
        if scene.still is None or self.devicePixelRatioF() != scene.axes.geometry.ratio:
            self.lay_out()
            self.update()  # this frame may be for the inside alone: the marks outside have changed, too
        with QPainter(self) as painter:
            scroll = scene.paint(painter, now)
            if self._is_copying:
                scene.paint_legend(painter)
                return
            if self._hover is not None:
                paint_hover(painter, scene, self._theme, self._hover.x(), now)
            if self.hasFocus():
                painter.setClipping(False)
                painter.setPen(self._ring_pen)
                painter.drawRect(self._ring)
        self.frames += 1
        self._painted_at = scroll

    def image(self) -> QImage:
        """What is on the screen, with a legend instead of what the mouse shows."""
        self._is_copying = True
        try:
            return QImage(self.grab().toImage())
        finally:
            self._is_copying = False

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out now, before there is a window: it answers the sooner once it is there."""
        self.lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._ring = self.rect().adjusted(0, 0, -1, -1)
        self._scene.forget_pictures()

    # ---------------------------------------------------------------- mouse and keys

    def _tell_moved(self) -> None:
        self._scene.forget_pictures()
        self.update()
        self.moved.emit()

    def pan(self, share: float) -> None:
        """Move by so much of what is shown, below 0 into the past, and tell that a person did."""
        self._scene.pan(share * self._scene.sight.span, time.perf_counter())
        self._tell_moved()

    def zoom(self, factor: float, share: float = 1.0) -> None:
        """Show `factor` times as much time around what lies at `share` of the width, and tell that a person did."""
        self._scene.sight.zoom(factor, share, time.perf_counter())
        self._tell_moved()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the mouse; with Shift, or sideways, move."""
        at, across, down = self._scene.axes.geometry, event.angleDelta().x(), event.angleDelta().y()
        # A touchpad's turns are hardly ever straight.
        if abs(across) > abs(down) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-max(across, down, key=abs) / 120 * PAN_SHARE)
        elif down:
            share = (event.position().x() - at.left) / at.width
            self.zoom(ZOOM_STEP ** (-down / 120), min(max(share, 0.0), 1.0))
        event.accept()

    def _freeze_at(self, place: QPointF) -> tuple[Run, float] | None:
        at, scene = self._scene.axes.geometry, self._scene
        if not at.left <= place.x() <= at.right or scene.pair is not None:
            return None
        now = time.perf_counter()
        return scene.freeze_at(scene.sight.until(now) - (at.right - place.x()) / at.per_s, now)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self._is_dragging = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._pressed is None:
            self._hover = place
            hits = self._freeze_at(place) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if hits else Qt.CursorShape.ArrowCursor)
            self.update_inside()
            return
        if not self._is_dragging:
            if (place - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._is_dragging, self._hover = True, None
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if place.x() != self._pressed.x():
            self.pan((self._pressed.x() - place.x()) / self._scene.axes.geometry.width)
        self._pressed = place

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self.unsetCursor()
        if not self._is_dragging:
            self._clicked = self._freeze_at(event.position())
            if self._clicked is not None:
                self._click.start()
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._click.stop()
        self.live_asked.emit()

    @Slot()
    def _follow_click(self) -> None:
        if self._clicked is not None:
            self.freeze_clicked.emit(*self._clicked)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update_inside()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, zoom with + and -, Home for the present, F for the whole run."""
        key = event.key()
        if key in SIDEWAYS:
            self.pan(SIDEWAYS[key] * PAN_SHARE)
        elif key in ZOOMS:
            self.zoom(ZOOMS[key])
        elif key == Qt.Key.Key_Home:
            self.live_asked.emit()
        elif key == Qt.Key.Key_F:
            self.fit_asked.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Over the graphs the values under the mouse are told, and a tip would cover them.
        is_tip = event.type() == QEvent.Type.ToolTip
        if is_tip and self._scene.area.contains(self.mapFromGlobal(self.cursor().pos())):
            return True
        return super().event(event)
