"""Heads of answers are mended, and what is no head is left to the parser."""

from __future__ import annotations

import pytest

from workers.transport.http.heads import MAX_HEAD, take

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("data", "head", "rest"),
    [
        (OK + b"A: b\r\n\r\nbody", OK + b"A: b\r\n\r\n", b"body"),
        (OK.replace(b"\r", b"") + b"A:b \n\nbody", OK + b"A: b\r\n\r\n", b"body"),
        (b"HTTP/1.1 103 Early\r\nA: b\r\n\r\n" + OK + b"\r\n", OK + b"\r\n", b""),
        (b"HTTP/1.1 101 Other\r\n\r\n", b"HTTP/1.1 101 Other\r\n\r\n", b""),
        (b"HTTP/1.1 103 Early\r\nA: b\r\n\r\n" + OK, b"", OK),
        (OK + b" goes on\r\nno\r\n line\r\nA: b\r\n\tc\r\n\r\n", OK + b"A: b c\r\n\r\n", b""),
        (OK + b"A: b\x00c\r\n\r\n", OK + b"A: b c\r\n\r\n", b""),
        (OK + b"ETag: 1\r\netag: 2\r\nA: 1\r\nA: 2\r\n\r\n", OK + b"ETag: 1\r\nA: 1\r\nA: 2\r\n\r\n", b""),
        (OK + b"Content-Length: 5, 5\r\nContent-Length:5\r\n\r\n", OK + b"Content-Length: 5\r\n\r\n", b""),
        (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", OK + b"Content-Length: 5, 6\r\n\r\n", b""),
        (
            OK + b"Content-Length: 5\r\nTransfer-Encoding: Chunked\r\n\r\n",
            OK + b"Transfer-Encoding: Chunked\r\n\r\n",
            b"",
        ),
        (b"HTT", b"", b"HTT"),
        (b"", b"", b""),
        (b"SSH-2.0\r\n\r\n", b"SSH-2.0\r\n\r\n", b""),
        (OK + b"A: " + b"b" * MAX_HEAD, OK + b"A: " + b"b" * MAX_HEAD, b""),
    ],
)
def test_a_head_is_taken_and_mended(data: bytes, head: bytes, rest: bytes) -> None:
    assert take(data) == (head, rest)
