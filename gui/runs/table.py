"""The table of the page Runs: a row of figures for each run that has ended. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from gui.charts.overlay import PINS
from gui.runs.model import RunsModel, row_of
from gui.runs.view import RunsView
from gui.tables.tables import FiguresProxy
from gui.widgets.elided import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import describe
from gui.widgets.panels import fill, fill_panel, pile, set_text_color
from workers.utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QResizeEvent

    from gui.runs.model import RunRow
    from gui.theme.theme import Theme
    from workers.engine.run import Run

NOTHING_YET = "Each finished run gets a row here"
MIN_CAPTION = 72
"""Pixels for the caption and the margins beside it."""

HOW = "Compare runs the same work on the GUI thread and elsewhere: read the two rows one below the other."


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
        self.show_button, self.menu_button, self.columns_button, self.copy_button = map(
            QPushButton, ("Show tasks", "This run", "Columns", "Copy all")
        )
        describe(self.show_button, "Show tasks", "Show the selected run's tasks and its timeline (Return)")
        describe(
            self.menu_button, "What to do with the selected run", "Pin the selected run, save it, export it"
        )
        describe(self.copy_button, "Copy all", "Copy all rows as text with tabs, as a spreadsheet takes it")
        describe(self.columns_button, "Columns", "Choose the columns; a right click on a heading does too")
        self.columns_button.setMenu(self.view.columns_menu)
        self.show_button.clicked.connect(partial(self._tell, self.run_shown))
        self.copy_button.clicked.connect(self.copy_all)
        self._add_actions()
        self.empty = EmptyState(theme, NOTHING_YET, HOW)
        buttons = (self.show_button, self.menu_button, self.columns_button, self.copy_button)
        self._bar = fill(QHBoxLayout(), self._caption, None, *buttons, margins=(12, 4, 8, 4), spacing=8)
        page = pile(QWidget(), self._bar, self.view)
        self._stack = fill_panel(self, "Runs", self.empty, page)
        self.view.doubleClicked.connect(partial(self._tell, self.run_shown))
        self.view.selectionModel().currentRowChanged.connect(self.selection_changed)
        theme.changed.connect(self.restyle)
        self.restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out buttons for which there is too little room: the menu beside them has their entries too."""
        super().resizeEvent(event)
        self._fit_bar()

    def _fit_bar(self) -> None:
        room = self.width() - MIN_CAPTION
        for button in (self.menu_button, self.columns_button, self.show_button, self.copy_button):
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
            ("Save…", "", partial(self._tell, self.save_requested)),
            ("Export…", "", partial(self._tell, self.export_requested)),
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

    def add_run(self, run: Run, runner: str, workload: str, unit: str) -> None:
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

    def _write_caption(self) -> None:
        self._caption.setText(
            f"{plural(len(self.model.rows), 'run')}. Point at a figure to read what it means."
        )
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
