"""Of a connection's bytes a parser is given the body alone; chunks are made anew."""

from __future__ import annotations

import pytest

from workers.transport.http.bodies import MAX_LINE, Body

BODY = b"all of it"
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
LAST = b"0\r\n\r\n"
GOOD = {
    "usual": b"9\r\nall of it\r\n0\r\n\r\n",
    "in pieces": b"3\r\nall\r\n06\r\n of it\r\n000\r\n\r\n",
    "extensions": b'9;a=b;c="d"\r\nall of it\r\n0;last\r\n\r\n',
    "trailers": b"9\r\nall of it\r\n0\r\nContent-Length: 3\r\nno field\r\n\r\n",
    "no carriage returns": b"9\nall of it\n0\n\n",
    "blanks": b"9 \t\r\nall of it\r\n0 \r\n\r\n",
    "an empty line before": b"\r\n9\r\nall of it\r\n0\r\n\r\n",
}


def contents(made: bytes) -> bytes:
    """What stands in chunks that are written as they should be, to their end."""
    found = b""
    while made != LAST:
        size, _, made = made.partition(b"\r\n")
        found, end, made = found + made[: int(size, 16)], made[int(size, 16) :][:2], made[int(size, 16) + 2 :]
        assert end == b"\r\n"
    return found


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("step", [1, 4, 999])
def test_chunks_are_made_anew(name: str, step: int) -> None:
    body, data = Body(CHUNKS), GOOD[name]
    made = b"".join(body.take(data[at : at + step]) for at in range(0, len(data), step))
    assert contents(made) == BODY
    assert body.is_over
    assert not body.has_more


@pytest.mark.parametrize("line", [b"zz", b"-5", b"0x9", b"1_0", b"f" * 16, b"9 9", b"9" * (MAX_LINE + 1)])
def test_what_is_no_size_is_refused(line: bytes) -> None:
    assert Body(CHUNKS).take(line + b"\r\nall of it") == b"?\r\n"


def test_a_connection_that_ends_behind_the_last_chunk_has_brought_all() -> None:
    body = Body(CHUNKS)
    assert contents(body.take(GOOD["usual"][:-2]) + body.end()) == BODY
    cut = Body(CHUNKS)
    cut.take(GOOD["usual"][:-5])
    assert cut.end() == b""


@pytest.mark.parametrize(
    ("head", "wanted"),
    [(LENGTH, BODY), (LENGTH.replace(b"9", b"0"), b""), (LENGTH.replace(b"200", b"304"), b"")],
)
def test_what_follows_is_dropped(head: bytes, wanted: bytes) -> None:
    body = Body(head)
    assert body.take(BODY + b"more") == wanted
    assert body.is_over
    assert body.has_more
    assert body.take(b"more") == b""


def test_without_a_length_all_is_the_body() -> None:
    body = Body(b"HTTP/1.1 200 OK\r\n\r\n")
    assert body.is_open
    assert body.take(BODY) + body.take(BODY) == BODY * 2
    assert not body.is_over
