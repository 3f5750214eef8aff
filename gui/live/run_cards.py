"""The runs as cards above the live graphs: a click shows one, and one that is dropped on another lies over it.

In the GUI thread.
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, Qt, Signal, Slot
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QPushButton, QWidget

from gui.widgets.fields import describe, named
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent, QResizeEvent

    from gui.live.run_strip import RunStrip
    from gui.theme.theme import Theme

MIME = "application/x-thaw-run"
MAX_CARDS = 12
LONG = (2, 1, 0)
"""So many of the newest cards have their words, and the others the number alone: the first at which SHOWN fit."""

SHOWN = 3

LETTERS = 30
"""A card's text is no longer; its tooltip has the rest."""

GAP = 4


class RunCard(QPushButton):
    """A run: its runner's marker, its number, runner and workload.

    Attributes:
        strip: the run in the graphs.

    Signals:
        dropped: the card of another run was dropped on this one.
    """

    dropped = Signal(object)

    def __init__(self, theme: Theme, strip: RunStrip) -> None:
        super().__init__()
        self.strip = strip
        self._theme = theme
        self._pressed: QPoint | None = None
        what = f"{strip.title}, {strip.run.settings.workload_entry.title}"
        text = f"{strip.number}  {what}"
        self._texts = (
            str(strip.number),
            text if len(text) <= LETTERS else f"{text[: LETTERS - 1].rstrip(' ,')}…",
        )
        named(self, "card").setCheckable(True)
        self.setAcceptDrops(True)
        describe(
            self,
            f"Run {strip.number}: {what}",
            f"Run {strip.number}: {what}. Click to see all of it; drag it onto another run to lay it over that one",
        )
        self.restyle()

    def set_long(self, on: bool) -> None:
        """Show the runner and the workload beside the number, or the number alone."""
        self.setText(self._texts[on])

    def restyle(self) -> None:
        side = self.fontMetrics().height() - 2
        self.setIconSize(QSize(side, side))
        runner = self.strip.run.settings.runner
        self.setIcon(self._theme.runner_icon(runner, side, self.devicePixelRatioF()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        moved = self._pressed is not None and event.position().toPoint() - self._pressed
        if moved and moved.manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self.setDown(False)
            drag, data = QDrag(self), QMimeData()
            data.setData(MIME, str(self.strip.number).encode())
            drag.setMimeData(data)
            drag.setPixmap(self.grab())
            drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME) and event.source() is not self:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(event.source())


class RunCards(QWidget):
    """The newest runs, as many as there is room for, the last one at the right.

    Attributes:
        cards: all of them, the oldest first; some are hidden.

    Signals:
        chosen: a strip whose run is to be shown as a whole.
        laid: two strips, the first of which is to lie over the second.
    """

    chosen = Signal(object)
    laid = Signal(object, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cards: list[RunCard] = []
        self._row = fill(QHBoxLayout(self), None, spacing=GAP)

    def add(self, strip: RunStrip) -> None:
        card = RunCard(self._theme, strip)
        card.clicked.connect(partial(self._choose, card))
        card.dropped.connect(partial(self._lay, card))
        card.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        card.customContextMenuRequested.connect(partial(self._open_menu, card))
        self._row.addWidget(card)
        # What comes late would be the last that Tab reaches.
        self.setTabOrder(self.cards[-1] if self.cards else self._focus_before(), card)
        self.cards.append(card)
        for old in self.cards[:-MAX_CARDS]:
            old.deleteLater()
        del self.cards[:-MAX_CARDS]
        self._fit()

    def _focus_before(self) -> QWidget:
        """What Tab leaves before it comes here."""
        before: QWidget | None = self.previousInFocusChain()
        while before is not None and before is not self and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
            before = before.previousInFocusChain()
        return before or self

    def mark(self, strips: Iterable[RunStrip]) -> None:
        """Mark the runs that were asked for."""
        marked = list(strips)
        for card in self.cards:
            card.setChecked(card.strip in marked)

    def _choose(self, card: RunCard, checked: bool = False) -> None:
        self.chosen.emit(card.strip)

    def _lay(self, under: RunCard, over: RunCard) -> None:
        self.laid.emit(over.strip, under.strip)

    def menu(self, card: RunCard) -> QMenu:
        """What can be done with a card, for those who do not drag."""
        menu = QMenu(card)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Show all of it").triggered.connect(partial(self._choose, card))
        for other in self.cards:
            if other is not card:
                action = menu.addAction(f"Lay it over {other.accessibleName()}")
                action.triggered.connect(partial(self._lay_checked, other, card))
                action.setEnabled(None not in (other.strip.run.ended, card.strip.run.ended))
        return menu

    def _lay_checked(self, under: RunCard, over: RunCard, checked: bool = False) -> None:
        self._lay(under, over)

    def _open_menu(self, card: RunCard, place: QPoint) -> None:
        self.menu(card).popup(card.mapToGlobal(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    @Slot()
    def restyle(self) -> None:
        for card in self.cards:
            card.restyle()
        self._fit()

    def _fit(self) -> None:
        newest, ends = self.cards[::-1], [0]
        for count in LONG:
            for at, card in enumerate(newest):
                card.set_long(at < count)
            ends = list(itertools.accumulate(card.sizeHint().width() + GAP for card in newest))
            if max(ends[:SHOWN], default=0) <= self.width() + GAP:
                break
        for card, end in zip(newest, ends, strict=True):
            card.setVisible(end <= self.width() + GAP)
