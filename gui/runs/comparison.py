"""Runs A and B: two menus to choose them, their graphs over each other, a table of differences. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gui.charts.overlay import PINS, OverlayGraph
from gui.tables.tables import add_copy, dress_selection, set_up_rows
from gui.widgets.elided import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import Menu, describe, named
from gui.widgets.panels import LEFT_SIDE, fill, pile, set_text_color, split, stack
from workers.reports.differences import differences, unfair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent, QShowEvent

    from gui.runs.model import RunRow
    from gui.theme.theme import Theme
    from workers.reports.differences import Difference

NOTHING_YET = (
    "Compare two runs here",
    "Choose them above; or select a run in the table and press A, then another and press B.",
)
SIZES = [590, 590]
"""How graphs and table share the room at first, in pixels of a window of 1280."""

ONE_YET = "Now pin a run as {letter}"


class PairView(QWidget):
    """What is shown of the two pinned runs; it is made when it can be seen.

    Attributes:
        menus: by "A" and "B".
        overlay: the graphs.
        table: the differences.
        warning: why the two cannot be compared fairly; its text is empty where they can.

    Signals:
        pin_requested: as "A" or "B", a run's index among all runs, or None.
    """

    pin_requested = Signal(str, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: Sequence[RunRow] = ()
        self._pinned: tuple[RunRow | None, RunRow | None] = (None, None)
        self._shown: tuple[RunRow, RunRow] | None = None
        self.overlay = OverlayGraph(theme)
        self.table = DifferencesTable(theme)
        self.warning = ElidedLabel()
        self.menus: dict[str, Menu] = {}
        bar = fill(QHBoxLayout(), margins=(12, 4, 8, 4), spacing=8)
        for letter in PINS:
            menu = self.menus[letter] = Menu()
            describe(menu, f"Run {letter}", f"Which run is pinned as {letter}")
            menu.activated.connect(partial(self._ask, letter))
            name = QLabel(letter)
            name.setBuddy(menu)
            bar.addWidget(name)
            bar.addWidget(menu, 1)
        right = QWidget()
        fill(QHBoxLayout(right), self.table, margins=(8, 0, 0, 0))
        self.panes = split(self.overlay, right, sizes=SIZES, shares=SIZES)
        self._empty = EmptyState(theme, *NOTHING_YET)
        self._empty.offer("Compare the last two", self._pin_last)
        self._stack = stack(self._empty, self.panes)
        self.warning.setForegroundRole(QPalette.ColorRole.WindowText)
        self.warning.hide()
        below = fill(QHBoxLayout(), self.warning, None, margins=(12, 0, 12, 0))
        pile(self, bar, below, self._stack)
        theme.changed.connect(self.restyle)
        self._fill_menus()
        self.restyle()

    def show_rows(self, rows: Sequence[RunRow], pinned: tuple[RunRow | None, RunRow | None]) -> None:
        more = len(rows) != len(self._rows)
        self._rows, self._pinned = tuple(rows), pinned
        if more:
            self._fill_menus()
        for letter, row in zip(PINS, pinned, strict=True):
            self.menus[letter].setCurrentIndex(
                self.menus[letter].findData(-1 if row is None else row.number - 1)
            )
        self.catch_up()

    def _fill_menus(self) -> None:
        for menu in self.menus.values():
            menu.clear()
            menu.addItem("Choose a run", -1)
            for row in reversed(self._rows):
                menu.addItem(name_of(row), row.number - 1)

    def _ask(self, letter: str, entry: int) -> None:
        at = self.menus[letter].itemData(entry)
        self.pin_requested.emit(letter, None if at < 0 else at)

    @Slot()
    def _pin_last(self) -> None:
        for letter, row in zip(PINS, self._rows[-2:], strict=True):
            self.pin_requested.emit(letter, row.number - 1)

    def showEvent(self, event: QShowEvent) -> None:
        self.catch_up()

    def catch_up(self, unseen: bool = False) -> bool:
        """Bring all up to date, if it can be seen or `unseen` is true; returns whether two runs are compared."""
        a, b = self._pinned
        if not self.isVisible() and not unseen:
            return self._shown is not None
        if a is None or b is None:
            self._shown = None
            title, hint = NOTHING_YET
            if (a, b) != (None, None):
                title = ONE_YET.format(letter="A" if a is None else "B")
            self._empty.say(title, hint, offers=len(self._rows) > 1)
            self._stack.setCurrentWidget(self._empty)
            self.warning.hide()
        elif self._shown != (a, b):
            self._shown = (a, b)
            self.overlay.show_runs(a.side, b.side, (name_of(a, short=True), name_of(b, short=True)))
            self.table.show_rows(differences(a.side, b.side))
            why = unfair(a.side, b.side)
            self.warning.setText(f"⚠ {why}" if why else "")
            self.warning.setToolTip(why)
            self.warning.setVisible(bool(why))
            self._stack.setCurrentWidget(self.panes)
        return self._shown is not None

    @Slot()
    def restyle(self) -> None:
        set_text_color(self.warning, self._theme.color("warn"))


def name_of(row: RunRow, short: bool = False) -> str:
    """What a run is called: its number, its runner, its workload."""
    side = row.side
    file = f" ({side.run.file})" if side.run.file else ""
    return f"Run {row.number}, {side.runner}{'' if short else f', {side.workload}{file}'}"


HEADINGS = ("", "A", "B", "B against A")
BETTER = "✓"
"""Behind the better figure: colour alone tells nothing to some."""


class DifferencesTable(QTreeWidget):
    """Rows of a name, both figures, and one measured against the other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: Sequence[Difference] = ()
        self.setHeaderLabels(HEADINGS)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        set_up_rows(self, "Differences of runs A and B")
        headings = named(self.header(), "narrow")
        headings.setMinimumSectionSize(24)
        headings.setStretchLastSection(True)
        headings.setDefaultAlignment(LEFT_SIDE)
        add_copy(self, "Copy the table", self.copy)
        theme.changed.connect(self.restyle)

    def show_rows(self, rows: Sequence[Difference]) -> None:
        self._rows = rows
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        self.clear()
        dress_selection(self, self._theme)
        numbers, good = self._theme.numbers_font(), self._theme.color("good")
        height = self.fontMetrics().height() + 6
        items = []
        for row in self._rows:
            item = QTreeWidgetItem([row.name, row.a, row.b, row.text])
            for column, letter in enumerate(PINS, 1):
                item.setFont(column, numbers)
                if row.better == letter:
                    item.setText(column, f"{item.text(column)} {BETTER}")
                    item.setForeground(column, good)
                    item.setToolTip(column, f"{letter} did better")
            item.setFont(len(HEADINGS) - 1, numbers)
            item.setForeground(0, self._theme.color("muted"))
            item.setSizeHint(0, QSize(0, height))
            if row.text:
                item.setToolTip(len(HEADINGS) - 1, f"{row.name}: {row.a} in A, {row.b} in B")
            else:  # of settings nothing can be said but what they are, and some are long
                item.setToolTip(1, row.a)
                item.setToolTip(2, row.b)
            items.append(item)
        self.addTopLevelItems(items)
        self._share_room()

    def _share_room(self) -> None:
        """Names and differences get what they need, and the two sides the rest: of these only a setting may be long."""
        advance = QFontMetrics(self._theme.numbers_font()).horizontalAdvance
        rows = self._rows
        names = max([advance(row.name) for row in rows], default=0) + 16
        change = max([advance(text) for text in (HEADINGS[-1], *(row.text for row in rows))]) + 16
        figures = max(
            [advance(f"{text} {BETTER}") for row in rows if row.text for text in (row.a, row.b)], default=0
        )
        side = max(figures + 16, (self.viewport().width() - names - change - 8) // 2)
        for column, width in enumerate((names, side, side, change)):
            self.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    @Slot()
    def copy(self) -> None:
        """Put all rows on the clipboard with tabs, as a spreadsheet takes them."""
        lines = ["\t".join(row) for row in ((*HEADINGS, "better"), *self._rows)]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
