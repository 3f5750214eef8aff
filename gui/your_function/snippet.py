"""A short program for one place, to be copied, with a menu of the other places. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPalette, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTextEdit, QVBoxLayout, QWidget

from gui.widgets.fields import Menu, describe, section
from gui.widgets.source_view import fill_code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent, QShowEvent

    from gui.theme.theme import Theme
    from workers.benchmark.advice import Point

MARGIN = 8


class SnippetBox(QWidget):
    """The snippet's place in a menu, a button that copies it, and its text, as high as it is.

    Attributes:
        menu: the places that have a snippet.
        copy_button: puts the text on the clipboard.
        text: the snippet.
        beside: what is told with a copy of it, such as where to save it.

    Signals:
        picked: the name of the runner that a person chose in the menu.
        said: what was copied, in a sentence.
    """

    picked = Signal(str)
    said = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._make: Callable[[str], str] = lambda runner: ""
        self.source = ""
        self._is_due = False
        # Not QTimer.singleShot: where the window is closed before it fires, that keeps the box alive for ever.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._tell_size)
        self.menu = Menu()
        describe(self.menu, "Snippet for", "The place that the snippet uses")
        self.menu.activated.connect(self._pick)
        self.copy_button = QPushButton("Copy")
        self.beside = ""
        describe(self.copy_button, "Copy the snippet", "Copy the whole snippet: a program of its own")
        self.copy_button.clicked.connect(self.copy)
        self.text = QTextEdit()
        self.text.setReadOnly(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setTabChangesFocus(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.text.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setAccessibleName("Snippet")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(section("Snippet"))
        row.addWidget(self.menu, 1)
        row.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.text)
        theme.changed.connect(self.restyle)

    def show_places(self, places: Sequence[Point], make: Callable[[str], str], chosen: str) -> None:
        """Offer snippets for these, and show the one that is chosen.

        Args:
            places: those that can take the function.
            make: returns the snippet for a runner's name.
            chosen: a runner's name.
        """
        self._make = make
        self.menu.clear()
        for place in places:
            self.menu.add(place.runner, place.title)
        self.menu.choose_first(chosen)
        self._show()

    def choose(self, runner: str) -> None:
        """Show the snippet for a place, if it has one; nobody is told."""
        if runner != self.menu.currentData() and self.menu.choose(runner):
            self._show()

    @property
    def runner(self) -> str:
        """The name of the place whose snippet is shown; empty where none is."""
        return self.menu.currentData() or ""

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.source)
        self.said.emit(f"Copied the snippet for {self.menu.currentText()}{self.beside}.")

    @Slot()
    def _pick(self) -> None:
        self._show()
        self.picked.emit(self.runner)

    def _show(self) -> None:
        self.source = self._make(self.runner) if self.runner else ""
        self.copy_button.setEnabled(bool(self.source))
        self.restyle()

    def showEvent(self, event: QShowEvent) -> None:
        """Colour what was not coloured while nobody could see it: Pygments is loaded then, not before."""
        if self._is_due:
            self.restyle()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.restyle()

    @Slot()
    def restyle(self) -> None:
        self._is_due = not self.isVisible()
        if self._is_due:
            return
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, self._theme.color("window"))
        for widget in (self.text, self.text.viewport()):
            widget.setPalette(palette)
        fill_code(self.text, self.source.rstrip("\n"), self._theme, self.font().pointSizeF() * 0.94, MARGIN)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for a bar to scroll with where lines are longer than the box."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        size = self.text.document().size()
        height = round(size.height()) + 2
        if size.width() > self.text.viewport().width():
            height += self.text.horizontalScrollBar().sizeHint().height()
        if height != self.text.height():
            self.text.setFixedHeight(height)
            # Once more when all is laid out: while that goes on the column around it does not hear of it.
            self._later.start()

    @Slot()
    def _tell_size(self) -> None:
        self.updateGeometry()
