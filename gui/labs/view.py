"""The right of the room Labs: what a lab teaches, two of its versions, and what their runs show. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.labs.result_text import about, claims
from gui.labs.version_pane import VersionPane
from gui.widgets.fields import Menu, describe, inline, prose, section
from gui.widgets.fold import Fold
from gui.widgets.panels import fill, order_tabs
from workers.catalog.compatibility import misfit
from workers.catalog.lab_source import DIFFERS, compared
from workers.engine.plan import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from gui.controllers.catalog import Catalog
    from gui.theme.theme import Theme
    from workers.catalog.lab_source import Row
    from workers.catalog.labs import Lab, Version
    from workers.engine.run import Run
    from workers.reports.labs.claims import Claim

BESIDE = 700
"""Where there is less room than this at a text scale of 1, in pixels, the versions stand one below the other."""

GAP = 16
"""Between the two versions, in pixels."""

MARGINS = (12, 8, 12, 8)


class LabView(QScrollArea):
    """A lab.

    Attributes:
        lab: the one that is shown.
        runners: where its versions are to run.
        both_button: runs the two versions, one after the other; meanwhile it ends that.
        panes: the two versions.
        claims: what can be said of their runs.
        is_below: whether one version stands below the other; None before it is known.

    Signals:
        versions_changed: other versions are shown: what came of their runs is to be shown, too.
        both_requested: both versions are to run, one after the other.
        cancel_requested: that is to end.
    """

    versions_changed = Signal()
    both_requested = Signal()
    cancel_requested = Signal()

    lab: Lab

    def __init__(self, theme: Theme, catalog: Catalog) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(240)
        self._theme, self._catalog = theme, catalog
        self._is_free, self._runs_both = True, False
        self.is_below: bool | None = None
        self.title, self.summary, self.text = section(""), prose(), prose()
        self.more = Fold("What it teaches", self.text)
        self.runners = describe(Menu(), "Run on", "Where the versions of this lab run")
        self.runners.setMinimumContentsLength(14)
        self.both_button = QPushButton()
        self.panes = VersionPane(theme, "left", self), VersionPane(theme, "right", self)
        self._claims_title, self.claims = section("What these runs show"), prose()
        self._lay_out()
        self.runners.activated.connect(self._show_free)
        self.both_button.clicked.connect(self._press_both)
        for pane, other in (self.panes, reversed(self.panes)):
            bar = pane.listing.text.verticalScrollBar()
            bar.valueChanged.connect(other.listing.text.verticalScrollBar().setValue)
            bar.actionTriggered.connect(other.listing.stay)
        for pane in self.panes:
            pane.chosen.connect(self._show_versions)
        theme.changed.connect(self.fit)
        theme.changed.connect(self.show_claims)

    def _lay_out(self) -> None:
        content = QWidget()
        on = QLabel("Run on")
        on.setBuddy(self.runners)
        head = fill(QHBoxLayout(), (self.title, 1), on, self.runners, self.both_button, spacing=8)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(6)
        self._place(is_below=False)
        parts = head, self.summary, self.more, (self._grid, 1), self._claims_title, self.claims
        fill(QVBoxLayout(content), *parts, margins=MARGINS, spacing=8)
        self.setWidget(content)
        order_tabs(head, self.more, *(part for pane in self.panes for part in pane.parts))

    # ---------------------------------------------------------------- what is shown

    def show_lab(self, lab: Lab) -> None:
        """Show a lab with its first wrong version, and the right one that follows in its file, or else the first."""
        self.lab = lab
        self.title.setText(lab.title)
        self.summary.setText(inline(lab.text.partition("\n\n")[0]))
        self.text.setText(about(lab.text))
        at = next((at for at, one in enumerate(lab.versions) if not one.is_right), 0)
        wrong, *others = lab.versions[at:] + lab.versions[:at]
        right = next((one for one in others if one.is_right), others[0])
        for pane, version in zip(self.panes, (wrong, right), strict=True):
            pane.show_lab(lab, version)
        self._show_versions()

    @Slot()
    def _show_versions(self) -> None:
        source = self.lab.path.read_text(encoding="utf-8")
        left, right = (pane.version for pane in self.panes)
        rows = compared(source, left, right)
        first = _first_to_read(rows, left.function)
        self.panes[0].listing.show_rows([(row.left, row.kind) for row in rows], left, first)
        self.panes[1].listing.show_rows([(row.right, row.kind) for row in rows], right, first)
        self._offer_runners((left, right))
        self._show_free()
        self.fit()
        self.versions_changed.emit()

    def _offer_runners(self, versions: Sequence[Version]) -> None:
        """Offer the lab's own runner first, then all others; those that cannot take these versions say why."""
        chosen = self.runners.currentData() or ""
        own = {version.entry.constants["RUNNER"] for version in versions}
        is_one = len(own) == 1
        self.runners.clear()
        self.runners.add("", self._catalog.runner_title(*own) if is_one else "As in the lab")
        for name, entry in self._catalog.runners.items():
            if not (is_one and name in own):
                reasons = (misfit(entry, version.entry, {}, ask=False) for version in versions)
                self.runners.add(name, entry.title, entry.missing or next(filter(None, reasons), ""))
        self.runners.choose_first(chosen)

    def settings(self, pane: VersionPane) -> Settings:
        """Of a run of a version: those of its lab, on the runner that is chosen."""
        return Settings.of_lab(pane.version.entry, self.runners.currentData())

    @Slot()
    def show_claims(self) -> None:
        """Say what the runs show: of those in the place of the last one, for claims compare them."""
        runs = {pane.version.function: pane.run for pane in self.panes}
        ended = {name: run for name, run in runs.items() if run is not None and run.ended is not None}
        place = max(ended.values(), key=lambda run: run.began).settings.runner if ended else ""
        found = claims(
            self.lab.name, {name: run for name, run in ended.items() if run.settings.runner == place}
        )
        self._claims_title.setVisible(bool(found))
        self.claims.setVisible(bool(found))
        self.claims.setText("<br>".join(map(self._told, found)))

    def _told(self, claim: Claim) -> str:
        color = self._theme.color("good" if claim.holds else "bad").name()
        return f"<span style='color:{color}'>{'✓' if claim.holds else '✗'}</span> {inline(claim.text)}"

    def set_free(self, is_free: bool) -> None:
        """Say whether anything may start."""
        self._is_free = is_free
        self._runs_both &= not is_free
        self._show_free()

    @Slot()
    def _press_both(self) -> None:
        if self._runs_both:
            self.cancel_requested.emit()
            return
        self._runs_both = True  # first: while it says Cancel it keeps the keys
        self.both_requested.emit()
        self._runs_both = not self._is_free
        self._show_free()

    @Slot()
    def _show_free(self) -> None:
        reasons = []
        for pane in self.panes:
            settings = self.settings(pane)
            reasons.append(misfit(settings.runner_entry, settings.workload_entry, {}, ask=False))
            pane.set_free(self._is_free, reasons[-1])
        self.both_button.setText("Cancel" if self._runs_both else "Run both")
        if self._runs_both:
            describe(self.both_button, "Cancel both", "End both runs")
        else:
            describe(self.both_button, "Run both", "Run one version after the other")
        self.both_button.setEnabled(self._runs_both or (self._is_free and not any(reasons)))

    def panes_of(self, workload: str) -> list[VersionPane]:
        """Those that show this version; both may."""
        return [pane for pane in self.panes if pane.version.entry.name == workload]

    def bring_result(self, run: Run) -> None:
        """Bring what came of a run into sight, where it stands below what can be seen."""
        if self.is_below:
            for pane in self.panes_of(run.settings.workload):
                self.ensureWidgetVisible(pane.parts[-1])

    # ---------------------------------------------------------------- room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Let the versions stand side by side where there is room for that, else one below the other."""
        self._place(is_below=self.width() < BESIDE * self._theme.text_scale)

    def _place(self, is_below: bool) -> None:
        """Put the parts of both versions into rows, or those of one below those of the other."""
        if is_below is not self.is_below:
            self.is_below, many = is_below, len(self.panes[0].parts)
            for at, pane in enumerate(self.panes):
                pane.parts[0].setContentsMargins(0, GAP if at and is_below else 0, 0, 0)
                for row, part in enumerate(pane.parts):
                    where = (many * at + row, 0) if is_below else (row, at)
                    self._grid.addWidget(part, *where)
            for column in (0, 1):
                self._grid.setColumnStretch(column, int(column == 0 or not is_below))
            for row in range(2 * many):
                self._grid.setRowStretch(row, int(row % many == 1 and (is_below or row < many)))
        for pane in self.panes:
            pane.listing.fit(is_below)


def _first_to_read(rows: Sequence[Row], function: str) -> int:
    """The row where the function begins, or what differs above it; from 0 on."""
    begins = (at for at, row in enumerate(rows) if row.left and f"def {function}(" in row.left.text)
    differs = (at for at, row in enumerate(rows) if row.kind == DIFFERS)
    return min(next(begins, 0), next(differs, len(rows)))
