"""The page Code: the source of what is chosen, the runner's file beside the workload's. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, split
from gui.widgets.source_view import SourceView

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry


class CodeView(Page):
    """The runner's file and the workload's, side by side."""

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._theme = theme
        self._wanted: tuple[Entry, Entry] | None = None
        self._rendered: tuple[Entry, Entry, str, float] | None = None
        self.runner: SourceView | None = None
        self.workload: SourceView | None = None
        set_ground(self, "Code")
        theme.changed.connect(self._render)

    def show_choice(self, runner: Entry, workload: Entry) -> None:
        """Show the files of these two. Does nothing before the page is seen."""
        self._wanted = (runner, workload)
        self._render()

    def showEvent(self, event: QShowEvent) -> None:
        self._render()

    @Slot()
    def _render(self) -> None:
        if self._wanted is None or not self.isVisible():
            return
        wanted = (*self._wanted, self._theme.scheme, self._theme.text_scale)
        if wanted == self._rendered:
            return
        if self.runner is None or self.workload is None:
            self.runner, self.workload = self._build()
        self.runner.show_entry(self._wanted[0])
        self.workload.show_entry(self._wanted[1])
        self._rendered = wanted

    def _build(self) -> tuple[SourceView, SourceView]:
        runner, workload = SourceView(self._theme, "runner"), SourceView(self._theme, "workload")
        pile(self, split(runner, workload, sizes=(1000, 1000), shares=(1, 1)))
        return runner, workload
