"""The left side of the Downloads tab: where addresses come in, the folder for the files, and Start. In the GUI thread.

It stores nothing and starts nothing itself.

What has addresses in it, of all that can be dropped, pasted or typed. Opens no file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.fields import describe, named, note, section

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QKeyEvent, QShowEvent

    from gui.theme.theme import Theme

WIDTH = 264
"""Of the panel, in pixels at a text scale of 1."""

LISTS = "Lists and pages (*.txt *.html *.htm *.csv *.tsv *.md *.json *.xml);;All files (*)"
SAMPLE_TIP = (
    "Add the ten pictures of the sample list. They come from images.unsplash.com: Start fetches them over the network"
)


OTHER_WAYS = "Or press Ctrl+V, or drop a list, a page or a table on this tab."


def usual_folder() -> str:
    """Where files go when nobody has chosen another folder: it is made only when a run starts."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    return str(Path(found or Path.home()) / "Thaw")


def short_path(path: str) -> str:
    """With "~" for the person's own folder: a narrow field shows more of it then."""
    try:
        return str(Path("~") / Path(path).relative_to(Path.home()))
    except ValueError:
        return path


def long_path(path: str) -> str:
    """The whole of it again."""
    try:
        return str(Path(path.strip()).expanduser())
    except RuntimeError:  # "~nobody"
        return path


