"""A large toggle of two parts, painted: work on the GUI thread, or elsewhere. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from gui.widgets.fields import describe
from gui.widgets.panels import fill
from workers.engine.plan import BLOCKING

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from gui.theme.theme import Theme

HEIGHT = 32.0
"""Of a part, in pixels at a text scale of 1."""

MARGIN = 4.0
"""Room around a part for the ring that shows the keyboard's focus."""

PAD = 12.0
NARROWEST = 8
"""So many letters of a part's text are always seen."""


class Part(QRadioButton):
    """One of the two: filled with the colour of its runner while it is on, and an outline otherwise.

    It is a radio button, so that arrow keys and screen readers know what to make of the two. There is no animation: it
    is switched just before the window freezes, and would stand half way.
    """

    def __init__(self, theme: Theme, is_left: bool) -> None:
        super().__init__()
        self._theme, self._is_left = theme, is_left
        self.runner = BLOCKING
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def shown_text(self) -> str:
        """What there is room for."""
        room = self.width() - MARGIN - 2 * PAD
        return self._metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    @property
    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._theme.headline_font(1.1))

    def sizeHint(self) -> QSize:
        return self._size(self._metrics.horizontalAdvance(self.text()))

    def minimumSizeHint(self) -> QSize:
        """Hardly anything: a runner's name may be long."""
        shortest = self.text()[:NARROWEST] + "…" if len(self.text()) > NARROWEST + 2 else self.text()
        return self._size(self._metrics.horizontalAdvance(shortest))

    def _size(self, text: float) -> QSize:
        return QSize(
            round(text + 2 * PAD + MARGIN) + 2, round(HEIGHT * self._theme.headline_scale + 2 * MARGIN)
        )

    def hitButton(self, position: QPoint) -> bool:
        """All of it: a radio button's own place to click is its round mark."""
        return self.rect().contains(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return chooses it too: Space alone is what buttons know."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, is_on = self._theme, self.isChecked()
        left, right = (MARGIN, 0.0) if self._is_left else (0.0, MARGIN)
        box = QRectF(self.rect()).adjusted(left + 0.5, MARGIN, -right - 0.5, -MARGIN)
        body = theme.runner_color(self.runner) if is_on else theme.color("raised")
        if self.underMouse() and not is_on:
            body = theme.color("selection")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else 0.4)
            painter.setPen(QPen(theme.color("muted"), 1))
            painter.setBrush(body)
            shape = self._shape(box)
            painter.drawPath(shape)
            painter.setPen(theme.text_on(body))
            painter.setFont(theme.headline_font(1.1))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.shown_text)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawPath(self._shape(box.adjusted(-left / 2, -3, right / 2, 3)))

    def _shape(self, box: QRectF) -> QPainterPath:
        """Round at the outer side, and straight where the other part begins."""
        radius = box.height() / 4
        path, square = QPainterPath(), QPainterPath()
        path.addRoundedRect(box, radius, radius)
        half = (
            box.adjusted(box.width() / 2, 0, 0, 0) if self._is_left else box.adjusted(0, 0, -box.width() / 2, 0)
        )
        square.addRect(half)
        return path.united(square)


class Toggle(QWidget):
    """[GUI thread | Elsewhere: ThreadPoolExecutor]; the part that is filled is on.

    Attributes:
        blocking: the left part.
        elsewhere: the right part.

    Signals:
        toggled: whether the work runs on the GUI thread now.
    """

    toggled = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.blocking, self.elsewhere = Part(theme, True), Part(theme, False)
        self.blocking.setText("GUI thread")
        describe(self.blocking, "Run on the GUI thread", "The window freezes until the work is done")
        self.elsewhere.setChecked(True)
        self.show_runner("", "")
        fill(QHBoxLayout(self), self.blocking, self.elsewhere)
        self.setFocusProxy(self.elsewhere)
        self.setAccessibleName("Where the work runs")
        self.blocking.toggled.connect(self.toggled)
        theme.changed.connect(self._fit)

    def isChecked(self) -> bool:
        """Whether the work runs on the GUI thread."""
        return self.blocking.isChecked()

    def setChecked(self, on: bool) -> None:
        """Choose the GUI thread, or the other part; the keyboard's focus goes with it, as with a click."""
        chosen, other = (self.blocking, self.elsewhere) if on else (self.elsewhere, self.blocking)
        chosen.setChecked(True)
        self.setFocusProxy(chosen)
        if other.hasFocus():
            chosen.setFocus()

    def click(self) -> None:
        """Turn it over, as a click on the part that is off does."""
        (self.elsewhere if self.isChecked() else self.blocking).click()

    def show_runner(self, name: str, title: str, is_apart: bool = True) -> None:
        """Say which runner "elsewhere" is; both empty where there is none; and whether it is another thread."""
        text = f"{'Elsewhere' if is_apart else 'Instead'}: {title}" if title else "Elsewhere"
        if (name, text) != (self.elsewhere.runner, self.elsewhere.text()):
            self.elsewhere.runner = name
            self.elsewhere.setText(text)
            what = f"Run {text[0].lower()}{text[1:]}"
            describe(self.elsewhere, what, f"{text}. The side panel chooses the runner.")
            self.elsewhere.updateGeometry()

    def _fit(self) -> None:
        for part in (self.blocking, self.elsewhere):
            part.updateGeometry()
            part.update()
