"""The left of the room Lessons: which lessons there are, what was done of them, and where it is kept. GUI thread."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.forms.side_list import SideEntry, SideList
from gui.lessons.texts import first_sentence, fits, word_of
from gui.process.ask_file import ask_file, last_folder, remember_folder
from gui.widgets.fields import describe, named, note
from gui.widgets.panels import fill
from workers.catalog.lessons import lessons, read_lesson
from workers.teaching.courses import Course, course
from workers.teaching.kept import Kept
from workers.utils.atomic_file import why_not_written
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from PySide6.QtGui import QShowEvent

    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.lessons import Lesson
    from workers.teaching.judge import Result

KEPT, FOLDER = "lesson", "course_folder"
KINDS = "Lessons and courses (*.py *.txt);;All files (*)"
HOME = "Back to Thaw’s lessons"


class Side(QWidget):
    """The list and its buttons.

    Attributes:
        course: the lessons that are shown.
        list: they.
        home: leads back to Thaw's own lessons; only there while others are shown.
        save: saves what came of them.
        open, open_folder, forget: actions of the menu behind `more`.

    Signals:
        said: a sentence on what was done, or why it was not.
        trusted: the path of a lesson that the person chose themselves: its code may be run.
        forgotten: nothing is done of any lesson any more.
    """

    said = Signal(str)
    trusted = Signal(object)
    forgotten = Signal()

    def __init__(self, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._preferences, self._kept = preferences, Kept(preferences.is_lasting)
        self._thaws = self.course = Course("Lessons", tuple(lessons().values()))
        self._title, self._done = named(QLabel(wordWrap=True), "section"), note()
        self.list = SideList(theme, "Lessons")
        self.home = describe(named(QPushButton(HOME), "low"), HOME, "Leave this course")
        self.save = describe(
            QPushButton("Save my results…"), "Save my results", "As a page that a teacher can read"
        )
        self.more = describe(QPushButton("More"), "More", "Open other lessons, or forget what you have done")
        menu = QMenu(self.more)
        self.open = menu.addAction("Open a lesson or course…")
        self.open_folder = menu.addAction("Open a folder of lessons…")
        self.forget = menu.addAction("Forget what I have done…")
        self.more.setMenu(menu)
        head = fill(QVBoxLayout(), self._title, self._done, self.home, margins=(10, 10, 10, 6), spacing=4)
        foot = fill(QHBoxLayout(), (self.save, 1), self.more, margins=(10, 6, 10, 8), spacing=6)
        fill(QVBoxLayout(self), head, (self.list, 1), foot)
        self.home.clicked.connect(self.go_home)
        self.save.clicked.connect(self._save)
        self.open.triggered.connect(self._ask_for_file)
        self.open_folder.triggered.connect(self._ask_for_folder)
        self.forget.triggered.connect(self._forget)

    def showEvent(self, event: QShowEvent) -> None:
        self._say_problem()

    # ---------------------------------------------------------------- which lessons

    @property
    def by_name(self) -> dict[str, Lesson]:
        """The lessons that are shown, in their order."""
        return {lesson.name: lesson for lesson in self.course.lessons}

    @property
    def results(self) -> dict[str, Mapping[str, Any]]:
        """What was done of them, as they are now, by their names."""
        done, known = self._kept.results, self.by_name.items()
        return {name: done[name] for name, lesson in known if name in done and fits(lesson, done[name])}

    @Slot()
    def go_home(self) -> None:
        """Show Thaw's own lessons, with the one that was last chosen."""
        self.show_course(self._thaws, self._preferences.read(KEPT))

    def choose_own(self, name: str) -> None:
        """Choose one of Thaw's own lessons."""
        if self.course is self._thaws:
            self.list.choose(name)
        else:
            self.show_course(self._thaws, name)

    def show_course(self, shown: Course, name: str = "") -> None:
        """Show other lessons, with one of them chosen: the first where there is none of that name."""
        self.course = shown
        self._title.setText(shown.title)
        self.home.setVisible(shown is not self._thaws)
        self.list.show_entries(
            SideEntry(lesson.name, f"{at}  {lesson.title}", first_sentence(lesson))
            for at, lesson in enumerate(shown.lessons, 1)
        )
        self._show_done()
        self.list.choose(name)

    def remember(self, name: str) -> None:
        """Choose this lesson again at the next start, where it is one of Thaw's own."""
        if self.course is self._thaws:
            self._preferences.write(KEPT, name)

    def _show_done(self) -> None:
        done, names = self.results, list(self.by_name)
        self._done.setText(f"{len(done)} of {len(names)} done")
        for name in names:
            self.list.show_word(name, *(word_of(done[name]) if name in done else ("", "muted")))
        self.save.setEnabled(bool(done))
        self.forget.setEnabled(bool(self._kept.results))

    def _say_problem(self) -> None:
        if self._kept.problem:
            self.said.emit(self._kept.problem)
            self._kept.problem = ""

    @Slot()
    def _ask_for_file(self) -> None:
        first = last_folder(self._preferences, FOLDER)
        self._open(QFileDialog.getOpenFileName(self, "Open a lesson or a course", first, KINDS)[0])

    @Slot()
    def _ask_for_folder(self) -> None:
        first = last_folder(self._preferences, FOLDER)
        self._open(QFileDialog.getExistingDirectory(self, "Open a folder of lessons", first))

    def _open(self, chosen: str) -> None:
        """Open what was chosen in a dialog; empty where that was nothing."""
        if not chosen:
            return
        path = Path(chosen)
        remember_folder(self._preferences, path, FOLDER)
        try:
            if path.suffix == ".py":
                lesson = read_lesson(path)
                self.trusted.emit(path)
                self.show_course(Course(lesson.title, (lesson,)))
            else:
                self.show_course(course(path))
        except BadInput as error:
            self.said.emit(str(error))

    # ---------------------------------------------------------------- what was done

    def keep(self, result: Result) -> None:
        """Keep what came of a lesson, and show it in the list."""
        self._kept.add(result.data(), f"{datetime.now():%d %B %Y, %H:%M}".lstrip("0"))
        self._show_done()
        self._say_problem()

    @Slot()
    def _save(self) -> None:
        from workers.teaching.page import write_page  # needed late, if at all

        kind = "Web page (*.html)"
        path = ask_file(self, self._preferences, "Save my results", "my-lessons.html", kind, ".html")
        if path is None:
            return
        try:
            write_page(path, self.course.title, list(self.results.values()))
        except OSError as error:
            self.said.emit(why_not_written(path, error))
        else:
            self.said.emit(f"Saved {path}.")

    @Slot()
    def _forget(self) -> None:
        text = "Forget what you have done of all lessons? Pages that you have saved stay."
        if QMessageBox.question(self, "Forget it?", text) == QMessageBox.StandardButton.Yes:
            self._kept.forget()
            self._show_done()
            self._say_problem()
            self.forgotten.emit()
