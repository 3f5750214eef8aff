"""The pages of the window, a line each. A page is made when it is first looked at or needed. In the GUI thread."""

from __future__ import annotations

import time
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from gui.frame.left_over import LeftOver
from gui.process.log import log
from gui.widgets.icons import BARS, CODE, DOWNLOAD, EYE, FLASK, LESSON, LIST, STEPS
from gui.widgets.page import Page
from gui.your_function.recent import may_run_unasked
from workers.catalog.user_names import is_own
from workers.utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QImage

    from gui.benchmark.page import BenchmarkPage
    from gui.controllers.core import Core
    from gui.downloads.page import DownloadsPage
    from gui.gallery.page import GalleryPage
    from gui.labs.page import LabsPage
    from gui.lessons.page import LessonsPage
    from gui.process.preferences import Preferences
    from gui.runs.page import RunsPage
    from gui.steps.page import StepsPage
    from gui.tasks.page import TasksPage
    from gui.theme.theme import Theme
    from gui.watch.page import WatchPage
    from gui.widgets.icons import Strokes
    from gui.window.code_page import CodePage
    from gui.window.layout import WindowLayout
    from gui.your_function.page import OwnPage
    from workers.engine.plan import Settings
    from workers.engine.run import Run


P = TypeVar("P", bound="Page")


class PageLine(Generic[P]):
    """A page: its title, its class as "module:Class", and its pictures by their names in the menu.

    With an icon it is a room of its own; without, a tab of the room Live.

    As an attribute of `Pages` it is this line on the class, and of an object the page itself, which is made where it is
    not there yet.
    """

    def __init__(self, title: str, where: str, pictures: tuple[str, ...] = (), icon: Strokes = ()) -> None:
        self.title, self.where, self.pictures, self.icon = title, where, pictures, icon

    @overload
    def __get__(self, pages: None, owner: type[Pages]) -> PageLine[P]: ...
    @overload
    def __get__(self, pages: Pages, owner: type[Pages]) -> P: ...
    def __get__(self, pages: Pages | None, owner: type[Pages]) -> P | PageLine[P]:
        return self if pages is None else cast("P", pages.page(self.title))


