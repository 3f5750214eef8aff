"""The side panel: what to run, where, how much, and the buttons. In the GUI thread; it starts nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.forms.run_options import RunOptions
from gui.forms.runner_box import RunnerBox
from gui.side_panel.run_buttons import RunButtons
from gui.side_panel.running import RunningNote
from gui.side_panel.server_box import ServerBox
from gui.side_panel.try_it import TryIt
from gui.side_panel.work_box import WorkBox
from gui.widgets.fields import describe
from gui.widgets.fold import Fold
from gui.widgets.panels import GivesWay, fill, line, order_tabs, pile, scroll_down
from workers.catalog.compatibility import takes_all
from workers.engine.plan import BLOCKING, Settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QCheckBox, QLabel

    from gui.controllers.catalog import Catalog
    from gui.forms.lazy_form import WorkForm
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

WIDTH = 288
"""Of the panel, in pixels at a text scale of 1."""

RUNS_ON, ELSEWHERE = "Runs on", "Compare with, or run elsewhere on"
"""What the menu of runners is for, with the toggle off and on."""


class Controls(QWidget):
    """Work, runner, the image server, buttons, and things to try.

    Attributes:
        work: the menu of workloads with their forms, and the number of tasks.
        place: the menu of runners with their forms, and the number of workers.
        options: seed, switch interval and politeness.
        more: what folds away.
        fit: whether the work can be done there.
        buttons: Start, Compare, Pause and Cancel; each also by its own name.
        running: what runs now, above the buttons.
        server: the image server's network conditions.
        try_it: what a person may try while work runs.

    Signals:
        choice_changed: a setting of a run has changed.
        run_requested: the Settings of a run that is wanted on the menu's runner, whatever the toggle says.
    """

    choice_changed = Signal()
    run_requested = Signal(object)

    def __init__(self, theme: Theme, catalog: Catalog) -> None:
        super().__init__()
        self._theme, self._catalog = theme, catalog
        self._blocking = False
        self._runs_blocking = False  # what goes on now; the toggle is for the next run
        self._state = "idle"
        self.work = WorkBox(theme, catalog)
        self.place = RunnerBox(theme, catalog.runners)
        self.fit = self.place.fit
        self.options = RunOptions()
        self.workload_menu, self.tasks, self.seed = self.work.menu, self.work.tasks, self.options.seed
        self.runner_menu, self.workers = self.place.menu, self.place.workers
        self.buttons, self.running = RunButtons(), RunningNote()
        self.start_button, self.compare_button = self.buttons.start, self.buttons.compare
        self.pause_button, self.cancel_button = self.buttons.pause, self.buttons.cancel
        self.server = ServerBox()
        self.try_it = TryIt()
        numbers, details = self.work.numbers, self.work.details
        self.more = Fold("More", numbers, self.place.details, self.options, 8, details, 8, self.server)
        about = "Tasks, seed, politeness, the details of runner and work, network conditions"
        describe(self.more.line, "More", about)
        self._lay_out()
        for part in (self.work, self.place, self.server):
            part.form_made.connect(self._arrange_fields)
        for change in (self.work.changed, self.place.changed, self.options.changed):
            change.connect(self._follow_choice)
        self.fit.changed.connect(self._show_fit)
        self.place.run_requested.connect(lambda: self.run_requested.emit(self.settings(False)))
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
    def form(self) -> WorkForm:
        return self.work.form

    def settings(self, blocking: bool) -> Settings:
        """What a run would be now, on the GUI thread or on the menu's runner."""
        own = {} if blocking else self.place.form.values()
        return Settings(
            runner_entry=self._catalog.runner(BLOCKING if blocking else self.runner),
            workload_entry=self._catalog.workload(self.workload),
            tasks=self.work.task_count,
            workers=self.workers.value(),
            params=tuple({**self.form.values(), **own}.items()),
            **self.options.values(),
        )

    def why_not(self, settings: Settings) -> str:
        """Why the work cannot be done there, where both are what is chosen here; else, and where it can, empty."""
        chosen = {"workload": self.workload, "runner": self.runner, **self.place.form.values()}
        asked = {**dict(settings.params), "workload": settings.workload, "runner": settings.runner}
        is_chosen = all(asked.get(name) == value for name, value in chosen.items())
        return self.fit.why_not if is_chosen and settings.runner != BLOCKING else ""

    @Slot(object)
    def choose_workload(self, entry: Entry) -> None:
        """Put a function of a person's own into the menu, where it is not there yet, and choose it."""
        self._catalog.add(entry)
        self.workload_menu.choose(entry.name)

    def apply(self, settings: Settings) -> None:
        """Fill in everything. Names that are unknown or not available here leave their menu as it is."""
        before = self.settings(False)
        with QSignalBlocker(self.work), QSignalBlocker(self.place), QSignalBlocker(self.options):
            self.workload_menu.choose(settings.workload)
            self.runner_menu.choose(settings.runner)
            if self.workload == settings.workload:
                self.form.set_values(dict(settings.params))
                if not takes_all(settings.workload_entry, dict(settings.params)):
                    self.tasks.setValue(settings.tasks)
            if self.runner == settings.runner:
                self.place.form.set_values(dict(settings.params))
            self.workers.setValue(settings.workers)
            self.options.set_values(
                {
                    "seed": settings.seed,
                    "polite": settings.polite,
                    "switch_interval_ms": settings.switch_interval_ms,
                }
            )
        self._arrange_fields()  # there may be new ones
        if self.settings(False) != before:
            self._follow_choice()

    def set_blocking(self, blocking: bool) -> None:
        """Say what the runner in the menu is for: with the toggle on, Start does not use it."""
        self._blocking = blocking
        self.place.title.setText(ELSEWHERE if blocking else RUNS_ON)
        self._mark_changes()
        self._show_state()

    def set_state(self, state: str) -> None:
        """Let the buttons do what makes sense now.

        Args:
            state: "idle", "waiting" (a run is being prepared), "running" or "paused".
        """
        self._state = state
        if state == "idle":
            self.running.end(self._labels())
        elif state in {"paused", "running"}:
            self.running.set_paused(state == "paused")
        self._show_state()

    def show_running(self, settings: Settings) -> None:
        """Say what runs, which is not what is chosen here any more once a person changes that."""
        self._runs_blocking = settings.runner == BLOCKING
        self.running.begin(settings, self.settings(False))
        self._show_state()

    def _lay_out(self) -> None:
        inner = QWidget()
        parts = self.work, 8, self.place, 4, self.more, None
        self._column = fill(QVBoxLayout(inner), *parts, margins=(12, 4, 12, 8), spacing=6)
        scroll = self._scroll = scroll_down(inner)
        GivesWay(scroll, self.more, self.place.when, self.work.summary)
        # A click on the ground takes what was typed; the Tab key has no business there.
        scroll.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        # The panel's ground goes through; a style sheet for it would cost each of the fields inside.
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        trying = fill(QVBoxLayout(), self.try_it, margins=(12, 4, 12, 8))
        pile(self, scroll, line(), self.running, self.buttons, line(), trying)

    # ---------------------------------------------------------------- keeping it true

    @Slot()
    def _follow_choice(self) -> None:
        entry = self.work.entry
        self.place.look(entry)
        elsewhere = entry.constants.get("SERVED_UNLESS") if entry is not None else None
        self.server.setVisible(elsewhere is not None and not self.form.values().get(elsewhere))
        self.work.show_lack()
        self._show_state()
        self._mark_changes()
        self.choice_changed.emit()

    @Slot()
    def _show_fit(self) -> None:
        if self.place.wants_details:
            self.more.set_open(True)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        fit, lacks = self.fit, self.work.lacks
        possible = bool(self.workload) and not lacks
        elsewhere = bool(self.runner) and not fit.why_not
        self.buttons.show_state(
            self._state,
            blocking=self._blocking,
            can_pause=not self._runs_blocking,
            can_start=possible and (self._blocking or elsewhere),
            can_compare=possible and elsewhere,
            why_not=(lacks, lacks or fit.why_not),
        )

    def _labels(self) -> dict[str, QLabel | QCheckBox]:
        """What names each field, by the names of settings and parameters."""
        own = {
            "workload": self.work.title,
            "runner": self.place.title,
            "tasks": self.work.tasks_label,
            "workers": self.place.workers_label,
        }
        return {**own, **self.options.labels, **self.form.labels, **self.place.form.labels}

    @Slot()
    def _mark_changes(self) -> None:
        if self.running.is_on:
            self.running.mark(self.settings(False), self._labels())

    # ---------------------------------------------------------------- its look

    @Slot()
    def _dress(self) -> None:
        scale = self._theme.text_scale
        self.setMinimumWidth(round(WIDTH * scale))
        self.setMaximumWidth(round(1.4 * WIDTH * scale))
        self._arrange_fields()
        self.try_it.fit()
        self.place.dress()
        self.work.show_lack()

    @Slot()
    def _arrange_fields(self) -> None:
        """Let the Tab key go through the fields as they are seen; there may be new ones."""
        order_tabs(self._column, self.buttons, self.try_it)
