"""The table of the Runs tab: a row of figures for each run that has ended. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeySequence, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QTableView, QWidget

from gui.charts.overlay import PINS
from gui.runs.model import COLUMNS, GIVES_WAY, RUN, RUNNER, RunsModel, row_of
from gui.widgets.elided import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import describe, named
from gui.widgets.panels import fill, fill_panel, pile, set_text_color
from gui.widgets.tables import FiguresProxy, set_row_height, set_up
from workers.utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QAbstractItemModel, SignalInstance
    from PySide6.QtGui import QResizeEvent

    from gui.runs.model import RunRow, Titles
    from gui.theme.theme import Theme
    from workers.engine.run import Run

NOTHING_YET = "Each finished run gets a row here"
MIN_CAPTION = 72
"""Pixels for the caption and the margins beside it."""

HOW = "Press Start; then run the same work elsewhere, or press Compare, and read the two rows side by side."


class RunsTable(QWidget):
    """All runs since the program's start, the newest at the top until a column is clicked.

    Signals:
        selection_changed: another run is selected.
        pins_changed: others are pinned as A and B.
        run_shown: the tasks of this run are to be shown.
        save_requested: this run is to be saved; export_requested: it is to be exported.
    """

    selection_changed = Signal()
    pins_changed = Signal()
    run_shown = Signal(object)
    save_requested = Signal(object)
    export_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.model = RunsModel(theme)
        self.proxy = FiguresProxy(self.model)
        self.view = RunsView(theme, self.model, self.proxy)
        self._caption = ElidedLabel()
        self._caption.setAccessibleName("Number of runs")
        self.show_button, self.menu_button, self.copy_button = map(
            QPushButton, ("Show tasks", "This run", "Copy all")
        )
        describe(self.show_button, "Show tasks", "Show the selected run's tasks and its timeline (Return)")
        describe(
            self.menu_button, "What to do with the selected run", "Pin the selected run, save it, export it"
        )
        describe(self.copy_button, "Copy all", "Copy all rows as text with tabs, as a spreadsheet takes it")
        self.show_button.clicked.connect(partial(self._tell, self.run_shown))
        self.copy_button.clicked.connect(self.copy_all)
        self._add_actions()
        buttons = (self.show_button, self.menu_button, self.copy_button)
        self._bar = fill(QHBoxLayout(), self._caption, None, *buttons, margins=(12, 4, 8, 4), spacing=8)
        page = pile(QWidget(), self._bar, self.view)
        self._stack = fill_panel(self, "Runs", EmptyState(theme, NOTHING_YET, HOW), page)
        self.view.doubleClicked.connect(partial(self._tell, self.run_shown))
        self.view.selectionModel().currentRowChanged.connect(self.selection_changed)
        self.view.columns_changed.connect(self._write_caption)
        theme.changed.connect(self.restyle)
        self.restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out buttons for which there is too little room: the menu beside them has their entries too."""
        super().resizeEvent(event)
        self._fit_bar()

    def _fit_bar(self) -> None:
        room = self.width() - MIN_CAPTION
        for button in (self.menu_button, self.show_button, self.copy_button):
            room -= button.sizeHint().width() + self._bar.spacing()
            button.setVisible(room >= 0 or button is self.menu_button)

    def _add_actions(self) -> None:
        menu = QMenu(self)
        about: tuple[tuple[str, str, Callable[..., object]] | None, ...] = (
            ("Show tasks and timeline", "Return Enter", partial(self._tell, self.run_shown)),
            ("Pin as A", "A", partial(self._pin_selected, "A")),
            ("Pin as B", "B", partial(self._pin_selected, "B")),
            ("Unpin both", "", self.unpin),
            None,
            ("Save …", "", partial(self._tell, self.save_requested)),
            ("Export …", "", partial(self._tell, self.export_requested)),
            None,
            ("Copy rows", "Ctrl+C", self.copy_selected),
            ("Copy all", "", self.copy_all),
        )
        for entry in about:
            if entry is None:
                menu.addSeparator()
                continue
            text, keys, slot = entry
            action = menu.addAction(text)
            action.setShortcuts([QKeySequence(key) for key in keys.split()])
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
        self.view.addActions(menu.actions())
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.menu_button.setMenu(menu)

    # ---------------------------------------------------------------- runs

    def add_run(self, run: Run, runner: Titles, workload: Titles, unit: str) -> None:
        """Add a run that has ended, whose amounts are in `unit`, and select it."""
        row = row_of(len(self.model.rows) + 1, run, runner, workload, unit)
        self.model.append(row)
        self.view.fit_columns()
        self._write_caption()
        self._stack.setCurrentIndex(1)
        self.select(row.number - 1)

    def select(self, at: int) -> None:
        """Select a row, counted in the order in which the runs ended."""
        index = self.proxy.mapFromSource(self.model.index(at, 0))
        # The view's own method would only toggle the row where somebody holds Ctrl just then.
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.view.selectionModel().setCurrentIndex(index, how)
        self.view.scrollTo(index)

    @property
    def selected(self) -> RunRow | None:
        """The row that the keyboard is at; None before the first run."""
        index = self.view.currentIndex()
        return self.model.rows[self.proxy.mapToSource(index).row()] if index.isValid() else None

    @property
    def pinned(self) -> tuple[RunRow | None, RunRow | None]:
        return self._pinned("A"), self._pinned("B")

    def _pinned(self, letter: str) -> RunRow | None:
        at = self.model.pins.get(letter)
        return self.model.rows[at] if at is not None else None

    def pin(self, letter: str, at: int | None) -> None:
        """Pin a row (counted in the order in which the runs ended) as "A" or "B"; None pins none."""
        before = self.model.pins.copy()
        self.model.pin(letter, at)
        if self.model.pins != before:
            self.view.fit_columns()
            self.pins_changed.emit()

    @Slot()
    def unpin(self) -> None:
        for letter in PINS:
            self.pin(letter, None)

    def _pin_selected(self, letter: str, checked: bool = False) -> None:
        row = self.selected
        if row is not None:
            self.pin(letter, row.number - 1)

    def _tell(self, signal: SignalInstance, about: object = None) -> None:
        row = self.selected
        if row is not None:
            signal.emit(row.side.run)

    @Slot()
    def _write_caption(self) -> None:
        runs, left_out = plural(len(self.model.rows), "run"), self.view.left_out
        if left_out:
            self._caption.setText(runs)
            self._caption.setToolTip(f"A wider table shows {', '.join(left_out)} too")
        else:
            self._caption.setText(f"{runs}. Point at a figure to read what it means.")
            self._caption.setToolTip(self._caption.text())

    # ---------------------------------------------------------------- copies

    @Slot()
    def copy_selected(self) -> None:
        """Put the selected rows on the clipboard; all of them where none is selected."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        QGuiApplication.clipboard().setText(self.proxy.text(rows or None))

    @Slot()
    def copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.proxy.text())

    @Slot()
    def restyle(self) -> None:
        self.view.restyle()
        self._fit_bar()
        set_text_color(self._caption, self._theme.color("muted"))
        self.model.tell_all()


MIN_ROOM, ROOM_TO_SCROLL, MAX_ROOM = 7, 16, 72
"""Pixels beside a column's widest text: Qt itself puts three on each side."""

