"""Where the work runs: the menu of runners, when to use each or why it is missing, and workers. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.forms.fit import Fit
from gui.forms.form import Form
from gui.forms.lazy_form import LazyForm
from gui.forms.other_place import OtherPlace
from gui.forms.place_told import PlaceTold
from gui.forms.python_box import PythonBox
from gui.forms.two_lines import MARGIN, NAME_ROLE, SENTENCE_ROLE, TwoLines
from gui.widgets.code_block import SELECTABLE
from gui.widgets.fields import Grid, IntBox, Menu, describe, note, section
from gui.widgets.panels import fill, set_text_color
from workers.engine.plan import BLOCKING, DEFAULT_RUNNER, MAX_WORKERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

FREEZES = "⚠ The window freezes until all of it is done."
"""Said of the GUI thread, where it is one of the runners to choose."""


class RunnerBox(QWidget):
    """The menu of runners, and what a run on the chosen one needs to know.

    Attributes:
        title: what the chosen runner is for.
        menu: the runners.
        workers: how many tasks run at once.
        workers_label: says so.
        when: says below the menu when to use the runner there.
        fit: whether the runner in the menu can do the work that was named last.
        obstacle: says why it cannot; empty where it can.
        told: says what there is of a runner that others keep, such as a cluster; hidden where nothing is to be said.
        other: runs it where it can, below that.
        details: the parameters of the chosen runner, for its owner to place; hidden where it has none.

    Signals:
        changed: another runner, another parameter of it, another number of workers.
        form_made: there are more fields.
        run_requested: a run is wanted on the runner that is chosen now.
    """

    changed = Signal()
    form_made = Signal()
    run_requested = Signal()

    def __init__(self, theme: Theme, runners: dict[str, Entry], has_gui_thread: bool = False) -> None:
        """Make it; the GUI thread is among the runners only where nothing else can choose that."""
        super().__init__()
        self._theme, self._runners = theme, runners
        self.fit = Fit(self)
        self._forms: dict[str, LazyForm] = {}
        self._python_boxes: list[PythonBox] = []
        self._project = ""
        self.title = section("Runs on")
        offered = {name: entry for name, entry in runners.items() if has_gui_thread or name != BLOCKING}
        self.menu = describe(RunnerMenu(theme, offered), "Runner", "Where the work runs")
        self.menu.choose_first(DEFAULT_RUNNER)
        self.workers = IntBox(1, MAX_WORKERS, 2)
        self.when = note()
        self.obstacle = describe(note(), "Why this runner cannot do the work")
        self.obstacle.setForegroundRole(QPalette.ColorRole.WindowText)
        self.obstacle.setTextInteractionFlags(SELECTABLE)  # it may have a command to copy
        self.obstacle.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.told = PlaceTold(self.workers)
        self.other = OtherPlace(runners)
        self.other.wanted.connect(self._run_there)
        self.details = QWidget(self)  # until its owner takes it: what has no parent would be a window
        self._column = fill(QVBoxLayout(self.details))
        grid = Grid()
        tip = f"How many tasks run at once, 1 to {MAX_WORKERS}"
        self.workers_label = grid.add_row("Workers", self.workers, tip)
        fill(
            QVBoxLayout(self),
            self.title,
            self.menu,
            self.when,
            self.told,
            self.obstacle,
            self.other,
            grid,
            spacing=6,
        )
        self.menu.currentIndexChanged.connect(self._show)
        self.menu.currentIndexChanged.connect(self.changed)
        self.workers.valueChanged.connect(self.changed)
        self.fit.changed.connect(self._show)
        self._show()

    @property
    def runner(self) -> str:
        return self.menu.currentData() or ""

    @property
    def form(self) -> LazyForm:
        name = self.runner
        if name not in self._forms:
            fields = self._runners[name].fields if name else ()
            special = {"python": self._python_box}
            form = self._forms[name] = LazyForm(fields, partial(Form, special=special))
            form.changed.connect(self.changed)
            form.made.connect(self.form_made)
            form.hide()
            self._column.addWidget(form)
        return self._forms[name]

    @property
    def wants_details(self) -> bool:
        """Whether the runner cannot do the work, and one of its own parameters may be the way out."""
        return self.fit.is_known and bool(self.fit.why_not) and self.form.has_fields

    def _python_box(self) -> PythonBox:
        box = PythonBox(self._theme)
        box.use_project(self._project)
        self._python_boxes.append(box)
        return box

    def look(self, workload: Entry | None) -> None:
        """Find out whether the runner in the menu can do this work, and say below it why not."""
        self._project = workload.own.python if workload is not None and workload.own is not None else ""
        for box in self._python_boxes:
            box.use_project(self._project)
        self.other.look(self._runners.get(self.runner), workload)
        self.fit.look(self._runners.get(self.runner), workload, self.form.values())

    @Slot(str)
    def _run_there(self, runner: str) -> None:
        self.menu.choose(runner)
        self.run_requested.emit()

    def dress(self) -> None:
        self.menu.fit()
        self._show()

    @Slot()
    def _show(self) -> None:
        entry, theme = self._runners.get(self.runner), self._theme
        freezes = self.runner == BLOCKING
        when = when_to_use(entry) if entry else "No other runner is available here."
        self.when.setText(FREEZES if freezes else when)
        self.menu.setToolTip(self.when.text())  # the note may give way
        set_text_color(self.when, theme.color("bad" if freezes else "muted"))
        fit = self.fit
        why_not = fit.why_not if fit.is_known or fit.is_slow else ""
        set_text_color(self.obstacle, theme.color("bad" if fit.is_known else "muted"))
        self.obstacle.setText(f"✕ {why_not}" if why_not and fit.is_known else why_not)
        self.obstacle.setVisible(bool(why_not))
        self.told.show_told(fit.told)
        shown = self.form
        for form in self._forms.values():
            form.setVisible(form is shown and form.has_fields)
        self.details.setVisible(shown.has_fields)


MARKER = 12
"""Pixels of a runner's marker at a text scale of 1."""


class RunnerMenu(Menu):
    """Runners, each with its marker and a sentence in the open list."""

    def __init__(self, theme: Theme, runners: Mapping[str, Entry]) -> None:
        super().__init__()
        self._theme = theme
        self._lines = TwoLines(theme)
        self.setItemDelegate(self._lines)
        roles = (SENTENCE_ROLE, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole)
        for at, entry in enumerate(runners.values()):
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
        self.open_list()  # not the menu's own way, which measures what is never shown there


def when_to_use(entry: Entry) -> str:
    """When to use a runner, in a sentence; where it is not available, why."""
    if entry.missing:
        return f"Not available here: it {entry.missing}."
    return str(entry.constants.get("WHEN", entry.summary))
