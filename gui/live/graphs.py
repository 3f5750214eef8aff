"""The live graphs: throughput, lag and waits for the GIL over the last 40 seconds, each run in its runner's colour.

Runs in the GUI thread. While that is blocked nothing is painted here; the lag monitor's own thread goes on, and the
first frame afterwards shows the whole freeze. So does the GIL meter's.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from gui.live.axes import GRAPHS
from gui.live.hover import paint_hover
from gui.live.scene import GraphScene
from gui.widgets.fields import describe
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent, QShowEvent

    from gui.live.gil_graph import Meter, Watcher
    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.monitors.lag import LagMonitor

MIN_WIDTH, MIN_HEIGHT = 320, 150
PICTURE = {"throughput": 280, "lag": 280, "gil": 200}
"""How high the picture of one graph is, in pixels; it is as wide as they are on the screen, but for:"""

PICTURE_WIDTH = 640  # at least


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


class LiveGraphs(QWidget):
    """Throughput, lag and, while it is wanted, waits for the GIL, over one axis of time, fixed to the present.

    Attributes:
        frames: how many frames were painted on the screen.
        scene: what they show.
        axes: all that stands still.
        strips: the runs that are in sight, the oldest first.
    """

    def __init__(self, theme: Theme, lag: LagMonitor, gil_meter: Meter, watchdog: Watcher) -> None:
        """Make them; nothing is painted before they are shown.

        Args:
            theme: colours and fonts.
            lag: whose trace is drawn.
            gil_meter: whose trace is drawn in the third graph.
            watchdog: knows when code in C held the GIL, which is marked in the third.
        """
        super().__init__()
        self.frames = 0
        self._theme = theme
        self._painted_at = -math.inf
        self._hover: float | None = None
        self._is_copying = False
        self._is_gil_wanted, self._only = True, ""
        self._canvas = Canvas(self._paint)
        self._viewport = self._canvas.viewport()
        self.scene = GraphScene(self._canvas, theme, lag, gil_meter, watchdog)
        self.axes, self.strips = self.scene.axes, self.scene.strips
        fill(QVBoxLayout(self), self._canvas)
        self._copy_button = QToolButton(self, autoRaise=True)
        self._copy_button.setText("Copy")
        describe(self._copy_button, "Copy the graphs", "Copy the graphs as a picture")
        self._copy_button.clicked.connect(self.copy)
        self.setMouseTracking(True)
        theme.changed.connect(self.restyle)
        self._show_graphs()

    # ---------------------------------------------------------------- what is shown

    @property
    def is_gil_visible(self) -> bool:
        return "gil" in self.axes.shown

    def set_gil_visible(self, on: bool) -> None:
        """Show the graph of waits for the GIL, or give its place to the others."""
        if on != self._is_gil_wanted:
            self._is_gil_wanted = on
            self._show_graphs()
            self._repaint()

    def show_only(self, name: str | None) -> None:
        """Show one of `axes.GRAPHS` alone; None to show all that are wanted."""
        self._only = name or ""
        self._copy_button.setVisible(not name)
        self._show_graphs()
        self._repaint()

    def _show_graphs(self) -> None:
        wanted = [name for name in GRAPHS if self._is_gil_wanted or name != "gil"]
        self.axes.show([self._only] if self._only else wanted)
        self.setMinimumSize(MIN_WIDTH, MIN_HEIGHT)
        more = ", lag and waits for the GIL" if self._is_gil_wanted else " and lag"
        self.setAccessibleName(f"Live graphs of throughput{more}")

    def add_run(self, run: Run, title: str, unit: str) -> None:
        """Show a run, from now on until it has scrolled out of sight.

        Args:
            run: just begun.
            title: its runner's name for people.
            unit: what its amounts count; "bytes" are shown as MB.
        """
        self.scene.add_run(run, title, unit)
        self._viewport.update()

    # ---------------------------------------------------------------- frames

    def refresh(self) -> None:
        """Paint a frame if it would differ from the last one; called by the window's timer.

        While a run goes on every call paints, whatever the graphs' width. Else only those do that move by a pixel.
        """
        if not self.isVisible():
            return
        if self.scene.still is not None and not (self.strips and self.strips[-1].run.ended is None):
            if self.scene.scroll(time.perf_counter()) == self._painted_at:
                return
        self._update()

    def _update(self) -> None:
        if self.scene.still is None:
            self._viewport.update()
        else:
            self._viewport.update(self.scene.area)

    def _repaint(self) -> None:
        self.scene.forget_pictures()
        self._viewport.update()

    def _paint(self) -> None:
        scene = self.scene
        now = time.perf_counter()
        scene.take_in(now)
        ratio = self._viewport.devicePixelRatioF()
        if scene.still is None or ratio != self.axes.geometry.ratio:
            scene.lay_out(self._canvas.size(), ratio)
            self._viewport.update()  # this frame may be for the inside alone: the marks outside have changed, too
        with QPainter(self._viewport) as painter:
            scroll = scene.paint(painter, now)
            if self._hover is not None:
                paint_hover(painter, scene, self._theme, self._hover, scroll)
            if self._is_copying:
                scene.paint_legend(painter)
        if not self._is_copying:
            self.frames += 1
            self._painted_at = scroll

    # ---------------------------------------------------------------- pictures

    def image(self, which: str = "all") -> QImage:
        """Graphs as they are now, with titles, axes and a legend of the runners.

        Args:
            which: "all" that are shown, as they are on the screen, or one of `axes.GRAPHS` by itself.

        Raises:
            ValueError: there is no such graph.
        """
        if which == "all":
            self._is_copying = True
            try:
                return QImage(self._canvas.grab().toImage())
            finally:
                self._is_copying = False
        if which not in GRAPHS:
            raise ValueError(f"there is no graph {which!r}")
        shown = self.axes.shown
        size = QSize(max(PICTURE_WIDTH, self._canvas.width()), PICTURE[which])
        self.axes.show([which])
        try:
            return self.scene.image(size, self._viewport.devicePixelRatioF())
        finally:
            self.axes.show(shown)
            self._repaint()

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setImage(self.image())

    # ---------------------------------------------------------------- looks, sizes, mouse

    @Slot()
    def restyle(self) -> None:
        self.scene.restyle()
        self._place_button()
        self._viewport.update()

    def _place_button(self) -> None:
        size = self._copy_button.sizeHint()
        self._copy_button.setGeometry(self.width() - size.width() - 4, 2, size.width(), size.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out now, before there is a window: it answers the sooner once it is there."""
        super().showEvent(event)
        self.scene.lay_out(self._canvas.size(), self._viewport.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()
        self._repaint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position().x()
        self._update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self._update()
