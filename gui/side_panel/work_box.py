"""What is to be done: the menu of workloads with a form for each, how many tasks, which seed. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.forms.form import Form
from gui.widgets.fields import MAX_INT, Grid, IntBox, Menu, describe, note, section
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from gui.controllers.catalog import Catalog
    from workers.catalog.entry import Entry


class WorkBox(QWidget):
    """The menu of workloads, and what a run of the chosen one needs to know.

    Attributes:
        menu: the workloads.
        tasks: how many there are, where the work does not say that itself.
        seed: of the work's random numbers.
        details: the parameters of the chosen work, for the panel to place; hidden where it has none.

    Signals:
        changed: another workload or another value.
        form_made: there are more fields.
    """

    changed = Signal()
    form_made = Signal()

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self._known = dict(catalog.workloads)  # as the menu and the forms show them
        self._forms: dict[str, Form] = {}
        self._task_counts: dict[str, int] = {}
        self._shown = ""
        self.menu = describe(Menu(), "Workload", "What kind of work to do")
        for name, entry in self._known.items():
            self.menu.add(name, entry.title, entry.missing)
        self.menu.choose_first()
        self._summary = note()
        self.tasks, self.seed = IntBox(1, 1_000_000, 1), IntBox(1, MAX_INT, 1)
        self._tasks_are = QLabel()  # in its place where the work itself says how many there are
        grid = Grid()
        grid.add_row("Tasks", self.tasks, "How many tasks one run has, 1 to 1,000,000")
        grid.addWidget(self._tasks_are, grid.rowCount() - 1, 1)
        grid.add_row("Seed", self.seed, "The same seed makes the same work")
        fill(QVBoxLayout(self), section("Work"), self.menu, self._summary, grid, spacing=6)
        self.details = QWidget(self)  # until the panel takes it: what has no parent would be a window
        self._column = fill(QVBoxLayout(self.details), section("Details of the work"), spacing=6)
        self.menu.currentIndexChanged.connect(self._show)
        catalog.added.connect(self._add)
        catalog.removed.connect(self._remove)
        for box in (self.tasks, self.seed):
            box.valueChanged.connect(self.changed)
        self._show()

    @property
    def workload(self) -> str:
        """The name of the chosen workload; empty where there is none."""
        return self.menu.currentData() or ""

    @property
    def entry(self) -> Entry | None:
        return self._known.get(self.workload)

    def form(self, name: str) -> Form:
        """The parameters of a workload, whether it is chosen or not."""
        form = self._forms.get(name)
        if form is None:
            entry = self._known.get(name)
            is_own = entry is not None and entry.own is not None
            form = self._forms[name] = Form(entry.fields if entry is not None else (), below_zero=is_own)
            form.changed.connect(self.changed)
            self._column.addWidget(form)
            form.hide()
            self.form_made.emit()
        return form

    @Slot()
    def _show(self) -> None:
        if self._shown in self._known:
            self._task_counts[self._shown] = self.tasks.value()
            self.form(self._shown).hide()
        name, entry = self.workload, self.entry
        self._shown = name
        self.form(name).show()
        self.details.setVisible(entry is not None and bool(entry.fields))
        self._summary.setText(entry.summary if entry else "No workload is available here.")
        tasks_are = str(entry.constants.get("TASKS_ARE", "")) if entry else ""
        self._tasks_are.setText(tasks_are)
        self._tasks_are.setVisible(bool(tasks_are))
        self.tasks.setVisible(not tasks_are)
        if entry is not None:
            with QSignalBlocker(self.tasks):  # `changed` tells of both
                self.tasks.setValue(self._task_counts.get(name, entry.constants.get("TASKS", 100)))
        self.changed.emit()

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
        elif before.fields != entry.fields and entry.name in self._forms:
            old = self._drop_form(entry.name)
            same = {field.name for field in entry.fields if field in before.fields}
            self.form(entry.name).set_values(
                {name: value for name, value in old.values().items() if name in same}
            )
        if self.workload == entry.name:
            self._show()

    @Slot(str)
    def _remove(self, name: str) -> None:
        self.menu.remove(name)  # another one is chosen then, while this one's form is still there
        if not self.workload:
            self.menu.choose_first()
        if name in self._forms:
            self._drop_form(name)
        self._task_counts.pop(name, None)
        self._known.pop(name, None)

    def _drop_form(self, name: str) -> Form:
        form = self._forms.pop(name)
        form.hide()
        form.deleteLater()
        return form
