"""The rail at the window's left: a button for each room, with an icon and a word; it can be narrowed to the icons.

In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.fields import describe
from gui.widgets.icons import ICON, NARROW, PANEL, WIDEN
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent

    from gui.theme.theme import Theme
    from gui.widgets.icons import Strokes

PAD = 6
MAX_COUNT = 999
"""A larger number is not written out: there is no room."""

SPACING, EDGE = 2, 4
MARK = 3
"""How wide the mark of the chosen room is, in pixels."""


class RailButton(QAbstractButton):
    """An icon, and below it a word that is wrapped where it is long; beside the icon a number, where there is one.

    Attributes:
        strokes: of the icon.
        has_word: whether the word is to be seen.
        count: the number, as it is written.
    """

    def __init__(self, theme: Theme, text: str, strokes: Strokes) -> None:
        super().__init__()
        self._theme = theme
        self.strokes = strokes
        self.has_word = bool(text)
        self.count = ""
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_count(self, count: int, what: str) -> None:
        """Show how much waits here for a person; 0 shows nothing. `what` says it to a screen reader."""
        self.count = f"{count}" if count <= MAX_COUNT else f"{MAX_COUNT}+"
        self.count = self.count if count else ""
        self.setAccessibleDescription(what if count else self.toolTip())
        self.update()

    def _words(self) -> list[str]:
        return self.text().split(" ") if self.has_word else []

    def sizeHint(self) -> QSize:
        return self._size(self._words())

    @property
    def full_height(self) -> int:
        """With its word, whether that is seen or not."""
        return self._size(self.text().split()).height()

    def _size(self, words: list[str]) -> QSize:
        metrics = self.fontMetrics()
        width = max((metrics.horizontalAdvance(word) for word in words), default=0)
        height = 2 * PAD + ICON + len(words) * metrics.lineSpacing() + (2 if words else 0)
        return QSize(round(max(width, ICON) + 2 * PAD + 2 * MARK), round(height))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, box = self._theme, QRectF(self.rect())
        is_on = self.isChecked()
        color = theme.color("text" if is_on or self.underMouse() else "muted")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if is_on:
                painter.fillRect(box, theme.color("panel"))
                painter.fillRect(QRectF(0, 0, MARK, box.height()), theme.color("accent"))
            self._draw_icon(painter, QPointF((box.width() - ICON) / 2, PAD), color)
            if self.count:
                self._draw_count(painter)
            painter.setPen(color)
            line = self.fontMetrics().lineSpacing()
            for at, word in enumerate(self._words()):
                where = QRectF(0, PAD + ICON + 2 + at * line, box.width(), line)
                painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, word)
            if self.hasFocus():
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawRect(box.adjusted(1, 1, -1, -1))

    def _draw_count(self, painter: QPainter) -> None:
        font = self.font()
        font.setPixelSize(max(9, round(0.75 * self.fontMetrics().height())))
        painter.setFont(font)
        metrics = painter.fontMetrics()
        height = metrics.height()
        width = max(height, metrics.horizontalAdvance(self.count) + height // 2)
        ground = self._theme.color("accent")
        left = min((self.width() + ICON) / 2 - 4, self.width() - width - 2)
        plate = QRectF(left, 1, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(plate, height / 2, height / 2)
        painter.setPen(self._theme.text_on(ground))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self.count)
        painter.setFont(self.font())

    def _draw_icon(self, painter: QPainter, at: QPointF, color: QColor) -> None:
        painter.setPen(
            QPen(color, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        for line in self.strokes:
            painter.drawPolyline(QPolygonF([at + QPointF(x, y) for x, y in line]))


class Rail(QWidget):
    """The rooms, one of which is chosen.

    Attributes:
        buttons: of the rooms, from the top.
        fold: narrows the rail to the icons, and widens it again.
        panel: brings the side panel back; only there while that is folded away.
        is_chosen_narrow: whether a person narrowed it.

    Signals:
        chosen: the place of the room that a person chose, from 0.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        self.buttons: list[RailButton] = []
        self.fold = RailButton(theme, "", NARROW)
        self.fold.clicked.connect(self._turn)
        self.panel = describe(RailButton(theme, "", PANEL), "Show the side panel", "Show the side panel")
        self.panel.hide()
        self.is_chosen_narrow = False
        self._is_tight = self._is_low = self._is_widened = False
        self._rooms = QVBoxLayout()
        rooms = fill(self._rooms, spacing=SPACING)
        fill(QVBoxLayout(self), rooms, None, self.panel, self.fold, margins=(0, EDGE, 0, EDGE))
        self.setAccessibleName("Rooms")
        theme.changed.connect(self._fit_height)
        theme.changed.connect(self._fit)
        self.set_narrow(False)

    @property
    def is_narrow(self) -> bool:
        """Whether it shows the icons alone: a person wants that, or the window is small and nobody has widened it."""
        is_small = self._is_tight or self._is_low
        return self.is_chosen_narrow or (is_small and not self._is_widened)

    def add(self, title: str, strokes: Strokes) -> None:
        """Add a room below the others."""
        button = describe(RailButton(self._theme, title, strokes), title, title)
        button.setCheckable(True)
        self._group.addButton(button, len(self.buttons))
        self._rooms.addWidget(button)
        # To the rail's own place in the order of the Tab key: by itself it would be the window's last.
        QWidget.setTabOrder(self.buttons[-1] if self.buttons else self.fold, button)
        self.buttons.append(button)
        for before, after in ((button, self.panel), (self.panel, self.fold)):
            QWidget.setTabOrder(before, after)
        self._fit()

    def show_chosen(self, at: int) -> None:
        """Mark the room at a place, counted from 0."""
        self.buttons[at].setChecked(True)

    def set_narrow(self, narrow: bool) -> None:
        """Show the icons alone, or the words as well where there is room, as a person wants it."""
        self.is_chosen_narrow = narrow
        self._show_width()

    def squeeze(self, is_tight: bool) -> None:
        """Give way where the window is small, and come back where it is not."""
        self._give_way(is_tight, self._is_low)

    def _give_way(self, is_tight: bool, is_low: bool) -> None:
        was_small = self._is_tight or self._is_low
        self._is_tight, self._is_low = is_tight, is_low
        if (is_tight or is_low) != was_small:
            self._is_widened = False
            self._show_width()

    @Slot()
    def _fit_height(self) -> None:
        """Leave the words out where there is no room for all of them, one above the other."""
        buttons = sum(button.full_height + SPACING for button in self.buttons)
        below = self.fold.full_height + (0 if self.panel.isHidden() else self.panel.full_height)
        self._give_way(self._is_tight, self.height() < buttons + below + 2 * EDGE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_height()

    @Slot()
    def _turn(self) -> None:
        narrow = not self.is_narrow
        self._is_widened = not narrow
        self.set_narrow(narrow)

    def _show_width(self) -> None:
        narrow = self.is_narrow
        self.fold.strokes = WIDEN if narrow else NARROW
        describe(
            self.fold, "Widen the rail" if narrow else "Narrow the rail", "Show the words, or the icons alone"
        )
        self._fit()

    @Slot()
    def _fit(self) -> None:
        for button in self.buttons:
            button.has_word = not self.is_narrow
        all_buttons = (*self.buttons, self.panel, self.fold)
        width = max(button.sizeHint().width() for button in all_buttons)
        for button in all_buttons:
            button.setFixedSize(width, button.sizeHint().height())
            button.update()
        self.setFixedWidth(width)
