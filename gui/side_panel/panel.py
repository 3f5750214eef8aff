"""The side panel: what to run, where, how much, and the buttons. In the GUI thread; it starts nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.side_panel.fit import Fit
from gui.side_panel.form import Form
from gui.side_panel.run_buttons import RunButtons
from gui.side_panel.runner_box import RunnerBox
from gui.side_panel.server_box import ServerBox
from gui.side_panel.try_it import TryIt
from gui.widgets.fields import MAX_INT, Grid, IntBox, Menu, describe, note, section
from workers.engine.plan import BLOCKING, Settings

if TYPE_CHECKING:
    from gui.controllers.catalog import Catalog
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

WIDTH = 288
"""Of the panel, in pixels at a text scale of 1."""


class Controls(QWidget):
    """Workload with its form, runner, workers, seed, buttons, and things to try.

    Attributes:
        buttons: Start, Compare, Pause and Cancel; each also by its own name, for the window to tell its shortcut.
        place: the menu of runners and the number of workers.
        fit: whether the work can be done there.
        server: the image server's settings.
        try_it: what a person may try while work runs.

    Signals:
        start_requested, cancel_requested, compare_requested: their buttons were pressed.
        pause_requested: pause (True) or go on (False).
        choice_changed: any of the settings of a run is another now.
        server_changed: the image server's Weather is another now.
    """

    start_requested = Signal()
    pause_requested = Signal(bool)
    cancel_requested = Signal()
    compare_requested = Signal()
    choice_changed = Signal()
    server_changed = Signal(object)

    def __init__(self, theme: Theme, catalog: Catalog) -> None:
        super().__init__()
        self._theme, self._catalog = theme, catalog
        self._runners = catalog.runners
        self._known = dict(catalog.workloads)  # as the menu and the forms show them
        self._forms: dict[str, Form] = {}
        self._task_counts: dict[str, int] = {}
        self._shown = ""
        self._blocking = False
        self._state = "idle"
        self._quiet = False
        self.fit = Fit(self)
        self._make_fields()
        self.buttons = RunButtons()
        self.start_button, self.compare_button = self.buttons.start, self.buttons.compare
        self.pause_button, self.cancel_button = self.buttons.pause, self.buttons.cancel
        self.server = ServerBox()
        self.server.server_changed.connect(self.server_changed)
        self.server.form_made.connect(self._size_fields)
        self.try_it = TryIt()
        self._lay_out()
        self._connect()
        theme.changed.connect(self._dress)
        self._dress()
        self._show_workload()
        self._show_state()

    # ---------------------------------------------------------------- what is chosen

    @property
    def workload(self) -> str:
        """The name of the chosen workload; empty where there is none."""
        return self.workload_menu.currentData() or ""

    @property
    def runner(self) -> str:
        """The name of the runner in the menu, whatever the toggle says; empty where there is none."""
        return self.place.runner

    @property
    def form(self) -> Form:
        """The parameters of the chosen workload."""
        return self._form(self.workload)

    def settings(self, blocking: bool, workload: str = "") -> Settings:
        """What a run would be now, on the GUI thread or on the menu's runner, of the chosen workload or another."""
        own = {} if blocking else self.place.form.values()
        workload = workload or self.workload
        return Settings(
            runner_entry=self._catalog.runner(BLOCKING if blocking else self.runner),
            workload_entry=self._catalog.workload(workload),
            tasks=self.tasks.value(),
            workers=self.workers.value(),
            params=tuple({**self._form(workload).values(), **own}.items()),
            seed=self.seed.value(),
            polite=self.place.polite.isChecked(),
            switch_interval_ms=self.place.switch_interval.value(),
        )

    @Slot(object)
    def _add_workload(self, entry: Entry) -> None:
        """Put a function of a person's own into the menu.

        One that is there already takes up the new entry: its form keeps the values of the fields that are the same.
        """
        before = self._known.get(entry.name)
        self._known[entry.name] = entry
        if before is None:
            self.workload_menu.add(entry.name, entry.title, entry.missing)
            tip = Qt.ItemDataRole.ToolTipRole
            self.workload_menu.setItemData(self.workload_menu.count() - 1, entry.missing or str(entry.path), tip)
        elif before.fields != entry.fields:
            self._make_form_anew(before, entry)
        if self.workload == entry.name:
            self._show_workload()
            self._tell()

    @Slot(object)
    def choose_workload(self, entry: Entry) -> None:
        """Put a function of a person's own into the menu, where it is not there yet, and choose it."""
        self._catalog.add(entry)
        self.workload_menu.choose(entry.name)

    @Slot(str)
    def _remove_workload(self, name: str) -> None:
        """Take a function of a person's own out of the menu: it cannot be run any more."""
        self.workload_menu.remove(name)  # another one is chosen then, while this one's form is still there
        if not self.workload:
            self.workload_menu.choose_first()
        form = self._forms.pop(name, None)
        if form is not None:
            form.deleteLater()
        self._task_counts.pop(name, None)
        self._known.pop(name, None)

    def _make_form_anew(self, before: Entry, entry: Entry) -> None:
        """A function's parameters are others now: fields that are as they were keep what was filled in."""
        old = self._forms.pop(entry.name, None)
        if old is None:
            return
        values = old.values()
        same = {field.name for field in entry.fields if field in before.fields}
        old.hide()
        old.deleteLater()
        self._form(entry.name).set_values({name: value for name, value in values.items() if name in same})

    def apply(self, settings: Settings) -> None:
        """Fill in everything. Names that are unknown or not available here leave their menu as it is."""
        before = self.settings(False)
        self._quiet = True
        self.workload_menu.choose(settings.workload)
        self.runner_menu.choose(settings.runner)
        if self.workload == settings.workload:
            self.form.set_values(dict(settings.params))
            self.tasks.setValue(settings.tasks)
        if self.runner == settings.runner:
            self.place.form.set_values(dict(settings.params))
        self.workers.setValue(settings.workers)
        self.seed.setValue(settings.seed)
        self.place.polite.setChecked(settings.polite)
        self.place.switch_interval.setValue(settings.switch_interval_ms)
        self._quiet = False
        self._look_whether_it_fits()
        if self.settings(False) != before:
            self.choice_changed.emit()

    def set_blocking(self, blocking: bool) -> None:
        """Say that the runner and the workers do not matter while the toggle is on."""
        self._blocking = blocking
        self.place.set_blocking(blocking)
        self._show_state()

    def set_state(self, state: str) -> None:
        """Let the buttons do what makes sense now.

        Args:
            state: "idle", "waiting" (a run is being prepared), "running" or "paused".
        """
        self._state = state
        self._show_state()

    # ---------------------------------------------------------------- making it

    def _make_fields(self) -> None:
        self.workload_menu = Menu()
        for name, entry in self._known.items():
            self.workload_menu.add(name, entry.title, entry.missing)
        self.workload_menu.choose_first()
        describe(self.workload_menu, "Workload", "What kind of work to do")
        self._summary = note()
        self.tasks = IntBox(1, 1_000_000, 1)
        self._tasks_are = QLabel()  # in its place where the work itself says how many there are
        self.seed = IntBox(1, MAX_INT, 1)
        self.place = RunnerBox(self._theme, self._runners)
        self.runner_menu, self.workers = self.place.menu, self.place.workers

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addWidget(section("Work"))
        column.addWidget(self.workload_menu)
        column.addWidget(self._summary)
        grid = Grid()
        grid.add_row("Tasks", self.tasks, "How many tasks one run has, 1 to 1,000,000")
        grid.addWidget(self._tasks_are, grid.rowCount() - 1, 1)
        grid.add_row("Seed", self.seed, "The same seed makes the same work")
        column.addLayout(grid)
        column.addSpacing(8)
        column.addWidget(self.place)
        column.addSpacing(8)
        # Below the runner, for it may be long, and a small window should show both menus without scrolling.
        self._details = section("Details of the work")
        column.addWidget(self._details)
        self._forms_layout = QVBoxLayout()
        column.addLayout(self._forms_layout)
        column.addSpacing(8)
        column.addWidget(self.server)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        # The panel's ground goes through; a style sheet for it would cost each of the fields inside.
        self._scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)

        trying = QVBoxLayout()
        trying.setContentsMargins(12, 4, 12, 8)
        trying.addWidget(self.try_it)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(_line())
        layout.addWidget(self.buttons)
        layout.addWidget(_line())
        layout.addLayout(trying)

    def _connect(self) -> None:
        self.workload_menu.currentIndexChanged.connect(self._show_workload)
        self.workload_menu.currentIndexChanged.connect(self._tell)
        self._catalog.added.connect(self._add_workload)
        self._catalog.removed.connect(self._remove_workload)
        self.place.changed.connect(self._look_whether_it_fits)
        self.place.changed.connect(self._show_state)
        self.place.form_made.connect(self._size_fields)
        self.fit.changed.connect(self._show_state)
        for change in (self.tasks.valueChanged, self.seed.valueChanged, self.place.changed):
            change.connect(self._tell)
        self.buttons.start_requested.connect(self.start_requested)
        self.buttons.pause_requested.connect(self.pause_requested)
        self.buttons.cancel_requested.connect(self.cancel_requested)
        self.buttons.compare_requested.connect(self.compare_requested)

    # ---------------------------------------------------------------- keeping it true

    def _form(self, name: str) -> Form:
        form = self._forms.get(name)
        if form is None:
            entry = self._known.get(name)
            is_own = entry is not None and entry.own is not None
            form = self._forms[name] = Form(entry.fields if entry is not None else (), below_zero=is_own)
            form.changed.connect(self._show_server)
            form.changed.connect(self._look_whether_it_fits)
            form.changed.connect(self._tell)
            self._forms_layout.addWidget(form)
            form.hide()
            self._size_fields()
        return form

    @Slot()
    def _show_workload(self) -> None:
        name = self.workload
        if self._shown in self._known:
            self._task_counts[self._shown] = self.tasks.value()
            self._form(self._shown).hide()
        self._shown = name
        entry = self._known.get(name)
        form = self._form(name)
        for widget in (self._details, form):
            widget.setVisible(entry is not None and bool(entry.fields))
        self._summary.setText(entry.summary if entry else "No workload is available here.")
        tasks_are = str(entry.constants.get("TASKS_ARE", "")) if entry else ""
        self._tasks_are.setText(tasks_are)
        self._tasks_are.setVisible(bool(tasks_are))
        self.tasks.setVisible(not tasks_are)
        was, self._quiet = self._quiet, True  # the menu's own change tells of both
        if entry is not None:
            self.tasks.setValue(self._task_counts.get(name, entry.constants.get("TASKS", 100)))
        self._quiet = was
        self._show_server()
        self._look_whether_it_fits()
        self._show_state()

    @Slot()
    def _look_whether_it_fits(self) -> None:
        if self._quiet:
            return  # it is about to change once more
        params = dict(self.settings(False).params)
        self.fit.look(self._runners.get(self.runner), self._known.get(self.workload), params)

    @Slot()
    def _show_server(self) -> None:
        entry = self._known.get(self.workload)
        elsewhere = entry.constants.get("SERVED_UNLESS") if entry is not None else None
        self.server.setVisible(elsewhere is not None and not self.form.values().get(elsewhere))

    @Slot()
    def _show_state(self) -> None:
        fit = self.fit
        self.place.show_obstacle(fit.why_not if fit.is_known or fit.is_slow else "", fit.is_known)
        elsewhere = bool(self.runner) and not fit.why_not
        self.buttons.show_state(
            self._state,
            blocking=self._blocking,
            can_start=bool(self.workload) and (self._blocking or elsewhere),
            can_compare=bool(self.workload) and elsewhere,
            why_not=fit.why_not,
        )

    @Slot()
    def _tell(self) -> None:
        if not self._quiet:
            self.choice_changed.emit()

    # ---------------------------------------------------------------- its look

    @Slot()
    def _dress(self) -> None:
        # It grows with the texts, but leaves the graphs their place.
        scale = min(self._theme.text_scale, 1.4)
        self.setMinimumWidth(round(WIDTH * scale))
        self.setMaximumWidth(round(1.4 * WIDTH * scale))
        self._size_fields()
        self.try_it.fit()
        self.place.fit()

    def _size_fields(self) -> None:
        size = self.fontMetrics().boundingRect("8,888,888,888").size() + QSize(32, 10)
        for box in self.findChildren(QAbstractSpinBox):
            box.setFixedSize(size)


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setForegroundRole(QPalette.ColorRole.Mid)
    return line
