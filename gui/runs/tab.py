"""The Runs tab: the table of all runs, and beside it freezes, two runs over each other, or the runners. GUI thread."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QWidget

from gui.runs.by_runner import RunnerView
from gui.runs.comparison import PairView
from gui.runs.freeze_list import FreezeList
from gui.runs.table import RunsTable
from workers.monitors.advice import advice

if TYPE_CHECKING:
    from gui.runs.model import Titles
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry
    from workers.engine.run import Run
    from workers.monitors.advice import Advice
    from workers.monitors.freeze import Freeze

SIZES = [360, 600]
"""How the room is shared at first, in pixels of a window of 1280."""


class RunsTab(QWidget):
    """Runs that have ended, of this program or of files. What stands beside the table is made when it can be seen.

    Attributes:
        table: the runs.
        details: the three pages beside it.
        freezes: the first of them: the freezes of the selected run.
        pair: the second: runs A and B.
        by_runner: the third: the runners.
        splitter: between the table and the pages.

    Signals:
        run_shown: the tasks of this run are to be shown.
        run_again: a run is to be made with these settings.
        save_requested: this run is to be saved.
        export_requested: this run is to be exported.
    """

    run_shown = Signal(object)
    run_again = Signal(object)
    save_requested = Signal(object)
    export_requested = Signal(object)

    def __init__(self, theme: Theme, runners: dict[str, Entry], workloads: dict[str, Entry]) -> None:
        super().__init__()
        self._runners = runners
        self.table = RunsTable(theme)
        self.freezes = FreezeList(theme, runners, workloads, self._advise)
        self.pair = PairView(theme)
        self.by_runner = RunnerView(theme, tuple(runners))
        self.details = QTabWidget()
        self.details.setDocumentMode(True)
        for page, title in ((self.freezes, "Freezes"), (self.pair, "A and B"), (self.by_runner, "By runner")):
            # The panel's own colour, in every state of it; it follows the application's palette by itself.
            page.setBackgroundRole(QPalette.ColorRole.Base)
            page.setAutoFillBackground(True)
            page.setAccessibleName(title)
            self.details.addTab(page, title)
        self.details.setMinimumWidth(240)
        self.table.setMinimumWidth(240)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.details)
        self.splitter.setSizes(SIZES)
        for at, share in enumerate(SIZES):
            self.splitter.setStretchFactor(at, share)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self.setAccessibleName("Runs")
        self.table.selection_changed.connect(self._show_selected)
        self.table.pins_changed.connect(self._show_pinned)
        self.table.run_shown.connect(self.run_shown)
        self.table.save_requested.connect(self.save_requested)
        self.table.export_requested.connect(self.export_requested)
        self.freezes.run_again.connect(self.run_again)
        self.pair.pin_requested.connect(self.table.pin)

    def add_run(self, run: Run, runner: Titles, workload: Titles, unit: str) -> None:
        """Add a run that has ended, of this program or of a file (`run.file`), and select it.

        Args:
            run: its figures do not change any more.
            runner: what its runner is called.
            workload: what its workload is called; a file's may be unknown here.
            unit: what its amounts count.
        """
        self.table.add_run(run, runner, workload, unit)
        rows = self.table.model.rows
        self.pair.show_rows(rows, self.table.pinned)
        self.by_runner.show_rows(rows)

    @property
    def selected_run(self) -> Run | None:
        """The run that is selected; None before the first."""
        row = self.table.selected
        return row.side.run if row is not None else None

    def image(self, which: str) -> QImage:
        """A picture for others: of the "overlay" of runs A and B, or of the "bars" by runner.

        It is a null one as long as there is nothing to be seen.

        Raises:
            ValueError: another name.
        """
        if which == "overlay":
            return self.pair.overlay.image() if self.pair.image_is_ready() else QImage()
        if which == "bars":
            return self.by_runner.bars.image() if self.by_runner.catch_up(unseen=True) else QImage()
        raise ValueError(f"there is no picture {which!r}")

    @Slot(object, object)
    def pin_pair(self, a: Run, b: Run) -> None:
        """Pin two runs that are in the table."""
        rows = [row.side.run for row in self.table.model.rows]
        for letter, run in (("A", a), ("B", b)):
            if run in rows:
                self.table.pin(letter, rows.index(run))

    def _advise(self, freeze: Freeze) -> Advice:
        """Where the work would not have frozen the window of this very program."""
        return advice(freeze, self._runners, getattr(sys, "_is_gil_enabled", lambda: True)())

    @Slot()
    def _show_selected(self) -> None:
        self.freezes.show_row(self.table.selected)

    @Slot()
    def _show_pinned(self) -> None:
        pinned = self.table.pinned
        self.pair.show_rows(self.table.model.rows, pinned)
        if None not in pinned:
            self.details.setCurrentWidget(self.pair)
