"""The page Gallery: pictures as the tasks bring them, as a grid of thumbnails or as one picture that grows by tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui.gallery.chooser import PictureChooser
from gui.gallery.growing_picture import GrowingPicture
from gui.widgets.empty_state import EmptyState
from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, stack
from workers.utils.picture import Picture

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry
    from workers.engine.plan import Settings
    from workers.engine.run import Run

FRAME_MS = 66
"""New pictures are painted at most 15 times a second, all that came in between at once."""

NOTHING_YET = (
    "Pictures appear here as they arrive",
    "Choose a workload that makes pictures, such as Picture downloads or the Mandelbrot set, and press Start.",
)
READY = (NOTHING_YET[0], "Press Start.")
WAITING = ("Waiting for the first picture", "A picture appears as soon as the first task has ended.")
NO_PICTURES = (
    "This workload makes no pictures",
    "Timeline shows what it does. Picture downloads and the Mandelbrot set make pictures.",
)
NONE_DONE = ("No picture arrived", "No task of this run succeeded. Timeline shows what happened to each.")


class GalleryPage(Page):
    """Shows the pictures of the run that is going on, or of the last one.

    Attributes:
        count: says how many pictures there are, above them.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._run: Run | None = None
        self._makes_pictures = self._is_shown = False
        self._empty = EmptyState(theme, *NOTHING_YET)
        works = core.catalog.workloads.values()
        able = (work for work in works if work.constants.get("PICTURES") and not work.missing)
        self._maker = next(able, None)
        if self._maker is not None:
            self._empty.offer(f"Start {self._maker.title}", self._make_pictures)
        self._before = NOTHING_YET
        self._empty.say(*self._before, offers=False)  # Start is beside it
        self._grid, self._whole = PictureChooser(theme), GrowingPicture(theme)
        self._grid.said.connect(self.said)
        self._whole.said.connect(self.said)
        self._stack = stack(self._empty, self._grid, self._whole)
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

    def await_run(self, settings: Settings) -> None:
        self._run = None
        self._makes_pictures = bool(settings.workload_entry.constants.get("PICTURES", False))
        self._timer.stop()
        self._grid.clear()
        self._whole.clear()
        self._empty.say(*(WAITING if self._makes_pictures else NO_PICTURES), offers=not self._makes_pictures)
        self.count.hide()
        self.count.clear()
        self._stack.setCurrentWidget(self._empty)

    def show_run(self, run: Run) -> None:
        """Forget the pictures of the run before, and wait for those of one that begins.

        What comes is shown, whether its workload says of itself that it makes pictures or not.
        """
        if run.ended is not None:
            return  # of a file; the pictures of the last run stay
        self.await_run(run.settings)
        self._run = run

    def set_free(self, is_free: bool) -> None:
        self._empty.set_free(is_free)
        if is_free and self._run is None:  # what was announced did not begin
            self._empty.say(*self._before, offers=False)

    def show_choice(self, runner: Entry, workload: Entry) -> None:
        self._before = READY if workload.constants.get("PICTURES") else NOTHING_YET
        if self._empty.title == NOTHING_YET[0]:
            self._empty.say(*self._before, offers=False)

    @Slot()
    def _make_pictures(self) -> None:
        if self._maker is not None:
            self.live_start_requested.emit(self._maker)

    def take_results(self, results: list[Any]) -> None:
        """Take in what tasks returned; whatever is no picture is passed over. Cheap: nothing is painted here."""
        pictures = [result for result in results if isinstance(result, Picture)]
        if not pictures:
            return
        self._whole.append(picture for picture in pictures if picture.whole_width)
        self._grid.append(picture for picture in pictures if not picture.whole_width)
        if self._is_shown and not self._timer.isActive():
            self._timer.start()

    def finish_run(self, run: Run) -> None:
        if self._stack.currentWidget() is self._empty and not self._timer.isActive() and self._run is not None:
            if self._run.recorder.done:
                self._empty.say(*NO_PICTURES)
            elif self._makes_pictures:
                self._empty.say(*NONE_DONE, offers=False)

    @Slot()
    def _show_new(self) -> None:
        view = self._whole if self._whole.has_any else self._grid
        if self._is_shown and view.has_any:
            view.show_new()
            self.count.setText(view.caption)
            self.count.show()
            self._stack.setCurrentWidget(view)

    def showEvent(self, event: QShowEvent) -> None:
        self._is_shown = True
        self._show_new()

    def hideEvent(self, event: QHideEvent) -> None:
        self._is_shown = False
