"""Web addresses are found in whatever text they stand in."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.system_words import NO_FILE
from workers.downloads import addresses
from workers.downloads.addresses import Address, find_addresses, read_addresses, read_text
from workers.utils.child import RESOURCES

if TYPE_CHECKING:
    import random
    from pathlib import Path

HASH = "0123456789abcdef" * 4


def find(text: str) -> list[str]:
    return [found.url for found in addresses.find_addresses(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # plain lists
        ("http://a.org/1.jpg\nhttps://b.org/2.jpg\n", ["http://a.org/1.jpg", "https://b.org/2.jpg"]),
        ("  http://a.org/1.jpg  # the first\r\n\r\nHTTPS://B.org/x", ["http://a.org/1.jpg", "https://B.org/x"]),
        ("http://a.org/1.jpg\nhttp://a.org/1.jpg\n", ["http://a.org/1.jpg"]),
        ("ftp://a.org/1 file:///etc/passwd a.org/2.jpg mailto:x@a.org javascript:alert(1)", []),
        ("", []),
        (
            "http://a.org/1\n# http://a.org/2\n;http://a.org/3\n  #http://a.org/4#5\nhttp://a.org/6#7\n",
            ["http://a.org/1", "http://a.org/6#7"],
        ),
        ("# http://a.org/1\nA title, and words\nand more words of it.\n", ["http://a.org/1"]),
        ("http://me:p@ss@a.org/1", ["http://me:p@ss@a.org/1"]),
        # sentences
        ("See http://a.org/1.jpg, http://a.org/2.", ["http://a.org/1.jpg", "http://a.org/2"]),
        ("(is it http://a.org/1?) or “http://a.org/2”…", ["http://a.org/1", "http://a.org/2"]),
        ("(see http://a.org/x_(y).png)", ["http://a.org/x_(y).png"]),
        ("http://a.org/x(y [http://a.org/[z]]", ["http://a.org/x", "http://a.org/[z]"]),
        ("见http://a.org/图。更多\uff08http://b.org/1\uff09", ["http://a.org/图", "http://b.org/1"]),
        ("http://a.org http://a.org/?q=1#top", ["http://a.org", "http://a.org/?q=1#top"]),
        # tables
        ("id,url,note\n1,http://a.org/1?x=1,cat,2\n", ["http://a.org/1?x=1"]),
        (
            "url,note\nhttp://a.org/one,a cat\nhttp://a.org/two,a dog\n",
            ["http://a.org/one", "http://a.org/two"],
        ),
        ("http://a.org/1.jpg,cat,5", ["http://a.org/1.jpg"]),
        ('1,"http://a.org/w_1,h_2/c.jpg",x', ["http://a.org/w_1,h_2/c.jpg"]),
        (
            "1;http://a.org/1;x\n2\thttp://a.org/2\tx\n|http://a.org/3|",
            [f"http://a.org/{n}" for n in (1, 2, 3)],
        ),
        (
            "http://a.org/1,http://a.org/2;https://a.org/3",
            ["http://a.org/1", "http://a.org/2", "https://a.org/3"],
        ),
        (
            "http://a.org/w_1,h_1/a.jpg,http://a.org/w_2,h_2/b.jpg",
            [f"http://a.org/w_{n},h_{n}/{'ab'[n - 1]}.jpg" for n in (1, 2)],
        ),
        ("http://a.org/x?box=1,2,3,4", ["http://a.org/x?box=1,2,3,4"]),
        # web pages
        (
            "<a href='http://a.org/1?b=1&amp;c=2'>http://a.org/2</a>",
            ["http://a.org/1?b=1&c=2", "http://a.org/2"],
        ),
        ('<img srcset="http://a.org/1 1x, http://a.org/2 2x">', ["http://a.org/1", "http://a.org/2"]),
        (
            "&lt;a href=&quot;http://a.org/1&quot;&gt;http://a.org/2&lt;/a&gt;",
            ["http://a.org/1", "http://a.org/2"],
        ),
        ("<!-- http://a.org/1--><!--http://a.org/2-->", ["http://a.org/1", "http://a.org/2"]),
        ("url(http://a.org/1.png) url('http://a.org/2.png')", ["http://a.org/1.png", "http://a.org/2.png"]),
        # Markdown
        (
            "![x](http://a.org/1.png) [http://a.org/2](http://a.org/3)",
            [f"http://a.org/{n}" for n in ("1.png", 2, 3)],
        ),
        (
            "<http://a.org/1> **http://a.org/2** `http://a.org/3`",
            ["http://a.org/1", "http://a.org/2", "http://a.org/3"],
        ),
        ('[1]: http://a.org/1 "title"', ["http://a.org/1"]),
        # programs and JSON
        (r'{"u":"https:\/\/a.org\/1.jpg?b=1\u0026c=2"}', ["https://a.org/1.jpg?b=1&c=2"]),
        (r'"a\nhttp://a.org/1\nhttp://a.org/2\r\n"', ["http://a.org/1", "http://a.org/2"]),
        ("['http://a.org/1','http://a.org/2'] /* http://a.org/3*/", [f"http://a.org/{n}" for n in (1, 2, 3)]),
        ("http://a.org/it's.jpg", ["http://a.org/it's.jpg"]),
        ("a=http://a.org/{name}.jpg", ["http://a.org/"]),
        # hosts
        (
            "http://[::1]:80/a http://user:pw@h:81/x http://127.0.0.1:9/",
            ["http://[::1]:80/a", "http://user:pw@h:81/x", "http://127.0.0.1:9/"],
        ),
        ("http:// https:/// http://... http://%s/x xhttp://a.org/1 http://$h/ http://-", []),
        ("https://web.archive.org/web/2/http://a.org/1", ["https://web.archive.org/web/2/http://a.org/1"]),
        ("http://a.org/\ud800x \ufeffhttp://a.org/\u200bx http://a.org/\x00", ["http://a.org/"]),
    ],
)
def test_addresses_are_found_and_end_where_they_should(text: str, found: list[str]) -> None:
    assert find(text) == found


@pytest.mark.parametrize(
    "text",
    [
        f"{HASH}  http://a.org/1",
        f"{HASH.upper()} *http://a.org/1",
        f"http://a.org/1 sha256={HASH}",
        f"http://a.org/1, SHA-256: {HASH}",
        f"http://a.org/1#sha256={HASH}",
        f"http://a.org/1\t{HASH}",
        f"url,sha256\nhttp://a.org/1,{HASH}",
        f'{{"url": "http://a.org/1",\n  "sha256": "{HASH}"}}',
        f"http://a.org/1\n{HASH}  http://a.org/1",
    ],
)
def test_the_hash_beside_an_address_is_its_own(text: str) -> None:
    assert find_addresses(text) == [Address("http://a.org/1", HASH)]


@pytest.mark.parametrize(
    "text",
    [
        f"{HASH}0  http://a.org/1",
        f"{HASH[1:]}  http://a.org/1",
        f"http://a.org/1\n{HASH}\n",
        f"{HASH}\nhttp://a.org/1",
    ],
)
def test_what_is_no_hash_of_the_line_is_none(text: str) -> None:
    assert find_addresses(text) == [Address("http://a.org/1")]


def test_each_line_has_its_own_hash() -> None:
    lines = [f"{index:064x}  http://a.org/{index}" for index in range(5)]
    assert find_addresses("\n".join(lines)) == [Address(f"http://a.org/{n}", f"{n:064x}") for n in range(5)]


@pytest.mark.skipif(sys.gettrace() is not None, reason="to measure coverage takes longer than the work")
def test_ten_thousand_lines_take_no_time() -> None:
    text = "".join(
        f"https://images.example.org/photo-{index:06}-abcdef?w=200&h=100\n" for index in range(10_000)
    )
    best = min(seconds_for(text) for _ in range(3))
    assert len(find(text)) == 10_000
    assert best < 0.2


NASTY = [
    "http://a(" * 8_000,
    "http://a/(" * 8_000,
    "http://a/[([" * 8_000,
    "http://a/" + "(" * 80_000,
    "http://a/" + ")" * 80_000,
    "http://a/b.jpg" + ",b.jpg" * 16_000,
    "http://a/" + ".ab,.ab;" * 10_000,
    "http://a," * 10_000,
    "http://a,x" * 10_000,
    "http://" * 12_000,
    "http://@" * 12_000,
    "http://" + "a@" * 40_000,
    "http://" + "a." * 40_000,
    "http://" + "." * 80_000,
    "http://[" + ":" * 80_000,
    "http://a/" + "&" * 80_000,
    "http://a/" + "&amp;" * 20_000,
    "http://a/" + r"\/" * 40_000,
    "http://a/" + "." * 80_000,
    "http://a/" + "'" * 80_000,
    "'http://a/" * 10_000,
    "http://a/*/" * 10_000,
    "0" * 80_000 + " http://a",
    " " * 80_000 + "http://a" + " " * 80_000,
    ("0" * 64 + "http://a ") * 1_000,
    "h" * 80_000,
    "http" * 20_000,
    "\\" * 80_000,
    "," * 80_000,
]


@pytest.mark.parametrize("text", NASTY, ids=[text[:16] for text in NASTY])
def test_no_text_takes_long(text: str) -> None:
    """Twice the text may take twice the time; four times as much would be a text that stops the program."""
    assert seconds_for(text) < 0.6


def seconds_for(text: str) -> float:
    began = time.process_time()
    find_addresses(text)
    return time.process_time() - began


# ---------------------------------------------------------------- properties

PLAIN = st.builds(
    "{}://{}{}/{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["a", "a.org", "www.b.org", "127.0.0.1"]),
    st.sampled_from(["", ":80", ":65535"]),
    st.text("abcXYZ019_%=+-/", max_size=12),
)
PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["http://", "https:\\/\\/", "a.org", "/", "(", ")", "[", "]", ",", ";", "&amp;", "'", '"', "\\u0026"]
    ),
    st.sampled_from([HASH, " sha256=", "\n", "\r\n", "\ud800", ".jpg", "?", "#", "@", ":", "*/", "-->"]),
)


@pytest.mark.examples
@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_the_text_what_is_found_can_be_kept_and_asked_for(text: str) -> None:
    found = find_addresses(text)
    urls = [address.url for address in found]
    assert len(set(urls)) == len(urls)
    assert find(text) == urls
    for url, sha256, name in found:
        assert url.startswith(("http://", "https://"))
        assert url.partition("://")[2].strip("/")
        assert not set(url) & set(' \t\r\n"<>`{}|')
        url.encode()
        assert len(sha256) in {0, 64}
        assert name == ""


@pytest.mark.examples
@given(
    st.lists(PLAIN, max_size=20),
    st.sampled_from(["\n", "\r\n", " ", "\t", "\n\n", ", ", '","', "' '", ")(", "]["]),
)
def test_a_list_of_addresses_is_found_again(urls: list[str], between: str) -> None:
    assert find(between.join(urls)) == list(dict.fromkeys(urls))


@pytest.mark.examples
@given(
    PLAIN,
    st.sampled_from(
        [
            "({})",
            "[{}]",
            "<{}>",
            '"{}"',
            "'{}'",
            "{}.",
            "{},",
            "{};",
            "**{}**",
            "“{}”",
            "{}?!",
            "x,{},y",
            "/*{}*/",
        ]
    ),
)
def test_what_stands_around_an_address_is_not_its_own(url: str, around: str) -> None:
    assert find(around.format(url)) == [url]


@pytest.mark.examples
@given(st.lists(PLAIN, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_no_address_hides_another(urls: list[str], chance: random.Random) -> None:
    text = "".join(
        chance.choice(["({})", "[{}] ", "[{}](", "<{}>", "{{{}}}, ", "'{}'"]).format(url) for url in urls
    )
    assert set(find(text)) >= set(urls)


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    "data",
    [
        "é http://a.org/ü.jpg".encode(),
        "é http://a.org/ü.jpg".encode("utf-8-sig"),
        "é http://a.org/ü.jpg".encode("utf-16"),
        b"\xfe\xff" + "é http://a.org/ü.jpg".encode("utf-16-be"),
        "é http://a.org/ü.jpg".encode("utf-32"),
        "é http://a.org/ü.jpg".encode("latin-1"),
    ],
)
def test_a_file_is_read_in_its_encoding(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(data)
    assert [one.url for one in read_addresses(path)[0]] == ["http://a.org/ü.jpg"]
    assert read_text(path).startswith("é ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ftp://127.0.0.1/x.png\nwww.example.invalid/a.png\nhttp://127.0.0.1:1/x.png\n", 2),
        ("http://a.org/1\n127.0.0.1:8155/p/x.png\n", 1),
        ("# mine\n\nhttp://a.org/1\nhttp://a.org/2\nnothing to see\n", 1),
        ("name,url\na,http://a.org/1\nb,http://a.org/2\n", 0),
        ("name,url\na,http://a.org/1\nb,http://a.org/2\nc,\n", 1),
        ("<html>\n<p>Words\n<a href='http://a.org/1'>a</a>\n</html>\n", 0),
        ('{\n"name": "a",\n"url": "http://a.org/1"\n}\n', 0),
        ("See what I found today.\nIt is at http://a.org/1 and nowhere else.\nGood bye.\n", 0),
        (f"{HASH}  http://a.org/1\n", 0),
        (
            "<http://a.org/1>\nhttp://[fe80::1%lo]/2\nhttp://\nhttp:/a.org/3\n<HTTP://a.org/4>\nhttp://a.org/5\n",
            3,
        ),
    ],
)
def test_lines_of_a_list_that_hold_no_address_are_told(tmp_path: Path, text: str, told: int) -> None:
    path = tmp_path / "list.txt"
    path.write_text(text)
    assert len(read_addresses(path)[1]) == told


def test_hashes_come_from_files_too(tmp_path: Path) -> None:
    path = tmp_path / "SHA256SUMS"
    path.write_text(f"{HASH}  http://a.org/1\n")
    assert read_addresses(path)[0] == [Address("http://a.org/1", HASH)]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "has no web address in it"),
        (b"nothing to see", "has no web address in it"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF http://a.org/1", "is no text"),
        (bytes(range(1, 256)) * 4, "is no text"),
        (b"http://a.org/1\n" * 1_400_000, "has more than 20 MB"),
    ],
    ids=["empty", "no address", "picture", "bytes", "huge"],
)
def test_what_is_no_list_is_refused_with_a_sentence(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=why) as caught:
        read_addresses(path)
    assert str(path) in str(caught.value)
    assert str(caught.value).endswith(".")


def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"cannot be read: {NO_FILE}"):
        read_addresses(tmp_path / "none.txt")
    with pytest.raises(ValueError, match="cannot be read: it is a folder"):
        read_addresses(tmp_path)
    with pytest.raises(ValueError, match="is no name of a file"):
        read_addresses(tmp_path / "a\0b")


def test_the_sample_list_can_be_read() -> None:
    found = [one.url for one in read_addresses(RESOURCES / "urls_unsplash.txt")[0]]
    assert len(found) == 10
    assert all(url.startswith("https://images.unsplash.com/photo-") for url in found)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_what_comes_out_of_a_pipe_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "list"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=("https://a.org/1.jpg",))
    writer.start()
    found = [address.url for address in read_addresses(path)[0]]
    writer.join(10)
    assert found == [address.url for address in read_addresses(path)[0]] == ["https://a.org/1.jpg"]
    path.unlink()
    path.write_text("https://a.org/2.jpg")
    assert [address.url for address in read_addresses(path)[0]] == ["https://a.org/2.jpg"]
