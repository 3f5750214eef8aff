"""A short program for one place, to be copied, with a menu of the other places. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from gui.widgets.fields import Menu, describe, section
from gui.widgets.panels import fill
from gui.your_function.source import CodePane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from gui.theme.theme import Theme
    from workers.benchmark.advice import Point


class SnippetBox(CodePane):
    """The snippet's place in a menu, a button that copies it, and its text, as high as it is.

    Attributes:
        menu: the places that have a snippet.
        copy_button: puts the text on the clipboard.
        beside: what is told with a copy of it, such as where to save it.

    Signals:
        picked: the name of the runner that a person chose in the menu.
        said: what was copied, in a sentence.
    """

    picked = Signal(str)
    said = Signal(str)

    SIZE, MARGIN = 0.94, 8

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Snippet")
        self._make: Callable[[str], str] = lambda runner: ""
        self.beside = ""
        # Not QTimer.singleShot: where the window is closed before it fires, that keeps the box alive for ever.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._tell_size)
        self.menu = Menu()
        self.copy_button = QPushButton("Copy")
        describe(self.menu, "Snippet for", "The place that the snippet uses")
        describe(self.copy_button, "Copy the snippet", "Copy the whole snippet: a program of its own")
        self.menu.activated.connect(self._pick)
        self.copy_button.clicked.connect(self.copy)
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row = fill(QHBoxLayout(), section("Snippet"), (self.menu, 1), self.copy_button, spacing=8)
        fill(QVBoxLayout(self), row, self.text, spacing=6)

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
        QGuiApplication.clipboard().setText(f"{self.source}\n")
        self.said.emit(f"Copied the snippet for {self.menu.currentText()}{self.beside}.")

    @Slot()
    def _pick(self) -> None:
        self._show()
        self.picked.emit(self.runner)

    def _show(self) -> None:
        self.source = self._make(self.runner).rstrip("\n") if self.runner else ""
        self.copy_button.setEnabled(bool(self.source))
        self.restyle()

    def render_code(self) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, self.theme.color("window"))
        for widget in (self.text, self.text.viewport()):
            widget.setPalette(palette)
        super().render_code()
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
