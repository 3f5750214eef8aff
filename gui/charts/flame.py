"""The flame graph of stack samples: who called whom from the top down, as wide as it took long. In the GUI thread."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetricsF, QPen
from PySide6.QtWidgets import QScrollArea, QToolTip

from gui.charts.chart import GAP, SMALL, Chart
from gui.charts.flame_boxes import ALL, FINEST, Flames, lay_out
from workers.monitors.call_tree import short_name
from workers.utils import formatting

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from gui.charts.flame_boxes import Box
    from gui.theme.theme import Theme
    from workers.monitors.call_tree import CallTree, Frame
    from workers.monitors.freeze import Line

TOLD = 5
"""So many functions are told to those who cannot see the graph."""

LINES = 3
"""So many lines of a function are told under the mouse, those that took longest."""

ROW_PAD = 6
MARGIN = 24
"""This much more is brought into sight around a box, in pixels."""

ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class FlameChart(Chart):
    """A box for each frame, below its caller's; a click makes it as wide as the chart. It is as high as its rows need.

    Attributes:
        tree: the samples; None before `show_tree`.
        top: the frame that has the whole width; the tree's root at first.
        chosen: the frame that was clicked, or reached by the arrow keys; None for none.
        open_line: the entry of its menu that opens the chosen frame's line.

    Signals:
        open_requested: a file and a line's number that a person wants to see in the editor.
        turned: another frame is `chosen`, or `top`.
    """

    open_requested = Signal(str, int)
    turned = Signal()

    NAME = "Flame graph: who called whom, and for how long"
    FILE = "flame-graph"
    PICTURE = QSize(960, 0)

    def __init__(self, theme: Theme) -> None:
        self.tree: CallTree | None = None
        self.top: Frame | None = None
        self.chosen: Frame | None = None
        self._guilty: Frame | None = None
        self._guilty_line = 0
        self._rows: list[list[Box]] = []
        self._flames: Flames | None = None
        super().__init__(theme)
        self.open_line = QAction("Open the line in the editor", self)
        self.open_line.triggered.connect(self.ask_to_open)
        self.open_line.setEnabled(False)
        self.insertAction(self.picture_actions[0], self.open_line)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    def show_tree(self, tree: CallTree, guilty: Line | None = None) -> None:
        """Show samples, and mark the frame of the line that is to blame."""
        self.tree, self._guilty, self._flames = tree, None, None
        self._widen(tree.root)
        if guilty is not None:
            self._guilty = tree.guilty(guilty.file, guilty.number, guilty.function)
            self._guilty_line = guilty.number
        hottest = sorted(tree.frames, key=lambda frame: -frame.own_seconds)[:TOLD]
        self.show_all(tree.frames, map(self.told, hottest))
        self._choose(self._guilty)

    def _widen(self, top: Frame) -> None:
        self.top, self._rows = top, lay_out(top, FINEST)

    def line_of(self, frame: Frame) -> int:
        """The number of a frame's line: the one that is to blame, or that took longest."""
        return self._guilty_line if frame is self._guilty else frame.line

    def told(self, frame: Frame) -> str:
        """A frame in words: "walk, 1.2 s (34 %), mine.py:12, 0.4 s of it in its own code"."""
        return ", ".join(self._about(frame))

    def _about(self, frame: Frame) -> list[str]:
        assert self.tree is not None
        length = f"{formatting.seconds(frame.seconds)} ({100 * frame.seconds / self.tree.root.seconds:.0f} %)"
        if frame.parent is None:
            return [ALL, length]
        found = [frame.function, length, f"{short_name(frame.file, self.tree.files)}:{self.line_of(frame)}"]
        if not frame.children:
            return [*found, "all of it in its own code"]
        own = f"{formatting.seconds(frame.own_seconds)} of it in its own code"
        return [*found, own] if frame.own_seconds else found

    # ---------------------------------------------------------------- what is to be seen

    @property
    def row_height(self) -> int:
        """How high a box is with the gap below it, in pixels."""
        return math.ceil(QFontMetricsF(self.theme.numbers_font(SMALL)).height()) + ROW_PAD

    @Slot()
    def restyle(self) -> None:
        if self.top is not None:
            rows = 1 + len(self._rows)  # the first is the legend's
            self.setFixedHeight(rows * self.row_height + 2 * GAP)
        super().restyle()

    def fill(self, width: int, height: int) -> None:
        """Add the boxes, and above them what their colours mean."""
        assert self.tree is not None
        assert self.top is not None
        size = float(max(1, width + GAP)), self.row_height
        self._flames = Flames(self.tree, self._rows, self.top, self._guilty, self.theme, self.small, size)
        self._flames.choose(self.chosen)
        self._flames.setPos(GAP, GAP + self.row_height)
        self.scene().addItem(self._flames)
        place = QPointF(GAP, GAP / 2 + self.row_height / 2)
        side = round(self.line * 0.7)
        for role, name in self._flames.legend():
            wide = side + GAP / 2 + self.wide([name])
            if place.x() + wide > width + 2 * GAP:
                break
            no_pen, color = QPen(Qt.PenStyle.NoPen), self.theme.color(role)
            self.scene().addRect(place.x(), place.y() - side / 2, side, side, no_pen, color)
            self.write(name, place + QPointF(side + GAP / 2, 0.0), "muted")
            place += QPointF(wide + 2 * GAP, 0.0)

    def boxes(self) -> Flames | None:
        """What is painted, in the chart's size now; None where there are no samples."""
        if self._made != self.size():
            self.make(self.size())
        return self._flames

    # ---------------------------------------------------------------- looking closer, and back

    def zoom(self, frame: Frame) -> None:
        """Give a frame the whole width."""
        if frame is not self.top:
            self._widen(frame)
            self.restyle()
            self.turned.emit()

    @Slot()
    def show_whole(self) -> None:
        """Give all samples the whole width again."""
        if self.tree is not None:
            self.zoom(self.tree.root)

    @Slot()
    def ask_to_open(self) -> None:
        """Ask for the chosen frame's line to be opened, where it has one."""
        if self.chosen is not None and self.open_line.isEnabled():
            self.open_requested.emit(self.chosen.file, self.line_of(self.chosen))

    def _choose(self, frame: Frame | None) -> None:
        self.chosen = frame
        # Frozen modules and made-up code have no file.
        self.open_line.setEnabled(frame is not None and bool(frame.file) and not frame.file.startswith("<"))
        if self._flames is not None:
            self._flames.choose(frame)
        if frame is not None:
            self.setAccessibleDescription(self.told(frame))
        self.viewport().update()
        self.turned.emit()

    # ---------------------------------------------------------------- what a person does

    def _box_at(self, place: QPointF) -> Box | None:
        flames = self.boxes()
        return flames.box_at(place - flames.pos()) if flames is not None else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The left button looks closer; the right one chooses what its menu is about."""
        box = self._box_at(event.position())
        if box is not None:
            self._choose(box.frame)
            if event.button() is Qt.MouseButton.LeftButton:
                self.zoom(box.frame)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press did all."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.show_whole()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell about the frame under the mouse."""
        box = self._box_at(event.position())
        if box is None:
            QToolTip.hideText()
            return
        about = self._about(box.frame)
        if len(box.frame.lines) > 1:
            hottest = sorted(box.frame.lines.items(), key=lambda each: -each[1])[:LINES]
            about.append(", ".join(f"line {line}: {formatting.seconds(spent)}" for line, spent in hottest))
        first, *rest = map(escape, about)  # a "<lambda>" is no tag
        QToolTip.showText(event.globalPosition().toPoint(), "<br>".join([f"<b>{first}</b>", *rest]), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Space looks closer, Escape goes back, Enter asks for the line."""
        key, flames = Qt.Key(event.key()), self.boxes()
        is_zoomed = self.tree is not None and self.top is not self.tree.root
        if flames is not None and key in ARROWS:
            box = flames.next_to(self.chosen, key)
            self._choose(box.frame)
            self._bring(box)
        elif key is Qt.Key.Key_Space and self.chosen is not None:
            self.zoom(self.chosen)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ask_to_open()
        elif key is Qt.Key.Key_Escape and is_zoomed:
            self.show_whole()
        else:
            super().keyPressEvent(event)

    def _bring(self, box: Box) -> None:
        """Scroll the area around the chart, where there is one, so that a box is seen."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            middle = QPointF(GAP + box.left, GAP + (box.row + 1.5) * self.row_height).toPoint()
            inside = self.mapTo(area.widget(), middle)
            area.ensureVisible(inside.x(), inside.y(), MARGIN, MARGIN)
