"""The room Labs: what goes wrong between threads, seen while it happens, and what is right. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from gui.forms.side_list import SideEntry, SideList
from gui.labs.view import LabView
from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, split
from workers.catalog.labs import labs

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gui.controllers.core import Core
    from gui.labs.version_pane import VersionPane
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.engine.plan import Settings
    from workers.engine.run import Run

SIZES = [250, 750]
KEPT = "lab"


class LabsPage(Page):
    """The labs on the left; on the right the one that is chosen. A version is run as all work is: by the window.

    Attributes:
        list: the labs.
        view: the one that is chosen.
        splitter: between left and right.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core, self._preferences = core, preferences
        self._labs = labs()
        self._versions = {version.entry.name for lab in self._labs.values() for version in lab.versions}
        self._runs: dict[str, Run] = {}
        self._awaited = ""
        self.list, self.view = SideList(theme, "Labs"), LabView(theme, core.catalog)
        self.splitter = split(self.list, self.view, sizes=SIZES)
        set_ground(pile(self, self.splitter), "Labs")
        self._connect()
        for run in core.listed:
            self._keep(run)
        self.list.show_entries(
            SideEntry(lab.name, lab.title, lab.text.partition("\n")[0]) for lab in self._labs.values()
        )
        self.list.choose(preferences.read(KEPT))

    def _connect(self) -> None:
        self.list.picked.connect(self._show_lab)
        self.view.versions_changed.connect(self._show_runs)
        self.view.both_requested.connect(self._run_both)
        self.view.cancel_requested.connect(self._core.cancel)
        for pane in self.view.panes:
            pane.run_requested.connect(partial(self._run, pane))
            pane.cancel_requested.connect(self._core.cancel)
            pane.change_requested.connect(partial(self._change, pane))
            pane.timeline_requested.connect(partial(self._ask_for_tasks, pane))
            pane.steps_requested.connect(partial(self._ask_for_steps, pane))

    @Slot(str)
    def _show_lab(self, name: str) -> None:
        self.view.show_lab(self._labs[name])

    @Slot()
    def _show_runs(self) -> None:
        """Show what came of the last run of each version in sight, or how far it is."""
        for pane in self.view.panes:
            pane.show_run(self._runs.get(pane.version.entry.name))
        self.view.show_claims()

    # ---------------------------------------------------------------- what a person does

    def _run(self, pane: VersionPane) -> None:
        self.start_requested.emit(self.view.settings(pane))

    @Slot()
    def _run_both(self) -> None:
        self.sequence_requested.emit([self.view.settings(pane) for pane in self.view.panes])

    def _change(self, pane: VersionPane) -> None:
        self.copy_requested.emit(pane.version.entry)

    def _ask_for_tasks(self, pane: VersionPane) -> None:
        self.tasks_requested.emit(pane.run)

    def _ask_for_steps(self, pane: VersionPane) -> None:
        self.steps_requested.emit(pane.version.entry)

    # ---------------------------------------------------------------- for the window

    def await_run(self, settings: Settings) -> None:
        self._awaited = settings.workload
        for pane in self.view.panes_of(settings.workload):
            pane.await_run()

    def show_run(self, run: Run) -> None:
        if run.ended is None:
            self._keep(run)
            self._show_runs()

    def finish_run(self, run: Run) -> None:
        self._keep(run)
        self._awaited = ""
        self._show_runs()
        self.view.bring_result(run)

    def _keep(self, run: Run) -> None:
        """Keep the last run of each version; of one from a file nobody knows which version it was then."""
        if run.settings.workload in self._versions and not run.file:
            self._runs[run.settings.workload] = run

    def refresh(self, at_once: bool = False) -> None:
        if self.isVisible():
            for pane in self.view.panes:
                if pane.is_running:
                    pane.refresh()

    def set_free(self, is_free: bool) -> None:
        if is_free and self._awaited:  # it never began
            self._awaited = ""
            self._show_runs()
        self.view.set_free(is_free)

    def remember(self) -> None:
        self._preferences.write(KEPT, self.view.lab.name)

    def showEvent(self, event: QShowEvent) -> None:
        for pane in self.view.panes:
            pane.dress()
            pane.show_state()
