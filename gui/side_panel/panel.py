"""The side panel: what to run, where, how much, and the buttons. In the GUI thread; it starts nothing itself."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QFrame, QLayout, QVBoxLayout, QWidget

from gui.side_panel.fit import Fit
from gui.side_panel.run_buttons import RunButtons
from gui.side_panel.runner_box import RunnerBox
from gui.side_panel.server_box import ServerBox
from gui.side_panel.try_it import TryIt
from gui.side_panel.work_box import WorkBox
from gui.widgets.panels import fill, pile, scroll_down
from workers.engine.plan import BLOCKING, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.controllers.catalog import Catalog
    from gui.side_panel.form import Form
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

WIDTH = 288
"""Of the panel, in pixels at a text scale of 1."""


class Controls(QWidget):
    """Work, runner, the image server, buttons, and things to try.

    Attributes:
        work: the menu of workloads with their forms, the number of tasks and the seed.
        place: the menu of runners with their forms, and the number of workers.
        fit: whether the work can be done there.
        buttons: Start, Compare, Pause and Cancel; each also by its own name.
        server: the image server's network conditions.
        try_it: what a person may try while work runs.

    Signals:
        choice_changed: a setting of a run has changed.
    """

    choice_changed = Signal()

    def __init__(self, theme: Theme, catalog: Catalog) -> None:
        super().__init__()
        self._theme, self._catalog = theme, catalog
        self._blocking = False
        self._state = "idle"
        self.fit = Fit(self)
        self.work = WorkBox(catalog)
        self.place = RunnerBox(theme, catalog.runners)
        self.workload_menu, self.tasks, self.seed = self.work.menu, self.work.tasks, self.work.seed
        self.runner_menu, self.workers = self.place.menu, self.place.workers
        self.buttons = RunButtons()
        self.start_button, self.compare_button = self.buttons.start, self.buttons.compare
        self.pause_button, self.cancel_button = self.buttons.pause, self.buttons.cancel
        self.server = ServerBox()
        self.try_it = TryIt()
        self._lay_out()
        for part in (self.work, self.place, self.server):
            part.form_made.connect(self._arrange_fields)
        for change in (self.work.changed, self.place.changed):
            change.connect(self._follow_choice)
        self.fit.changed.connect(self._show_state)
        theme.changed.connect(self._dress)
        self._dress()
        self._follow_choice()
        self._show_state()

    # ---------------------------------------------------------------- what is chosen

    @property
    def workload(self) -> str:
        return self.work.workload

    @property
    def runner(self) -> str:
        """The name of the runner in the menu, whatever the toggle says; empty where there is none."""
        return self.place.runner

    @property
    def form(self) -> Form:
        return self.work.form(self.workload)

    def settings(self, blocking: bool, workload: str = "") -> Settings:
        """What a run would be now, on the GUI thread or on the menu's runner, of the chosen workload or another."""
        own = {} if blocking else self.place.form.values()
        workload = workload or self.workload
        return Settings(
            runner_entry=self._catalog.runner(BLOCKING if blocking else self.runner),
            workload_entry=self._catalog.workload(workload),
            tasks=self.tasks.value(),
            workers=self.workers.value(),
            params=tuple({**self.work.form(workload).values(), **own}.items()),
            seed=self.seed.value(),
            polite=self.place.polite.isChecked(),
            switch_interval_ms=self.place.switch_interval.value(),
        )

    @Slot(object)
    def choose_workload(self, entry: Entry) -> None:
        """Put a function of a person's own into the menu, where it is not there yet, and choose it."""
        self._catalog.add(entry)
        self.workload_menu.choose(entry.name)

    def apply(self, settings: Settings) -> None:
        """Fill in everything. Names that are unknown or not available here leave their menu as it is."""
        before = self.settings(False)
        with QSignalBlocker(self.work), QSignalBlocker(self.place):
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
        self._arrange_fields()  # there may be new ones
        if self.settings(False) != before:
            self._follow_choice()

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

    def _lay_out(self) -> None:
        inner = QWidget()
        self._column = fill(
            QVBoxLayout(inner),
            self.work,
            8,
            self.place,
            8,
            self.work.details,  # below the runner: it may be long, and a small window should show both menus
            8,
            self.server,
            None,
            margins=(12, 4, 12, 8),
            spacing=6,
        )
        scroll = scroll_down(inner)
        # A click on the ground takes what was typed; the Tab key has no business there.
        scroll.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        # The panel's ground goes through; a style sheet for it would cost each of the fields inside.
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        trying = fill(QVBoxLayout(), self.try_it, margins=(12, 4, 12, 8))
        pile(self, scroll, _line(), self.buttons, _line(), trying)

    # ---------------------------------------------------------------- keeping it true

    @Slot()
    def _follow_choice(self) -> None:
        runner = self._catalog.runners.get(self.runner)
        entry = self.work.entry
        self.fit.look(runner, entry, dict(self.settings(False).params))
        elsewhere = entry.constants.get("SERVED_UNLESS") if entry is not None else None
        self.server.setVisible(elsewhere is not None and not self.form.values().get(elsewhere))
        self.choice_changed.emit()

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

    # ---------------------------------------------------------------- its look

    @Slot()
    def _dress(self) -> None:
        scale = self._theme.text_scale
        self.setMinimumWidth(round(WIDTH * scale))
        self.setMaximumWidth(round(1.4 * WIDTH * scale))
        self._arrange_fields()
        self.try_it.fit()
        self.place.fit()

    @Slot()
    def _arrange_fields(self) -> None:
        """Give all fields one size, and let the Tab key go through them as they are seen; there may be new ones."""
        size = self.fontMetrics().boundingRect("8,888,888,888").size() + QSize(32, 10)
        for box in self.findChildren(QAbstractSpinBox):
            box.setFixedSize(size)
        # By itself Qt's order is that in which they were made.
        fields = [*_fields(self._column), *_fields(self.buttons), *_fields(self.try_it)]
        for before, after in pairwise(fields):
            QWidget.setTabOrder(before, after)


def _fields(part: QWidget | QLayout | None) -> Iterator[QWidget]:
    """What the Tab key can reach in a part of the panel, in the order of its layouts."""
    if isinstance(part, QLayout):
        for item in map(part.itemAt, range(part.count())):
            yield from _fields((item.layout() or item.widget()) if item is not None else None)
    elif part is not None and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield part
    elif part is not None:
        yield from _fields(part.layout())


def _line() -> QFrame:
    line = QFrame(frameShape=QFrame.Shape.HLine, frameShadow=QFrame.Shadow.Plain)
    line.setForegroundRole(QPalette.ColorRole.Mid)
    return line
