"""The pages of the window, a line each. A page is made when it is first looked at or needed. In the GUI thread."""

from __future__ import annotations

import time
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar, cast, overload

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from gui.process.log import log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QTabWidget

    from gui.benchmark.tab import BenchmarkTab
    from gui.controllers.core import Core
    from gui.downloads.tab import DownloadsTab
    from gui.gallery.tab import Gallery
    from gui.process.preferences import Preferences
    from gui.runs.tab import RunsTab
    from gui.tasks.tab import TasksTab
    from gui.theme.theme import Theme
    from gui.widgets.page import Page
    from gui.window.code_tab import CodeView
    from gui.your_function.tab import OwnTab
    from workers.engine.run import Run


P = TypeVar("P", bound="Page")


class PageLine(Generic[P]):
    """A page: its title, its class as "module:Class", and its pictures by their names in the menu.

    As an attribute of `Pages` it is this line on the class, and of an object the page itself, which is made where it is
    not there yet.
    """

    def __init__(self, title: str, where: str, pictures: tuple[str, ...] = ()) -> None:
        self.title, self.where, self.pictures = title, where, pictures

    @overload
    def __get__(self, pages: None, owner: type[Pages]) -> PageLine[P]: ...
    @overload
    def __get__(self, pages: Pages, owner: type[Pages]) -> P: ...
    def __get__(self, pages: Pages | None, owner: type[Pages]) -> P | PageLine[P]:
        return self if pages is None else cast("P", pages.page(self.title))


class Pages(QObject):
    """Makes the pages and puts them into the tabs; over it one iterates over those that are made.

    Signals:
        made: a Page that is new; what it asks for is to be connected.
    """

    made = Signal(object)

    gallery: PageLine[Gallery] = PageLine("Gallery", "gui.gallery.tab:Gallery")
    downloads: PageLine[DownloadsTab] = PageLine("Downloads", "gui.downloads.tab:DownloadsTab")
    tasks: PageLine[TasksTab] = PageLine("Tasks", "gui.tasks.tab:TasksTab", ("the timeline",))
    runs: PageLine[RunsTab] = PageLine(
        "Runs", "gui.runs.tab:RunsTab", ("the runs compared", "the runners compared")
    )
    benchmark: PageLine[BenchmarkTab] = PageLine(
        "Benchmark", "gui.benchmark.tab:BenchmarkTab", ("the benchmark's bars", "the benchmark's curves")
    )
    own: PageLine[OwnTab] = PageLine(
        "Your function", "gui.your_function.tab:OwnTab", ("your function in every place",)
    )
    code: PageLine[CodeView] = PageLine("Code", "gui.window.code_tab:CodeView")

    def __init__(self, tabs: QTabWidget, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__(tabs)
        self._tabs, self._core, self._theme, self._preferences = tabs, core, theme, preferences
        self._pages: dict[str, Page] = {}
        self._shown: Run | None = None
        self._is_free = True
        self._begun = False
        for line in PAGES:
            blank = QWidget(autoFillBackground=True)
            # As most pages: it is to be seen in the first frame.
            blank.setBackgroundRole(QPalette.ColorRole.Base)
            tabs.addTab(blank, line.title)
        tabs.currentChanged.connect(self._make_current)

    def begin(self) -> None:
        """From now on, after the first frame, the page in front is made."""
        self._begun = True
        self._make_current()

    @Slot()
    def _make_current(self) -> None:
        if self._begun and self._tabs.currentIndex() >= 0:
            self.page(PAGES[self._tabs.currentIndex()].title)

    def __iter__(self) -> Iterator[Page]:
        return iter(tuple(self._pages.values()))

    def page(self, title: str) -> Page:
        if title not in self._pages:
            self._pages[title] = self._make(title)
        return self._pages[title]

    def _make(self, title: str) -> Page:
        at = next(at for at, line in enumerate(PAGES) if line.title == title)
        began = time.perf_counter()
        module, _, name = PAGES[at].where.partition(":")
        page: Page = getattr(import_module(module), name)(self._core, self._theme, self._preferences)
        if page.splitter is not None:
            page.splitter.restoreState(self._preferences.read_bytes(self._key(title)))
        page.set_free(self._is_free)
        shown = self._tabs.currentIndex()
        empty = self._tabs.widget(at)
        with QSignalBlocker(self._tabs):  # on the way the pages beside it are in front for a moment
            self._tabs.removeTab(at)
            self._tabs.insertTab(at, page, title)
            self._tabs.setCurrentIndex(shown)
        if empty is not None:
            empty.deleteLater()
        if self._shown is not None:
            page.show_run(self._shown)
        self.made.emit(page)
        log.info("page %s made in %.0f ms", title, (time.perf_counter() - began) * 1e3)
        return page

    def _key(self, title: str) -> str:
        return f"{title.lower()}_tab"

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
            if page.splitter is not None:
                self._preferences.write_bytes(self._key(title), page.splitter.saveState())
            page.remember()

    def pictures(self) -> dict[str, Callable[[], QImage]]:
        """What can be saved as a picture, by its name in the menu; a page is made when its picture is wanted."""
        return {name: partial(self._picture, line.title, name) for line in PAGES for name in line.pictures}

    def _picture(self, title: str, name: str) -> QImage:
        return self.page(title).picture(name)


PAGES = tuple(line for line in vars(Pages).values() if isinstance(line, PageLine))
"""In the order of the attributes of `Pages`, which is that of the tabs."""
