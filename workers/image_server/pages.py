"""The pages of small web sites, for work that follows links: made of their numbers, the same every time.

A site's page N links to pages 2N+1 and 2N+2, so that all can be reached from page 0, back to the first one and the one
before, to some that other pages link to as well, and out of the site. In the server's loop.
"""

from __future__ import annotations

import re
from functools import lru_cache

PAGES = 200
"""Of each site."""

PARAGRAPHS = 12
WORDS = "thread lock window event loop wait queue signal frame task paint click stack process".split()

_PATH = re.compile(r"/sites/(\d{1,6})/(\d{1,3})\.html")


def page_number(path: str) -> int | None:
    """A number that only this page of all sites has, for its latency; None where there is no such page."""
    found = _PATH.fullmatch(path)
    if found is None or int(found[2]) >= PAGES:
        return None
    return int(found[1]) * PAGES + int(found[2])


@lru_cache(maxsize=1024)
def page(number: int) -> bytes:
    """The HTML of a page by its `page_number`."""
    site, at = divmod(number, PAGES)
    links = {2 * at + 1, 2 * at + 2, max(0, at - 1), 0, (at * 7 + site) % PAGES, (at * at + 3) % PAGES}
    hrefs = [f"{link}.html" for link in sorted(links - {at}) if link < PAGES]
    body = "".join(
        f'<p>{_words(number + line)} <a href="{hrefs[line % len(hrefs)]}">{_words(line + at, 2)}</a></p>\n'
        for line in range(PARAGRAPHS)
    )
    pictures = "".join(
        f'<img src="../../pictures/{(number * 3 + each) % 97}" alt="">\n' for each in range(1 + at % 3)
    )
    text = (
        f"<!DOCTYPE html>\n<html><head><title>Site {site}, page {at}</title></head>\n<body>\n<h1>Page {at}</h1>\n"
        f'{body}{pictures}<p><a href="https://example.org/">Elsewhere</a> <a href="#top">Up</a></p>\n</body></html>\n'
    )
    return text.encode()


def _words(first: int, many: int = 9) -> str:
    return " ".join(WORDS[(first * 5 + each * (1 + first % 4)) % len(WORDS)] for each in range(many))
