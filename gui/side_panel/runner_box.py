"""Where the work runs: the menu of runners, when to use the chosen one and with what, how many workers. GUI thread.

The menu of runners: what each is called, when to use it, and why it is not available. In the GUI thread.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from gui.side_panel.form import Form
from gui.side_panel.python_box import PythonBox
from gui.widgets.fields import FloatBox, Grid, IntBox, Menu, describe, note, section
from gui.widgets.two_lines import MARGIN, NAME_ROLE, SENTENCE_ROLE, TwoLines
from workers.engine.plan import BLOCKING, DEFAULT_RUNNER, DEFAULT_SWITCH_MS, MAX_WORKERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

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
        changed: another runner, another parameter of it, another number of workers, another politeness.
        form_made: there are more fields.
    """

    changed = Signal()
    form_made = Signal()

    def __init__(self, theme: Theme, runners: dict[str, Entry]) -> None:
        super().__init__()
        self._theme, self._runners = theme, runners
        self._blocking = False
        self._why_not, self._is_final = "", True
        self._forms: dict[str, Form] = {}
        self.menu = RunnerMenu(theme, runners)
        self.menu.choose_first(DEFAULT_RUNNER)
        self.workers = IntBox(1, MAX_WORKERS, 2)
        self.polite = QCheckBox("Polite: take turns for the GIL")
        self.polite.setChecked(True)
        describe(self.polite, "Polite", POLITE)
        self.switch_interval = FloatBox(0.05, 100.0, DEFAULT_SWITCH_MS[True], digits=3)
        self._when, self._obstacle = note(), note()
        self._obstacle.setAccessibleName("Why this runner cannot do the work")
        self._forms_layout = QVBoxLayout()
        grid = Grid()
        self._labels = [
            grid.add_row("Workers", self.workers, f"How many tasks run at once, 1 to {MAX_WORKERS}"),
            grid.add_row("Switch interval (ms)", self.switch_interval, SWITCH),
        ]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(section("Runs on"))
        layout.addWidget(self.menu)
        layout.addWidget(self._when)
        layout.addWidget(self._obstacle)
        layout.addLayout(self._forms_layout)
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
        return self.menu.currentData() or ""

    @property
    def form(self) -> Form:
        name = self.runner
        form = self._forms.get(name)
        if form is None:
            fields = self._runners[name].fields if name else ()
            form = self._forms[name] = Form(fields, {"python": partial(PythonBox, self._theme)})
            form.changed.connect(self.changed)
            form.hide()
            self._forms_layout.addWidget(form)
            self.form_made.emit()
        return form

    @property
    def when(self) -> str:
        return self._when.text()

    def set_blocking(self, blocking: bool) -> None:
        self._blocking = blocking
        self._show()

    def show_obstacle(self, why_not: str, is_final: bool = True) -> None:
        """Say below the menu why the runner there cannot do the work; nothing where `why_not` is empty.

        Args:
            why_not: a sentence.
            is_final: whether it is a reason; else that it is still looked for.
        """
        self._why_not, self._is_final = why_not, is_final
        self._show()

    @property
    def obstacle(self) -> str:
        return "" if self._obstacle.isHidden() else self._obstacle.text()

    def fit(self) -> None:
        self.menu.fit()
        self._show()

    @Slot(bool)
    def _suit_switch_interval(self, polite: bool) -> None:
        self.switch_interval.setValue(DEFAULT_SWITCH_MS[polite])

    @Slot()
    def _show(self) -> None:
        entry = self._runners.get(self.runner)
        when = when_to_use(entry) if entry else "No other runner is available here."
        self._when.setText(NOTE_BLOCKING if self._blocking else when)
        describe(self.menu, "Runner", NOTE_BLOCKING if self._blocking else "Where the work runs")
        self._show_obstacle()
        shown = self.form
        for form in self._forms.values():
            form.setVisible(form is shown and bool(form.values()))
        for widget in (self.menu, self.workers, self.polite, self.switch_interval, *self._labels, shown):
            widget.setEnabled(not self._blocking)

    def _show_obstacle(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color("bad" if self._is_final else "muted"))
        self._obstacle.setPalette(palette)
        self._obstacle.setForegroundRole(QPalette.ColorRole.WindowText)
        self._obstacle.setText(f"✕ {self._why_not}" if self._is_final else self._why_not)
        self._obstacle.setVisible(bool(self._why_not) and not self._blocking)


MARKER = 12
"""Pixels of a runner's marker at a text scale of 1."""


class RunnerMenu(Menu):
    """All runners but the GUI thread, which is the toggle's; each with its marker and a sentence in the open list."""

    def __init__(self, theme: Theme, runners: Mapping[str, Entry]) -> None:
        super().__init__()
        self._theme = theme
        self._lines = TwoLines(theme)
        self.setItemDelegate(self._lines)
        for name, entry in runners.items():
            if name != BLOCKING:
                self._add_runner(entry)

    def _add_runner(self, entry: Entry) -> None:
        self.add(entry.name, entry.title, entry.missing)
        at, sentence = self.count() - 1, when_to_use(entry)
        self.setItemData(at, entry.title, NAME_ROLE)
        self.setItemData(at, sentence, SENTENCE_ROLE)
        self.setItemData(at, sentence, Qt.ItemDataRole.ToolTipRole)
        self.setItemData(at, sentence, Qt.ItemDataRole.AccessibleDescriptionRole)

    def fit(self) -> None:
        size = round(MARKER * self._theme.text_scale)
        self.setIconSize(QSize(size, size))
        for at in range(self.count()):
            icon = self._theme.runner_icon(self.itemData(at), size, self.devicePixelRatioF())
            self.setItemIcon(at, icon)

    def showPopup(self) -> None:
        self.view().setMinimumWidth(max(self.width(), self._lines.width + 2 * MARGIN))
        QComboBox.showPopup(self)  # not the menu's own, which measures what is never shown there


def when_to_use(entry: Entry) -> str:
    """When to use a runner, in a sentence; where it is not available, why."""
    if entry.missing:
        return f"Not available here: it {entry.missing}."
    return str(entry.constants.get("WHEN", entry.summary))
