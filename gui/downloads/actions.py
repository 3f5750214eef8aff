"""What can be done with the selected rows of the list of downloads: by menu, key and double click. In the GUI thread.

A file is opened only where its name says that it is a picture: nothing is run because of what a server has sent.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from gui.downloads import texts as say
from gui.downloads.state import State, file_of
from workers.utils.folder_files import expanded

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex

    from gui.downloads.model import DownloadsModel
    from gui.downloads.view import DownloadsView

PICTURES = frozenset({".avif", ".bmp", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
"""A file with another ending is shown in its folder, not opened: what opens it might run it."""


class DownloadsActions(QObject):
    """The actions of the list.

    Attributes:
        is_allowed: whether the list may be changed.
        remove, copy, retry, pause: those that stand in the menu at all times.

    Signals:
        retry_requested: the numbers of items that are to be tried again.
        remove_requested: the numbers of items that are to leave the list.
        pause_task, resume_task: the number of a task of the run.
        said: a sentence on what was done, or why it was not.
    """

    retry_requested = Signal(list)
    remove_requested = Signal(list)
    pause_task = Signal(int)
    resume_task = Signal(int)
    said = Signal(str)

    def __init__(
        self, view: DownloadsView, model: DownloadsModel, open_url: Callable[[QUrl], bool] | None
    ) -> None:
        """Make them.

        Args:
            view: shows the rows.
            model: knows the items.
            open_url: opens a file or a folder; None for the desktop's own way.
        """
        super().__init__(view)
        self._view, self._model = view, model
        self._open_url = open_url or QDesktopServices.openUrl
        self.is_allowed = True
        self.open = self._action("Open file", None, self._open_selected)
        self.show = self._action("Open folder", None, self._show_selected)
        self.copy = self._action(
            "Copy address", QKeySequence(QKeySequence.StandardKey.Copy), self.copy_addresses
        )
        self.pause = self._action("Pause", None, self.toggle_pause)
        self.retry = self._action("Try again", None, self._retry_selected)
        self.remove = self._action(
            "Remove from the list", QKeySequence(Qt.Key.Key_Delete), self.remove_selected
        )
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open_menu)
        view.doubleClicked.connect(self._open_clicked)
        view.pause_pressed.connect(self.toggle_pause)

    def _action(self, text: str, key: QKeySequence | None, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self._view, shortcutContext=Qt.ShortcutContext.WidgetShortcut)
        if key is not None:
            action.setShortcut(key)
        action.triggered.connect(slot)
        self._view.addAction(action)
        return action

    # ---------------------------------------------------------------- files

    def open_path(self, path: Path) -> None:
        """Open a file that is a picture; show the folder of any other."""
        if not path.exists():
            self.said.emit(f"{path} is not there any more: try the address again to fetch it anew.")
        elif path.is_dir() or path.suffix.lower() in PICTURES:
            self._hand_over(path)
        else:
            self._hand_over(path.parent)
            self.said.emit(f"{path.name} may be a program, so Thaw does not open it: here is its folder.")

    def open_folder(self, folder: str) -> None:
        """Show a folder, or say that it is not there yet."""
        path = Path(expanded(folder))
        if path.is_dir():
            self._hand_over(path)
        else:
            self.said.emit(f"The folder {path} is not there yet: Start makes it.")

    def _hand_over(self, path: Path) -> None:
        if not self._open_url(QUrl.fromLocalFile(str(path))):
            self.said.emit(f"This desktop has no program that opens {path}.")

    @Slot(object)
    def _open_clicked(self, index: QModelIndex) -> None:
        self._open_row(index.row())

    @Slot()
    def _open_selected(self) -> None:
        row = self._one_row()
        if row is not None:
            self._open_row(row)

    def _open_row(self, row: int) -> None:
        path = file_of(self._model.item(row))
        if path is not None:
            self.open_path(path)
        else:
            self.said.emit("There is no file of this address yet: it can be opened when it is done.")

    @Slot()
    def _show_selected(self) -> None:
        row = self._one_row()
        if row is not None:
            self.open_folder(self._model.item(row).folder)

    # ---------------------------------------------------------------- items

    @Slot()
    def copy_addresses(self) -> None:
        """Put the selected addresses on the clipboard, one a line."""
        rows = self._view.every_selected_row()
        if rows:
            QGuiApplication.clipboard().setText("\n".join(self._model.item(row).url for row in rows))

    @Slot()
    def remove_selected(self) -> None:
        """Have the selected items taken off the list, but for those that run."""
        if not self.is_allowed:
            return
        rows = self._view.every_selected_row()
        items = [
            self._model.item(row).id
            for row in rows
            if not State.WAITING < self._model.state(row) < State.FAILED
        ]
        if items:
            self.remove_requested.emit(items)
        if len(items) == len(rows) > 0:
            self.said.emit(say.removed(len(items)))
        elif rows:
            self.said.emit("What is being downloaded stays in the list: press Cancel first.")

    @Slot()
    def _retry_selected(self) -> None:
        items = self._failed(self._view.every_selected_row())
        if items and self.is_allowed:
            self.retry_requested.emit(items)

    @Slot()
    def retry_failed(self) -> None:
        """Have all items tried again that failed, whatever the filter shows."""
        items = self._model.listing.items
        failed = [items[place].id for place, state in enumerate(self._model.states) if state == State.FAILED]
        if failed:  # a run would begin over what waits
            self.retry_requested.emit(failed)

    @Slot()
    def toggle_pause(self) -> None:
        """Pause the selected items of the run; where all of them wait already, let them go on."""
        live = self._model.live
        if live is None:
            return
        items = self._view.selected_ids()
        numbers = {number: live.is_held(item) for item in items if (number := live.number(item)) is not None}
        if not numbers:
            if items:
                self.said.emit("Only what the run has not finished yet can be paused.")
            return
        signal = self.resume_task if all(numbers.values()) else self.pause_task
        for number in numbers:
            signal.emit(number)
        self._model.look_again(items)
        self.said.emit(say.paused(len(numbers), signal is self.pause_task))

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        self.prepare_menu()
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.open, self.show, self.copy])
        menu.addSeparator()
        menu.addActions([self.pause, self.retry, self.remove])
        menu.popup(self._view.viewport().mapToGlobal(place))

    def prepare_menu(self) -> None:
        rows = self._view.every_selected_row()
        live, one = self._model.live, self._one_row()
        of_run = [
            item for item in self._view.selected_ids() if live is not None and live.number(item) is not None
        ]
        held = live is not None and bool(of_run) and all(live.is_held(item) for item in of_run)
        self.pause.setText("Go on (Space)" if held else "Pause (Space)")
        self.pause.setEnabled(bool(of_run))
        self.open.setEnabled(one is not None and file_of(self._model.item(one)) is not None)
        self.show.setEnabled(one is not None)
        self.copy.setText("Copy address" if len(rows) == 1 else "Copy addresses")
        self.copy.setEnabled(bool(rows))
        self.retry.setEnabled(self.is_allowed and bool(self._failed(rows)))
        self.remove.setEnabled(self.is_allowed and bool(rows))

    def _one_row(self) -> int | None:
        rows = self._view.every_selected_row()
        return rows[0] if len(rows) == 1 else None

    def _failed(self, rows: list[int]) -> list[int]:
        return [self._model.item(row).id for row in rows if self._model.state(row) is State.FAILED]
