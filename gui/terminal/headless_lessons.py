"""Lessons without a window: Qt's event loop for the runners that signal, and the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gui.controllers.core import Core
from gui.terminal.lessons import LessonTerminal

if TYPE_CHECKING:
    from workers.command_line.lessons import Teach
    from workers.command_line.parser import Options


class HeadlessLessons(QObject):
    """Lessons on the terminal."""

    def __init__(self, options: Options, teach: Teach) -> None:
        super().__init__()
        self.core = Core(options)
        self.outcome = LessonTerminal(options, teach, self.core)
        self.outcome.done.connect(self._leave)
        self.core.leaving.begun.connect(self._tell)

    @Slot()
    def begin(self) -> None:
        self.core.begin()
        self.core.leaving.install()
        self.outcome.begin()

    @Slot()
    def _leave(self) -> None:
        if not self.core.leaving.is_leaving:
            self.core.leaving.leave_after(self.outcome.tell)

    @Slot()
    def _tell(self) -> None:
        """Also after Ctrl+C: what is done is kept."""
        self.outcome.tell()

    def close(self) -> None:
        self.core.close()
