"""Scrapes web sites: fetches a page, looks for links in it, follows them. Mostly waiting, and a little Python between.

Each task takes a site of its own of Thaw's image server, under its network conditions, and fetches no page twice. The
pages are read over one connection and parsed by `html.parser`. Workers wait at the same time, so more of them are
faster, until parsing keeps the GIL busy. The async form reads with aiohttp, and all tasks wait in one thread.
"""

from __future__ import annotations

import contextlib
from collections import deque
from functools import partial
from html.parser import HTMLParser
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin, urlsplit

from ..engine.task import Result
from ..utils.errors import ThawError
from ..utils.sockets import shut_down

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from ..engine.task import Control

TITLE = "Scrape web sites"
ORDER = 5
UNIT = "pages"
TASKS = 12
GIL = "between"
SERVED_UNLESS = ""
ASYNC_REQUIRES = "aiohttp"
LABELS = {"pages": "Pages per site"}

ANSWER_S = 10.0
"""How long the server may be silent."""

SECONDS_A_PAGE = 0.13
"""From Thaw's own server as it is set at first."""


class PageProblem(ThawError):
    """A page cannot be had; the message is a sentence."""


class _Finds(HTMLParser):
    """What one page refers to, as it is written there."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted, found = {"a": ("href", self.links), "img": ("src", self.pictures)}.get(tag, ("", []))
        found += [value for name, value in attrs if name == wanted and value]


class Crawl:
    """What is known of a site: pages that were seen and not fetched, and all that was found.

    Attributes:
        waiting: the pages to fetch, in the order in which they were found.
        fetched: how many there were.
    """

    def __init__(self, first: str, pages: int) -> None:
        if pages < 1:
            raise ValueError(f"Each task must fetch at least 1 page, not {pages:,}.")
        self.waiting = deque([first])
        self.fetched = 0
        self._most = pages
        self._site = urljoin(first, ".")
        self._seen = {first}
        self._links: set[str] = set()
        self._pictures: set[str] = set()

    @property
    def next(self) -> str:
        """The next page to fetch; empty where there is none, or where it has been enough."""
        return self.waiting.popleft() if self.waiting and self.fetched < self._most else ""

    def take(self, page: str, status: int, html: bytes) -> None:
        """Take in a page: its links within the site are followed, each once, wherever it stands.

        Raises:
            PageProblem: the server sent something else.
        """
        if status != 200:
            raise PageProblem(f"{page}: the server answered {status}.")
        finds = _Finds()
        finds.feed(html.decode("utf-8", "replace"))
        finds.close()
        self.fetched += 1
        self._pictures.update(urljoin(page, source) for source in finds.pictures)
        for link in finds.links:
            there = urldefrag(urljoin(page, link)).url
            self._links.add(there)
            if there.startswith(self._site) and there not in self._seen:
                self._seen.add(there)
                self.waiting.append(there)

    @property
    def summary(self) -> str:
        return f"{self.fetched:,} pages, {len(self._links):,} links, {len(self._pictures):,} pictures"


def scrape(control: Control, first: str, *, pages: int = 6) -> Generator[int, None, str]:
    """Scrape one site; the result says what was found.

    Args:
        control: the run's, whose cancel ends the reading.
        first: the address of the site's first page.
        pages: how many pages each task fetches at most; a site of Thaw's has 200 (1 to 200)

    Yields:
        How many pages were fetched since the last yield.

    Raises:
        PageProblem: the server sent something else, with a sentence for people.
    """
    crawl = Crawl(first, pages)
    host = urlsplit(first)
    origin = f"{host.scheme}://{host.netloc}"
    with contextlib.closing(HTTPConnection(host.hostname or "", host.port, timeout=ANSWER_S)) as connection:
        connection.connect()  # before the first request: a cancel has to find the socket
        with control.on_cancel(partial(shut_down, connection.sock)):
            while page := crawl.next:
                with control.away():
                    connection.request("GET", page[len(origin) :])
                    answer = connection.getresponse()
                    html = answer.read()
                crawl.take(page, answer.status, html)
                yield 1
    return crawl.summary


async def scrape_async(first: str, *, pages: int = 6) -> AsyncGenerator[Any, None]:
    """The same in an event loop: a cancel ends the wait by itself, and nothing blocks but the parsing."""
    import aiohttp  # only here: it takes 140 ms, and other places have no use for it

    crawl = Crawl(first, pages)
    patience = aiohttp.ClientTimeout(total=None, sock_read=ANSWER_S)
    async with aiohttp.ClientSession(timeout=patience) as session:
        while page := crawl.next:
            async with session.get(page) as answer:
                html = await answer.read()
            crawl.take(page, answer.status, html)
            yield 1
    yield Result(crawl.summary)


def plan(tasks: int, server: Callable[[], str]) -> list[dict[str, Any]]:
    """Choose the sites.

    Args:
        tasks: how many.
        server: returns the address of Thaw's image server.
    """
    base = server()
    return [{"first": f"{base}/sites/{index % 1_000_000}/0.html"} for index in range(tasks)]


def seconds(*, pages: int = 6) -> float:
    """About how long one task takes on the GUI thread, in seconds."""
    return pages * SECONDS_A_PAGE
