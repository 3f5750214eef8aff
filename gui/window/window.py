"""The window: its layout and its actions. What they do is led by the director; what it shows comes from the session."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from gui.frame.notice import TITLE, EndNotice
from gui.window.announcer import Announcer
from gui.window.drops import DropTaker, drop_of
from gui.window.file_actions import FileActions
from gui.window.layout import WindowLayout
from gui.window.menus import Menus
from gui.window.pages import Pages
from gui.window.places import Places
from gui.window.presentation import Presentation
from gui.window.run_views import RunViews
from gui.window.start_guard import StartGuard
from workers.engine.plan import BLOCKING
from workers.reports.next_step import LESSON, OWN, PAUSE

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from gui.widgets.page import Page
    from workers.catalog.entry import Entry
    from workers.engine.plan import Settings
    from workers.engine.run import Run

FRAME = QSize(8, 40)
"""Room for what a desktop puts around a window, in pixels; how much that is, is known only once it is shown."""


class MainWindow(QMainWindow):
    """Everything that a person sees.

    Attributes:
        header, rail, controls, graphs, strip, tabs, middle, sides: panels of its layout.
        pages: those in the rooms and the tabs.
        places: brings what a page asks for to the front.
        guard: says whether Start may start now.
        on_close: called when the person closes the window; the window itself never closes.
        views: what shows runs; its frames begin when the window is shown.
    """

    def __init__(self, *, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core, self._theme, self._preferences, self._session = core, theme, preferences, core.session
        self._director, self._leader = core.director, core.leader
        self.on_close: Callable[[], None] = lambda: None
        self.setWindowTitle(TITLE)
        self._layout = layout = WindowLayout(core, theme)
        self.header, self.rail, self.controls = layout.header, layout.rail, layout.controls
        self.graphs, self.strip = layout.graphs, layout.strip
        self.tabs, self.middle, self.sides = layout.tabs, layout.middle, layout.sides
        self.setCentralWidget(layout)
        self.setAcceptDrops(True)
        self.setMinimumSize(760, 480)
        self.resize(1280, 800)
        self.pages = Pages(layout, core, theme, preferences)
        self.announcer = Announcer(self.header, self.strip, core, preferences)
        self.guard = StartGuard(layout, self.pages, core, self.announcer.tell_dropped)
        self.views = RunViews(layout, core, self.pages, self.announcer)
        self.places = Places(layout, self.pages, core, (theme, preferences), self.announcer)
        pictures = {**self.graphs.pictures(), **self.pages.pictures()}
        self.files = FileActions(self, core.run_files, preferences, self._chosen_run, pictures)
        self.menus = Menus(self, layout, self.files, core, theme)
        self.menus.add_rooms(self.pages)
        self._presentation = Presentation(self, layout, theme, self.menus)
        EndNotice(self, core.director, core.leader)
        self._drops = DropTaker(self.controls, self.pages, self.files, self.announcer, core.catalog)
        core.may_start, core.may_run = self.guard.may_start, self.pages.may_run
        core.instruments.frame, core.instruments.read = self.frameGeometry, layout.read_parts
        self._connect()

    def _chosen_run(self) -> Run | None:
        return self.pages.runs.selected_run

    def begin(self) -> None:
        self.pages.begin()
        self.views.begin()

    def _connect(self) -> None:
        core, controls, director, leader = self._core, self.controls, self._director, self._leader
        controls.start_button.clicked.connect(self.start)
        controls.pause_button.clicked.connect(director.toggle_pause)
        controls.cancel_button.clicked.connect(core.cancel)
        controls.compare_button.clicked.connect(self.compare)
        controls.choice_changed.connect(self._follow_choice)
        controls.run_requested.connect(self.run_again)
        self.header.toggle.toggled.connect(self.set_blocking)
        self.header.hint_button.clicked.connect(self._follow_hint)
        self.header.end_button.clicked.connect(self.announcer.end_tour)
        self.menus.start.triggered.connect(self.start)
        self.menus.compare.triggered.connect(self.compare)
        self.menus.toggle.toggled.connect(self.set_blocking)
        self.pages.made.connect(self._connect_page)
        self.pages.left_over.found.connect(self.announcer.tell_left)
        self.pages.turned.connect(self._show_choice)
        self.graphs.freeze_clicked.connect(self.views.show_freeze)
        director.finished.connect(self._note_first_run)
        director.compared.connect(self.announcer.compared)
        director.refused.connect(self._refused)
        leader.begun.connect(self.announcer.forget)
        for over in (director.idle, leader.finished, leader.refused, core.lesson_ended):
            over.connect(self.settle)
        self.files.said.connect(self.announcer.say)
        self.menus.said.connect(self.announcer.say)
        self.menus.tour.triggered.connect(self.announcer.begin_tour)
        core.lesson_begun.connect(self._await_lesson)

    @Slot(object)
    def _connect_page(self, page: Page) -> None:
        page.wanted.connect(partial(self.pages.show_page, page))
        page.said.connect(self.announcer.say)
        page.told.connect(self.strip.say)
        page.left_changed.connect(self.announcer.take_back_left)
        page.code_requested.connect(self.guard.allow_code)
        page.start_requested.connect(self._begin)
        page.sequence_requested.connect(self._begin_all)
        page.live_start_requested.connect(self._start_live)
        page.choice_requested.connect(self.run_again)
        page.workload_chosen.connect(self.controls.choose_workload)
        page.save_requested.connect(self.files.save)
        page.export_requested.connect(self.files.export)

    # ---------------------------------------------------------------- what a person does

    @property
    def is_blocking(self) -> bool:
        """Whether the toggle is on: then the runner is `gui_thread`, whatever the menu says."""
        return self.menus.toggle.isChecked()

    @Slot(bool)
    def set_blocking(self, on: bool) -> None:
        self.menus.toggle.setChecked(on)
        self.header.toggle.setChecked(on)
        self.controls.set_blocking(on)
        self._follow_choice()

    @Slot()
    def start(self) -> None:
        if not self.pages.start_here():
            self._begin(self.controls.settings(self.is_blocking))

    @Slot(object)
    def _start_live(self, workload: Entry | None) -> None:
        if workload is not None and self.guard.may_start():
            self.controls.choose_workload(workload)
        self.start()

    @Slot(object)
    def _begin(self, settings: Settings) -> None:
        self._begin_all([settings])

    @Slot(list)
    def _begin_all(self, settings: list[Settings]) -> None:
        if all(map(self.guard.allows, settings)):
            self._keep_choice()
            self._director.sequence(settings)

    @Slot()
    def compare(self) -> None:
        settings = self.controls.settings(False)
        if self.guard.allows(settings, compare=True):
            self._keep_choice()
            self._director.compare(settings)

    @Slot()
    def _follow_hint(self) -> None:
        hint = self.announcer.hint
        if hint.action == PAUSE:
            self._director.toggle_pause()
        elif hint.action == OWN:
            self.pages.own.wanted.emit()
        elif hint.action == LESSON:
            self.pages.lessons.show_lesson(hint.lesson)
        elif hint.settings is not None:
            self.run_again(hint.settings)

    # ---------------------------------------------------------------- what happens

    def _keep_choice(self) -> None:
        self._preferences.write_run(self.controls.settings(False))

    @Slot(object)
    def run_again(self, settings: Settings) -> None:
        if self.guard.allows(settings):
            self.set_blocking(settings.runner == BLOCKING)
            self.controls.apply(settings)
            self._keep_choice()
            self._director.start(self._core.catalog.current(settings))

    @Slot()
    def _note_first_run(self) -> None:
        if not self._leader.is_running:
            self._preferences.write("guided", "yes")

    @Slot(str)
    def _refused(self, why: str) -> None:
        if not self._leader.is_running:
            self.strip.say(why, keep=False)

    @Slot()
    def _await_lesson(self) -> None:
        self.controls.set_state("waiting")
        self.pages.set_free(False)

    @Slot()
    def settle(self) -> None:
        if self._core.is_busy:
            return
        if self._session.run is not None and self._session.run.settings.runner == BLOCKING:
            self.guard.thawed = time.perf_counter()
        self.controls.set_state("idle")
        self.announcer.settle(self.controls.settings(self.is_blocking))
        self.pages.set_free(True)

    # ---------------------------------------------------------------- what is shown

    @Slot()
    def _follow_choice(self) -> None:
        self._show_choice()
        if self.controls.workload and (self.is_blocking or self.controls.runner):
            self.announcer.show_choice(self.controls.settings(self.is_blocking))

    @Slot()
    def _show_choice(self) -> None:
        page, catalog = self.pages.current, self._core.catalog
        self.announcer.show_room(self.pages.is_live, self.pages.in_lessons)
        runner = BLOCKING if self.is_blocking else self.controls.runner
        place = catalog.runners.get(self.controls.runner)
        is_apart = place is None or place.traits.gil != "gui"
        self.header.toggle.show_runner(
            self.controls.runner, catalog.runner_title(self.controls.runner), is_apart
        )
        if page is not None and runner and self.controls.workload:
            page.show_choice(catalog.runners[runner], catalog.workloads[self.controls.workload])

    # ---------------------------------------------------------------- from one start to the next

    def recall(self) -> None:
        """Take up what was remembered; at the very first start the toggle is on."""
        self.places.recall_run()
        self.set_blocking(self._preferences.read("blocking", "yes") == "yes")
        self.announcer.greet(self.is_blocking)
        if not self.restoreGeometry(self._preferences.read_bytes("geometry")):
            self._fit_screen()
        self._layout.recall(self._preferences)

    def _fit_screen(self) -> None:
        """At the first start, with its frame and title, it is no larger than the screen: the strip would be cut off."""
        if QGuiApplication.platformName() != "offscreen":  # there the screen is as small as nobody's is
            self.resize(self.size().boundedTo(self.screen().availableSize() - FRAME))

    def remember(self) -> None:
        self._presentation.set_on(False)
        self._keep_choice()
        self._preferences.write("blocking", "yes" if self.is_blocking else "no")
        self._preferences.write_bytes("geometry", self.saveGeometry())
        self._layout.remember(self._preferences)
        self.pages.remember()
        self._preferences.write("scheme", self._theme.choice)
        self._preferences.write("text_scale", f"{self._theme.chosen_scale:.2f}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if drop_of(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        drop = drop_of(event.mimeData())
        if drop is not None:
            event.acceptProposedAction()
            self._drops.take(drop, event.mimeData())

    def shut(self) -> None:
        for page in self.pages:
            page.shut()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        if all(page.may_leave() for page in self.pages):
            self.on_close()
