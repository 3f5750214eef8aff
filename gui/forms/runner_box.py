"""Where the work runs: the menu of runners, when to use each or why it is missing, its form. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from gui.forms.form import Form
from gui.forms.python_box import PythonBox
from gui.forms.two_lines import MARGIN, NAME_ROLE, SENTENCE_ROLE, TwoLines
from gui.widgets.fields import FloatBox, Grid, IntBox, Menu, describe, note, section
from gui.widgets.panels import fill, set_text_color
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
        when: says below the menu when to use the runner there.
        obstacle: says why the runner in the menu cannot do the work; empty where it can.

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
        self.when = note()
        self.obstacle = describe(note(), "Why this runner cannot do the work")
        self.obstacle.setForegroundRole(QPalette.ColorRole.WindowText)
        self._forms_layout = QVBoxLayout()
        grid = Grid()
        self._labels = [
            grid.add_row("Workers", self.workers, f"How many tasks run at once, 1 to {MAX_WORKERS}"),
            grid.add_row("Switch interval (ms)", self.switch_interval, SWITCH),
        ]
        fill(
            QVBoxLayout(self),
            section("Runs on"),
            self.menu,
            self.when,
            self.obstacle,
            self._forms_layout,
            grid,
            self.polite,
            spacing=6,
        )
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
        if name not in self._forms:
            fields = self._runners[name].fields if name else ()
            form = self._forms[name] = Form(fields, {"python": partial(PythonBox, self._theme)})
            form.changed.connect(self.changed)
            form.hide()
            self._forms_layout.addWidget(form)
            self.form_made.emit()
        return self._forms[name]

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
        self.when.setText(NOTE_BLOCKING if self._blocking else when)
        describe(self.menu, "Runner", NOTE_BLOCKING if self._blocking else "Where the work runs")
        why_not = "" if self._blocking else self._why_not
        set_text_color(self.obstacle, self._theme.color("bad" if self._is_final else "muted"))
        self.obstacle.setText(f"✕ {why_not}" if why_not and self._is_final else why_not)
        self.obstacle.setVisible(bool(why_not))
        shown = self.form
        for form in self._forms.values():
            form.setVisible(form is shown and bool(form.values()))
        for widget in (self.menu, self.workers, self.polite, self.switch_interval, *self._labels, shown):
            widget.setEnabled(not self._blocking)


MARKER = 12
"""Pixels of a runner's marker at a text scale of 1."""


class RunnerMenu(Menu):
    """All runners but the GUI thread, which is the toggle's; each with its marker and a sentence in the open list."""

    def __init__(self, theme: Theme, runners: Mapping[str, Entry]) -> None:
        super().__init__()
        self._theme = theme
        self._lines = TwoLines(theme)
        self.setItemDelegate(self._lines)
        roles = (SENTENCE_ROLE, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole)
        for at, entry in enumerate(entry for name, entry in runners.items() if name != BLOCKING):
            self.add(entry.name, entry.title, entry.missing)
            self.setItemData(at, entry.title, NAME_ROLE)
            sentence = when_to_use(entry)
            for role in roles:
                self.setItemData(at, sentence, role)

    def fit(self) -> None:
        size = round(MARKER * self._theme.text_scale)
        self.setIconSize(QSize(size, size))
        for at in range(self.count()):
            self.setItemIcon(at, self._theme.runner_icon(self.itemData(at), size, self.devicePixelRatioF()))

    def showPopup(self) -> None:
        self.view().setMinimumWidth(max(self.width(), self._lines.width + 2 * MARGIN))
        QComboBox.showPopup(self)  # not the menu's own, which measures what is never shown there


def when_to_use(entry: Entry) -> str:
    """When to use a runner, in a sentence; where it is not available, why."""
    if entry.missing:
        return f"Not available here: it {entry.missing}."
    return str(entry.constants.get("WHEN", entry.summary))
