"""The lines at which a program stood still, the worst first, and the card of the chosen one. In the GUI thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from gui.freezes.card import FreezeCard
from gui.tables.tables import dress_selection, set_up_rows
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import named
from gui.widgets.panels import LEFT_SIDE, RIGHT_SIDE, fill, pile, scroll_down, split, stack
from workers.catalog.callables.called import function_at
from workers.catalog.user_names import base
from workers.monitors.freeze import CARD_OVER_S
from workers.reports.freeze_advice import FreezeAdvice
from workers.reports.watched import Row, rows
from workers.utils import formatting

if TYPE_CHECKING:
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
SIZES = [400, 600]
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
        self._seen = -1
        self.card: FreezeCard | None = None
        self.list = QTreeWidget()
        self.list.setHeaderLabels(HEADINGS)
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(0)
        self.list.setUniformRowHeights(True)
        set_up_rows(self.list, "Lines at which the program stood still")
        headings = named(self.list.header(), "narrow")
        headings.setStretchLastSection(False)
        headings.setDefaultAlignment(LEFT_SIDE)
        headings.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(HEADINGS)):
            headings.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.list.currentItemChanged.connect(self._choose)
        self._scroll = scroll_down()
        self._scroll.setAccessibleName("Card of the chosen line")
        self.panes = split(self.list, self._scroll, sizes=SIZES, shares=(2, 3))
        self.empty = EmptyState(theme, *NOTHING_YET)
        self._stack = stack(self.empty, self.panes)
        pile(self, self._stack)
        theme.changed.connect(self.restyle)
        self.restyle()

    def show_run(self, run: Run) -> None:
        """Show another run from now on."""
        self._run, self._seen, self._chosen = run, -1, ()
        self.refresh()

    def refresh(self) -> None:
        """Take up what came; what is chosen stays so, with what is unfolded of it."""
        run = self._run
        if run is None:
            return
        self.empty.say(*(NOTHING_YET if run.ended is None else NEVER))
        if len(run.freezes) == self._seen:
            return
        self._seen = len(run.freezes)
        before = {self._key(row): row.times for row in self._rows}
        self._rows = rows(run)
        self._stack.setCurrentWidget(self.panes if self._rows else self.empty)
        self._fill()
        if self._rows and self._key(self._row) in before and self.card is not None:
            if before[self._key(self._row)] != self._row.times:
                self._show_card()
        elif self._rows:
            self._show_card()

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
        numbers, high = self._theme.numbers_font(), self.list.fontMetrics().height() + 8
        with QSignalBlocker(self.list):
            self.list.clear()
            for row in self._rows:
                line = row.group.longest.line
                place = (
                    f"{base(line.file)}:{line.number} in {line.function}" if line is not None else "not known"
                )
                texts = (
                    place,
                    f"{row.times:,}",
                    formatting.seconds(row.total_s),
                    formatting.seconds(row.longest_s),
                )
                item = QTreeWidgetItem(list(texts))
                item.setSizeHint(0, QSize(0, high))
                item.setToolTip(0, f"{line.file}:{line.number}\n{row.what}" if line is not None else row.what)
                for column in range(1, len(HEADINGS)):
                    item.setFont(column, numbers)
                    item.setTextAlignment(column, RIGHT_SIDE)
                item.setForeground(3, self._theme.lag_color(row.longest_s * 1e3))
                self.list.addTopLevelItem(item)
            if self._rows:
                self.list.setCurrentIndex(self.list.model().index(self._rows.index(self._row), 0))

    @Slot()
    def _choose(self) -> None:
        at = self.list.currentIndex().row()
        if at >= 0:
            self._chosen = self._key(self._rows[at])
            self._show_card()

    def _show_card(self) -> None:
        run, row, before = self._run, self._row, self.card
        assert run is not None
        is_open = before is not None and before.flames is not None and before.flames.isChecked()
        self.card = card = FreezeCard(self._theme, row.group, run, FreezeAdvice(row.advice), "")
        card.said.connect(self.said)
        card.export_requested.connect(self.export_requested)
        line = row.group.longest.line
        function = function_at(Path(line.file), line.number) if line is not None else ""
        if line is not None and function:
            wanted = partial(self.function_wanted.emit, Path(line.file), function)
            card.offer(EVERYWHERE, ABOUT, wanted)
        if is_open and card.flames is not None:
            card.flames.setChecked(True)
        whole = QWidget()
        fill(QVBoxLayout(whole), card).addStretch(1)
        self._scroll.setWidget(whole)

    @Slot()
    def restyle(self) -> None:
        dress_selection(self.list, self._theme)
        self._fill()
        if self.card is not None:
            self.card.restyle()
