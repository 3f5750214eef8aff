"""The room Labs: what goes wrong between threads, seen while it happens, and what is right. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QMetaMethod, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.labs.lab_list import LabList
from gui.labs.result_text import about, claims, inline
from gui.labs.version_pane import VersionPane
from gui.widgets.code_block import SELECTABLE
from gui.widgets.fields import Menu, describe, section
from gui.widgets.fold import Fold
from gui.widgets.page import Page
from gui.widgets.panels import fill, order_tabs, pile, scroll_down, set_ground, split
from workers.catalog.compatibility import misfit
from workers.catalog.lab_source import DIFFERS, compared, save_copy
from workers.catalog.labs import labs
from workers.engine.plan import Settings
from workers.utils.atomic_file import why_not_written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent, QShowEvent

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.lab_source import Row
    from workers.catalog.labs import Lab, Version
    from workers.engine.run import Run
    from workers.reports.lab_claims import Claim

SIZES = [250, 750]
KEPT = "lab"
BESIDE = 700
"""Where there is less room than this at a text scale of 1, in pixels, the versions stand one below the other."""

GAP = 16
"""Between the two versions, in pixels."""

BETWEEN_MS = 300
"""Between two runs, so that the window's own catching up falls into neither."""

MARGINS = (12, 8, 12, 8)


