"""The menus of the window with their shortcuts. In the GUI thread; what they do is the window's or the theme's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMessageBox

from gui.controllers.instruments import NAMES
from workers.reports.summary import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow, QMenu

    from gui.controllers.core import Core
    from gui.theme.theme import Theme
    from gui.window.file_actions import FileActions
    from gui.window.layout import WindowLayout
    from gui.window.pages import Pages

TEXT_STEP = 0.1
"""How much larger or smaller one step makes all texts."""


class Menus(QObject):
    """File, Run, View and Help.

    Attributes:
        start: the action of that name, with its shortcut; `pause`, `cancel` and `compare` likewise.
        toggle: checkable: whether the work runs on the GUI thread. It is the one place where that is kept.
    """

    def __init__(
        self, window: QMainWindow, layout: WindowLayout, files: FileActions, core: Core, theme: Theme
    ) -> None:
        """Make them; what `start` and `compare` do, the window connects."""
        super().__init__(window)
        self._window, self._core, self._theme = window, core, theme
        bar = window.menuBar()
        file = bar.addMenu("&File")
        self._add(file, "&Open a run …", "Ctrl+O", files.open)
        self._add(file, "&Save the run …", "Ctrl+S", files.save_chosen)
        files.fill_menu(file.addMenu("&Export"))
        file.addSeparator()
        self._add(file, "Copy &verdict", "Ctrl+Shift+C", layout.strip.copy)
        self._add(file, "Copy &graphs", "Ctrl+Shift+G", layout.graphs.copy)
        file.addSeparator()
        self._add(file, "&Quit", "Ctrl+Q", window.close)
        run = bar.addMenu("&Run")
        self.start = self._add(run, "&Start", "F5 Ctrl+Return")
        self.pause = self._add(run, "&Pause or resume", "F6", core.director.toggle_pause)
        self.cancel = self._add(run, "&Cancel", "Esc", core.cancel)
        self.compare = self._add(run, "C&ompare", "F8")
        run.addSeparator()
        self.toggle = self._add(run, "Run on the &GUI thread", "F4", checkable=True)
        self._view = bar.addMenu("&View")
        self._fill_view(self._view)
        about = bar.addMenu("&Help")
        self._add(about, "&Problems …", "", layout.strip.problems.click)
        self._add(about, "&About Thaw", "", self._about)

    def _add(
        self,
        menu: QMenu,
        text: str,
        keys: str,
        slot: Callable[..., object] | None = None,
        checkable: bool = False,
    ) -> QAction:
        action = QAction(text, self._window, checkable=checkable)
        action.setShortcuts([QKeySequence(key) for key in keys.split()])
        if slot is not None:
            action.triggered.connect(slot)
        menu.addAction(action)
        return action

    def add_rooms(self, pages: Pages) -> None:
        """Put the rooms at the top of View, with Ctrl and a digit each."""
        first, *_ = entries = self._view.actions()
        taken = {entry.text().partition("&")[2][:1].lower() for entry in entries}
        for at, title in enumerate(pages.titles):
            letter = next(letter for letter in title.lower() if letter.isalpha() and letter not in taken)
            taken.add(letter)
            where = title.lower().index(letter)
            text = f"{title[:where]}&{title[where:]}"
            action = self._add(self._view, text, f"Ctrl+{at + 1}", partial(self._show_room, pages, at))
            self._view.insertAction(first, action)
        self._view.insertSeparator(first)

    def _show_room(self, pages: Pages, at: int, checked: bool = False) -> None:
        pages.show_room(at)

    def _fill_view(self, view: QMenu) -> None:
        self._add(view, "&Full screen", "F11", self._toggle_full_screen)
        view.addSeparator()
        self._add(view, "&Larger text", "Ctrl++ Ctrl+=", partial(self._scale, +TEXT_STEP))
        self._add(view, "&Smaller text", "Ctrl+-", partial(self._scale, -TEXT_STEP))
        self._add(view, "&Usual text", "Ctrl+0", partial(self._scale, 0.0))
        view.addSeparator()
        instruments = view.addMenu("I&nstruments")
        self._instruments = {
            name: self._add(instruments, text, "", checkable=True) for name, text in NAMES.items()
        }
        self._show_instruments()
        for name, action in self._instruments.items():
            action.toggled.connect(partial(self._core.instruments.set_on, name))
        self._core.instruments.changed.connect(self._show_instruments)
        view.addSeparator()
        schemes = QActionGroup(self)
        for choice, text in (("follow", "As the &desktop"), ("light", "L&ight"), ("dark", "Dar&k")):
            action = self._add(view, text, "", partial(self._choose_scheme, choice), checkable=True)
            action.setChecked(choice == self._theme.choice)
            schemes.addAction(action)

    @Slot()
    def _show_instruments(self) -> None:
        """A slot of this object, which does not keep it alive; a lambda would, and with it the whole window."""
        for name, action in self._instruments.items():
            action.setChecked(self._core.instruments.is_on(name))

    def _scale(self, step: float, checked: bool = False) -> None:
        self._theme.set_text_scale(self._theme.text_scale + step if step else 1.0)

    def _choose_scheme(self, choice: str, checked: bool = False) -> None:
        self._theme.set_choice(choice)

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _about(self) -> None:
        QMessageBox.about(
            self._window,
            "About Thaw",
            f"<b>Thaw {VERSION}</b><br>A desktop lab for responsive threading in Python: why does my window freeze, "
            "and where should this work run?",
        )