class Pages(QObject):
    """Makes the pages and puts them into rooms and tabs; over it one iterates over those that are made.

    Attributes:
        left_over: tells at the start that downloads are left from last time.

    Signals:
        made: a Page that is new; what it asks for is to be connected.
        turned: another page is in front.
    """

    made = Signal(object)
    turned = Signal()

    gallery: PageLine[GalleryPage] = PageLine("Gallery", "gui.gallery.page:GalleryPage")
    tasks: PageLine[TasksPage] = PageLine("Timeline", "gui.tasks.page:TasksPage", ("the timeline",))
    code: PageLine[CodePage] = PageLine("Code", "gui.window.code_page:CodePage")
    lessons: PageLine[LessonsPage] = PageLine("Lessons", "gui.lessons.page:LessonsPage", (), LESSON)
    own: PageLine[OwnPage] = PageLine(
        "Your function", "gui.your_function.page:OwnPage", ("your function in every place",), CODE
    )
    downloads: PageLine[DownloadsPage] = PageLine("Downloads", "gui.downloads.page:DownloadsPage", (), DOWNLOAD)
    benchmark: PageLine[BenchmarkPage] = PageLine(
        "Benchmark",
        "gui.benchmark.page:BenchmarkPage",
        ("the benchmark's bars", "the benchmark's curves"),
        BARS,
    )
    runs: PageLine[RunsPage] = PageLine(
        "Runs", "gui.runs.page:RunsPage", ("the runs compared", "the runners compared"), LIST
    )
    labs: PageLine[LabsPage] = PageLine("Labs", "gui.labs.page:LabsPage", (), FLASK)
    steps: PageLine[StepsPage] = PageLine("Steps", "gui.steps.page:StepsPage", (), STEPS)
    watch: PageLine[WatchPage] = PageLine("Watch", "gui.watch.page:WatchPage", (), EYE)

    def __init__(self, layout: WindowLayout, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__(layout)
        self._tabs, self._rooms, self._rail = layout.tabs, layout.rooms, layout.rail
        self._core, self._theme, self._preferences = core, theme, preferences
        self._pages: dict[str, Page] = {}
        self._shown: Run | None = None
        self._is_free = True
        self._begun = False
        for line in PAGES:
            blank = QWidget(autoFillBackground=True)
            # As most pages: it is to be seen in the first frame.
            blank.setBackgroundRole(QPalette.ColorRole.Base)
            if line.icon:
                self._rooms.addWidget(blank)
                self._rail.add(line.title, line.icon)
            else:
                self._tabs.addTab(blank, line.title)
        self.left_over = LeftOver(core, self)
        self.left_over.found.connect(self._show_left)
        layout.strip.offer.clicked.connect(self._go_on)
        self._rail.chosen.connect(self.show_room)
        self._tabs.currentChanged.connect(self._make_current)
        self._rooms.currentChanged.connect(self._make_current)

    def begin(self) -> None:
        """From now on, after the first frame, the page in front is made."""
        self._begun = True
        self._make_current()

    @property
    def titles(self) -> list[str]:
        """Of the rooms, from the top of the rail."""
        return ["Live", *(line.title for line in PAGES if line.icon)]

    @property
    def is_live(self) -> bool:
        """Whether the room Live is in front."""
        return self._rooms.currentIndex() == 0

    @property
    def in_lessons(self) -> bool:
        """Whether the room Lessons is in front."""
        return self.titles[self._rooms.currentIndex()] == Pages.lessons.title

    @Slot(int)
    def show_room(self, at: int) -> None:
        """Bring a room to the front: Live is at 0, the others as they stand in the rail."""
        self._rooms.setCurrentIndex(at)

    def show_page(self, page: Page) -> None:
        """Bring a page to the front."""
        if self._rooms.indexOf(page) >= 0:
            self._rooms.setCurrentWidget(page)
        else:
            self._rooms.setCurrentIndex(0)
            self._tabs.setCurrentWidget(page)

    @property
    def has_own_start(self) -> bool:
        """Whether the room in front has a Start of its own."""
        return Pages.downloads.title in self._pages and self.current is self.downloads

    def start_here(self) -> bool:
        """Start what is in the room in front, if that has a Start of its own; returns whether it has."""
        has_own = self.has_own_start
        if has_own:
            self.downloads.start()
        return has_own

    @Slot()
    def _go_on(self) -> None:
        self.downloads.go_on()

    @Slot(int)
    def _show_left(self, count: int) -> None:
        """Show at the rail how many downloads wait for somebody to go on."""
        at = self.titles.index(Pages.downloads.title)
        self._rail.buttons[at].show_count(count, f"{plural(count, 'download')} left")

    @property
    def current(self) -> Page | None:
        """The page in front; None before it is made."""
        widget = self._rooms.currentWidget() if self._rooms.currentIndex() else self._tabs.currentWidget()
        return widget if isinstance(widget, Page) else None

    @Slot()
    def _make_current(self) -> None:
        if not self._begun:
            return
        in_tabs = self.is_live
        at = self._tabs.currentIndex() if in_tabs else self._rooms.currentIndex() - 1
        lines = [line for line in PAGES if bool(line.icon) is not in_tabs]
        self.page(lines[at].title)
        self.turned.emit()

    def __iter__(self) -> Iterator[Page]:
        return iter(tuple(self._pages.values()))

    def may_run(self, workload: str) -> bool:
        """Whether a workload may be run; asks before code of a file that a person did not choose first runs.

        The page that asks is not made for what needs no question: that would take some frames, in the midst of a start.
        """
        if not is_own(workload):
            return True
        if Pages.own.title not in self._pages and may_run_unasked(self._preferences, workload):
            return True
        return self.own.choice.may_run(workload)

    def page(self, title: str) -> Page:
        if title not in self._pages:
            self._pages[title] = self._make(title)
        return self._pages[title]

    def _make(self, title: str) -> Page:
        line = next(line for line in PAGES if line.title == title)
        began = time.perf_counter()
        module, _, name = line.where.partition(":")
        page: Page = getattr(import_module(module), name)(self._core, self._theme, self._preferences)
        if page.splitter is not None:
            lies = page.splitter.orientation()
            page.splitter.restoreState(self._preferences.read_bytes(self._key(title)))
            page.splitter.setOrientation(lies)  # in an older version it may have been another
        page.set_free(self._is_free)
        page.left_changed.connect(self.left_over.forget)
        page.left_changed.connect(self._show_left)
        self._place(page, line)
        if self._shown is not None:
            page.show_run(self._shown)
        self.made.emit(page)
        log.info("page %s made in %.0f ms", title, (time.perf_counter() - began) * 1e3)
        return page

    def _place(self, page: Page, line: PageLine[Any]) -> None:
        """Put a page into the place that was kept for it."""
        holder: QTabWidget | QStackedWidget = self._rooms if line.icon else self._tabs
        at = [other for other in PAGES if bool(other.icon) is bool(line.icon)].index(line) + bool(line.icon)
        shown = holder.currentIndex()
        blank = holder.widget(at)
        assert blank is not None
        with QSignalBlocker(holder):  # on the way the pages beside it are in front for a moment
            if isinstance(holder, QTabWidget):
                holder.removeTab(at)
                holder.insertTab(at, page, line.title)
            else:
                holder.removeWidget(blank)
                holder.insertWidget(at, page)
            holder.setCurrentIndex(shown)
        blank.deleteLater()

    def _key(self, title: str) -> str:
        return f"{title.lower()}_tab"

    def await_run(self, settings: Settings) -> None:
        """A run begins in a moment: of the one before nothing is shown any more, also on pages that will be made."""
        self._shown = None
        for page in self:
            page.await_run(settings)

    def show_run(self, run: Run) -> None:
        """Show a run that begins, or one from a file, on all pages: also on those that will be made."""
        self._shown = run
        for page in self:
            page.show_run(run)

    def set_free(self, is_free: bool) -> None:
        self._is_free = is_free
        for page in self:
            page.set_free(is_free)

    def remember(self) -> None:
        """Keep what is to be there at the next start; a page that was not made leaves what was kept before."""
        for title, page in self._pages.items():
            page.remember()
            if page.splitter is not None:
                self._preferences.write_bytes(self._key(title), page.splitter.saveState())

    def pictures(self) -> dict[str, Callable[[], QImage]]:
        """What can be saved as a picture, by its name in the menu; a page is made when its picture is wanted."""
        return {name: partial(self._picture, line.title, name) for line in PAGES for name in line.pictures}

    def _picture(self, title: str, name: str) -> QImage:
        return self.page(title).picture(name)


PAGES = tuple(line for line in vars(Pages).values() if isinstance(line, PageLine))
"""In the order of the attributes of `Pages`, which is that of the tabs."""
