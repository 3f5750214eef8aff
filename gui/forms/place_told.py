"""What there is of a place that others keep: words, all of its threads on offer, its own page. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.widgets.fields import describe, named, note
from gui.widgets.panels import fill
from workers.catalog.compatibility import NOTHING
from workers.engine.plan import MAX_WORKERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.widgets.fields import IntBox
    from workers.catalog.compatibility import Told


class PlaceTold(QWidget):
    """Seen where there is something to tell.

    Attributes:
        words: what there is.
        use_all: sets the number of workers to what the place can do at once; seen where that is another number.
        open_page: opens the place's own page in the browser; seen where there is one.
    """

    def __init__(self, workers: IntBox, open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl) -> None:
        """Make it.

        Args:
            workers: the field for how many tasks run at once.
            open_url: opens a page.
        """
        super().__init__()
        self._workers, self._open_url = workers, open_url
        self._told = NOTHING
        self.words = describe(note(), "What there is of it")
        self.use_all = named(QPushButton(), "link")
        self.open_page = named(QPushButton("Open its dashboard"), "link")
        row = fill(QHBoxLayout(), self.use_all, self.open_page, None, spacing=12)
        fill(QVBoxLayout(self), self.words, row, spacing=4)
        self.use_all.clicked.connect(self._use_all)
        self.open_page.clicked.connect(self._open)
        workers.valueChanged.connect(self._offer)
        self.show_told(NOTHING)

    def show_told(self, told: Told) -> None:
        self._told = told
        self.words.setText(told.words)
        self.setVisible(bool(told.words))
        self.open_page.setVisible(bool(told.page))
        describe(self.open_page, self.open_page.text(), f"Open {told.page} in your browser")
        self._offer()

    @property
    def _at_once(self) -> int:
        return min(self._told.at_once, MAX_WORKERS)

    @Slot()
    def _offer(self) -> None:
        count, workers = self._at_once, self._workers.value()
        self.use_all.setText(f"Run {count:,} tasks at once")
        describe(
            self.use_all, self.use_all.text(), f"It has places for {count:,}, and Workers says {workers:,}"
        )
        self.use_all.setVisible(count not in {0, workers})

    @Slot()
    def _use_all(self) -> None:
        self._workers.setFocus()  # the button hides
        self._workers.setValue(self._at_once)

    @Slot()
    def _open(self) -> None:
        self._open_url(QUrl(self._told.page))
