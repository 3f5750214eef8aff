"""The window for a lecture: the toggle, the figures, the graph of lag and the verdict, large, and nothing else.

A page that is meant for it, as a lesson is, is shown large in place of these. In the GUI thread. What is hidden is
whole panels, so that whatever changes meanwhile within them is there afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from gui.widgets.page import Page

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMainWindow, QSplitter

    from gui.theme.theme import Theme
    from gui.window.layout import WindowLayout
    from gui.window.menus import Menus

ROOM = QSize(780, 420)
"""What Live needs at a text scale of 1, in pixels."""

MAX_SCALE = 3.0
KEYS = (["F12"], ["F12", "Esc"])
"""Which enter and which leave it."""


class Presentation(QObject):
    """Shows the little that is seen from the last row, and puts everything back.

    While it is shown, Esc leaves it, and cancels nothing.

    Attributes:
        is_on: whether it is shown.
    """

    def __init__(self, window: QMainWindow, layout: WindowLayout, theme: Theme, menus: Menus) -> None:
        super().__init__(window)
        self._window, self._layout, self._theme, self._menus = window, layout, theme, menus
        self.is_on = False
        self._hidden: list[QWidget] = []
        self._splitters: list[tuple[QSplitter, QByteArray]] = []
        self._room = 0
        self._page: Page | None = None
        # With a style sheet children do not inherit a font.
        self._texts_of_live = [
            each for part in (layout.header, layout.strip) for each in part.findChildren(QWidget)
        ]
        menus.presentation.toggled.connect(self.set_on)

    @Slot(bool)
    def set_on(self, on: bool) -> None:
        if on != self.is_on:
            self.is_on = on
            if on:
                self._enter()
            else:
                self._leave()
            self._menus.presentation.setChecked(on)
            self._menus.presentation.setShortcuts([QKeySequence(key) for key in KEYS[on]])
            self._menus.cancel.setShortcuts([] if on else [QKeySequence("Esc")])

    @property
    def _actions(self) -> list[QAction]:
        """Those whose keys stay: the menu bar is hidden, and its own do not work."""
        menus = self._menus
        return [menus.start, menus.compare, menus.pause, menus.toggle, menus.full_screen, menus.presentation]

    def _enter(self) -> None:
        layout, window = self._layout, self._window
        self._room = layout.rooms.currentIndex()
        self._splitters = [(each, each.saveState()) for each in (layout.sides, layout.middle)]
        front = layout.rooms.currentWidget()
        self._page = front if isinstance(front, Page) and front.lecture_room is not None else None
        parts: tuple[QWidget, ...] = (
            *(window.menuBar(), layout.rail, layout.reason_line, layout.controls, layout.tabs),
            *(layout.header.line, layout.strip.progress, layout.strip.buttons),
        )
        if self._page is not None:
            parts = window.menuBar(), layout.rail, layout.reason_line, layout.header, layout.strip
            layout.pulse.hide()
            self._page.set_lecture(True)
        else:
            layout.rooms.setCurrentIndex(0)
        self._hidden = [part for part in parts if not part.isHidden()]
        for part in self._hidden:
            part.hide()
        window.addActions(self._actions)
        if self._page is None:
            layout.middle.setSizes([1, 0])  # also where the graphs had been folded away
            layout.graphs.show_only("lag")
        layout.rooms.currentChanged.connect(self._leave_for_room)
        layout.fitted.connect(self._fit)
        self._fit()

    def _leave(self) -> None:
        layout, window = self._layout, self._window
        layout.fitted.disconnect(self._fit)
        layout.rooms.currentChanged.disconnect(self._leave_for_room)
        for action in self._actions:
            window.removeAction(action)
        self._theme.set_lecture(0.0, self._texts)
        if self._page is None:
            layout.graphs.show_only(None)
        else:
            self._page.set_lecture(False)
        for part in self._hidden:
            part.show()
        layout.pulse.setVisible(layout.rooms.currentIndex() > 0)
        for splitter, state in self._splitters:
            splitter.restoreState(state)
        if layout.rooms.currentIndex() == 0 and self._page is None:
            layout.rooms.setCurrentIndex(self._room)
        layout.fit()

    @Slot(int)
    def _leave_for_room(self, at: int) -> None:
        """A page with something new came to the front: it is to be seen."""
        self.set_on(False)

    @property
    def _texts(self) -> list[QWidget]:
        """What is read meanwhile; a page enlarges its texts by itself."""
        return self._texts_of_live if self._page is None else []

    @Slot()
    def _fit(self) -> None:
        room = (self._page.lecture_room if self._page is not None else None) or ROOM
        scale = min(self._window.width() / room.width(), self._window.height() / room.height(), MAX_SCALE)
        self._theme.set_lecture(round(max(scale, 1.0), 1), self._texts)
