"""What a page asks to be seen elsewhere: a run in its place, a copy in the editor, a workload step by step.

In the GUI thread.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gui.controllers.background import Asker
from gui.frame.outline import Outline
from gui.process.log import log
from gui.your_function.recent import OwnFiles, remembered_function
from workers.utils.atomic_file import why_not_written

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from gui.widgets.page import Page
    from gui.window.announcer import Announcer
    from gui.window.layout import WindowLayout
    from gui.window.pages import Pages
    from workers.catalog.entry import Entry
    from workers.engine.plan import Settings
    from workers.engine.run import Run
    from workers.teaching.courses import Course

BUSY = "The tasks of another run can be shown when this one has ended."


class Places(QObject):
    """Brings the place to the front that a page asks for, marks it, and offers the way back."""

    def __init__(
        self,
        layout: WindowLayout,
        pages: Pages,
        core: Core,
        look: tuple[Theme, Preferences],
        announcer: Announcer,
    ) -> None:
        super().__init__(layout)
        self._layout, self._pages, self._core, self._announcer = layout, pages, core, announcer
        self._theme, self._preferences = look
        self._from: Page | None = None
        self._recalled: Settings | None = None
        self._asker = Asker("function of the last run", self)
        self._asker.answered.connect(self._recall_own)
        self._finders = {
            "graphs": self._graphs,
            "timeline": self._timeline,
            "waits": self._waits,
            "gallery": self._gallery,
            "code": self._code,
            "steps": self._steps,
            "runs": self._runs,
        }
        pages.made.connect(self._connect_page)
        pages.turned.connect(self._follow_room)
        core.director.announced.connect(layout.back.hide)
        layout.back.chosen.connect(self._go_back)

    @Slot(object)
    def _connect_page(self, page: Page) -> None:
        page.tasks_requested.connect(self._show_tasks)
        page.edit_requested.connect(self._edit)
        page.copy_requested.connect(self._copy)
        page.trusted.connect(self._trust)
        page.steps_requested.connect(self._step_through)
        page.pair_requested.connect(self._compare)
        page.place_requested.connect(partial(self._show, page))

    # ---------------------------------------------------------------- a person's own code

    def take_own(self, entry: Entry) -> None:
        """Take a lab, or a function of a person's, that the command line names; whoever named its file trusts it."""
        if entry.own is not None:
            OwnFiles(self._preferences).trust_file(entry.path)
        self._core.catalog.add(entry)

    def recall_run(self) -> None:
        """Set in the side panel what was set when the program was left."""
        own = remembered_function(self._preferences)
        if callable(own):
            self._asker.ask(own)
        elif own is not None:
            self._core.catalog.add(own)
        self._set_last()
        self._recalled = self._layout.controls.settings(blocking=False)

    def _set_last(self) -> None:
        kept = self._preferences.read_run(self._core.catalog.workloads, self._core.catalog.runners)
        if kept is not None:
            self._layout.controls.apply(kept)

    @Slot(object)
    def _recall_own(self, own: Entry | Exception | None) -> None:
        """A person's own function of a long file is known now: it is set, where nothing else was meanwhile."""
        if isinstance(own, Exception):
            log.info("the function of the last run is not known: %s", own)
        elif own is not None:
            self._core.catalog.add(own)
            if not self._core.is_busy and self._layout.controls.settings(blocking=False) == self._recalled:
                self._set_last()

    def open_course(self, course: Course) -> None:
        """Show lessons that the command line names; likewise."""
        for lesson in course.lessons:
            if lesson.is_own:
                self._trust(lesson.path)
        self._pages.lessons.open_course(course)
        self._pages.lessons.wanted.emit()

    @Slot(object)
    def _trust(self, path: Path) -> None:
        self._pages.own.choice.files.trust_file(path)

    @Slot(object, str)
    def _edit(self, path: Path, function: str) -> None:
        """Open a person's own file in the editor, with one of its functions chosen."""
        if self._pages.own.open_in_editor(path):
            self._pages.own.choice.choose(function)

    @Slot(object)
    def _copy(self, entry: Entry) -> None:
        """Make a copy of a lab that is a person's own, and open it with this version of it chosen."""
        from workers.catalog.lab_source import save_copy  # needed late, if at all
        from workers.catalog.labs import labs

        name, _, function = entry.name.partition(".")
        try:
            path = save_copy(labs()[name])
        except OSError as error:
            self._announcer.say(why_not_written(entry.path, error))
            return
        self._edit(path, function)
        self._announcer.say(f"Saved {path}: change it as you like.")

    @Slot(object)
    def _step_through(self, entry: Entry) -> None:
        """Open a workload in the room Steps."""
        self._pages.steps.wanted.emit()
        self._pages.steps.show_entry(entry)

    # ---------------------------------------------------------------- a run in its place

    @Slot(object)
    def _show_tasks(self, run: Run) -> None:
        if self._core.director.is_busy:
            self._announcer.say(BUSY)
        else:
            self._pages.tasks.show_run(run)
            self._pages.tasks.wanted.emit()

    def _show(self, page: Page, look: str, run: Run, what: str) -> None:
        if self._core.director.is_busy:
            self._announcer.say(BUSY)
            return
        target = self._finders[look](run)
        self._from = page
        self._layout.back.show_way(page.back, what)
        Outline(self._theme, target)

    def _graphs(self, run: Run) -> QWidget:
        graphs = self._layout.graphs
        self._pages.show_room(0)
        if not self._layout.middle.sizes()[0]:
            self._layout.enlarge_tabs()
        for strip in graphs.strips:
            if strip.run is run:
                graphs.show_run(strip)
        return graphs

    def _timeline(self, run: Run) -> QWidget:
        tasks = self._pages.tasks
        self._show_tasks(run)
        return tasks.timeline if tasks.timeline.isVisible() else tasks

    def _waits(self, run: Run) -> QWidget:
        waits = self._pages.tasks.waits
        timeline = self._timeline(run)
        self._pages.tasks.refresh(at_once=True)
        return waits if waits.isVisible() else timeline

    def _gallery(self, run: Run) -> QWidget:
        self._pages.gallery.wanted.emit()
        return self._pages.gallery

    def _code(self, run: Run) -> QWidget:
        code = self._pages.code
        code.wanted.emit()
        code.show_choice(run.settings.runner_entry, run.settings.workload_entry)
        return code

    def _steps(self, run: Run) -> QWidget:
        self._pages.steps.wanted.emit()
        self._pages.steps.show_settings(run.settings)
        return self._pages.steps

    def _runs(self, run: Run) -> QWidget:
        self._pages.runs.wanted.emit()
        self._pages.runs.select_run(run)
        return self._pages.runs.table

    @Slot(object, object)
    def _compare(self, a: Run, b: Run) -> None:
        self._pages.runs.wanted.emit()
        self._pages.runs.pin_pair(a, b)

    # ---------------------------------------------------------------- and back

    @Slot()
    def _go_back(self) -> None:
        if self._from is not None:
            self._from.wanted.emit()
            had_keys = self._from.focusWidget()
            (self._from if had_keys is None else had_keys).setFocus()  # the line that has them is hidden

    @Slot()
    def _follow_room(self) -> None:
        if self._pages.current is self._from:
            self._layout.back.hide()
