"""The left of the room Lessons: the list, which course it is of, and what may be done with all of it. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from gui.forms.side_list import SideEntry, SideList
from gui.lessons.texts import first_sentence, word_of
from gui.widgets.fields import describe, named, note
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gui.theme.theme import Theme
    from workers.teaching.courses import Course


class Side(QWidget):
    """The list and its buttons.

    Attributes:
        list: the lessons.
        home: leads back to Thaw's own lessons; only there while others are shown.
        save: saves what came of them.
        open, forget: actions of the menu behind `more`.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.title, self.done = QLabel(wordWrap=True), note()
        named(self.title, "section")
        self.list = SideList(theme, "Lessons")
        self.home = describe(
            named(QPushButton("Back to Thaw’s lessons"), "low"), "Back to Thaw’s lessons", "Leave this course"
        )
        self.save = describe(
            QPushButton("Save my results…"), "Save my results", "As a page that a teacher can read"
        )
        self.more = describe(QPushButton("More"), "More", "Open other lessons, or forget what you have done")
        menu = QMenu(self.more)
        self.open = menu.addAction("Open a lesson or course…")
        self.forget = menu.addAction("Forget what I have done…")
        self.more.setMenu(menu)
        head = fill(QVBoxLayout(), self.title, self.done, self.home, margins=(10, 10, 10, 6), spacing=4)
        foot = fill(QHBoxLayout(), (self.save, 1), self.more, margins=(10, 6, 10, 8), spacing=6)
        fill(QVBoxLayout(self), head, (self.list, 1), foot)

    def show_course(self, course: Course, is_own: bool) -> None:
        """Show the lessons of a course; `is_own` says whether it is Thaw's own."""
        self.title.setText(course.title)
        self.home.setVisible(not is_own)
        self.list.show_entries(
            SideEntry(lesson.name, lesson.title, first_sentence(lesson)) for lesson in course.lessons
        )

    def show_done(self, names: Sequence[str], results: Mapping[str, Mapping[str, Any]]) -> None:
        """Say which of the lessons are done, and how they were answered."""
        done = [name for name in names if name in results]
        self.done.setText(f"{len(done)} of {len(names)} done")
        for name in names:
            self.list.show_word(name, *(word_of(results[name]) if name in results else ("", "muted")))
        self.save.setEnabled(bool(done))
        self.forget.setEnabled(bool(results))
