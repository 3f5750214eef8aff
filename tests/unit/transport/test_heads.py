"""Heads of answers are mended, and what is no head is left to the parser."""

from __future__ import annotations

import pytest

from workers.transport.http.heads import MAX_HEAD, REFUSED, take

OK = b"HTTP/1.1 200 OK\r\n"
STATUS = {
    b"HTTP/1.1 200": b"HTTP/1.1 200 ",
    b"HTTP/1.0 200 OK": b"HTTP/1.0 200 OK",
    b"HTTP/2.0 200 OK": b"HTTP/1.1 200 OK",
    b"HTTP/1.1 0200 OK": b"HTTP/1.1 200 OK",
}
"""First lines, and what they become."""

NO_STATUS = (b"1.1  200 OK", b"2 200", b"1.1 20 OK", b"1.1 2000 OK", b"1.1 -200 OK", b"1.1 OK", b"1.1 200OK")


@pytest.mark.parametrize(
    ("data", "head", "rest"),
    [
        (OK + b"ETag: b\r\nA: b\r\n\r\nbody", OK + b"ETag: b\r\n\r\n", b"body"),
        (OK.replace(b"\r", b"") + b"ETag:b \n\nbody", OK + b"ETag: b\r\n\r\n", b"body"),
        (b" \r\n\n" + OK + b"\r\n", OK + b"\r\n", b""),
        (b"HTTP/1.1 103 Early\r\nA: b\r\n\r\n" + OK + b"\r\n", OK + b"\r\n", b""),
        (b"HTTP/1.1 101 Other\r\n\r\n", b"HTTP/1.1 101 Other\r\n\r\n", b""),
        (b"HTTP/1.1 103 Early\r\nA: b\r\n\r\n" + OK, b"", OK),
        (OK + b" goes on\r\nno\r\n line\r\nDate: b\r\n\tc\r\n\r\n", OK + b"Date: b c\r\n\r\n", b""),
        (OK + b"Date: b\x00c\r\n\r\n", OK + b"Date: b c\r\n\r\n", b""),
        (OK + b"ETag: 1\r\netag: 2\r\n\r\n", OK + b"ETag: 1\r\n\r\n", b""),
        (OK + b"Location: 1\r\nLocation: 2\r\n\r\n", OK + b"Location: 2\r\n\r\n", b""),
        (OK + b"Content-Length:\r\n 5\r\n\r\n", OK + b"Content-Length: 5\r\n\r\n", b""),
        (OK + b"Content-Length:\r\n\r\n", OK + b"Content-Length: \r\n\r\n", b""),
        (
            OK + b"Content-Encoding: a\r\ncontent-encoding: b\r\n\r\n",
            OK + b"Content-Encoding: a, b\r\n\r\n",
            b"",
        ),
        (OK + b"Content-Length: 5, 5\r\nContent-Length:5\r\n\r\n", OK + b"Content-Length: 5\r\n\r\n", b""),
        (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", OK + b"Content-Length: 5, 6\r\n\r\n", b""),
        (
            OK + b"Content-Length: 5\r\nTransfer-Encoding: Chunked\r\n\r\n",
            OK + b"Transfer-Encoding: chunked\r\n\r\n",
            b"",
        ),
        (OK + b"Transfer-Encoding: identity\r\n\r\n", OK + b"\r\n", b""),
        (
            OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
            OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"",
        ),
        (
            b"HTTP/1.1 302 Found\r\nContent-Length: no\r\n\r\n",
            b"HTTP/1.1 302 Found\r\nConnection: close\r\n\r\n",
            b"",
        ),
        *((line + b"\r\n\r\n", told + b"\r\n\r\n", b"") for line, told in STATUS.items()),
        *((b"HTTP/" + line + b"\r\n\r\n", REFUSED, b"") for line in NO_STATUS),
        (OK + b"A: b\r\n" * 251 + b"\r\n", OK + b"A: b\r\n" * 251 + b"\r\n", b""),
        (OK + b"A: b\r\n" * 250 + b"\r\n", OK + b"\r\n", b""),
        (b"HTT", b"", b"HTT"),
        (b"", b"", b""),
        (b"SSH-2.0\r\n\r\n", b"SSH-2.0\r\n\r\n", b""),
        (OK + b"A: " + b"b" * MAX_HEAD, OK + b"A: " + b"b" * MAX_HEAD, b""),
    ],
)
def test_a_head_is_taken_and_mended(data: bytes, head: bytes, rest: bytes) -> None:
    assert take(data) == (head, rest)
