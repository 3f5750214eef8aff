"""The Gallery tab: pictures as the tasks bring them, as a grid of thumbnails or as one picture that grows by tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.gallery.grid import KEPT, PictureGrid
from gui.gallery.growing_picture import GrowingPicture
from gui.widgets.empty_state import EmptyState
from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, stack
from workers.utils.formatting import plural
from workers.utils.picture import Picture

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.engine.run import Run

FRAME_MS = 66
"""New pictures are painted at most 15 times a second, all that came in between at once."""

NOTHING_YET = (
    "Pictures appear here as they arrive",
    "Choose a workload that makes pictures, such as image downloads or the Mandelbrot set, and press Start.",
)
WAITING = ("Waiting for the first picture", "A picture appears as soon as the first task has ended.")
NO_PICTURES = (
    "This workload makes no pictures",
    "The tab Tasks shows what it does. Image downloads and the Mandelbrot set make pictures.",
)
NONE_DONE = ("No picture arrived", "No task of this run ended well. The tab Tasks shows what happened to each.")


class Gallery(Page):
    """Shows the pictures of the run that is going on, or of the last one.

    Attributes:
        count: says how many pictures there are, above them.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core, self._theme = core, theme
        self._run: Run | None = None
        self._makes_pictures = False
        self._is_shown = False
        # Both are made when they are first needed: a window that opens has no pictures.
        self._grid: PictureGrid | None = None
        self._whole: GrowingPicture | None = None
        self._empty = EmptyState(theme, *NOTHING_YET)
        self._stack = stack(self._empty)
        self.count = QLabel()
        self.count.setAccessibleName("Number of pictures")
        self.count.setContentsMargins(12, 6, 12, 0)
        # Its text changes many times a second: it must not make the layout think about sizes each time.
        self.count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.count.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.count.hide()
        set_ground(pile(self, self.count, self._stack), "Gallery")
        self._timer = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._timer.timeout.connect(self._show_new)

    def show_run(self, run: Run) -> None:
        """Forget the pictures of the run before, and wait for those of one that begins.

        What comes is shown, whether its workload says of itself that it makes pictures or not.
        """
        if run.ended is not None:
            return  # of a file; the pictures of the last run stay
        workload = self._core.catalog.workloads[run.settings.workload]
        self._run, self._makes_pictures = run, bool(workload.constants.get("PICTURES", False))
        if self._grid is not None:
            self._grid.clear()
        if self._whole is not None:
            self._whole.clear()
        self._empty.say(*(WAITING if self._makes_pictures else NO_PICTURES))
        self.count.hide()
        self._stack.setCurrentWidget(self._empty)

    def take_results(self, results: list[Any]) -> None:
        """Take in what tasks returned; whatever is no picture is passed over. Cheap: nothing is painted here."""
        pictures = [result for result in results if isinstance(result, Picture)]
        if not pictures:
            return
        tiles = [picture for picture in pictures if picture.whole_width]
        if tiles:
            if self._whole is None:
                self._whole = GrowingPicture(self._theme)
                self._stack.addWidget(self._whole)
            self._whole.append(tiles)
        if len(tiles) < len(pictures):
            if self._grid is None:
                self._grid = PictureGrid(self._theme)
                self._stack.addWidget(self._grid)
            self._grid.append(picture for picture in pictures if not picture.whole_width)
        if self._is_shown and not self._timer.isActive():
            self._timer.start()

    def finish_run(self, run: Run) -> None:
        if self._stack.currentWidget() is self._empty and not self._timer.isActive() and self._run is not None:
            if self._run.recorder.done:
                self._empty.say(*NO_PICTURES)
            elif self._makes_pictures:
                self._empty.say(*NONE_DONE)

    @Slot()
    def _show_new(self) -> None:
        if not self._is_shown:
            return
        if self._whole is not None and self._whole.has_any:
            self._whole.show_new()
            self._switch_to(self._whole)
            share = self._whole.share
            self.count.setText("The whole picture" if share >= 1 else f"{share * 100:.0f} % of the picture")
        elif self._grid is not None and self._grid.total:
            self._grid.show_new()
            self._switch_to(self._grid)
            total = self._grid.total
            more = f", the newest {KEPT} are kept" if total > KEPT else ""
            self.count.setText(f"{plural(total, 'picture')}{more}")

    def _switch_to(self, view: QWidget) -> None:
        if self._stack.currentWidget() is not view:
            self.count.show()
            self._stack.setCurrentWidget(view)

    def showEvent(self, event: QShowEvent) -> None:
        self._is_shown = True
        self._show_new()

    def hideEvent(self, event: QHideEvent) -> None:
        self._is_shown = False
