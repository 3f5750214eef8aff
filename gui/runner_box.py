"""Where the work runs: the menu of runners, when to use the chosen one, and how many workers. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from gui.fields import FloatBox, Grid, IntBox, Menu, describe, note, section
from workers.plan import BLOCKING, DEFAULT_SWITCH_MS, MOST_WORKERS

if TYPE_CHECKING:
    from gui.theme import Theme
    from workers.discover import Entry

PREFERRED = "thread_pool"
"""Chosen at first: the place that most programs should begin with."""

NOTE_BLOCKING = "The toggle above puts everything on the GUI thread, one task after the other."

POLITE = (
    "Tasks that hold the GIL run one at a time, 10 ms each, and let the GUI thread go first. "
    "Turn it off to see what threads do to a window without it."
)
SWITCH = "How long a thread may keep the GIL while others want it. Python's own is 5 ms."


class RunnerBox(QWidget):
    """The menu of all runners but the GUI thread, which is the toggle's.

    Attributes:
        menu: the runners.
        workers: how many tasks run at once.
        polite: whether tasks that hold the GIL take turns.
        switch_interval: how long a thread may keep the GIL while others want it, in ms.

    Signals:
        changed: another runner, another number of workers, another politeness.
    """

    changed = Signal()

    def __init__(self, theme: Theme, runners: dict[str, Entry]) -> None:
        super().__init__()
        self._theme, self._runners = theme, runners
        self._blocking = False
        self.menu = Menu()
        for name, entry in runners.items():
            if name != BLOCKING:
                self.menu.add(name, entry.title, entry.missing)
        self.menu.choose_first(PREFERRED)
        self.workers = IntBox(1, MOST_WORKERS, 2)
        self.polite = QCheckBox("Polite: take turns for the GIL")
        self.polite.setChecked(True)
        describe(self.polite, "Polite", POLITE)
        self.switch_interval = FloatBox(0.05, 100.0, DEFAULT_SWITCH_MS[True], digits=3)
        self._when = note()
        grid = Grid()
        self._labels = [
            grid.add_row("Workers", self.workers, f"How many tasks run at once, 1 to {MOST_WORKERS}"),
            grid.add_row("Switch interval (ms)", self.switch_interval, SWITCH),
        ]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(section("Runs on"))
        layout.addWidget(self.menu)
        layout.addWidget(self._when)
        layout.addLayout(grid)
        layout.addWidget(self.polite)
        self.menu.currentIndexChanged.connect(self._show)
        self.menu.currentIndexChanged.connect(self.changed)
        for change in (self.workers.valueChanged, self.polite.toggled, self.switch_interval.valueChanged):
            change.connect(self.changed)
        self.polite.toggled.connect(self._suit_switch_interval)
        self._show()

    @property
    def runner(self) -> str:
        """The name of the runner in the menu, whatever the toggle says; empty where there is none."""
        return self.menu.currentData() or ""

    @property
    def when(self) -> str:
        """The sentence below the menu."""
        return self._when.text()

    def set_blocking(self, blocking: bool) -> None:
        """Say that nothing here matters while the toggle is on."""
        self._blocking = blocking
        self._show()

    def fit(self) -> None:
        """Draw the markers in the size of the texts."""
        size = round(12 * self._theme.text_scale)
        self.menu.setIconSize(QSize(size, size))
        for at in range(self.menu.count()):
            icon = self._theme.runner_icon(self.menu.itemData(at), size, self.devicePixelRatioF())
            self.menu.setItemIcon(at, icon)

    @Slot(bool)
    def _suit_switch_interval(self, polite: bool) -> None:
        self.switch_interval.setValue(DEFAULT_SWITCH_MS[polite])

    @Slot()
    def _show(self) -> None:
        entry = self._runners.get(self.runner)
        when = entry.constants.get("WHEN", entry.summary) if entry else "No other runner is available here."
        self._when.setText(NOTE_BLOCKING if self._blocking else when)
        describe(self.menu, "Runner", NOTE_BLOCKING if self._blocking else "Where the work runs")
        for widget in (self.menu, self.workers, self.polite, self.switch_interval, *self._labels):
            widget.setEnabled(not self._blocking)
