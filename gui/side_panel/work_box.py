"""What is to be done: the menu of workloads with a form for each, and how many tasks. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.forms.lazy_form import WorkForms
from gui.widgets.fields import Grid, IntBox, Menu, describe, note, section
from gui.widgets.panels import fill, set_text_color
from workers.catalog.compatibility import lack, takes_all, tasks_are
from workers.catalog.entry import unknown
from workers.engine.plan import MAX_TASKS

if TYPE_CHECKING:
    from gui.controllers.catalog import Catalog
    from gui.forms.lazy_form import WorkForm
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry


class WorkBox(QWidget):
    """The menu of workloads, and what a run of the chosen one needs to know.

    Attributes:
        title: what the menu is for.
        menu: the workloads.
        summary: says what the chosen one does; it may give way, for the menu's tooltip says it too.
        lack: says at the fields which of them has to be filled in first; hidden where none has.
        numbers: the field `tasks`, for the panel to place: how many there are, where the work does not say that itself.
        details: the parameters that the chosen work can do without, likewise; hidden where it has none.
        tasks_label: says what `tasks` is.

    Signals:
        changed: another workload or another value.
        form_made: there are more fields.
    """

    changed = Signal()
    form_made = Signal()

    def __init__(self, theme: Theme, catalog: Catalog) -> None:
        super().__init__()
        self._theme = theme
        self._known = dict(catalog.workloads)  # as the menu and the forms show them
        self._task_counts: dict[str, int] = {}
        self._shown = ""
        self.title = section("Work")
        self.menu = describe(Menu(), "Workload", "What kind of work to do")
        for name, entry in self._known.items():
            self.menu.add(name, entry.title, entry.missing)
        self.menu.choose_first()
        self.summary = note()
        self.lack = describe(note(), "What this work lacks")
        self.lack.setForegroundRole(QPalette.ColorRole.WindowText)
        needed, details = QVBoxLayout(), QVBoxLayout()
        self._forms = WorkForms(needed, details)
        fill(QVBoxLayout(self), self.title, self.menu, self.summary, needed, self.lack, spacing=6)
        # Until the panel takes them: what has no parent would be a window.
        self.numbers, self.details = QWidget(self), QWidget(self)
        self.tasks = IntBox(1, MAX_TASKS, 1)
        self._tasks_are = QLabel()  # in its place where the work itself says how many there are
        grid = Grid(self.numbers)
        self.tasks_label = grid.add_row("Tasks", self.tasks, "How many tasks one run has, 1 to 1,000,000")
        grid.addWidget(self._tasks_are, grid.rowCount() - 1, 1)
        fill(QVBoxLayout(self.details), section("Details of the work"), details, spacing=6)
        self.menu.currentIndexChanged.connect(self._show)
        self._forms.changed.connect(self._show_tasks_are)
        self._forms.changed.connect(self.changed)
        self._forms.made.connect(self.form_made)
        catalog.added.connect(self._add)
        catalog.removed.connect(self._remove)
        self.tasks.valueChanged.connect(self.changed)
        self._show()

    @property
    def workload(self) -> str:
        """The name of the chosen workload; empty where there is none."""
        return self.menu.currentData() or ""

    @property
    def entry(self) -> Entry | None:
        return self._known.get(self.workload)

    @property
    def form(self) -> WorkForm:
        """The parameters of the chosen workload."""
        return self._forms.form(self.entry or unknown(self.workload))

    @property
    def lacks(self) -> str:
        """Why a run cannot begin wherever it is, in a sentence; empty where nothing is missing."""
        missing = lack(self.entry, self.form.values()) if self.entry is not None else None
        return missing.why if missing is not None else ""

    def show_lack(self) -> None:
        """Say at the fields what is missing."""
        why = self.lacks
        set_text_color(self.lack, self._theme.color("bad"))
        self.lack.setText(f"✕ {why}")
        self.lack.setVisible(bool(why))

    @Slot()
    def _show(self) -> None:
        if self._shown in self._known:
            self._task_counts[self._shown] = self.tasks.value()
        name, entry = self.workload, self.entry
        self._shown = name
        form = self._forms.show(entry or unknown(name))
        self.details.setVisible(form.details.has_fields)
        self.summary.setText(entry.summary if entry else "No workload is available here.")
        self.menu.setToolTip(self.summary.text())
        self._show_tasks_are()
        if entry is not None:
            with QSignalBlocker(self.tasks):  # `changed` tells of both
                self.tasks.setValue(self._task_counts.get(name, entry.constants.get("TASKS", 100)))
        self.changed.emit()

    @Slot()
    def _show_tasks_are(self) -> None:
        words = tasks_are(self.entry, self.form.values()) if self.entry is not None else ""
        self._tasks_are.setText(words)
        self._tasks_are.setVisible(bool(words))
        self.tasks.setVisible(not words)

    @property
    def task_count(self) -> int:
        """How many tasks a run has; of a list as many as there may be."""
        all_of_it = self.entry is not None and takes_all(self.entry, self.form.values())
        return MAX_TASKS if all_of_it else self.tasks.value()

    # ---------------------------------------------------------------- functions of a person's own

    @Slot(object)
    def _add(self, entry: Entry) -> None:
        """One that is there already takes up the new entry: its form keeps the values of fields that are the same."""
        before = self._known.get(entry.name)
        self._known[entry.name] = entry
        if before is None:
            self.menu.add(entry.name, entry.title, entry.missing)
            tip = Qt.ItemDataRole.ToolTipRole
            self.menu.setItemData(self.menu.count() - 1, entry.missing or str(entry.path), tip)
        else:
            self._forms.take_up(entry)
        if self.workload == entry.name:
            self._show()

    @Slot(str)
    def _remove(self, name: str) -> None:
        self.menu.remove(name)  # another one is chosen then, while this one's form is still there
        if not self.workload:
            self.menu.choose_first()
        self._forms.drop(name)
        self._task_counts.pop(name, None)
        self._known.pop(name, None)
