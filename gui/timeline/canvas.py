"""The timeline's picture on the screen, and what the mouse and the keys do with it. In the GUI thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from gui.timeline.paint import TimelinePaint
from gui.timeline.scene import TimelineScene
from gui.widgets.keys import PAN_SHARE, SIDEWAYS, ZOOM_STEP, ZOOMS
from workers.reports.lane import BLOCKED

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from gui.theme.theme import Theme
    from gui.timeline.freezes import FreezeBands
    from workers.reports.lane import Bar
    from workers.reports.lanes import TimelineData
    from workers.reports.main_lane import MainLane

ROW_PX = 24
DRAG_PX = 5

DOWN: dict[int, int] = {Qt.Key.Key_Up: -ROW_PX, Qt.Key.Key_Down: ROW_PX}


class TimelineCanvas(QWidget):
    """Draws a scene and lets people move in it.

    Attributes:
        scene: what is drawn.
        cost_s: how long the last frame took to paint, in seconds.

    Signals:
        picked: something that the GUI thread did was clicked, or a wait, or nothing is any more.
        task_clicked: the index of a task whose bar was clicked or reached by keys.
        painted: another stretch of time may be shown now.
        moved: the person has moved or zoomed the picture.
        scrolled: the person, or a task out of sight, wants the lanes scrolled by so many pixels.
        laid_out: the lanes have another height, or there are more of them.
        fit_asked: the person wants to see the whole run.
    """

    task_clicked = Signal(int)
    picked = Signal()
    painted = Signal()
    moved = Signal()
    scrolled = Signal(int)
    laid_out = Signal()
    fit_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.scene = TimelineScene()
        self.cost_s = 0.0
        self._theme = theme
        self._paint = TimelinePaint(theme, self.scene)
        self._pressed: QPointF | None = None
        self._is_dragging = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(200, 60)
        self.setAccessibleName("Timeline of the run: a lane for each thread, a bar for each task")

    # ---------------------------------------------------------------- what is shown

    def clear(self) -> None:
        self.scene.data = self.scene.freezes = None
        self.mark(-1)

    def show_run(self, data: TimelineData, freezes: FreezeBands, main: MainLane) -> None:
        self.scene.show_run(data, freezes, main)
        self.setAccessibleDescription("")
        self.lay_out()

    def mark(self, task: int) -> None:
        """Mark a task's bars; -1 marks none."""
        self.scene.marked = task
        self._pick(None)
        self.setAccessibleDescription(self.scene.text_for(task))
        self.update()

    def _pick(self, span: Bar | None, wait: Bar | None = None) -> None:
        self.scene.picked, self.scene.wait = span, wait
        self.picked.emit()
        self.update()

    def bring_task(self, task: int) -> bool:
        """Move and scroll so that a task's bar is seen; returns whether the picture was moved sideways."""
        span, lane = self.scene.span_of(task), self.scene.lane_of(task)
        if span is None or lane < 0:
            return False
        at = self.scene.layout
        top, room = lane * at.lane, at.bottom - at.top
        if top < at.scroll or top + at.lane > at.scroll + room:
            self.scrolled.emit(round(top + at.lane / 2 - room / 2) - at.scroll)
        return self.scene.window.bring(*span)

    def set_scroll(self, pixels: int) -> None:
        if pixels != self.scene.layout.scroll:
            self.scene.layout = self.scene.layout._replace(scroll=pixels)
            self.update()

    def lay_out(self) -> None:
        room = (self.width(), self.height(), self.devicePixelRatioF())
        self.scene.layout = self._paint.layout(*room, self.fontMetrics())
        self.laid_out.emit()
        self.update()

    def picture(self) -> QImage:
        """What is shown, with the lanes that are scrolled out of sight."""
        before, ratio = self.scene.layout, self.devicePixelRatioF()
        height = self.height() + before.hidden
        image = QImage(QSize(self.width(), height) * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        self.scene.layout = self._paint.layout(self.width(), height, ratio, self.fontMetrics())
        with QPainter(image) as painter:
            self._paint.paint(painter, self.font())
        self.scene.layout = before
        return image

    def restyle(self) -> None:
        self._paint.restyle()
        self.lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        began = time.perf_counter()
        if self.devicePixelRatioF() != self.scene.layout.ratio:
            self.lay_out()
        with QPainter(self) as painter:
            self._paint.paint(painter, self.font())
            if self.hasFocus():
                painter.setPen(self._theme.color("accent"))
                painter.drawRect(0, 0, self.width() - 1, self.height() - 1)
        self.cost_s = time.perf_counter() - began
        self.painted.emit()

    # ---------------------------------------------------------------- moving

    def pan_by(self, pixels: float) -> None:
        """Go on by some pixels of time, and tell that a person did."""
        self.scene.window.pan(pixels / self.scene.layout.width * self.scene.window.span)
        self.moved.emit()
        self.update()

    def zoom_at(self, factor: float, x: float) -> None:
        """Show `factor` times as much time around a place, and tell that a person did."""
        window = self.scene.window
        window.zoom(factor, self.scene.layout.moment_at(x, window))
        self.moved.emit()
        self.update()

    def zoom_middle(self, factor: float) -> None:
        """Show `factor` times as much around the mark, if it is in sight, or the middle."""
        at, span = self.scene.layout, self.scene.span_of(self.scene.marked)
        x = at.x_of(sum(span) / 2, self.scene.window) if span is not None else -1.0
        self.zoom_at(factor, x if at.left <= x <= at.right else (at.left + at.right) / 2)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the mouse; with Shift, or sideways, move; over the names, scroll the lanes."""
        at, across, down = self.scene.layout, event.angleDelta().x(), event.angleDelta().y()
        if event.position().x() < at.left:
            self.scrolled.emit(round(-down / 3))
        elif abs(across) > abs(down) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan_by(-max(across, down, key=abs) / 120 * PAN_SHARE * at.width)
        elif down:
            self.zoom_at(ZOOM_STEP ** (-down / 120), event.position().x())
        event.accept()

    def zoom_by_wheel(self, turned: float) -> None:
        """Zoom around the middle, as far as a wheel was turned."""
        self.zoom_middle(ZOOM_STEP ** (-turned / 120))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self._is_dragging = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._pressed is None:
            # An empty text hides the one before it.
            QToolTip.showText(event.globalPosition().toPoint(), self.scene.tip_at(place), self)
            return
        if not self._is_dragging:
            if (place - self._pressed).manhattanLength() < DRAG_PX:
                return
            self._is_dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            QToolTip.hideText()
        if place.y() != self._pressed.y():
            self.scrolled.emit(round(self._pressed.y() - place.y()))
        if place.x() != self._pressed.x():
            self.pan_by(self._pressed.x() - place.x())
        self._pressed = place

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        if not self._is_dragging:
            bar = self.scene.bar_under(event.position()) if not self.scene.is_threads else None
            if bar is not None:
                self.task_clicked.emit(bar.task)
                self._pick(None, bar if bar.kind == BLOCKED else None)
            else:
                self._pick(self.scene.span_under(event.position()))
        self._pressed = None
        self._is_dragging = False
        self.unsetCursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, zoom with + and -, 0 for the whole run, Ctrl and arrows from task to task."""
        key, at, window = event.key(), self.scene.layout, self.scene.window
        sideways, down = SIDEWAYS.get(key, 0), DOWN.get(key, 0)
        if sideways and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._go(sideways)
        elif sideways:
            self.pan_by(sideways * PAN_SHARE * at.width)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            # The middle of what is seen goes to the run's beginning, or to its end.
            goal = window.extent if key == Qt.Key.Key_End else 0.0
            self.pan_by((goal - (window.low + window.high) / 2) / window.span * at.width)
        elif down:
            self.scrolled.emit(down)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            page = at.bottom - at.top
            self.scrolled.emit(page if key == Qt.Key.Key_PageDown else -page)
        elif key in ZOOMS:
            self.zoom_middle(ZOOMS[key])
        elif key == Qt.Key.Key_0:
            self.fit_asked.emit()
        elif key == Qt.Key.Key_Escape and (self.scene.marked >= 0 or self.scene.picked is not None):
            self.mark(-1)
        else:
            super().keyPressEvent(event)

    def _go(self, step: int) -> None:
        task = self.scene.next_task(step)
        if task >= 0:
            self.task_clicked.emit(task)

    def event(self, event: QEvent) -> bool:
        # Qt's own tool tip would say less than ours, which follows the mouse.
        return True if event.type() == QEvent.Type.ToolTip else super().event(event)
