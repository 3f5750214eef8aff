"""One request as the image server reads it: the line, and those of its headers that matter. In the server's loop."""

from __future__ import annotations

import re
from typing import NamedTuple


class Request(NamedTuple):
    """What a client asks for.

    Attributes:
        path: with its query; empty where the request was malformed.
        with_body: whether a body is wanted (GET, not HEAD).
        is_new: whether it speaks HTTP/1.1, and so understands chunks.
        range: the header Range; empty where there is none.
        if_range: the header If-Range likewise.
    """

    path: str
    with_body: bool = True
    is_new: bool = True
    range: bytes = b""
    if_range: bytes = b""


MALFORMED = Request("")


def parse(head: bytes) -> tuple[Request, bool] | None:
    """The request of a head, and whether the connection stays open after it; None if it is malformed."""
    request_line, _, fields = head.partition(b"\r\n")
    words = request_line.split(b" ")
    if len(words) != 3 or words[0] not in (b"GET", b"HEAD") or not words[1].startswith(b"/"):
        return None
    if words[2] not in (b"HTTP/1.1", b"HTTP/1.0"):
        return None
    keep_alive = is_new = words[2] == b"HTTP/1.1"
    wanted = if_range = b""
    for field in fields.split(b"\r\n") if fields else ():
        name, colon, value = field.partition(b":")
        if not colon or not name or name != name.strip():
            return None
        name = name.lower()
        if name == b"connection":
            keep_alive = b"close" not in value.lower() and (keep_alive or b"keep-alive" in value.lower())
        elif name == b"range":
            wanted = value.strip()
        elif name == b"if-range":
            if_range = value.strip()
    return Request(words[1].decode("latin-1"), words[0] == b"GET", is_new, wanted, if_range), keep_alive


def byte_range(wanted: bytes, size: int) -> tuple[int, int] | None:
    """The first byte that is wanted and the one after the last, by the header Range; None where all are.

    A header that asks for several ranges, or that is malformed, may be passed over (RFC 9110, 14.2).

    Raises:
        ValueError: there is no such byte; the answer is 416.
    """
    found = re.fullmatch(rb"bytes=(\d{0,18})-(\d{0,18})", wanted)
    if found is None or found.group(0) == b"bytes=-":
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(0, size - int(last)), size
    else:
        begin, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < begin:
            return None
    if begin >= size:
        raise ValueError("no such byte")
    return begin, end
