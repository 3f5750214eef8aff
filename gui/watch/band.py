"""The band above the graph: how the program is, in large; while it is frozen, the witness. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.watch.texts import STARTING, Told
from gui.widgets.elided import cut_words
from gui.widgets.fields import describe
from gui.widgets.panels import LEFT_SIDE, fill

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent

    from gui.theme.theme import Theme

PAD = 10
WRAPPED = int(LEFT_SIDE | Qt.TextFlag.TextWordWrap)
LINES = 4
"""Beside the figure: the sentence, who did what, where, and the line."""

WIDEST = "888 ms"
BROAD = 480
"""Where it is narrower than this at a text scale of 1, in pixels, the figure leaves room for the texts."""


class Band(QWidget):
    """Paints what it was told, and has the buttons that ask the program for something.

    Attributes:
        told: what is shown.
        dump_button, interrupt_button, compare_button, stop_button: what may be asked for.

    Signals:
        dump_requested: the stacks of all threads are wanted.
        interrupt_requested: a KeyboardInterrupt is to be raised in the program.
        compare_requested: the run is to be compared with the one before.
        stop_requested: the program is to be asked to end.
    """

    dump_requested = Signal()
    interrupt_requested = Signal()
    compare_requested = Signal()
    stop_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.face = Face(theme)
        self.dump_button, self.interrupt_button, self.compare_button, self.stop_button = map(
            QPushButton, ("Dump now", "Interrupt it", "Compare", "")
        )
        describe(
            self.dump_button,
            "Dump now",
            "Where all of its threads are at this moment, also while it is frozen",
        )
        describe(
            self.interrupt_button,
            "Interrupt it",
            "Raise KeyboardInterrupt in its main thread, as Ctrl+C would; only while it is frozen",
        )
        describe(
            self.compare_button, "Compare", "Lay it over the run before of the same program, in the room Runs"
        )
        self.compare_button.clicked.connect(self.compare_requested)
        self.stop_button.clicked.connect(self.stop_requested)
        self.compare_button.hide()
        self.stop_button.hide()
        self.dump_button.clicked.connect(self.dump_requested)
        self.interrupt_button.clicked.connect(self.interrupt_requested)
        asks = self.stop_button, self.dump_button, self.interrupt_button, self.compare_button
        buttons = fill(QVBoxLayout(), None, *asks, None, spacing=6)
        fill(QHBoxLayout(self), (self.face, 1), buttons, margins=(0, 0, PAD, 0), spacing=PAD)

    @property
    def told(self) -> Told:
        return self.face.told

    def offer(self, is_running: bool, can_compare: bool) -> None:
        """Offer what can be asked of a program that runs, or to compare its run once it has ended."""
        self.dump_button.setVisible(is_running)
        self.interrupt_button.setVisible(is_running)
        self.compare_button.setVisible(can_compare)

    def offer_stop(self, text: str) -> None:
        """Offer to end the program, where nothing else does; `text` is the button's, empty where something does."""
        describe(self.stop_button, text, "End the program, or watch it no more")
        self.stop_button.setText(text)
        self.stop_button.setVisible(bool(text))

    def show_now(self, told: Told, is_linked: bool) -> None:
        """Show it; `is_linked` says whether the program answers."""
        self.face.show_now(told)
        self.dump_button.setEnabled(is_linked)
        self.interrupt_button.setEnabled(is_linked and told.is_alarm)


class Face(QWidget):
    """A word and a large figure, and beside them what they mean: one widget, for it is painted 20 times a second."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.told = Told(STARTING, "", "")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.setAccessibleName("How the program is")
        theme.changed.connect(self._dress)
        self._dress()

    def show_now(self, told: Told) -> None:
        if told == self.told:
            return
        if (told.state, told.where) != (self.told.state, self.told.where):
            parts = (told.headline, told.figure, told.sentence, told.blame, told.where)
            self.setAccessibleDescription(" ".join(filter(None, parts)))
        self.told = told
        self.setToolTip("\n".join(filter(None, (told.sentence, told.blame, told.where, told.source))))
        self.update()

    @Slot()
    def _dress(self) -> None:
        theme = self._theme
        figure = 4.2 if self.width() > BROAD * theme.text_scale else 2.4
        self._word_font, self._figure_font = theme.headline_font(1.2), theme.headline_font(figure)
        self._small_font, self._code_font = theme.numbers_font(), theme.code_font()
        self._bold_font = QFont(self._small_font)
        self._bold_font.setWeight(QFont.Weight.DemiBold)
        self._line_high = QFontMetrics(self._small_font).height() + 2
        self._word_high = QFontMetrics(self._word_font).height()
        self._figure_high = QFontMetrics(self._figure_font).tightBoundingRect("0").height()
        self._left_wide = QFontMetrics(self._figure_font).horizontalAdvance(WIDEST) + PAD
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._dress()

    def sizeHint(self) -> QSize:
        left = self._word_high + PAD + self._figure_high
        return QSize(400, 2 * PAD + max(left, LINES * self._line_high))

    def paintEvent(self, event: QPaintEvent) -> None:
        told, theme = self.told, self._theme
        strong = theme.color("on_accent" if told.is_alarm else "text")
        calm = strong if told.is_alarm else theme.color("muted")
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color(told.role if told.is_alarm else "window"))
            painter.setPen(strong if told.is_alarm else theme.color(told.role))
            painter.setFont(self._word_font)
            painter.drawText(PAD, PAD + QFontMetrics(self._word_font).ascent(), self._cut_headline())
            painter.setPen(strong)
            painter.setFont(self._figure_font)
            painter.drawText(PAD, PAD + self._word_high + PAD + self._figure_high, told.figure)
            lines = (
                (told.sentence, self._small_font, calm),
                (told.blame, self._bold_font, strong),
                (told.where, self._small_font, calm),
                (told.source, self._code_font, strong),
            )
            self._paint_lines(painter, [line for line in lines if line[0]])

    def _paint_lines(self, painter: QPainter, lines: list[tuple[str, QFont, QColor]]) -> None:
        """Texts with their fonts and colours: whole where there is room for that, else a line each."""
        left, high = self._left_wide + PAD, self.height() - PAD
        room = QRect(left, 0, self.width() - left - PAD, 1000)
        heights = [QFontMetrics(font).boundingRect(room, WRAPPED, text).height() + 2 for text, font, _ in lines]
        if is_cut := sum(heights) > high:
            heights = [self._line_high] * len(lines)
        top = (self.height() - sum(heights)) // 2
        for (text, font, pen), height in zip(lines, heights, strict=True):
            shown = cut_words(text, QFontMetrics(font), room.width()) if is_cut else text
            painter.setFont(font)
            painter.setPen(pen)
            painter.drawText(QRect(left, top, room.width(), height), WRAPPED, shown)
            top += height

    def _cut_headline(self) -> str:
        return cut_words(self.told.headline, QFontMetrics(self._word_font), self._left_wide)