BESIDE_MARKER = 6


class RunsView(QTableView):
    """Shows a proxy of `RunsModel`. At a text scale of 1 all but what runs cost fit into 721 pixels.

    Signals:
        columns_changed: others are in sight now.
    """

    columns_changed = Signal()

    def __init__(self, theme: Theme, rows: RunsModel, proxy: QAbstractItemModel) -> None:
        super().__init__()
        self._theme, self._rows = theme, rows
        self._widths = [0] * len(COLUMNS)
        self._measured = 0
        self.setModel(proxy)
        set_up(self, "Figures of the runs")
        headings = named(self.horizontalHeader(), "narrow")
        headings.setMinimumSectionSize(16)
        self.setSortingEnabled(True)
        self.sortByColumn(RUN, Qt.SortOrder.DescendingOrder)

    def restyle(self) -> None:
        set_row_height(self, self.fontMetrics().height() + 10)
        # A paler selection than usual, on which the colours of the bands stay readable.
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Highlight, self._theme.color("selection"))
        palette.setColor(QPalette.ColorRole.HighlightedText, self._theme.color("text"))
        self.setPalette(palette)
        headings = QFontMetrics(self.horizontalHeader().font())
        self._widths = [headings.horizontalAdvance(column.heading or column.title) for column in COLUMNS]
        self._measured = 0
        self.fit_columns()

    def fit_columns(self) -> None:
        """Make every column as wide as its widest text, of which only those that are new are measured."""
        texts, numbers = self.fontMetrics(), QFontMetrics(self._theme.numbers_font())
        for row in self._rows.rows[self._measured :]:
            for at, text in enumerate(row.shown):
                width = (numbers if COLUMNS[at].is_number else texts).horizontalAdvance(text)
                if at == RUNNER:
                    width += self._rows.marker_size + BESIDE_MARKER
                self._widths[at] = max(self._widths[at], width)
        self._measured = len(self._rows.rows)
        self._share_room()

    @property
    def left_out(self) -> list[str]:
        return [column.title for at, column in enumerate(COLUMNS) if self.isColumnHidden(at)]

    def _share_room(self) -> None:
        widths = self._widths.copy()
        if self._rows.pins:
            widths[RUN] += self._rows.marker_size + BESIDE_MARKER
        whole = self.viewport().width()
        shown = list(range(len(COLUMNS)))
        for at in GIVES_WAY:
            if sum(widths[column] + MIN_ROOM for column in shown) <= whole:
                break
            shown.remove(at)
        room = (whole - sum(widths[column] for column in shown)) // len(shown)
        # Where they cannot all be in sight at once, they need not crowd either.
        room = ROOM_TO_SCROLL if room < MIN_ROOM else min(room, round(MAX_ROOM * self._theme.text_scale))
        before = self.left_out
        for at, width in enumerate(widths):
            if self.isColumnHidden(at) is (at in shown):
                self.setColumnHidden(at, at not in shown)
            if at in shown and self.columnWidth(at) != width + room:
                self.setColumnWidth(at, width + room)
        if self.left_out != before:
            self.columns_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()
