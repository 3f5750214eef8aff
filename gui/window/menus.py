"""The menus of the window with their shortcuts. In the GUI thread; what they do is the window's or the theme's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QMessageBox

from gui.controllers.instruments import NAMES
from gui.widgets.keys import with_mnemonic
from workers.reports.summary import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QAbstractButton, QMainWindow, QWidget

    from gui.controllers.core import Core
    from gui.process.problems import Problem
    from gui.theme.theme import Theme
    from gui.window.file_actions import FileActions
    from gui.window.layout import WindowLayout
    from gui.window.pages import Pages

KEYS = {"witness": "F7"}
"""Of instruments, by their names."""

TEXT_STEP = 0.1
"""How much larger or smaller one step makes all texts."""


class Menus(QObject):
    """File, Run, View and Help.

    Attributes:
        start: the action of that name, with its shortcut; `pause`, `cancel` and `compare` likewise.
        toggle: checkable: whether the work runs on the GUI thread. It is the one place where that is kept.
        polite: checkable: whether threads give way to the window.
        presentation: checkable: the large view for a lecture.
        full_screen: gives the window the whole screen, and back.
        panel: checkable: whether the side panel is wanted.
        tour: leads through the first minute; the announcer speaks.
        problems: what went wrong unseen, the newest last; the program says.

    Signals:
        said: a sentence on what was done, or why it was not.
    """

    said = Signal(str)

    def __init__(
        self, window: QMainWindow, layout: WindowLayout, files: FileActions, core: Core, theme: Theme
    ) -> None:
        """Make them; what `start`, `compare` and `tour` do, the window connects."""
        super().__init__(window)
        self._window, self._core, self._theme = window, core, theme
        self._layout, self._files = layout, files
        self.problems: Callable[[], Sequence[Problem]] = tuple
        self._pages: Pages | None = None
        bar = window.menuBar()
        self._fill_file(bar.addMenu("&File"))
        self._fill_run(bar.addMenu("&Run"))
        self._view = bar.addMenu("&View")
        self._fill_view(self._view)
        self._fill_help(bar.addMenu("&Help"))
        buttons = layout.controls.buttons
        self._buttons = (
            (buttons.start, self.start),
            (buttons.pause, self.pause),
            (buttons.cancel, self.cancel),
            (buttons.compare, self.compare),
        )
        others = (layout.rail.panel, self.panel), (layout.header.toggle.blocking, self.toggle)
        for button, action in (*self._buttons, *others):
            _tell_key(button, action)
        buttons.changed.connect(self._follow_buttons)
        core.director.finished.connect(self._follow_runs)
        core.run_files.opened.connect(self._follow_runs)
        self._follow_buttons()
        self._follow_runs()

    def _fill_file(self, file: QMenu) -> None:
        files, layout = self._files, self._layout
        self._add(file, "&Open Run…", "Ctrl+O", files.open)
        files.fill_recent(file.addMenu("Open &Recent"))
        file.aboutToShow.connect(files.recent.look)
        files.of_a_run.append(self._add(file, "&Save Run…", "Ctrl+S", files.save_chosen))
        files.save_file = self._add(file, "Save F&ile", "")
        files.fill_menu(file.addMenu("&Export"))
        file.addSeparator()
        verdict = self._add(file, "Copy &verdict", "Ctrl+Shift+C", layout.strip.copy)
        verdict.setEnabled(False)
        layout.strip.kept.connect(verdict.setEnabled)
        self._add(file, "Copy &graphs", "Ctrl+Shift+G", layout.graphs.copy)
        file.addSeparator()
        self._add(file, "&Quit", "Ctrl+Q", self._window.close)

    def _fill_run(self, run: QMenu) -> None:
        controls, core = self._layout.controls, self._core
        self.start = self._add(run, "&Start", "F5 Ctrl+Return")
        self.pause = self._add(run, "&Pause/Resume", "F6", core.director.toggle_pause)
        self.cancel = self._add(run, "&Cancel", "Esc", core.cancel)
        self.compare = self._add(run, "C&ompare", "F8")
        run.addSeparator()
        self.toggle = self._add(run, "Run on the &GUI thread", "F4", checkable=True)
        polite = controls.options.polite
        self.polite = self._add(run, "Po&lite", "F9", checkable=True)
        self.polite.setChecked(polite.isChecked())
        self.polite.toggled.connect(polite.setChecked)
        polite.toggled.connect(self.polite.setChecked)
        run.addSeparator()
        for text, keys, field in (
            ("Choose the &workload", "Ctrl+Shift+W", controls.workload_menu),
            ("Choose the &runner", "Ctrl+Shift+R", controls.runner_menu),
        ):
            self._add(run, text, keys, partial(self._focus, field))

    @Slot()
    def _follow_buttons(self) -> None:
        """Let the menu do what the buttons can, and its Start what the one of the room in front can."""
        for button, action in self._buttons:
            action.setEnabled(button.isEnabled())
        if self._pages is not None and self._pages.has_own_start:
            self.start.setEnabled(not self._core.is_busy)

    @Slot()
    def _follow_runs(self) -> None:
        for action in self._files.of_a_run:
            action.setEnabled(bool(self._core.listed))

    def _focus(self, field: QWidget, checked: bool = False) -> None:
        self._layout.show_panel()
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)

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
        """Put the rooms at the top of View, with Ctrl and a digit each, as long as there are digits."""
        self._pages = pages
        pages.turned.connect(self._follow_buttons)
        first, *_ = entries = self._view.actions()
        taken = {entry.text().partition("&")[2][:1].lower() for entry in entries} | {"v"}  # see below
        for at, title in enumerate(pages.titles):
            keys = f"Ctrl+{at + 1}" if at < 9 else ""
            text = with_mnemonic(title, taken)
            action = self._add(self._view, text, keys, partial(self._show_room, pages, at))
            self._view.insertAction(first, action)
            _tell_key(self._layout.rail.buttons[at], action)
        self._files.follow(pages)
        self._view.insertSeparator(first)

        tabs = self._layout.tabs
        pages_of_live = QMenu("Pages of Li&ve", self._view)
        for at in range(tabs.count()):
            title = tabs.tabText(at)
            self._add(pages_of_live, f"&{title}", f"Alt+{at + 1}", partial(self._show_tab, at))
        self._view.insertMenu(first, pages_of_live)
        self._view.insertSeparator(first)

    def _show_room(self, pages: Pages, at: int, checked: bool = False) -> None:
        pages.show_room(at)

    def _show_tab(self, at: int, checked: bool = False) -> None:
        self._layout.rooms.setCurrentIndex(0)
        self._layout.tabs.setCurrentIndex(at)

    def _fill_view(self, view: QMenu) -> None:
        layout = self._layout
        self.panel = self._add(view, "Side pan&el", "Ctrl+B", layout.set_panel_wanted, checkable=True)
        self.panel.setChecked(layout.is_panel_wanted)
        layout.panel_turned.connect(self.panel.setChecked)
        self.presentation = self._add(view, "Presen&tation", "F12", checkable=True)
        self.presentation.toggled.connect(self._core.instruments.place_witness)
        self.full_screen = self._add(view, "&Full screen", "F11", self._toggle_full_screen)
        view.addSeparator()
        self._add(view, "Lar&ger text", "Ctrl++ Ctrl+=", partial(self._scale, +TEXT_STEP))
        self._add(view, "S&maller text", "Ctrl+-", partial(self._scale, -TEXT_STEP))
        self._add(view, "Reset te&xt size", "Ctrl+0", partial(self._scale, 0.0))
        view.addSeparator()
        instruments = view.addMenu("I&nstruments")
        self._instruments = {
            name: self._add(instruments, text, KEYS.get(name, ""), checkable=True)
            for name, text in NAMES.items()
        }
        self._show_instruments()
        for name, action in self._instruments.items():
            action.toggled.connect(partial(self._core.instruments.set_on, name))
        self._core.instruments.changed.connect(self._show_instruments)
        view.addSeparator()
        schemes = QActionGroup(self)
        for choice, text in (("follow", "Foll&ow system"), ("light", "L&ight"), ("dark", "Dar&k")):
            action = self._add(view, text, "", partial(self._choose_scheme, choice), checkable=True)
            action.setChecked(choice == self._theme.choice)
            schemes.addAction(action)

    @Slot()
    def _show_instruments(self) -> None:
        """A slot of this object, which does not keep it alive; a lambda would, and with it the whole window."""
        for name, action in self._instruments.items():
            action.setChecked(self._core.instruments.is_on(name))

    def _scale(self, step: float, checked: bool = False) -> None:
        # Larger than was chosen, also where the window has no room for it yet; smaller than is seen.
        base = self._theme.chosen_scale if step > 0 else self._theme.text_scale
        self._theme.set_text_scale(base + step if step else 1.0)
        if self._theme.text_scale < self._theme.chosen_scale:
            self.said.emit("Texts are as large as this window has room for: make the window larger.")

    def _choose_scheme(self, choice: str, checked: bool = False) -> None:
        self._theme.set_choice(choice)

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    # ---------------------------------------------------------------- help: it is loaded when it is asked for

    def _fill_help(self, menu: QMenu) -> None:
        self._add(menu, "&Keyboard shortcuts", "F1", self._show_shortcuts)
        self.tour = self._add(menu, "The &first minute", "", self._prepare_tour)
        self._add(menu, "How to read the &graphs", "", self._explain_graphs)
        self._docs = menu.addMenu("&Documentation")
        self._docs.aboutToShow.connect(self._fill_docs)
        menu.addSeparator()
        self._add(menu, "&Copy information for a report", "", self._copy_information)
        self._add(menu, "Show &log…", "", self._layout.strip.problems.click)
        self._add(menu, "&About Thaw", "", self._about)

    @Slot()
    def _prepare_tour(self) -> None:
        self._layout.rooms.setCurrentIndex(0)
        self.toggle.setChecked(True)

    @Slot()
    def _show_shortcuts(self) -> None:
        from gui.frame import help

        help.HelpDialog(self._window, "Keyboard shortcuts", help.shortcuts_text(self._window)).show()

    @Slot()
    def _explain_graphs(self) -> None:
        from gui.frame import help

        help.HelpDialog(self._window, "How to read the graphs", help.graphs_text()).show()

    @Slot()
    def _fill_docs(self) -> None:
        from gui.frame import help

        self._docs.clear()
        for title, path in help.documents():
            self._add(self._docs, title, "", partial(self._open_document, path))
        if self._docs.isEmpty():
            self._docs.addAction("It is not beside this program").setEnabled(False)

    def _open_document(self, path: Path, checked: bool = False) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.said.emit(f"No program here opens {path}.")

    @Slot()
    def _copy_information(self) -> None:
        from gui.frame import help

        on = [name for name in NAMES if self._core.instruments.is_on(name)]
        QGuiApplication.clipboard().setText(help.information(self._theme, on, self.problems()))
        self.said.emit("Copied: paste it into the report.")

    def _about(self) -> None:
        QMessageBox.about(
            self._window,
            "About Thaw",
            f"<b>Thaw {VERSION}</b><br>A desktop lab for responsive threading in Python: why does my window freeze, "
            "and where should this work run?",
        )


def _tell_key(button: QAbstractButton, action: QAction) -> None:
    if keys := action.shortcut().toString():
        button.setToolTip(f"{button.toolTip() or button.text()} ({keys})")
