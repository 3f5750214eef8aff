"""The page Code: the GUI thread's file beside the runner's, or the work's: where is the difference? GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from gui.widgets.fields import Menu, describe
from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, split
from gui.widgets.source_view import SourceView
from workers.engine.plan import BLOCKING

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

RUNNER, WORK = "runner", "work"


class CodePage(Page):
    """Two files side by side; none is read before the page is seen.

    Attributes:
        left: the GUI thread's file.
        right: the runner's, or the work's: what the menu says, and the work's where the runner is the GUI thread.
        menu: chooses between these two.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._theme, self._base = theme, core.catalog.runners[BLOCKING]
        self._wanted: tuple[Entry, Entry] | None = None
        self._rendered: tuple[object, ...] | None = None
        self._is_work = False
        self.left: SourceView | None = None
        self.right: SourceView | None = None
        self.menu = describe(Menu(), "Beside the GUI thread", "What stands beside the GUI thread's file")
        self.menu.activated.connect(self._choose)
        set_ground(self, "Code")
        theme.changed.connect(self._render)

    def show_choice(self, runner: Entry, workload: Entry) -> None:
        """Show the files of these two. Does nothing before the page is seen."""
        self._wanted = (runner, workload)
        self._render()

    def showEvent(self, event: QShowEvent) -> None:
        self._render()

    @Slot()
    def _choose(self) -> None:
        self._is_work = self.menu.currentData() == WORK
        self._render()

    @Slot()
    def _render(self) -> None:
        if self._wanted is None or not self.isVisible():
            return
        runner, work = self._wanted
        wanted = (runner, work, self._is_work, self._theme.scheme, self._theme.text_scale)
        if wanted == self._rendered:
            return
        if self.left is None or self.right is None:
            self.left, self.right = self._build()
        is_base = runner.name == BLOCKING
        self.menu.clear()
        if not is_base:
            self.menu.add(RUNNER, runner.title)
        self.menu.add(WORK, work.title)
        self.menu.choose_first(WORK if self._is_work else RUNNER)
        self.left.show_entry(self._base)
        self.right.show_entry(work if self._is_work or is_base else runner)
        self._rendered = wanted

    def _build(self) -> tuple[SourceView, SourceView]:
        left, right = (
            SourceView(self._theme, "GUI thread"),
            SourceView(self._theme, "file beside it", self.menu),
        )
        pile(self, split(left, right, sizes=(1000, 1000), shares=(1, 1)))
        return left, right
