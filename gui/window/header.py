"""The head of the window: the toggle, the heartbeat, the lag in figures, a hint of two lines. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.elided import ShortLabel
from gui.widgets.fields import describe, named, pass_focus
from gui.widgets.live_number import Figure
from gui.widgets.panels import fill
from gui.widgets.spinner import Heartbeat
from gui.widgets.toggle import Toggle
from workers.utils import formatting

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gui.theme.theme import Theme


WORST = "Worst in this run"
HINT_LINES = 2
"""So many lines the hint has room for, whatever it says: else all that is below would move."""

MARGINS = (12, 8, 4, 4)


class Header(QWidget):
    """The toggle, the heartbeat, lag now, worst lag of the run, cores, and the hint.

    Attributes:
        toggle: whether the work is put on the GUI thread.
        hint_button: what the hint offers.
        end_button: ends the tour that the hints lead.
        line: what holds the hint, below the toggle and the figures.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.toggle = Toggle(theme)
        self.heartbeat = Heartbeat(theme)
        self.now = Figure(
            theme, "Lag now", "888 ms", "How late the GUI thread's event loop is, in this moment."
        )
        self.worst = Figure(theme, WORST, "88.8 s", "The greatest lag since Start.")
        self.cores = Figure(theme, "Cores", "8.8 of 88", "How many processor cores this program uses now.")

        self._hint = ShortLabel(HINT_LINES)
        self._hint.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._hint.setAccessibleName("Hint")
        self.hint_button, self.end_button = (named(QPushButton(), "link") for _ in range(2))
        for button in (self.hint_button, self.end_button):
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.hide()
        self.end_button.setText("End the tour")
        describe(self.end_button, "End the tour", "Offer no further step of the tour of the first minutes")

        top = fill(
            QHBoxLayout(),
            self.toggle,
            None,
            self.heartbeat,
            8,
            self.now,
            8,
            self.worst,
            8,
            self.cores,
            8,
            spacing=8,
        )
        self._top, self.line = top, QWidget()
        fill(QHBoxLayout(self.line), (self._hint, 1), self.hint_button, self.end_button, 8, spacing=8)
        fill(QVBoxLayout(self), top, self.line, margins=MARGINS, spacing=4)
        theme.changed.connect(self._fit_figures)
        self._fit_hint()
        self._fit_figures()

    @property
    def hint(self) -> str:
        """What the hint says."""
        return self._hint.text()

    def set_hint(self, text: str, action_label: str = "", is_tour: bool = False) -> None:
        """Show a hint, what its button does where there is anything to do, and whether it is part of the tour."""
        if text != self._hint.text():
            self._hint.setText(text)
        if action_label != self.hint_button.text():
            self.hint_button.setText(action_label)
            self.hint_button.setAccessibleName(action_label)
        if not action_label:
            pass_focus(self.toggle, self.hint_button)
        if not is_tour:
            pass_focus(self.hint_button if action_label else self.toggle, self.end_button)
        self.hint_button.setVisible(bool(action_label))
        self.end_button.setVisible(is_tour)

    def set_lag(self, now_ms: float | None, worst_ms: float | None, worst_of: str = WORST) -> None:
        """Show the lag now and the worst of a run; None is a dash: not measured yet, or no run to speak of."""
        self.worst.set_caption(worst_of)
        for figure, lag in ((self.now, now_ms), (self.worst, worst_ms)):
            if lag is None:
                figure.show_number("–", "", "muted")
            else:
                word = self._theme.lag_word(lag)
                figure.show_number(formatting.milliseconds(lag), word, word)

    def set_cores(self, here: float, workers: float, total: int) -> None:
        """Show how many cores this process and the runner's own processes use."""
        used = f"{workers:.1f} in workers" if round(workers, 1) else "used by Thaw"
        self.cores.show_number(f"{here + workers:.1f} of {total}", used, "muted")
        tip = f"Processor cores in use: {here:.1f} by this process, {workers:.1f} by the runner's processes"
        if tip != self.cores.toolTip():
            self.cores.setToolTip(tip)

    def forget_cores(self) -> None:
        """Show none: a run begins, and what was used before is not what it uses."""
        self.cores.show_number("–", "", "muted")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit_hint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_figures()

    def minimumSizeHint(self) -> QSize:
        """As narrow as it is with figures that have no captions."""
        hint = super().minimumSizeHint()
        return QSize(hint.width() - sum(each.width_to_give for each in self._figures), hint.height())

    @Slot()
    def _fit_figures(self) -> None:
        """Leave the captions out where the window is too narrow for them."""
        given = sum(each.full_width - each.sizeHint().width() for each in self._figures)
        left, _, right, _ = MARGINS
        is_tight = self.width() < self._top.minimumSize().width() + given + left + right
        for figure in self._figures:
            figure.set_short(is_tight)

    @property
    def _figures(self) -> tuple[Figure, ...]:
        return self.now, self.worst, self.cores

    def _fit_hint(self) -> None:
        # As high as the button, also without it: else all that is below would move when it comes and goes.
        self.hint_button.ensurePolished()
        lines = HINT_LINES * self._hint.fontMetrics().lineSpacing()
        self._hint.setMinimumHeight(max(lines, self.hint_button.sizeHint().height()))
