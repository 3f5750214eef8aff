"""The page Runs: the table of all runs, and below it freezes, two runs over each other, or the runners. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QTabWidget

from gui.runs.by_runner import RunnerView
from gui.runs.comparison import PairView
from gui.runs.freeze_list import LONG, FreezeList
from gui.runs.table import RunsTable
from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, split
from workers.reports.freeze_advice import advise
from workers.reports.freeze_words import groups
from workers.reports.watched import is_watched

if TYPE_CHECKING:
    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.engine.plan import Settings
    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze
    from workers.reports.freeze_advice import FreezeAdvice

SIZES = [220, 400]
"""How the room is shared at first, in pixels of a window of 800."""


COLUMNS_KEY = "runs_columns"


class RunsPage(Page):
    """Runs that have ended, of this program or of files. What stands below the table is made when it can be seen.

    Attributes:
        table: the runs.
        details: the three pages below it.
        freezes: the first of them: the freezes of the selected run.
        pair: the second: runs A and B.
        by_runner: the third: the runners.
        splitter: between the table and the pages.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core, self._preferences = core, preferences
        runners, workloads = core.catalog.runners, core.catalog.workloads
        self.table = RunsTable(theme)
        self.freezes = FreezeList(theme, workloads, self._advise)
        self.pair = PairView(theme)
        self.by_runner = RunnerView(theme, tuple(runners))
        self.details = QTabWidget(documentMode=True)
        for page, title in ((self.freezes, "Freezes"), (self.pair, "A and B"), (self.by_runner, "By runner")):
            set_ground(page, title)
            self.details.addTab(page, title)
        self.splitter = split(
            self.table, self.details, sizes=SIZES, shares=SIZES, direction=Qt.Orientation.Vertical
        )
        pile(self, self.splitter)
        self.table.view.recall(preferences.read(COLUMNS_KEY))
        self.setAccessibleName("Runs")
        self.table.selection_changed.connect(self._show_selected)
        self.table.pins_changed.connect(self._show_pinned)
        self.table.run_shown.connect(self.tasks_requested)
        self.table.save_requested.connect(self.save_requested)
        self.table.export_requested.connect(self.export_requested)
        self.table.empty.offer("Start a run", self._start)
        self.freezes.run_again.connect(self.choice_requested)
        self.freezes.said.connect(self.said)
        self.freezes.export_requested.connect(core.run_files.write)
        self.pair.pin_requested.connect(self.table.pin)
        core.director.compared.connect(self.pin_pair)
        core.watch_ended.connect(self.finish_run)
        for run in core.listed:
            self.finish_run(run)
        if core.compared is not None:
            self.pin_pair(*core.compared)

    def finish_run(self, run: Run) -> None:
        """Add a run that has ended, of this program or of a file (`run.file`), and select it."""
        name, catalog = run.settings.workload, self._core.catalog
        if is_watched(run):
            runner, workload = run.settings.runner_entry.title, run.plan.title(0)
        else:
            runner, workload = catalog.runner_title(run.settings.runner), catalog.workload_title(name)
        self.table.add_run(run, runner, workload, run.plan.unit)
        rows = self.table.model.rows
        self.pair.show_rows(rows, self.table.pinned)
        self.by_runner.show_rows(rows)

    def show_freeze(self, run: Run, moment: float) -> None:
        """Come to the front with the card of a freeze of a run, at a moment in seconds of `time.perf_counter`."""
        if not self.select_run(run):
            self.said.emit("A freeze gets its card when its run has ended.")
            return
        self.details.setCurrentWidget(self.freezes)
        self.wanted.emit()
        self.freezes.show_freeze(moment)
        if not any(group.was_at(moment) for group in groups(run.freezes)):
            self.said.emit(f"Only what lasts for over {LONG} has a card.")

    def select_run(self, run: Run) -> bool:
        """Choose the row of a run; returns whether it has one."""
        rows = [row.side.run for row in self.table.model.rows]
        if run in rows:
            self.table.select(rows.index(run))
        return run in rows

    @property
    def selected_run(self) -> Run | None:
        row = self.table.selected
        return row.side.run if row is not None else None

    def picture(self, name: str) -> QImage:
        if name == "the runs compared":
            return self.pair.overlay.image() if self.pair.catch_up(unseen=True) else QImage()
        return self.by_runner.bars.image() if self.by_runner.catch_up(unseen=True) else QImage()

    @Slot()
    def _start(self) -> None:
        """Start what is chosen in Live."""
        self.live_start_requested.emit(None)

    def set_free(self, is_free: bool) -> None:
        self.table.empty.set_free(is_free)

    def remember(self) -> None:
        self._preferences.write(COLUMNS_KEY, self.table.view.kept())

    @Slot(object, object)
    def pin_pair(self, a: Run, b: Run) -> None:
        rows = [row.side.run for row in self.table.model.rows]
        for letter, run in (("A", a), ("B", b)):
            if run in rows:
                self.table.pin(letter, rows.index(run))

    def _advise(self, freeze: Freeze, settings: Settings) -> FreezeAdvice:
        return advise(freeze.kind, settings, self._core.known, freeze.holder)

    @Slot()
    def _show_selected(self) -> None:
        self.freezes.show_row(self.table.selected)

    @Slot()
    def _show_pinned(self) -> None:
        pinned = self.table.pinned
        self.pair.show_rows(self.table.model.rows, pinned)
        if None not in pinned:
            self.details.setCurrentWidget(self.pair)