class AddressLine(QLineEdit):
    """A line for one address. What is pasted into it and holds addresses goes to the list at once.

    Signals:
        pasted: a text with addresses.
    """

    pasted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("https://…")
        self.setClearButtonEnabled(False)
        self.setAcceptDrops(False)  # the tab takes what is dropped, all of it
        describe(self, "Address", "Type or paste an address, and press Return")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Many addresses in one line would be one long text, and its end cut off."""
        if event.matches(QKeySequence.StandardKey.Paste):
            text = QGuiApplication.clipboard().text()
            if has_address(text):
                self.pasted.emit(text)
                event.accept()
                return
        super().keyPressEvent(event)


class DownloadsIntake(QWidget):
    """Fields and buttons, one below the other.

    Attributes:
        line: for an address.
        folder: where files go.
        start, pause, cancel: the buttons for the whole run.

    Signals:
        text_given: a text that was typed or pasted.
        paste_pressed: what is on the clipboard is to be added.
        file_chosen: the path of a file with addresses.
        sample_pressed: the sample list is to be added.
        open_folder_pressed: the folder is to be shown.
        start_pressed, pause_pressed, cancel_pressed: their buttons.
    """

    text_given = Signal(str)
    paste_pressed = Signal()
    file_chosen = Signal(str)
    sample_pressed = Signal()
    open_folder_pressed = Signal()
    start_pressed = Signal()
    pause_pressed = Signal()
    cancel_pressed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lists_folder = str(Path.home())
        self._shown: tuple[object, ...] = ()
        self.line = AddressLine()
        self.paste, self.file, self.sample = map(QPushButton, ("Paste", "From a file …", "Sample list"))
        describe(self.paste, "Paste", "Add all addresses in the text on the clipboard (Ctrl+V)")
        describe(self.file, "From a file", "Add all addresses that stand in a text, a page or a table")
        describe(self.sample, "Sample list", SAMPLE_TIP)
        self.folder = QLineEdit()
        self.folder.setAcceptDrops(False)
        self.set_folder(usual_folder())
        self.choose, self.show_folder = named(QPushButton("…"), "small"), QPushButton("Open")
        describe(self.choose, "Choose the folder", "Choose another folder")
        describe(self.show_folder, "Open the folder", "Show the folder in the desktop's file manager")
        self.answer, self.state = note(), note()
        self.answer.setText(OTHER_WAYS)
        self.answer.setAccessibleName("What came of it")
        self.state.setAccessibleName("State of the list")
        self.start = named(QPushButton("Start"), "primary")
        self.pause, self.cancel = QPushButton("Pause"), QPushButton("Cancel")
        describe(self.pause, "Pause", "Let the downloads wait where they are, or go on")
        describe(self.cancel, "Cancel", "End the run: what is done stays, the rest waits for the next one")
        self._lay_out()
        self._connect()
        theme.changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        inner = self._inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 8, 12, 6)
        column.setSpacing(6)
        column.addWidget(section("Add addresses"))
        column.addLayout(_row((self.line, 1), (self.paste, 0)))
        column.addLayout(_row((self.file, 1), (self.sample, 1)))
        column.addWidget(self.answer)
        column.addSpacing(2)
        column.addWidget(section("Save to"))
        column.addLayout(_row((self.folder, 1), (self.choose, 0), (self.show_folder, 0)))
        column.addStretch(1)
        self._upper = QScrollArea()
        self._upper.setFrameShape(QFrame.Shape.NoFrame)
        self._upper.setWidgetResizable(True)
        self._upper.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._upper.setWidget(inner)
        # The panel's ground goes through; a style sheet for it would cost each of the fields inside.
        self._upper.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 0, 12, 8)
        foot.setSpacing(6)
        foot.addWidget(self.state)
        foot.addLayout(_row((self.start, 1), (self.pause, 0), (self.cancel, 0)))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._upper, 1)
        whole.addLayout(foot)  # whatever there is to say above, Start and Cancel are never scrolled out of sight
        self.setAccessibleName("What to download")

    def _connect(self) -> None:
        self.line.returnPressed.connect(self._take_line)
        self.line.pasted.connect(self.text_given)
        self.paste.clicked.connect(self.paste_pressed)
        self.file.clicked.connect(self._ask_for_file)
        self.sample.clicked.connect(self.sample_pressed)
        self.choose.clicked.connect(self._ask_for_folder)
        self.show_folder.clicked.connect(self.open_folder_pressed)
        self.start.clicked.connect(self.start_pressed)
        self.pause.clicked.connect(self.pause_pressed)
        self.cancel.clicked.connect(self.cancel_pressed)

    def set_allowed(self, allowed: bool) -> None:
        for field in (self.line, self.paste, self.file, self.sample):
            field.setEnabled(allowed)

    def set_folder(self, folder: str) -> None:
        """Show where files go; the usual folder where there is none."""
        folder = folder or usual_folder()
        self.folder.setText(short_path(folder))
        describe(self.folder, "Save to", f"The folder for the files: {folder}. It is made when a run starts")

    def say_answer(self, words: str) -> None:
        """Say what came of what was added."""
        self.answer.setText(words)

    def say_state(self, words: str) -> None:
        """Say something about the list that stays true for a while."""
        if words != self.state.text():
            self.state.setText(words)
            self.state.setVisible(bool(words))

    def show_state(self, text: str, *, can_start: bool, why_not: str, is_running: bool, is_paused: bool) -> None:
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
        describe(self.start, text, why_not or "Download what waits, with the place and the details of the side panel")
        self.start.setEnabled(can_start)
        self.pause.setText("Resume" if is_paused else "Pause")
        self.pause.setAccessibleName(self.pause.text())
        for button in (self.pause, self.cancel):
            button.setVisible(is_running)
        self.start.setVisible(not is_running)

    # ---------------------------------------------------------------- what a person does

    @Slot()
    def _take_line(self) -> None:
        text = self.line.text().strip()
        if text:
            # People leave out what a browser leaves out, too.
            self.text_given.emit(text if has_address(text) or "." not in text else f"https://{text}")

    @Slot()
    def _ask_for_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "A file with addresses", self._lists_folder, LISTS)
        if path:
            self._lists_folder = str(Path(path).parent)
            self.file_chosen.emit(path)

    @Slot()
    def _ask_for_folder(self) -> None:
        known = Path(long_path(self.folder.text()))
        first = next((str(one) for one in (known, *known.parents) if one.is_dir()), str(Path.home()))
        chosen = QFileDialog.getExistingDirectory(self, "Folder for the files", first)
        if chosen:
            self.set_folder(chosen)
            self.folder.editingFinished.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Only what is shown knows how much room the style sheet wants."""
        super().showEvent(event)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        scale = min(self._theme.text_scale, 1.4)
        self.choose.setFixedWidth(round(28 * self._theme.text_scale))
        self.choose.setMinimumHeight(self.show_folder.sizeHint().height())
        self.folder.setMinimumWidth(self.folder.fontMetrics().horizontalAdvance("~/Downloads/Thaw") + 20)
        bar = self._upper.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(max(round(WIDTH * scale), self._inner.minimumSizeHint().width() + bar))


def _row(*parts: tuple[QWidget, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget, share in parts:
        row.addWidget(widget, share)
    return row


TEXTS = frozenset({".txt", ".html", ".htm", ".csv", ".tsv", ".md", ".json", ".xml", ".url", ".list", ".log"})
"""What a dropped file with addresses is called at its end."""

_BEGIN = re.compile(r"https?:\\?/\\?/", re.IGNORECASE)


def has_address(text: str) -> bool:
    """Whether an address may stand in a text; it may be one in JSON, where slashes are hidden."""
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
