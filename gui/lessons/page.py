"""The room Lessons: say what you expect, run it, and be told with the figures of your own run. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Slot

from gui.controllers.background import Asker
from gui.lessons.side import Side
from gui.lessons.step_list import SHOW
from gui.lessons.texts import told_of_try
from gui.lessons.view import ASKING, DONE, LessonView
from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, split
from workers.catalog import lookup
from workers.catalog.user_names import is_own
from workers.teaching.steps import settings_of, work_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

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
LAST_PICTURES = "The gallery shows the pictures of the last run alone"


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
        self._asker = Asker("try", self)
        self._trying: str | None = None  # where the try is best seen that goes on
        self._tried: tuple[str, Run] | None = None
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
        self._asker.answered.connect(self._start_try)
        leader.begun.connect(self._begin)
        leader.finished.connect(self._take)
        leader.refused.connect(self._refuse)

    # ---------------------------------------------------------------- which lesson

    def show_lesson(self, name: str) -> None:
        """Bring one of Thaw's own lessons to the front, by its name."""
        self.side.choose_own(name)
        self.wanted.emit()
        if self.view.state == ASKING:  # what was pressed is hidden now, and Qt would give the keys to the rail
            self.view.answers.buttons[0].setFocus()

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
        self._trying = None  # what came of it would stand below another lesson
        self._asker.forget()
        later = self.side.course.lessons[at + 1 :]
        about = f"Lesson {at + 1} of {len(known)}" if len(known) > 1 else ""
        can_change = self._to_change(lesson) is not None
        self.view.show_lesson(lesson, about, can_change, later[0].title if later else "")
        if name == self._name:
            self.view.show_running(self._took, self._now)
        elif name in self.side.results:
            self._show_result()
        self._core.instruments.place_witness()

    @Slot()
    def _go_on(self) -> None:
        self.side.list.setCurrentRow(self.side.list.currentRow() + 1)

    def _show_result(self) -> None:
        self.view.show_result(self.side.results[self.view.lesson.name])
        self._show_places()

    def _show_places(self) -> None:
        lesson, last = self.view.lesson, self._core.listed[-1:]
        runs = self._runs.get(lesson.name)
        if runs is None:
            self.view.show_places(None)
        else:
            looks = [step.look for step in lesson.steps]
            self.view.show_places(
                [
                    LAST_PICTURES if look == "gallery" and run not in last else ""
                    for look, run in zip(looks, runs, strict=True)
                ]
            )

    # ---------------------------------------------------------------- its runs

    @Slot()
    def _run(self) -> None:
        if self._core.may_start() and self._may_run(self.view.lesson):
            self.view.show_running({}, None)
            self._leader.start(self.view.lesson, self.view.answers.answer)

    def _may_run(self, lesson: Lesson) -> bool:
        """Ask before code of a person's own is imported, where that is so: the claims, and what the steps run."""
        names = [f"{lesson.path}:claims"] if lesson.is_own else []
        names += [work_name(lesson, step.said["workload"]) for step in lesson.steps]
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
            self._core.instruments.place_witness()

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
        if self._core.may_start():
            self.view.further.show_told("Getting ready …", "")
            self._asker.ask(partial(_to_try, self.view.lesson, at))

    @Slot(object)
    def _start_try(self, answer: tuple[Settings, str] | Exception) -> None:
        if isinstance(answer, Exception):
            self.view.further.show_told(str(answer), "")
            return
        if self._core.may_start():  # else another run has begun meanwhile
            settings, self._trying = answer
            self.start_requested.emit(settings)
        if self._trying is None or not self._core.is_busy:  # or the person was asked, and thought better of it
            self._forget_try()

    def _forget_try(self) -> None:
        self._trying = None
        self.view.further.show_told("", "")

    @Slot()
    def _show_try(self) -> None:
        if self._trying is not None:
            self._core.cancel()
        elif self._tried is not None:
            self.place_requested.emit(*self._tried, f"{self.view.lesson.title}: what you tried")

    def _to_change(self, lesson: Lesson) -> Entry | None:
        """The version of a lab that the first such step runs; None where none does."""
        names = (step.said["workload"] for step in lesson.steps)
        entries = (lookup.entry("workloads", name) for name in names if not is_own(name))
        return next((entry for entry in entries if entry is not None and "VERSIONS" in entry.constants), None)

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
        elif self._trying is not None:
            self.view.further.show_told("Running …", "Cancel")

    def finish_run(self, run: Run) -> None:
        if self._name and self._now is not None:
            self._took[self._now], self._now = run.wall_s, None
            self._show_running()
        elif self._trying is not None:
            look, self._trying = self._trying, None
            self._tried = look, run
            self.view.further.show_told(told_of_try(run), SHOW.get(look, ""))

    def refresh(self, at_once: bool = False) -> None:
        if self.isVisible() and self._now is not None:
            self.view.steps.refresh()

    def set_free(self, is_free: bool) -> None:
        if is_free and self._trying is not None:  # it never began
            self._forget_try()
        self.view.set_free(is_free)
        if self.view.state == DONE:
            self._show_places()

    def set_lecture(self, is_on: bool) -> None:
        self.side.setVisible(not is_on)

    def read_parts(self) -> list[QWidget]:
        return self.view.read_parts()

    def remember(self) -> None:
        self.side.remember(self.view.lesson.name)


def _to_try(lesson: Lesson, at: int) -> tuple[Settings, str]:
    """What one of its tries runs, and where that is best seen. In a thread: other Pythons may be asked."""
    one = lesson.tries[at]
    step = lesson.steps[one.step]
    return settings_of(lesson, step.changed(one.changes)), step.look
