"""The room Lessons: say what you expect, run it, and be told with the figures of your own run. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Slot

from gui.lessons.side import Side
from gui.lessons.step_list import SHOW
from gui.lessons.view import DONE, LessonView
from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, split
from workers.catalog.user_names import is_own
from workers.reports.labs.claims import said
from workers.reports.verdict import outcome_words, window_words
from workers.teaching.steps import settings_of
from workers.utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry
    from workers.catalog.lessons import Lesson
    from workers.engine.plan import Settings
    from workers.engine.run import Run
    from workers.teaching.courses import Course
    from workers.teaching.judge import Result

SIZES = [250, 750]
RUN_AGAIN = "Run the lesson again to see it there"
LAST_PICTURES = "The gallery shows the pictures of the last run alone"
UNTELLABLE = (ArithmeticError, LookupError, ValueError)
"""What figures of a run raise whose tasks never came to where there is something to be counted."""


class LessonsPage(Page):
    """The lessons on the left, on the right the one that is chosen. Its runs are led by `core.lessons`.

    Attributes:
        side: their list, and what was done of them.
        view: the one that is chosen.
        splitter: between left and right.
    """

    back = "Back to the lesson"
    lecture_room = QSize(900, 490)

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core, self._leader = core, core.lessons
        self._runs: dict[str, Sequence[Run | None]] = {}
        self._name = ""  # of the lesson that goes on
        self._now: int | None = None
        self._took: dict[int, float | None] = {}
        self._try: Settings | None = None
        self._is_trying = False
        self._tried: Run | None = None
        self._look = ""
        self.side, self.view = Side(theme, preferences), LessonView(theme)
        self.splitter = split(self.side, self.view, sizes=SIZES)
        set_ground(pile(self, self.splitter), "Lessons")
        self._connect()
        self.side.go_home()

    def _connect(self) -> None:
        side, view, leader = self.side, self.view, self._leader
        side.list.picked.connect(self._show_lesson)
        side.said.connect(self.said)
        side.trusted.connect(self.trusted)
        side.forgotten.connect(self._forget)
        view.run_button.clicked.connect(self._run)
        view.cancel.clicked.connect(self._core.cancel)
        view.again.clicked.connect(view.ask)
        view.next_button.clicked.connect(self._go_on)
        view.steps.wanted.connect(self._show_step)
        view.further.try_wanted.connect(self._begin_try)
        view.further.show_button.clicked.connect(self._show_try)
        view.further.change.clicked.connect(self._change)
        view.further.said.connect(self.said)
        leader.begun.connect(self._begin)
        leader.finished.connect(self._take)
        leader.refused.connect(self._refuse)

    def sizeHint(self) -> QSize:
        """What a window of the usual size has room for."""
        return QSize(900, 300)

    # ---------------------------------------------------------------- which lesson

    def show_lesson(self, name: str) -> None:
        """Bring one of Thaw's own lessons to the front, by its name."""
        self.side.choose_own(name)
        self.wanted.emit()

    def open_course(self, course: Course) -> None:
        """Show these lessons in place of Thaw's own, the first of them chosen; one of Thaw's own among its fellows."""
        if len(course.lessons) == 1 and not course.lessons[0].is_own:
            self.side.choose_own(course.lessons[0].name)
        else:
            self.side.show_course(course)

    @Slot(str)
    def _show_lesson(self, name: str) -> None:
        known = self.side.by_name
        at, lesson = list(known).index(name), known[name]
        followers = [one.title for one in self.side.course.lessons[at + 1 : at + 2]]
        about = f"Lesson {at + 1} of {len(known)}" if len(known) > 1 else ""
        self.view.show_lesson(lesson, about, self._to_change(lesson) is not None, "".join(followers))
        if name == self._name:
            self.view.show_running(self._took, self._now)
        elif name in self.side.results:
            self._show_result()

    @Slot()
    def _go_on(self) -> None:
        self.side.list.setCurrentRow(self.side.list.currentRow() + 1)

    def _show_result(self) -> None:
        self.view.show_result(self.side.results[self.view.lesson.name])
        self._show_places()

    def _show_places(self) -> None:
        steps = self.view.lesson.steps
        runs = self._runs.get(self.view.lesson.name, [None] * len(steps))
        self.view.steps.show_places(
            [self._why_not_seen(step.look, run) for step, run in zip(steps, runs, strict=True)]
        )

    def _why_not_seen(self, look: str, run: Run | None) -> str:
        if run is None:
            return RUN_AGAIN
        return LAST_PICTURES if look == "gallery" and run is not self._core.listed[-1] else ""

    # ---------------------------------------------------------------- its runs

    @Slot()
    def _run(self) -> None:
        if self._core.may_start() and self._may_run(self.view.lesson):
            self.view.show_running({}, None)
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
        self._name, self._took, self._now = lesson.name, {}, None
        if lesson.name in self.side.by_name:
            self.side.list.choose(lesson.name)
        self._show_running()

    def _step(self, at: int) -> None:
        """This step runs in a moment, and may freeze the window: it is to be seen that it does."""
        self._now = at
        self._took.update({before: None for before in range(at) if before not in self._took})
        self._show_running()

    def _show_running(self) -> None:
        if self.view.lesson.name == self._name:
            self.view.show_running(self._took, self._now)

    @Slot(object)
    def _take(self, result: Result) -> None:
        self._name, self._now = "", None
        self._runs[result.lesson.name] = result.runs
        self.side.keep(result)
        if self.view.lesson.name == result.lesson.name:
            self._show_result()

    @Slot(str)
    def _refuse(self, why: str) -> None:
        name, self._name, self._now = self._name, "", None
        if name in {"", self.view.lesson.name}:
            self.view.show_problem(why)
        else:
            self.said.emit(why)

    # ---------------------------------------------------------------- afterwards

    @Slot(int)
    def _show_step(self, at: int) -> None:
        lesson = self.view.lesson
        step, run = lesson.steps[at], self._runs[lesson.name][at]
        self.place_requested.emit(step.look, run, f"{lesson.title}: {step.says}")

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
        if self._try is not None:
            self._core.cancel()
        else:
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

    @Slot()
    def _forget(self) -> None:
        self._runs.clear()
        if self.view.state == DONE:
            self.view.ask()

    # ---------------------------------------------------------------- for the window

    def await_run(self, settings: Settings) -> None:
        if self._name:
            self._step(self._leader.step)
        self._is_trying = settings is self._try
        if self._is_trying:
            self.view.further.show_told("Running …", "Cancel")

    def finish_run(self, run: Run) -> None:
        if self._name and self._now is not None:
            self._took[self._now], self._now = run.wall_s, None
            self._show_running()
        elif self._is_trying:
            self._try, self._tried, self._is_trying = None, run, False
            self.view.further.show_told(_told(run), SHOW.get(self._look, ""))

    def refresh(self, at_once: bool = False) -> None:
        if self.isVisible() and self._now is not None:
            self.view.steps.refresh()

    def set_free(self, is_free: bool) -> None:
        if is_free and self._try is not None:  # it never began
            self._try, self._is_trying = None, False
            self.view.further.show_told("", "")
        self.view.set_free(is_free)
        if self.view.state == DONE:
            self._show_places()

    def set_lecture(self, is_on: bool) -> None:
        self.side.setVisible(not is_on)

    def remember(self) -> None:
        self.side.remember(self.view.lesson.name)


def _told(run: Run) -> str:
    """What came of a try: what its lab says of it, how it ended, and what the window did."""
    try:
        found = said(run)
    except UNTELLABLE:
        found = []
    window = window_words(run)
    return " ".join([*found, f"{outcome_words(run)}{f'; {window}' if window else ''}."])
