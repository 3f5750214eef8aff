"""Runs A and B: two menus to choose them, their graphs over each other, a table of differences. In the GUI thread.

A table of how two runs differ: settings, figures, which did better. In the GUI thread.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.charts.overlay import PINS, OverlayGraph
from gui.widgets.elided import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import Menu, describe, named
from gui.widgets.tables import add_copy
from workers.reports.differences import differences, unfair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent

    from gui.runs.model import RunRow
    from gui.theme.theme import Theme
    from workers.reports.differences import Difference

NOTHING_YET = (
    "Two runs lie over each other here",
    "Pin any two: choose them above, or select a run in the table and press A, then another and press B.",
)
SIZES = [235, 365]
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
        self.overlay, self.table, self.warning = OverlayGraph(theme), DifferencesTable(theme), ElidedLabel()
        self.menus: dict[str, Menu] = {}
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 4, 8, 4)
        bar.setSpacing(8)
        for letter in PINS:
            menu = self.menus[letter] = Menu()
            describe(menu, f"Run {letter}", f"Which run is pinned as {letter}")
            menu.activated.connect(partial(self._ask, letter))
            name = QLabel(letter)
            name.setBuddy(menu)
            bar.addWidget(name)
            bar.addWidget(menu, 1)
        self.panes = QSplitter(Qt.Orientation.Horizontal)
        self.panes.setChildrenCollapsible(False)
        self.panes.addWidget(self.overlay)
        right = QWidget()
        beside = QHBoxLayout(right)
        beside.setContentsMargins(8, 0, 0, 0)
        beside.addWidget(self.table)
        self.panes.addWidget(right)
        self.panes.setSizes(SIZES)
        for at, share in enumerate(SIZES):
            self.panes.setStretchFactor(at, share)
        self._empty = EmptyState(theme, *NOTHING_YET)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.panes)
        self.warning.setForegroundRole(QPalette.ColorRole.WindowText)
        self.warning.hide()
        below = QHBoxLayout()
        below.setContentsMargins(12, 0, 12, 0)
        below.addWidget(self.warning)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addLayout(below)
        column.addWidget(self._stack, 1)
        theme.changed.connect(self.restyle)
        self._fill_menus()
        self.restyle()

    def show_rows(self, rows: Sequence[RunRow], pinned: tuple[RunRow | None, RunRow | None]) -> None:
        more = len(rows) != len(self._rows)
        self._rows, self._pinned = tuple(rows), pinned
        if more:
            self._fill_menus()
        for letter, row in zip(PINS, pinned, strict=True):
            self.menus[letter].setCurrentIndex(self.menus[letter].findData(-1 if row is None else row.number - 1))
        self._catch_up()

    def _fill_menus(self) -> None:
        for menu in self.menus.values():
            menu.clear()
            menu.addItem("Choose a run", -1)
            for row in reversed(self._rows):
                menu.addItem(name_of(row), row.number - 1)

    def _ask(self, letter: str, entry: int) -> None:
        at = self.menus[letter].itemData(entry)
        self.pin_requested.emit(letter, None if at < 0 else at)

    def showEvent(self, event: QShowEvent) -> None:
        self._catch_up()

    def image_is_ready(self) -> bool:
        """Bring the graphs up to date though nobody may see them; returns whether two runs are pinned."""
        self._catch_up(unseen=True)
        return self._shown is not None

    def _catch_up(self, unseen: bool = False) -> None:
        a, b = self._pinned
        if not self.isVisible() and not unseen:
            return
        if a is None or b is None:
            self._shown = None
            title, hint = NOTHING_YET
            if a is not None or b is not None:
                title = ONE_YET.format(letter="A" if a is None else "B")
            self._empty.say(title, hint)
            self._stack.setCurrentWidget(self._empty)
            self.warning.hide()
        elif self._shown is None or self._shown[0] is not a or self._shown[1] is not b:
            self._shown = (a, b)
            self.overlay.show_runs(a.side, b.side, (name_of(a, short=True), name_of(b, short=True)))
            self.table.show_rows(differences(a.side, b.side))
            why = unfair(a.side, b.side)
            self.warning.setText(f"⚠ {why}" if why else "")
            self.warning.setToolTip(why)
            self.warning.setVisible(bool(why))
            self._stack.setCurrentWidget(self.panes)

    @Slot()
    def restyle(self) -> None:
        palette = self.warning.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color("warn"))
        self.warning.setPalette(palette)


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
        self.setColumnCount(len(HEADINGS))
        self.setHeaderLabels(HEADINGS)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Differences of runs A and B")
        self.setIndentation(0)
        headings = named(self.header(), "narrow")
        headings.setMinimumSectionSize(24)
        headings.setStretchLastSection(True)
        headings.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        add_copy(self, "Copy the table", self.copy)
        theme.changed.connect(self.restyle)

    def show_rows(self, rows: Sequence[Difference]) -> None:
        self._rows = rows
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        self.clear()
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
                item.setToolTip(len(HEADINGS) - 1, f"{row.name}: B {row.text}")
            else:  # of settings nothing can be said but what they are, and some are long
                for column, text in ((1, row.a), (2, row.b)):
                    item.setToolTip(column, text)
            items.append(item)
        self.addTopLevelItems(items)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """As wide as names and figures; a long setting would drive the last column out, and has a tooltip."""
        metrics = QFontMetrics(self._theme.numbers_font())
        sign = metrics.horizontalAdvance(f" {BETTER}")
        for column in range(len(HEADINGS) - 1):
            width = 0
            for row in self._rows:
                if row.text or not column:
                    better = column > 0 and row.better == PINS[column - 1]
                    width = max(width, metrics.horizontalAdvance(row[column]) + (sign if better else 0))
            self.setColumnWidth(column, max(width + 10, 40))

    @property
    def text(self) -> str:
        lines = ["\t".join((*HEADINGS, "better"))]
        lines += ["\t".join(row) for row in self._rows]
        return "\n".join(lines) + "\n"

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
