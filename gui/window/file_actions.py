"""What the File menu does with runs and pictures: asks for a file, `RunFileIO` does the rest. In the GUI thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from gui.charts.picture import save_picture
from gui.controllers.run_files import EXPORT_FILTERS, RUN_FILTER, default_name
from gui.frame.recent_runs import RecentRuns
from gui.process.ask_file import ask_file, last_folder, remember_folder
from workers.run_files.members import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction, QImage
    from PySide6.QtWidgets import QMenu, QWidget

    from gui.controllers.run_files import RunFileIO
    from gui.process.preferences import Preferences
    from gui.window.pages import Pages
    from workers.engine.run import Run

PNG_FILTER = "Picture (*.png)"


class FileActions(QObject):
    """Opens, saves and exports runs, and saves pictures of graphs.

    Attributes:
        of_a_run: the actions that want a run that has ended.
        recent: the runs that were opened or saved last.
        save_file: the action that saves the file of the page in front.

    Signals:
        said: a sentence on what was done, or why it was not.
    """

    recent: RecentRuns
    save_file: QAction

    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        run_files: RunFileIO,
        preferences: Preferences,
        chosen: Callable[[], Run | None],
        pictures: dict[str, Callable[[], QImage]],
    ) -> None:
        """Make them.

        Args:
            window: the dialogs' parent.
            run_files: reads and writes the files.
            preferences: remembers the folder.
            chosen: says which run is meant.
            pictures: what can be saved as a picture, by its name in the menu.
        """
        super().__init__(window)
        self._window, self._run_files, self._preferences, self._chosen = window, run_files, preferences, chosen
        self._pictures = pictures
        self.of_a_run: list[QAction] = []
        run_files.saved.connect(self._tell_saved)
        run_files.opened.connect(self._note_opened)
        run_files.failed.connect(self.said)

    def fill_menu(self, export: QMenu) -> None:
        for suffix, text in EXPORT_FILTERS.items():
            action = export.addAction(f"{text.partition(' (')[0]}…")
            action.triggered.connect(partial(self._export_chosen, suffix))
            self.of_a_run.append(action)
        export.addSeparator()
        for name in self._pictures:
            export.addAction(f"Picture of {name}…").triggered.connect(partial(self._save_picture, name))

    def fill_recent(self, menu: QMenu) -> None:
        """Let a menu have the runs that were opened or saved last."""
        self.recent = RecentRuns(menu, self._preferences)
        self.recent.chosen.connect(self.open_file)

    def follow(self, pages: Pages) -> None:
        """Let Ctrl+S save the file of the page in front, and a run where that has none."""
        self._pages = pages
        self.save_file.triggered.connect(self._save_file)
        pages.turned.connect(self._follow_page)
        self._follow_page()

    @Slot()
    def _follow_page(self) -> None:
        page, save_run = self._pages.current, self.of_a_run[0]
        has_file = page is not None and page.has_file
        self.save_file.setVisible(has_file)
        self.save_file.setShortcut("Ctrl+S" if has_file else "")
        save_run.setShortcut("" if has_file else "Ctrl+S")

    @Slot()
    def _save_file(self) -> None:
        page = self._pages.current
        assert page is not None
        page.save()

    # ---------------------------------------------------------------- runs

    @Slot()
    def open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Open a run", last_folder(self._preferences), f"{RUN_FILTER};;All files (*)"
        )
        if path:
            self.open_file(Path(path))

    @Slot(object)
    def open_file(self, path: Path) -> None:
        """Open a file with a run; what comes of it is told by the signals of `RunFileIO`."""
        remember_folder(self._preferences, path)
        self._run_files.open(path)

    @Slot()
    def save_chosen(self) -> None:
        self.save(self._chosen())

    @Slot(object)
    def save(self, run: Run | None) -> None:
        self._write(run, "save", RUN_FILTER, SUFFIX, self._run_files.save)

    def _export_chosen(self, suffix: str, checked: bool = False) -> None:
        self.export(self._chosen(), suffix)

    def export(self, run: Run | None, suffix: str = ".html") -> None:
        """Ask for a file, and export a run that has ended; the file's suffix says as what."""
        self._write(run, "export", EXPORT_FILTERS[suffix], suffix, self._run_files.export)

    def _write(
        self, run: Run | None, verb: str, kind: str, suffix: str, write: Callable[[Run, Path], object]
    ) -> None:
        if run is None or run.ended is None:
            self.said.emit(f"There is no finished run to {verb}: press Start first.")
            return
        title, name = f"{verb.capitalize()} the run", default_name(run, suffix)
        path = ask_file(self._window, self._preferences, title, name, kind, suffix)
        if path is not None:
            write(run, path)

    @Slot(str)
    def _tell_saved(self, path: str) -> None:
        self.said.emit(f"Saved {path}.")
        if path.lower().endswith(SUFFIX):
            self.recent.note(Path(path))

    @Slot(object, object)
    def _note_opened(self, run: Run, path: Path) -> None:
        self.recent.note(path)

    # ---------------------------------------------------------------- pictures

    def _save_picture(self, name: str, checked: bool = False) -> None:
        picture = self._pictures[name]()
        if picture.isNull():
            self.said.emit(f"There is no picture of {name} yet: its place in the window says how to get one.")
            return
        title, file = f"Save a picture of {name}", f"thaw-{name.replace(' ', '-')}.png"
        path = ask_file(self._window, self._preferences, title, file, PNG_FILTER, ".png")
        if path is not None:
            self.said.emit(save_picture(picture, path) or f"Saved {path}.")
