"""Paints who waits for whom: tasks round, things square, and circles of arrows red and thick. In the GUI thread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from gui.wait_graph.places import Places, Shape
from gui.widgets.panels import MIDDLE
from workers.reports.labs.wait_graph import WaitGraph

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from gui.theme.theme import Theme
    from workers.reports.labs.wait_graph import Arrow, Node

PAD_X, PAD_Y = 11, 6
MARGIN = 6
HEAD = 8
APART = 7
"""Two arrows there and back lie so far beside their middle."""

SHARES = ((4, 0.40), (6, 0.30))
MIN_SHARE = 0.22
"""Of the width, what the texts of so many nodes at most may take each; and of more."""

WORDS_UP_TO = 6
"""Of more nodes the arrows have no words: there is no room."""

TWO_LINES_UP_TO = 4
"""Of more nodes the names are cut to one line."""

STEPS: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class WaitGraphView(QWidget):
    """The picture. Arrow keys go from task to task, Return asks for the one that is chosen.

    Attributes:
        graph: what is shown.
        chosen: the task that is chosen; -1 for none.

    Signals:
        task_clicked: the index of a task that was clicked, or asked for by a key.
        choice_changed: another task is chosen.
    """

    task_clicked = Signal(int)
    choice_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._places = Places()
        self.graph = WaitGraph()
        self.chosen = -1
        self.setMinimumSize(160, 90)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Who waits for whom")
        theme.changed.connect(self.update)

    def clear(self) -> None:
        self._places.clear()
        self.show_graph(WaitGraph())

    def show_graph(self, graph: WaitGraph) -> None:
        """Show another graph; what is in both stays where it is."""
        if graph == self.graph:
            return
        self.graph = graph
        self._places.take(graph.nodes)
        if self.chosen not in self._tasks:
            self._choose(-1)
        self._describe()
        self.update()

    @property
    def _tasks(self) -> list[int]:
        return [node.task for node in self.graph.nodes if node.task >= 0]

    def _choose(self, task: int) -> None:
        if task != self.chosen:
            self.chosen = task
            self._describe()
            self.choice_changed.emit()
            self.update()

    def _describe(self) -> None:
        chosen = [node for node in self.graph.nodes if node.task == self.chosen >= 0]
        said = [self.text_for(node) for node in chosen] or [self.graph.sentence]
        self.setAccessibleDescription(" ".join(said))

    def text_for(self, node: Node) -> str:
        """What there is to say of a node."""
        if node.task in self.graph.tasks:
            return self.graph.waits[self.graph.tasks.index(node.task)]
        if node.task >= 0:
            held = [arrow.source.title for arrow in self.graph.arrows if arrow.target == node]
            return f"{node.title} holds {' and '.join(held)}, and does not wait"
        waiting = [arrow.source.title for arrow in self.graph.arrows if arrow.target == node]
        return f"{' and '.join(waiting)} {'waits' if len(waiting) == 1 else 'wait'} for {node.title}"

    # ---------------------------------------------------------------- layout

    def shapes(self) -> dict[Node, tuple[Shape, str]]:
        """Where each node lies, and the text that there is room for in it."""
        nodes, metrics = self.graph.nodes, self.fontMetrics()
        share = next((share for most, share in SHARES if self._places.count <= most), MIN_SHARE)
        room = max(24, round(self.width() * share) - 2 * PAD_X)
        sized = {node: self._sized(node, room, metrics) for node in nodes}
        if not sized:
            return {}
        across = self.width() / 2 - MARGIN - max(wide for wide, _, _ in sized.values())
        down = self.height() / 2 - MARGIN - max(high for _, high, _ in sized.values())
        found = {}
        for node, (wide, high, text) in sized.items():
            angle = self._places.angle(node)
            x = self.width() / 2 + max(0.0, across) * _squared(math.cos(angle), self._places.count)
            y = self.height() / 2 + max(0.0, down) * _squared(math.sin(angle), self._places.count)
            found[node] = Shape(x, y, wide, high, node.task >= 0), text
        return found

    def _sized(self, node: Node, room: int, metrics: QFontMetrics) -> tuple[float, float, str]:
        """Half the width and half the height of a node, and its text."""
        text, wide = node.title, metrics.horizontalAdvance(node.title)
        pad = PAD_Y if self._places.count <= WORDS_UP_TO else PAD_Y / 2
        high = metrics.height() / 2 + pad
        if node.task >= 0:
            if wide > room:
                text = f"{node.task + 1:,}"
            return max(high, metrics.horizontalAdvance(text) / 2 + PAD_X), high, text
        lines = [text]
        if wide > room and " " in text:
            words = text.split(" ")
            if self._places.count > TWO_LINES_UP_TO:  # one line: others stand close above and below
                lines = [_last_words(words, room, metrics)]
            else:
                cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
                lines = list(min(cuts, key=lambda pair: max(map(metrics.horizontalAdvance, pair))))
        lines = [metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room) for line in lines]
        wide = max(map(metrics.horizontalAdvance, lines))
        return wide / 2 + PAD_X - 3, len(lines) * metrics.height() / 2 + pad - 1, "\n".join(lines)

    def node_at(self, place: QPointF) -> Node | None:
        """The node under a place."""
        for node, (shape, _) in self.shapes().items():
            if shape.has(place.x(), place.y()):
                return node
        return None

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        shapes = self.shapes()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), self._theme.color("panel"))
            for arrow in sorted(self.graph.arrows, key=lambda arrow: arrow.in_circle):
                self._paint_arrow(painter, arrow, shapes[arrow.source][0], shapes[arrow.target][0])
            for node, (shape, text) in shapes.items():
                self._paint_node(painter, node, shape, text)

    def _paint_node(self, painter: QPainter, node: Node, shape: Shape, text: str) -> None:
        is_in = node in self.graph.circle
        theme = self._theme
        painter.setPen(QPen(theme.color("bad" if is_in else "border"), 2.5 if is_in else 1.2))
        painter.setBrush(theme.color("raised"))
        box = QRectF(shape.x - shape.wide, shape.y - shape.high, 2 * shape.wide, 2 * shape.high)
        if shape.is_round:
            painter.drawEllipse(box)
        else:
            painter.drawRect(box)
        if node.task == self.chosen >= 0 and self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 1.5, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(-3, -3, 3, 3))
        painter.setPen(theme.color("text"))
        painter.drawText(box, MIDDLE, text)

    def _paint_arrow(self, painter: QPainter, arrow: Arrow, source: Shape, target: Shape) -> None:
        theme = self._theme
        color = theme.color("bad" if arrow.in_circle else "muted")
        (x, y), (to_x, to_y) = source.edge(target.x, target.y), target.edge(source.x, source.y)
        length = math.hypot(to_x - x, to_y - y)
        if length < 1:
            return
        across, down = (to_x - x) / length, (to_y - y) / length
        if any((one.source, one.target) == (arrow.target, arrow.source) for one in self.graph.arrows):
            x, to_x, y, to_y = x - APART * down, to_x - APART * down, y + APART * across, to_y + APART * across
        # Who waits is drawn with a broken line, who holds with a whole one.
        waits = arrow.source.task >= 0
        pen = QPen(color, 3.0 if arrow.in_circle else 1.5)
        if waits:
            pen.setDashPattern([3.0, 2.0])
        painter.setPen(pen)
        end = QPointF(to_x, to_y)
        painter.drawLine(QPointF(x, y), QPointF(to_x - HEAD * across, to_y - HEAD * down))
        side = QPointF(-down, across) * HEAD * 0.6
        back = QPointF(to_x - (HEAD + 2) * across, to_y - (HEAD + 2) * down)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF([end, back + side, back - side]))
        metrics = painter.fontMetrics()
        room = QRectF(0, 0, metrics.horizontalAdvance(arrow.words) + 6, metrics.height())
        needed = abs(across) * room.width() + abs(down) * room.height() + 2 * HEAD
        if len(self.graph.nodes) <= WORDS_UP_TO and length >= needed:
            room.moveCenter(QPointF((x + to_x - HEAD * across) / 2, (y + to_y - HEAD * down) / 2))
            painter.fillRect(room, theme.color("panel"))
            painter.setPen(color)
            painter.drawText(room, MIDDLE, arrow.words)

    # ---------------------------------------------------------------- what a person does

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            return True  # ours follows the mouse
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        node = self.node_at(event.position())
        QToolTip.showText(
            event.globalPosition().toPoint(), self.text_for(node) if node is not None else "", self
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        node = self.node_at(event.position())
        if node is not None and node.task >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self._choose(node.task)
            self.task_clicked.emit(node.task)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        tasks, key = self._tasks, event.key()
        if key in STEPS and tasks:
            at = tasks.index(self.chosen) + STEPS[key] if self.chosen in tasks else 0
            self._choose(tasks[at % len(tasks)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.chosen >= 0:
            self.task_clicked.emit(self.chosen)
        elif key == Qt.Key.Key_Escape and self.chosen >= 0:
            self._choose(-1)
        else:
            super().keyPressEvent(event)


def _last_words(words: list[str], room: int, metrics: QFontMetrics) -> str:
    """As many words as there is room for; the last ones, for these are the name: "fork 1" of "lock fork 1"."""
    ends = (" ".join(words[at:]) for at in range(1, len(words)))
    return next((end for end in ends if metrics.horizontalAdvance(end) <= room), words[-1])


def _squared(part: float, places: int) -> float:
    """Four places lie in the corners, where there is most room."""
    return part * math.sqrt(2) if places == 4 else part
