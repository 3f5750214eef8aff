"""The lines at which a program stood still, the worst first, and the card of the chosen one. In the GUI thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from gui.controllers.background import Asker
from gui.freezes.card import FreezeCard
from gui.freezes.into_view import IntoView
from gui.tables.tables import dress_selection, set_up_rows
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import named
from gui.widgets.panels import LEFT_SIDE, RIGHT_SIDE, fill, order_tabs, pile, scroll_down, split, stack
from workers.catalog.user_names import base
from workers.monitors.freeze import CARD_OVER_S
from workers.reports.freeze_advice import FreezeAdvice
from workers.reports.watched import Row, rows
from workers.user_code.listing import function_around
from workers.utils import formatting

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme
    from workers.engine.run import Run

NOTHING_YET = (
    "No freeze yet",
    f"Each line at which its event loop stands still for over {formatting.milliseconds(CARD_OVER_S * 1e3)} is listed "
    "here, with what it did, what called it, and what would help.",
)
NEVER = (
    "It never stood still",
    f"What lasts for over {formatting.milliseconds(CARD_OVER_S * 1e3)} gets a line here.",
)
HEADINGS = ("Line", "Times", "Total", "Longest")
LONGEST = 3
SIZES = [400, 600]
BROAD = 330
"""In a list that is narrower than this, in pixels at a text scale of 1, the longest is left to the card."""

MAX_ROWS = 100
"""So many lines are listed, the worst: more would take longer than a frame with each freeze that comes."""

EVERYWHERE = "Try this function everywhere"
ABOUT = "Open it in Your function, which runs it in every place and tells where the window would stay smooth"


class FreezeTable(QWidget):
    """Follows a run while it goes on.

    Attributes:
        list: the lines.
        card: that of the chosen one; None where there is none.

    Signals:
        said: a sentence on why something could not be opened.
        export_requested: the pieces of a file, and its path.
        function_wanted: a file, and the name of a function of it that is to be tried in every place.
    """

    said = Signal(str)
    export_requested = Signal(object, object)
    function_wanted = Signal(object, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._run: Run | None = None
        self._rows: list[Row] = []
        self._chosen: tuple[object, ...] = ()
        self._seen, self._others = -1, 0
        self._functions: dict[tuple[str, int], str] = {}
        self._asker = Asker("function of a line", self)
        self._asker.answered.connect(self._take_function)
        self.card: FreezeCard | None = None
        self._carded: tuple[object, ...] = ()  # whose card it is
        self.list = QTreeWidget()
        self.list.setHeaderLabels(HEADINGS)
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(0)
        self.list.setUniformRowHeights(True)
        set_up_rows(self.list, "Lines at which the program stood still")
        headings = named(self.list.header(), "narrow")
        headings.setStretchLastSection(False)
        headings.setDefaultAlignment(LEFT_SIDE)
        for column in range(1, len(HEADINGS)):
            self.list.headerItem().setTextAlignment(column, RIGHT_SIDE)
        headings.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(HEADINGS)):
            headings.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.list.currentItemChanged.connect(self._choose)
        self.list.installEventFilter(self)
        self._scroll = scroll_down()
        self._scroll.setAccessibleName("Card of the chosen line")
        self._view = IntoView(self._scroll)
        self.panes = split(self.list, self._scroll, sizes=SIZES, shares=(2, 3))
        self.empty = EmptyState(theme, *NOTHING_YET)
        self._stack = stack(self.empty, self.panes)
        pile(self, self._stack)
        theme.changed.connect(self.restyle)
        self.restyle()

    def show_run(self, run: Run) -> None:
        """Show another run from now on."""
        self._run, self._seen, self._chosen = run, -1, ()
        self._rows, self._others, self.card = [], 0, None
        self._functions.clear()
        self.refresh()

    def refresh(self) -> None:
        """Take up what came, where it can be seen; what is chosen stays so, with what is unfolded of it."""
        run = self._run
        if run is None or not self.isVisible():
            return
        if self._seen < 0 or run.ended is not None:
            self.empty.say(*(NOTHING_YET if run.ended is None else NEVER))
        if len(run.freezes) == self._seen:
            return
        self._seen = len(run.freezes)
        before = {self._key(row): row.times for row in self._rows}
        found = rows(run)
        self._rows, self._others = found[:MAX_ROWS], len(found[MAX_ROWS:])
        self._stack.setCurrentWidget(self.panes if self._rows else self.empty)
        self._fill()
        if not self._rows:
            return
        if self.card is None or before.get(self._key(self._row)) != self._row.times:
            self._show_card()

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self.list.setColumnHidden(LONGEST, self.list.width() < BROAD * self._theme.text_scale)

    @staticmethod
    def _key(row: Row) -> tuple[object, ...]:
        freeze = row.group.longest
        return (freeze.line and freeze.line[:2], freeze.kind, freeze.holder)

    @property
    def _row(self) -> Row:
        """The chosen one, or else the worst."""
        return next((row for row in self._rows if self._key(row) == self._chosen), self._rows[0])

    def show_freeze(self, moment: float) -> None:
        """Choose the line of the freeze at a moment, in seconds of `time.perf_counter`."""
        for number, row in enumerate(self._rows):
            if row.group.was_at(moment):
                self.list.setCurrentIndex(self.list.model().index(number, 0))

    def _fill(self) -> None:
        with QSignalBlocker(self.list):
            while self.list.topLevelItemCount() > len(self._rows):
                self.list.takeTopLevelItem(self.list.topLevelItemCount() - 1)
            for number, row in enumerate(self._rows):
                item = self.list.topLevelItem(number)
                if item is None:
                    self.list.addTopLevelItem(item := QTreeWidgetItem())
                self._show_row(item, row)
            if self._others:
                item = QTreeWidgetItem(
                    [f"and {formatting.plural(self._others, 'more line')}, each of which took less"]
                )
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                self.list.addTopLevelItem(item)
                item.setFirstColumnSpanned(True)
            if self._rows:
                self.list.setCurrentIndex(self.list.model().index(self._rows.index(self._row), 0))

    def _show_row(self, item: QTreeWidgetItem, row: Row) -> None:
        line = row.group.longest.line
        place = f"{base(line.file)}:{line.number} in {line.function}" if line is not None else "not known"
        figures = (f"{row.times:,}", formatting.seconds(row.total_s), formatting.seconds(row.longest_s))
        for column, text in enumerate((place, *figures)):
            item.setText(column, text)
        item.setToolTip(0, f"{line.file}:{line.number}\n{row.what}" if line is not None else row.what)
        item.setSizeHint(0, QSize(0, self.list.fontMetrics().height() + 8))
        for column in range(1, len(HEADINGS)):
            item.setFont(column, self._theme.numbers_font())
            item.setTextAlignment(column, RIGHT_SIDE)
        item.setForeground(LONGEST, self._theme.lag_color(row.longest_s * 1e3))

    @Slot()
    def _choose(self) -> None:
        at = self.list.currentIndex().row()
        if 0 <= at < len(self._rows):
            self._chosen = self._key(self._rows[at])
            self._show_card()

    def _show_card(self) -> None:
        """Show the card of the chosen line; of the same line it stays where it was scrolled to."""
        run, row, before, bar = self._run, self._row, self.card, self._scroll.verticalScrollBar()
        assert run is not None
        self._view.forget()
        self.card = card = FreezeCard(self._theme, row.group, run, FreezeAdvice(row.advice), "")
        card.said.connect(self.said)
        card.export_requested.connect(self.export_requested)
        card.unfolded.connect(self._view.bring)
        at = 0
        if before is not None and self._carded == self._key(row):
            at = bar.value()
            card.unfold_like(before)
        self._carded = self._key(row)
        whole = QWidget()
        fill(QVBoxLayout(whole), card).addStretch(1)
        self._scroll.setWidget(whole)
        order_tabs(self._scroll, card)
        bar.setValue(at)
        line = row.group.longest.line
        if line is None:
            return
        place = line.file, line.number
        if place in self._functions:
            self._offer_function(card, place)
        else:
            self._asker.ask(partial(_with_function, place))

    @Slot(object)
    def _take_function(self, answer: tuple[tuple[str, int], str] | Exception) -> None:
        if isinstance(answer, Exception):
            raise answer
        place, function = answer
        self._functions[place] = function
        line = self._row.group.longest.line if self._rows else None
        if self.card is not None and line is not None and place == (line.file, line.number):
            self._offer_function(self.card, place)

    def _offer_function(self, card: FreezeCard, place: tuple[str, int]) -> None:
        if function := self._functions[place]:
            card.offer(EVERYWHERE, ABOUT, partial(self.function_wanted.emit, Path(place[0]), function))
            order_tabs(self._scroll, card)

    @Slot()
    def restyle(self) -> None:
        dress_selection(self.list, self._theme)
        self._fit()
        self._fill()
        if self.card is not None:
            self.card.restyle()


def _with_function(place: tuple[str, int]) -> tuple[tuple[str, int], str]:
    """A file and a line of it, with the name of the function around it; empty where it cannot be called."""
    return place, function_around(Path(place[0]), place[1])
