"""The left side of the page Downloads: where addresses come in, the folder for the files, and Start. In the GUI thread.

It stores nothing and starts nothing itself.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.downloads.settings import FREEZES_HERE, DownloadsSettings
from gui.widgets.fields import describe, named, note, pass_focus, section
from gui.widgets.panels import GivesWay, fill, line, order_tabs, pile, scroll_down, set_text_color
from workers.utils.folder_files import expanded, home

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QKeyEvent, QShowEvent

    from gui.controllers.catalog import Catalog
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme

KEPT_FOLDER = "downloads_folder"
WIDTH = 264
"""Of the panel, in pixels at a text scale of 1."""

TEXTS = frozenset({".txt", ".html", ".htm", ".csv", ".tsv", ".md", ".json", ".xml", ".url", ".list", ".log"})
"""The suffixes of dropped files that may hold addresses."""

_BEGIN = re.compile(r"https?:\\?/\\?/", re.IGNORECASE)
LISTS = "Lists and pages (*.txt *.html *.htm *.csv *.tsv *.md *.json *.xml);;All files (*)"
SAMPLE_TIP = (
    "Add the ten pictures of the sample list. They come from images.unsplash.com: "
    "Start downloads fetches them over the network"
)
OTHER_WAYS = "Or press Ctrl+V, or drop a list, a page or a table here."


def usual_folder() -> str:
    """Where files go when nobody has chosen another folder: it is made only when a run starts."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    return str(Path(found or home()) / "Thaw")


def short_path(path: str) -> str:
    """With "~" for the person's own folder: a narrow field shows more of it then."""
    try:
        return str(Path("~") / Path(path).relative_to(home()))
    except ValueError:
        return path


def long_path(path: str) -> str:
    """The whole of it again."""
    found = expanded(path)
    return found if os.path.lexists(found) else expanded(path.strip())


def has_address(text: str) -> bool:
    """Whether an address may stand in a text; it may be one in JSON, where slashes are escaped."""
    return _BEGIN.search(text) is not None


def files_in(data: QMimeData | None) -> list[Path]:
    """The files that may have addresses in them."""
    urls = data.urls() if data is not None and data.hasUrls() else ()
    local = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in local if path.suffix.lower() in TEXTS]


def text_in(data: QMimeData | None) -> str:
    """The text; of dragged web addresses, these."""
    if data is None:  # an empty clipboard has none
        return ""
    urls = [url.toString() for url in (data.urls() if data.hasUrls() else ()) if not url.isLocalFile()]
    return "\n".join(urls) or (data.text() if data.hasText() else "")


def sources_in(data: QMimeData | None) -> list[str | Path]:
    """Where there may be addresses: these files, or else the text."""
    text = text_in(data)
    return [*files_in(data)] or ([text] if has_address(text) else [])


