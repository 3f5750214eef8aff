"""The room Steps: what a function's threads do, line by line, in an order that a person chooses. In the GUI thread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QWidget

from gui.steps.columns import Columns
from gui.steps.controls import Controls
from gui.steps.shared_values import SharedValues
from gui.steps.trial import Trial
from gui.widgets.empty_state import EmptyState
from gui.widgets.page import Page
from gui.widgets.panels import fill, pile, scroll_down, set_ground, split, stack
from workers.catalog.labs import labs
from workers.stepping.answer import head, notes, share
from workers.stepping.orders import DEFAULT_ORDERS
from workers.stepping.played import Place
from workers.stepping.short import reduced_words
from workers.utils.child import COMMAND
from workers.utils.formatting import plural
from workers.utils.words import join_words

if TYPE_CHECKING:
    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry
    from workers.engine.plan import Settings

SLOW_MS = 300
"""An order that takes longer than this to be played is worth a word."""

TITLE = "See your threads go on line by line"
HOW = (
    "Choose a lab or a function of yours above. Then let one thread after the other make a step, or have an order "
    "found that goes wrong. The same order goes wrong each time."
)


class StepsPage(Page):
    """Columns of threads, what they share below, and what is done with them above.

    Attributes:
        controls: what is done with them.
        trial: what is played.
        columns: the threads.
        shared: what they share.
        answer: what came of it, or of many orders.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core, self._theme = core, theme
        self._is_free, self._chose_tasks = True, False
        self._is_due = False  # a field was changed while something was played
        self._entries: dict[str, Entry] = {}
        self._given: dict[str, dict[str, Any]] = {}  # parameters, by what they are of
        self.trial = Trial(core.gate, self)
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self.controls = Controls()
        self.answer, self.shared = QLabel(wordWrap=True), SharedValues(theme)
        self.columns = Columns(theme)
        self.stack = stack(EmptyState(theme, TITLE, HOW), self._body())
        set_ground(pile(self, self.controls, self.stack), "Steps")
        self._connect()
        self._fill_menu()

    def _body(self) -> QWidget:
        sideways = QScrollArea(widgetResizable=True)
        sideways.setFrameShape(QScrollArea.Shape.NoFrame)
        sideways.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sideways.setWidget(self.columns)
        below = QWidget()
        pile(below, fill(QHBoxLayout(), (self.answer, 1), margins=(12, 6, 12, 0)), (self._values(), 1))
        lies = Qt.Orientation.Vertical
        self.splitter = split(sideways, scroll_down(below), sizes=(300, 120), shares=(3, 1), direction=lies)
        return self.splitter

    def _values(self) -> QWidget:
        holder = QWidget()
        fill(QHBoxLayout(holder), (self.shared, 1), margins=(12, 4, 12, 8))
        return holder

    def _connect(self) -> None:
        trial, catalog, controls = self.trial, self._core.catalog, self.controls
        controls.menu.activated.connect(self._open)
        for field in (controls.tasks, controls.schedule):
            field.valueChanged.connect(self._open)
        controls.within.clicked.connect(self._open)
        controls.back.clicked.connect(self._go_back)
        controls.forward.clicked.connect(self._go_on)
        controls.run_on.clicked.connect(self._run_on)
        controls.seek.clicked.connect(self._find)
        controls.share.clicked.connect(self._share)
        self.columns.stepped.connect(self._step)
        trial.changed.connect(self._show)
        trial.counted.connect(self._show_count)
        trial.failed.connect(self.said)
        self._slow.timeout.connect(self._show_slow)
        catalog.added.connect(self._fill_menu)
        catalog.removed.connect(self._fill_menu)
        self._theme.changed.connect(self._show)

    # ---------------------------------------------------------------- for the window

    def set_free(self, is_free: bool) -> None:
        self._is_free = is_free
        self._show_buttons()

    def show_choice(self, runner: Entry, workload: Entry) -> None:
        """A lab or a function that is chosen in Live is offered here first, as long as nothing is stepped."""
        if self.trial.played is None and workload.name in self._entries:
            self.controls.menu.choose(workload.name)
            self.controls.show_tasks(self.entry)

    def show_settings(self, settings: Settings) -> None:
        """Step what a run did: with its tasks and parameters, and by its schedule where it had one."""
        entry, said = settings.workload_entry, dict(settings.params)
        self.controls.show_order(said)
        params = {field.name: said[field.name] for field in entry.fields if field.name in said}
        self.show_entry(entry, params, settings.tasks)

    def show_entry(self, entry: Entry, params: dict[str, Any] | None = None, tasks: int = 0) -> None:
        """Step a lab's version, or a function of a person's, with these parameters and tasks; its code is run."""
        self._entries.setdefault(entry.name, entry)
        if self.controls.menu.findData(entry.name) < 0:
            self.controls.menu.add(entry.name, entry.title)
        self.controls.menu.choose(entry.name)
        self._given, self._chose_tasks = {entry.name: params or {}}, False
        self.controls.show_tasks(self.entry)
        if tasks:
            self.controls.show_count(tasks)
        self._open()

    def shut(self) -> None:
        self._slow.stop()
        self.trial.close()

    # ---------------------------------------------------------------- what is chosen

    @property
    def entry(self) -> Entry | None:
        return self._entries.get(str(self.controls.menu.currentData()))

    @property
    def _params(self) -> dict[str, Any]:
        return self._given.get(str(self.controls.menu.currentData()), {})

    @Slot()
    def _fill_menu(self) -> None:
        own = {name: entry for name, entry in self._core.catalog.workloads.items() if entry.own is not None}
        versions = {one.entry.name: one.entry for lab in labs().values() for one in lab.versions}
        self._entries = {**own, **versions}
        self.controls.offer(self._entries)
        self.controls.show_tasks(self.entry)

    @Slot()
    def _open(self) -> None:
        """Step what is chosen from its beginning on; asks first where a person's code has not been run before."""
        if self.sender() is self.controls.menu:
            self._given, self._chose_tasks = {}, False
            self.controls.show_tasks(self.entry)
        self._chose_tasks |= self.sender() is self.controls.tasks
        self._is_due = self.trial.is_busy
        self._ask(self._begin)

    def _ask(self, go: Any) -> None:
        entry = self.entry
        if entry is not None and not self.trial.is_busy:
            self.code_requested.emit(entry, go)

    def _begin(self) -> None:
        entry = self.entry
        if entry is not None:
            controls = self.controls
            self.trial.open(
                entry,
                self._params,
                controls.tasks.value(),
                controls.schedule.value(),
                opcodes=controls.within.isChecked(),
                is_free=not self._chose_tasks,
            )

    # ---------------------------------------------------------------- what a person does

    @Slot(int)
    def _step(self, thread: int) -> None:
        self._ask(lambda: self.trial.step(thread))

    @Slot()
    def _go_back(self) -> None:
        self.trial.move(self.trial.at - 1)

    @Slot()
    def _go_on(self) -> None:
        if self.trial.played is None:
            self._open()
        else:
            self.trial.move(self.trial.at + 1)

    @Slot()
    def _run_on(self) -> None:
        played = self.trial.played
        if played is not None:
            self.trial.move(len(played.steps))

    @Slot()
    def _find(self) -> None:
        if self.trial.is_seeking:
            self.trial.cancel()
            return
        entry = self.entry
        if entry is not None:
            tasks = self.controls.tasks.value() if self._chose_tasks else None
            self._ask(lambda: self.trial.find(entry, self._params, tasks, DEFAULT_ORDERS))

    @Slot()
    def _share(self) -> None:
        job = self.trial.job
        if job is not None:
            params = {**self._params, **dict(self.trial.reduced)}
            line = join_words([*COMMAND, *share(job, self.trial.order, params)])
            QGuiApplication.clipboard().setText(line)
            self.said.emit("Copied the command line that makes this order again.")

    # ---------------------------------------------------------------- what is shown

    @Slot()
    def _show(self) -> None:
        trial = self.trial
        if self._is_due and not trial.is_busy:
            self._is_due = False
            self._ask(self._begin)
        if trial.is_busy and not trial.is_seeking:
            self._slow.start()
        else:
            self._slow.stop()
        played, job = trial.played, trial.job
        self._show_buttons()
        self.stack.setCurrentIndex(int(played is not None))
        if played is None or job is None:
            self.controls.place.clear()
            return
        if not trial.is_busy:
            self.controls.show_count(job.tasks)
        count = len(played.threads)
        self.columns.show_count(count, job.file.source, re.split(r"[.:]", job.name)[-1])
        step = played.steps[trial.at - 1] if trial.at and trial.at <= len(played.steps) else None
        places = step.places if step is not None else ()
        places += (Place(),) * (count - len(places))
        ready = step.ready if step is not None else tuple(range(job.places))
        can = () if trial.is_seeking or not self._is_free else ready
        self.columns.show_places(played.threads, places, can, trial.next_thread)
        self.controls.place.setText(f"Step {trial.at:,} of {len(played.steps):,}")
        self.shared.show_values(played, trial.at)
        self._show_answer()

    def _show_answer(self) -> None:
        trial, played, entry = self.trial, self.trial.played, self.entry
        assert played is not None
        told = ""
        if trial.verdict is not None and entry is not None:
            told = " ".join([head(trial.verdict, entry.name), *notes(trial.verdict)])
        elif trial.next_thread is None:
            told = played.why or "All have ended, and nothing went wrong in this order by itself."
        if trial.verdict is None and trial.reduced:
            told = f"{told} {reduced_words(trial.reduced)}".strip()
        self.answer.setText(told)
        self.answer.setVisible(bool(told))

    @Slot(int)
    def _show_count(self, done: int) -> None:
        if self.trial.is_seeking:
            self.controls.place.setText(f"{plural(done, 'order')} tried …")

    @Slot()
    def _show_slow(self) -> None:
        self.controls.place.setText("Playing the order …")

    def _show_buttons(self) -> None:
        columns = self.columns.columns
        rest = columns[0].text if columns else self.controls.menu
        self.controls.show_state(self.trial, may=self._is_free and self.entry is not None, rest=rest)