class LabsPage(Page):
    """The labs on the left; on the right what the chosen one teaches, two of its versions, and what their runs show.

    Attributes:
        list: the labs.
        lab: the one that is chosen.
        runners: where its versions are to run.
        both_button: runs the two versions, one after the other.
        panes: the two versions.
        claims: what can be said of their runs.
        splitter: between left and right.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core, self._theme, self._preferences = core, theme, preferences
        self._labs = labs()
        self._runs: dict[str, Run] = {}
        self._is_free, self._awaited = True, ""
        self._is_below: bool | None = None
        self._queued: VersionPane | None = None
        self._next = QTimer(self, singleShot=True, interval=BETWEEN_MS)
        self.lab: Lab = next(iter(self._labs.values()))
        self.list = LabList(theme)
        self.title, self.summary = section(""), _prose()
        self.text = _prose()
        self.more = Fold("What it teaches", self.text)
        self.runners = describe(Menu(), "Run on", "Where the versions of this lab run")
        self.runners.setMinimumContentsLength(14)
        self.both_button = describe(QPushButton("Run both"), "Run both", "Run one version after the other")
        self.panes = VersionPane(theme, "left", self), VersionPane(theme, "right", self)
        self.claims_title, self.claims = section("What these runs show"), _prose()
        self._lay_out()
        self._connect()
        for run in core.listed:
            self._take(run)
        self.list.show_labs(self._labs.values())
        self.list.choose(preferences.read(KEPT))

    def _lay_out(self) -> None:
        content = QWidget()
        on = QLabel("Run on")
        on.setBuddy(self.runners)
        head = fill(QHBoxLayout(), (self.title, 1), on, self.runners, self.both_button, spacing=8)
        self._versions = QGridLayout()
        self._versions.setContentsMargins(0, 0, 0, 0)
        self._versions.setHorizontalSpacing(GAP)
        self._versions.setVerticalSpacing(6)
        parts = head, self.summary, self.more, (self._versions, 1), self.claims_title, self.claims
        fill(QVBoxLayout(content), *parts, margins=MARGINS, spacing=8)
        self._area = scroll_down(content)
        self._area.setMinimumWidth(240)
        self._place(is_below=False)
        self.splitter = split(self.list, self._area, sizes=SIZES)
        set_ground(pile(self, self.splitter), "Labs")
        order_tabs(self.list, head, *(part for pane in self.panes for part in pane.parts))

    def _connect(self) -> None:
        self.list.picked.connect(self._show_lab)
        self.runners.activated.connect(self._show_free)
        self.both_button.clicked.connect(self._run_both)
        self._next.timeout.connect(self._run_queued)
        bars = [pane.listing.text.verticalScrollBar() for pane in self.panes]
        for bar, other in (bars, reversed(bars)):
            bar.valueChanged.connect(other.setValue)
        for pane in self.panes:
            pane.chosen.connect(self._show_versions)
            pane.run_requested.connect(partial(self._run, pane))
            pane.cancel_requested.connect(self._cancel)
            pane.change_requested.connect(partial(self._change, pane))
            pane.timeline_requested.connect(partial(self._ask_for_tasks, pane))
            pane.steps_requested.connect(partial(self._ask_for_steps, pane))
        self._theme.changed.connect(self._fit)
        self._theme.changed.connect(self._show_claims)

    def sizeHint(self) -> QSize:
        """What a window of the usual size has room for."""
        return QSize(900, 300)

    # ---------------------------------------------------------------- what is shown

    @Slot(str)
    def _show_lab(self, name: str) -> None:
        self.lab = lab = self._labs[name]
        self.title.setText(lab.title)
        self.summary.setText(inline(lab.text.partition("\n\n")[0]))
        self.text.setText(about(lab.text))
        wrong = next((one for one in lab.versions if not one.is_right), lab.versions[0])
        right = next((one for one in lab.versions if one.is_right and one is not wrong), lab.versions[-1])
        for pane, version in zip(self.panes, (wrong, right), strict=True):
            pane.show_lab(lab, version)
        self._show_versions()

    @Slot()
    def _show_versions(self) -> None:
        """Show the two versions beside each other, and what came of their runs."""
        source = self.lab.path.read_text(encoding="utf-8")
        left, right = shown = [pane.version for pane in self.panes]
        assert left is not None
        assert right is not None
        rows = compared(source, left, right)
        first = _first_to_read(rows, left.function)
        self.panes[0].listing.show_rows([(row.left, row.kind) for row in rows], left, first)
        self.panes[1].listing.show_rows([(row.right, row.kind) for row in rows], right, first)
        for pane, version in zip(self.panes, (left, right), strict=True):
            pane.show_run(self._runs.get(version.entry.name))
        self._offer_runners([version for version in shown if version is not None])
        self._show_free()
        self._show_claims()
        self._fit()

    def _offer_runners(self, versions: list[Version]) -> None:
        """Offer the lab's own runner and all others; those that cannot take these versions say why."""
        chosen = self.runners.currentData() or ""
        catalog = self._core.catalog
        own = {version.entry.constants["RUNNER"] for version in versions}
        is_one = len(own) == 1
        self.runners.clear()
        self.runners.add("", catalog.runner_title(*own) if is_one else "As in the lab")
        for name, entry in catalog.runners.items():
            if not (is_one and name in own):
                reasons = (misfit(entry, version.entry, {}, ask=False) for version in versions)
                self.runners.add(name, entry.title, next(filter(None, reasons), ""))
        self.runners.choose_first(chosen)

    @Slot()
    def _show_claims(self) -> None:
        """Say what the runs show; where two speak of each other, both ran in one place."""
        shown = {pane.version.function: pane.run for pane in self.panes if pane.version is not None}
        ended = {name: run for name, run in shown.items() if run is not None and run.ended is not None}
        last = max(ended.values(), key=lambda run: run.began, default=None)
        comparable = {
            name: run for name, run in ended.items() if last and run.settings.runner == last.settings.runner
        }
        found = claims(self.lab.name, comparable)
        self.claims_title.setVisible(bool(found))
        self.claims.setVisible(bool(found))
        self.claims.setText("<br>".join(map(self._told, found)))

    def _told(self, claim: Claim) -> str:
        color = self._theme.color("good" if claim.holds else "bad").name()
        return f"<span style='color:{color}'>{'✓' if claim.holds else '✗'}</span> {inline(claim.text)}"

    @Slot()
    def _show_free(self) -> None:
        reasons = [self._why_not(pane) for pane in self.panes]
        for pane, why_not in zip(self.panes, reasons, strict=True):
            pane.set_free(self._is_free, why_not)
        self.both_button.setEnabled(self._is_free and not any(reasons))
        self.runners.setEnabled(self._is_free)

    def _why_not(self, pane: VersionPane) -> str:
        return misfit(*self._settings(pane)[:2], {}, ask=False)

    def _settings(self, pane: VersionPane) -> Settings:
        assert pane.version is not None
        return Settings.of_lab(pane.version.entry, self.runners.currentData())

    # ---------------------------------------------------------------- what a person does

    def _run(self, pane: VersionPane) -> None:
        self.start_requested.emit(self._settings(pane))

    @Slot()
    def _run_both(self) -> None:
        self._queued = self.panes[1]
        self._run(self.panes[0])
        if not self._awaited:  # it was refused
            self._queued = None

    @Slot()
    def _run_queued(self) -> None:
        pane, self._queued = self._queued, None
        if pane is not None:
            self._run(pane)

    @Slot()
    def _cancel(self) -> None:
        self._queued = None
        self._core.cancel()

    def _change(self, pane: VersionPane) -> None:
        assert pane.version is not None
        try:
            path = save_copy(self.lab)
        except OSError as error:
            self.said.emit(why_not_written(self.lab.path, error))
            return
        self.edit_requested.emit(path, pane.version.function)
        self.said.emit(f"Saved {path}: change it as you like.")

    def _ask_for_tasks(self, pane: VersionPane) -> None:
        self.tasks_requested.emit(pane.run)

    def _ask_for_steps(self, pane: VersionPane) -> None:
        assert pane.version is not None
        self.steps_requested.emit(pane.version.entry)

    # ---------------------------------------------------------------- for the window

    def await_run(self, settings: Settings) -> None:
        self._awaited = settings.workload
        for pane in self._panes_of(settings.workload):
            pane.await_run()

    def show_run(self, run: Run) -> None:
        if run.ended is None:
            self._take(run)

    def finish_run(self, run: Run) -> None:
        self._take(run)
        self._awaited = ""
        if run.cancelled:
            self._queued = None
        self._show_claims()
        for pane in self._panes_of(run.settings.workload):
            if self._is_below:  # what came of it may stand below what can be seen
                self._area.ensureWidgetVisible(pane.parts[-1])

    def _take(self, run: Run) -> None:
        """Keep a run of a lab's version, and show it where that is in sight; one from a file may have been changed."""
        if not run.file:
            self._runs[run.settings.workload] = run
            for pane in self._panes_of(run.settings.workload):
                pane.show_run(run)

    def _panes_of(self, workload: str) -> list[VersionPane]:
        return [pane for pane in self.panes if pane.version and pane.version.entry.name == workload]

    def refresh(self, at_once: bool = False) -> None:
        if self.isVisible():
            for pane in self.panes:
                if pane.is_running:
                    pane.refresh()

    def set_free(self, is_free: bool) -> None:
        self._is_free = is_free
        if is_free:
            if self._awaited:  # it never began
                for pane in self._panes_of(self._awaited):
                    pane.show_run(self._runs.get(self._awaited))
                self._awaited, self._queued = "", None
            if self._queued is not None:
                # Not now: the other pages are still told that they may start something.
                self._next.start()
        self._show_free()

    def remember(self) -> None:
        self._preferences.write(KEPT, self.lab.name)

    def shut(self) -> None:
        self._next.stop()

    # ---------------------------------------------------------------- room

    def showEvent(self, event: QShowEvent) -> None:
        can_step = self.isSignalConnected(QMetaMethod.fromSignal(self.steps_requested))
        for pane in self.panes:
            pane.can_step = can_step
            pane.dress()
            pane.show_state()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Let the versions stand side by side where there is room for that, else one below the other."""
        self._place(is_below=self._area.width() < BESIDE * self._theme.text_scale)

    def _place(self, is_below: bool) -> None:
        """Put the parts of both versions into rows, or those of one below those of the other."""
        if is_below is not self._is_below:
            self._is_below, many = is_below, len(self.panes[0].parts)
            for at, pane in enumerate(self.panes):
                pane.parts[0].setContentsMargins(0, GAP if at and is_below else 0, 0, 0)
                for row, part in enumerate(pane.parts):
                    where = (many * at + row, 0) if is_below else (row, at)
                    self._versions.addWidget(part, *where)
            for column in (0, 1):
                self._versions.setColumnStretch(column, int(column == 0 or not is_below))
            for row in range(2 * many):
                self._versions.setRowStretch(row, int(row % many == 1 and (is_below or row < many)))
        for pane in self.panes:
            pane.listing.fit(is_below)


def _first_to_read(rows: Sequence[Row], function: str) -> int:
    """The row where the function begins, or what differs above it; from 0 on."""
    begins = (at for at, row in enumerate(rows) if row.left and f"def {function}(" in row.left.text)
    differs = (at for at, row in enumerate(rows) if row.kind == DIFFERS)
    return min(next(begins, 0), next(differs, len(rows)))


def _prose() -> QLabel:
    return QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText, textInteractionFlags=SELECTABLE)
