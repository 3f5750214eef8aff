"""Web addresses are found in whatever text they stand in, and no text is too strange to be looked through."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.downloads import addresses

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.examples

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
PARTS = st.text(LETTERS + "ABC_-", min_size=1, max_size=12)
HOSTS = st.one_of(
    st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=2, max_size=4).map(".".join),
    st.sampled_from(["localhost", "127.0.0.1", "127.0.0.1:8080", "[::1]:80", "example.org:443"]),
)
PATHS = st.lists(PARTS, max_size=4).map(
    lambda parts: "".join(f"/{part}" for part in parts) + (".jpg" if parts else "")
)
QUERIES = st.one_of(
    st.just(""),
    st.dictionaries(PARTS, PARTS, min_size=1, max_size=3).map(
        lambda found: "?" + "&".join(f"{key}={value}" for key, value in found.items())
    ),
)
URLS = st.builds("{}://{}{}{}".format, st.sampled_from(["http", "https"]), HOSTS, PATHS, QUERIES)

WRAPPED: dict[str, Callable[[list[str]], str]] = {
    "lines": "\n".join,
    "windows lines": "\r\n".join,
    "with blanks": "   ".join,
    "tabs": "\t".join,
    "json": json.dumps,
    "page": lambda urls: "".join(f"<a href=\"{url}\">x</a> <img src='{url}'>" for url in urls),
    "markdown": lambda urls: "\n".join(f"- [a picture]({url}), and <{url}>" for url in urls),
    "sentence": lambda urls: "Look at " + ". Then at ".join(urls) + "! That is all.",
    "quoted": lambda urls: " ".join(f'"{url}";' for url in urls),
}


def find(text: str) -> list[str]:
    return [found.url for found in addresses.find_addresses(text)]


@given(st.lists(URLS, max_size=10), st.sampled_from(sorted(WRAPPED)))
def test_addresses_are_found_in_their_order_without_what_is_around_them(urls: list[str], way: str) -> None:
    assert find(WRAPPED[way](urls)) == list(dict.fromkeys(urls))


@given(
    st.one_of(
        st.text(),
        st.lists(
            st.one_of(
                URLS,
                st.text(max_size=5),
                st.sampled_from(["http://", "https://", "[", "(", "\\/", "&amp;", "%"]),
            )
        ).map("".join),
    )
)
def test_whatever_is_found_is_an_address_and_is_found_again(text: str) -> None:
    found = find(text)
    assert len(found) == len(set(found))
    for url in found:
        assert url.startswith(("http://", "https://"))
        assert not set(url) & set(' \t\r\n<>"\0')
        try:
            urlsplit(url)
        except ValueError:
            continue  # whoever asks for it says so: the address makes no sense
    assert find("\n".join(found)) == found


@given(
    st.sampled_from(
        [
            "http://a",
            "(",
            "[",
            "http://a(",
            "http://a/&",
            "http:\\/\\/",
            "http://a,",
            "a.",
            "'\"",
            "%2",
            "\\u00",
        ]
    ),
    st.integers(1, 3),
)
def test_no_text_takes_long(piece: str, wide: int) -> None:
    began = time.process_time()
    find(piece * wide * 3_000)
    assert time.process_time() - began < 2.0