class AddressLine(QLineEdit):
    """A line for one address. What is pasted into it and holds addresses goes to the list at once.

    Signals:
        pasted: a text with addresses.
    """

    pasted = Signal(object)

    def __init__(self) -> None:
        super().__init__(placeholderText="https://…")
        self.setAcceptDrops(False)  # the window takes what is dropped, all of it
        describe(self, "Address", "Type or paste an address, and press Return")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Many addresses in one line would be one long text, and its end cut off."""
        if event.matches(QKeySequence.StandardKey.Paste):
            text = QGuiApplication.clipboard().text()
            if has_address(text):
                self.pasted.emit(text)
                return
        super().keyPressEvent(event)


class DownloadsIntake(QWidget):
    """Fields and buttons, one below the other.

    Attributes:
        line: for an address.
        paste, file, sample: the buttons for other ways to add some.
        folder: where files go.
        show_folder: the button that opens it.
        settings: where the downloads run, and with what.
        answer: what came of what was added.
        state, where: what is left from last time, or why nothing can start; and where Start runs it.
        start, pause, cancel: the buttons for the whole run.

    Signals:
        given: a text with addresses, or the Path of a file with such.
    """

    given = Signal(object)

    def __init__(self, theme: Theme, catalog: Catalog, preferences: Preferences) -> None:
        super().__init__()
        self._theme, self._preferences = theme, preferences
        self.settings = DownloadsSettings(theme, catalog, preferences)
        self._lists_folder = str(home())
        self._shown: tuple[object, ...] = ()
        self.line = AddressLine()
        self.paste, self.file, self.sample = map(QPushButton, ("Paste", "From a file…", "Sample list"))
        describe(self.paste, "Paste", "Add all addresses in the text on the clipboard (Ctrl+V)")
        describe(self.file, "From a file", "Add all addresses that stand in a text, a page or a table")
        describe(self.sample, "Sample list", SAMPLE_TIP)
        self.folder = QLineEdit()
        self.folder.setAcceptDrops(False)
        self.set_folder(preferences.read(KEPT_FOLDER))
        self.choose, self.show_folder = named(QPushButton("…"), "small"), QPushButton("Open")
        describe(self.choose, "Choose the folder", "Choose another folder")
        describe(self.show_folder, "Open the folder", "Show the folder in the desktop's file manager")
        self.answer = describe(note(OTHER_WAYS), "What came of it")
        self.state = describe(note(), "State of the list")
        self.where = describe(note(), "Where the downloads run")
        self.state.hide()
        self.start = named(QPushButton("Start downloads"), "primary")
        self.pause, self.cancel = QPushButton("Pause"), QPushButton("Cancel")
        describe(self.pause, "Pause", "Let the downloads wait where they are, or go on")
        describe(self.cancel, "Cancel", "End the run: what is done stays, the rest waits for the next one")
        self._lay_out()
        self.line.returnPressed.connect(self._take_line)
        self.line.pasted.connect(self.given)
        self.file.clicked.connect(self._ask_for_file)
        self.choose.clicked.connect(self._ask_for_folder)
        self.settings.form_made.connect(self._arrange)
        self._arrange()
        theme.changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        inner = self._inner = QWidget()
        fill(
            QVBoxLayout(inner),
            section("Add addresses"),
            fill(QHBoxLayout(), (self.line, 1), self.paste, spacing=8),
            fill(QHBoxLayout(), (self.file, 1), (self.sample, 1), spacing=8),
            self.answer,
            2,
            section("Save to"),
            fill(QHBoxLayout(), (self.folder, 1), self.choose, self.show_folder, spacing=8),
            2,
            self.settings,
            None,
            margins=(12, 8, 12, 6),
            spacing=6,
        )
        self._upper = scroll_down(inner)
        GivesWay(self._upper, self.settings.more, self.settings.place.when)
        self._upper.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a click on the ground takes what was typed
        # The panel's ground goes through; a style sheet for it would cost each of the fields inside.
        self._upper.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        buttons = fill(QHBoxLayout(), (self.start, 1), self.pause, self.cancel, spacing=8)
        foot = fill(QVBoxLayout(), self.state, self.where, buttons, margins=(12, 6, 12, 8), spacing=6)
        # Whatever there is to say above, Start and Cancel are never scrolled out of sight.
        pile(self, self._upper, line(), foot)
        self.setAccessibleName("What to download")

    def set_allowed(self, allowed: bool) -> None:
        for field in (self.line, self.paste, self.file, self.sample):
            field.setEnabled(allowed)

    @property
    def chosen_folder(self) -> str:
        """The whole path of where files go."""
        return long_path(self.folder.text()) if self.folder.text().strip() else usual_folder()

    def set_folder(self, folder: str) -> None:
        """Show where files go; the usual folder where there is none."""
        folder = folder or usual_folder()
        self.folder.setText(short_path(folder))
        describe(self.folder, "Save to", f"The folder for the files: {folder}. It is made when a run starts")

    def say_state(self, text: str, where: str) -> None:
        """Say something about the list that stays true for a while, and where a run would be."""
        if text != self.state.text():
            self.state.setText(text)
            self.state.setVisible(bool(text))
        if where != self.where.text():
            self.where.setText(where)
            set_text_color(self.where, self._theme.color("bad" if where == FREEZES_HERE else "muted"))

    def show_state(
        self, text: str, *, can_start: bool, why_not: str, is_running: bool, is_paused: bool
    ) -> None:
        """Let the buttons do what makes sense now.

        Args:
            text: what the Start button says.
            can_start: whether it can be pressed.
            why_not: why not, for its tooltip.
            is_running: whether a run over this list goes on.
            is_paused: whether that waits.
        """
        shown = (text, can_start, why_not, is_running, is_paused)
        if shown == self._shown:
            return
        self._shown = shown
        self.start.setText(text)
        describe(self.start, text, why_not or "Download everything that is waiting")
        self.pause.setText("Resume" if is_paused else "Pause")
        self.pause.setAccessibleName(self.pause.text())
        if is_running:
            self.pause.show()
            pass_focus(self.pause, self.start)
        self.start.setEnabled(can_start)
        for about_start in (self.start, self.where):
            about_start.setVisible(not is_running)
        if not is_running:
            pass_focus(self.start, self.pause, self.cancel)
        for button in (self.pause, self.cancel):
            button.setVisible(is_running)

    def remember(self) -> None:
        """Keep the folder and the settings for the next start."""
        self._preferences.write(KEPT_FOLDER, self.chosen_folder)
        self.settings.remember()

    # ---------------------------------------------------------------- what a person does

    @Slot()
    def _take_line(self) -> None:
        text = self.line.text().strip()
        if text:
            # People leave out what a browser leaves out, too.
            self.given.emit(text if has_address(text) or "." not in text else f"https://{text}")

    @Slot()
    def _ask_for_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "A file with addresses", self._lists_folder, LISTS)
        if path:
            self._lists_folder = str(Path(path).parent)
            self.given.emit(Path(path))

    @Slot()
    def _ask_for_folder(self) -> None:
        known = Path(long_path(self.folder.text()))
        first = next((str(one) for one in (known, *known.parents) if one.is_dir()), str(home()))
        chosen = QFileDialog.getExistingDirectory(self, "Folder for the files", first)
        if chosen:
            self.set_folder(chosen)
            self.folder.editingFinished.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Only what is shown knows how much room the style sheet wants."""
        super().showEvent(event)
        self._dress()

    @Slot()
    def _arrange(self) -> None:
        order_tabs(self)

    @Slot()
    def _dress(self) -> None:
        scale = min(self._theme.text_scale, 1.4)
        self.choose.setFixedWidth(round(28 * self._theme.text_scale))
        self.choose.setMinimumHeight(self.show_folder.sizeHint().height())
        self.folder.setMinimumWidth(self.folder.fontMetrics().horizontalAdvance("~/Downloads/Thaw") + 20)
        bar = self._upper.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(max(round(WIDTH * scale), self._inner.minimumSizeHint().width() + bar))
