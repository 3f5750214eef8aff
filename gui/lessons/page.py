"""The room Lessons: say what you expect, run it, and be told with the figures of your own run. In the GUI thread."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gui.lessons.side import Side
from gui.lessons.step_list import SHOW
from gui.lessons.texts import fits
from gui.lessons.view import DONE, LessonView
from gui.process.ask_file import ask_file, last_folder, remember_folder
from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, split
from workers.catalog.lessons import lessons, read_lesson
from workers.catalog.user_names import is_own
from workers.reports.labs.claims import said
from workers.reports.verdict import outcome_words, window_words
from workers.teaching.courses import Course, course
from workers.teaching.kept import Kept
from workers.teaching.page import write_page
from workers.teaching.steps import settings_of
from workers.utils.atomic_file import why_not_written
from workers.utils.errors import BadInput, ThawError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry
    from workers.catalog.lessons import Lesson
    from workers.engine.plan import Settings
    from workers.engine.run import Run
    from workers.teaching.judge import Result

SIZES = [250, 750]
KEPT, FOLDER = "lesson", "course_folder"
KINDS = "Lessons and courses (*.py *.txt);;All files (*)"
RUN_AGAIN = "Run the lesson again to see it there"
LAST_PICTURES = "The gallery shows the pictures of the last run alone"
UNTELLABLE = (ArithmeticError, LookupError, ValueError)
"""What figures of a run raise whose tasks never came to where there is something to be counted."""


class LessonsPage(Page):
    """The lessons on the left, on the right the one that is chosen. Its runs are led by `core.lessons`.

    Attributes:
        course: the lessons that are shown.
        side: their list.
        view: the one that is chosen.
        kept: what was done of them.
        splitter: between left and right.
    """

    back = "Back to the lesson"
    lecture_room = QSize(1000, 560)

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core, self._preferences, self._leader = core, preferences, core.lessons
        self._own = Course("Lessons", tuple(lessons().values()))
        self.course = self._own
        self.kept = Kept(preferences.is_lasting)
        self._runs: dict[str, Sequence[Run | None]] = {}
        self._now: int | None = None
        self._took: dict[int, float | None] = {}
        self._try: Settings | None = None
        self._tried: Run | None = None
        self._look = ""
        self.side, self.view = Side(theme), LessonView(theme)
        self.splitter = split(self.side, self.view, sizes=SIZES)
        set_ground(pile(self, self.splitter), "Lessons")
        self._connect()
        self._open(self._own, preferences.read(KEPT))

    def _connect(self) -> None:
        side, view, leader = self.side, self.view, self._leader
        side.list.picked.connect(self._show_lesson)
        side.home.clicked.connect(self._go_home)
        side.save.clicked.connect(self._save)
        side.open.triggered.connect(self._ask_for_course)
        side.forget.triggered.connect(self._forget)
        view.run_button.clicked.connect(self._press)
        view.again.clicked.connect(view.ask)
        view.next_button.clicked.connect(self._go_on)
        view.steps.wanted.connect(self._show_step)
        view.further.try_wanted.connect(self._begin_try)
        view.further.show_button.clicked.connect(self._show_try)
        view.further.change.clicked.connect(self._change)
        view.further.said.connect(self.said)
        leader.begun.connect(self._begin)
        leader.stepped.connect(self._step)
        leader.finished.connect(self._take)
        leader.refused.connect(self._refuse)

    def sizeHint(self) -> QSize:
        """What a window of the usual size has room for."""
        return QSize(900, 300)

    # ---------------------------------------------------------------- which lesson

    def show_lesson(self, name: str) -> None:
        """Bring one of Thaw's own lessons to the front, by its name."""
        if self.course is not self._own:
            self._open(self._own, name)
        self.side.list.choose(name)
        self.wanted.emit()

    def open_course(self, opened: Course) -> None:
        """Show these lessons in place of Thaw's own, the first of them chosen."""
        self._open(opened, "")

    def _open(self, opened: Course, name: str) -> None:
        self.course = opened
        self.side.show_course(opened, is_own=opened is self._own)
        self._show_done()
        self.side.list.choose(name)

    @Slot()
    def _go_home(self) -> None:
        self._open(self._own, self._preferences.read(KEPT))

    @property
    def _by_name(self) -> dict[str, Lesson]:
        return {lesson.name: lesson for lesson in self.course.lessons}

    @property
    def _results(self) -> dict[str, Mapping[str, Any]]:
        """What was done of the lessons that are shown, as they are now."""
        done, known = self.kept.results, self._by_name.items()
        return {name: done[name] for name, lesson in known if name in done and fits(lesson, done[name])}

    def _show_done(self) -> None:
        self.side.show_done(list(self._by_name), self._results)
        if self.kept.problem:
            self.said.emit(self.kept.problem)
            self.kept.problem = ""

    @Slot(str)
    def _show_lesson(self, name: str) -> None:
        names = list(self._by_name)
        at, lesson = names.index(name), self._by_name[name]
        follower = self.course.lessons[at + 1].title if at + 1 < len(names) else ""
        about = f"Lesson {at + 1} of {len(names)}" if len(names) > 1 else "A lesson"
        can_change = self._to_change(lesson) is not None
        self.view.show_lesson(lesson, about, can_change, follower)
        if self._is_running(lesson):
            self.view.show_running(self._took, self._now)
        elif name in self._results:
            self._show_result(self._results[name])

    def _is_running(self, lesson: Lesson) -> bool:
        return self._leader.lesson is not None and self._leader.lesson.name == lesson.name

    def _show_result(self, data: Mapping[str, Any]) -> None:
        self.view.show_result(data)
        runs = self._runs.get(self.view.lesson.name) or [None] * len(self.view.lesson.steps)
        self.view.steps.show_places([self._why_not_seen(run) for run in runs])

    def _why_not_seen(self, run: Run | None) -> str | None:
        return RUN_AGAIN if run is None else None

    # ---------------------------------------------------------------- its runs

    @Slot()
    def _press(self) -> None:
        if self._leader.lesson is not None:
            self._core.cancel()
        elif self._core.may_start() and self._may_run(self.view.lesson):
            self._leader.start(self.view.lesson, self.view.answers.answer)

    def _may_run(self, lesson: Lesson) -> bool:
        """Ask before code of a person's own is imported, where that is so: the claims, and what the steps run."""
        names = [f"{lesson.path}:claims"] if lesson.is_own else []
        for step in lesson.steps:
            if is_own(step.said["workload"]):
                try:
                    names.append(settings_of(lesson, step).workload)
                except ThawError:
                    continue  # the start says why
        return all(map(self._core.may_run, names))

    @Slot(object)
    def _begin(self, lesson: Lesson) -> None:
        self._took, self._now = {}, None
        if lesson.name in self._by_name:
            self.side.list.choose(lesson.name)
            self.view.show_running(self._took, self._now)

    @Slot(int)
    def _step(self, at: int) -> None:
        self._now = at
        self._took.update({before: None for before in range(at) if before not in self._took})
        self._show_running()

    def _show_running(self) -> None:
        if self._is_running(self.view.lesson):
            self.view.show_running(self._took, self._now)

    @Slot(object)
    def _take(self, result: Result) -> None:
        name = result.lesson.name
        self._now, self._runs[name] = None, result.runs
        self.kept.add(result.data(), f"{datetime.now():%d %B %Y, %H:%M}".lstrip("0"))
        self._show_done()
        if self.view.lesson.name == name:
            self._show_result(self.kept.results[name])

    @Slot(str)
    def _refuse(self, why: str) -> None:
        self._now = None
        self.view.show_problem(why)

    # ---------------------------------------------------------------- afterwards

    @Slot()
    def _go_on(self) -> None:
        self.side.list.setCurrentRow(self.side.list.currentRow() + 1)

    @Slot(int)
    def _show_step(self, at: int) -> None:
        run = self._runs[self.view.lesson.name][at]
        step = self.view.lesson.steps[at]
        self.place_requested.emit(step.look, run, f"{self.view.lesson.title}: {step.says}")

    @Slot(int)
    def _begin_try(self, at: int) -> None:
        lesson = self.view.lesson
        one = lesson.tries[at]
        step = lesson.steps[one.step]
        try:
            settings = settings_of(lesson, step.changed(one.changes))
        except ThawError as error:
            self.view.further.show_told(str(error), "")
            return
        self._try, self._tried, self._look = settings, None, step.look
        self.start_requested.emit(settings)

    @Slot()
    def _show_try(self) -> None:
        self.place_requested.emit(self._look, self._tried, f"{self.view.lesson.title}: what you tried")

    def _to_change(self, lesson: Lesson) -> Entry | None:
        """The version of a lab that the first such step runs; None where none does."""
        for step in lesson.steps:
            try:
                entry = settings_of(lesson, step).workload_entry
            except ThawError:
                continue
            if "VERSIONS" in entry.constants and entry.own is None:
                return entry
        return None

    @Slot()
    def _change(self) -> None:
        self.copy_requested.emit(self._to_change(self.view.lesson))

    # ---------------------------------------------------------------- all of them

    @Slot()
    def _save(self) -> None:
        kind = "Web page (*.html)"
        path = ask_file(self, self._preferences, "Save my results", "my-lessons.html", kind, ".html")
        if path is None:
            return
        try:
            write_page(path, self.course.title, list(self._results.values()))
        except OSError as error:
            self.said.emit(why_not_written(path, error))
        else:
            self.said.emit(f"Saved {path}.")

    @Slot()
    def _ask_for_course(self) -> None:
        first = last_folder(self._preferences, FOLDER)
        chosen, _ = QFileDialog.getOpenFileName(self, "Open a lesson or a course", first, KINDS)
        if not chosen:
            return
        path = Path(chosen)
        remember_folder(self._preferences, path, FOLDER)
        try:
            if path.suffix == ".py":
                lesson = read_lesson(path)
                self.trusted.emit(path)
                self.open_course(Course(lesson.title, (lesson,)))
            else:
                self.open_course(course(path))
        except BadInput as error:
            self.said.emit(str(error))

    @Slot()
    def _forget(self) -> None:
        button = QMessageBox.StandardButton
        text = "Forget what you have done of all lessons? Pages that you saved stay."
        if QMessageBox.question(self, "Forget it?", text) == button.Yes:
            self.kept.forget()
            self._runs.clear()
            self._show_done()
            if self.view.state == DONE:
                self.view.ask()

    # ---------------------------------------------------------------- for the window

    def await_run(self, settings: Settings) -> None:
        if settings is self._try:
            self.view.further.show_told("Running …", "")

    def finish_run(self, run: Run) -> None:
        if self._leader.lesson is not None and self._now is not None:
            self._took[self._now], self._now = run.wall_s, None
            self._show_running()
        elif run.settings is self._try:
            self._try, self._tried = None, run
            self.view.further.show_told(_told(run), SHOW.get(self._look, ""))

    def refresh(self, at_once: bool = False) -> None:
        if self.isVisible() and self._now is not None:
            self.view.steps.refresh()

    def set_free(self, is_free: bool) -> None:
        if is_free and self._try is not None:  # it never began
            self._try = None
            self.view.further.show_told("", "")
        self.view.set_free(is_free)

    def set_lecture(self, is_on: bool) -> None:
        self.side.setVisible(not is_on)

    def remember(self) -> None:
        if self.course is self._own:
            self._preferences.write(KEPT, self.view.lesson.name)


def _told(run: Run) -> str:
    """What came of a try: what its lab says of it, how it ended, and what the window did."""
    try:
        found = said(run)
    except UNTELLABLE:
        found = []
    window = window_words(run)
    return " ".join([*found, f"{outcome_words(run)}{f'; {window}' if window else ''}."])
