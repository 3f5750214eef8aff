"""Scraping: the image server's pages link to each other, each is fetched once, and a cancel ends a read that waits."""

from __future__ import annotations

import asyncio
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.image_site import AGES, FAST, configure
from workers.engine.task import Control, Phase, Result, Task, drive_to_end
from workers.image_server.pages import PAGES, page, page_number
from workers.image_server.process import ImageServer
from workers.workloads.scrape import Crawl, PageProblem, plan, scrape, scrape_async

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from workers.engine.task import TaskEvent

FIRST = "http://127.0.0.1:1/runs/1/sites/3/0.html"


@pytest.fixture(scope="module")
def server() -> Iterator[ImageServer]:
    with ImageServer(settings=FAST) as made:
        yield made


@cache
def crawled(first: str, pages: int) -> tuple[Crawl, list[str]]:
    """A crawl of pages that are not fetched but made here."""
    crawl, order = Crawl(first, pages), []
    while at := crawl.next:
        order.append(at)
        number = page_number(at[at.index("/sites/") :])
        assert number is not None
        crawl.take(at, 200, page(number))
    return crawl, order


def test_all_pages_of_a_site_are_found_and_none_twice() -> None:
    crawl, order = crawled(FIRST, PAGES)
    assert sorted(order) == sorted(FIRST.replace("/0.", f"/{number}.") for number in range(PAGES))
    assert crawl.summary.startswith("200 pages, ")


def test_no_more_are_fetched_than_were_asked_for() -> None:
    assert len(crawled(FIRST, 5)[1]) == 5


def test_sites_differ_and_do_not_link_to_each_other() -> None:
    assert page(page_number("/sites/1/7.html") or 0) != page(page_number("/sites/2/7.html") or 0)
    assert all("/sites/3/" in at for at in crawled(FIRST, PAGES)[1])
    for path in ("/sites/1/200.html", "/sites/x/1.html", "/sites/1/", "/sites/1/1.html/", "/pictures/1"):
        assert page_number(path) is None


def test_links_out_of_the_site_are_found_and_not_followed() -> None:
    crawl = Crawl(FIRST, 9)
    first = crawl.next
    crawl.take(
        first, 200, b'<a href="https://example.org/">x<a href="#top">y<a href="0.html#end">z<img src="a.jpg">'
    )
    assert crawl.next == ""
    assert crawl.summary == "1 pages, 2 links, 1 pictures"


def test_an_answer_that_is_no_page_is_told() -> None:
    with pytest.raises(PageProblem, match=r"0\.html: the server answered 503\.$"):
        Crawl(FIRST, 1).take(FIRST, 503, b"")


def test_both_forms_find_the_same(server: ImageServer) -> None:
    [task] = plan(1, server.begin_run)
    found: list[str] = []

    def steps() -> Generator[int, None, None]:
        found.append((yield from scrape(Control(), **task, pages=7)))

    assert list(steps()) == [1] * 7

    async def collect() -> list[Any]:
        return [got async for got in scrape_async(**task, pages=7)]

    assert asyncio.run(collect()) == [*[1] * 7, Result(found[0])]
    assert found[0] == crawled(task["first"], 7)[0].summary


def test_a_cancel_ends_the_wait_for_a_page(server: ImageServer) -> None:
    configure(server, latency_ms=AGES)
    [task] = plan(1, server.begin_run)
    control, begun, told = Control(), threading.Event(), []

    def emit(event: TaskEvent) -> None:
        told.append(event.phase)
        begun.set()

    arguments = tuple({**task, "pages": 2}.items())
    thread = threading.Thread(target=drive_to_end, args=(Task(0, "scrape", arguments), emit, control, "here"))
    thread.start()
    assert begun.wait(5)
    control.cancel()
    thread.join(5)
    assert told == [Phase.STARTED, Phase.CANCELLED]
