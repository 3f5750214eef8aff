"""The bytes of an answer's body as servers send them, mended for parsers that are stricter than browsers.

What follows the body is dropped, and chunks are made anew: without extensions and trailers, whatever ends their lines.
For any thread; one answer's, used by one thread at a time.
"""

from __future__ import annotations

import re

MAX_LINE = 1 << 16
"""A longer line between chunks is none."""

_CHUNKED = b"\r\nTransfer-Encoding: chunked\r\n"
_LENGTH = re.compile(rb"\r\nContent-Length: (\d{1,18})\r\n", re.IGNORECASE)
_NO_BODY = re.compile(rb"HTTP/[\d.]+ (?:204|304)\b")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?", re.DOTALL)
_LAST = b"0\r\n\r\n"
_NO_CHUNK = b"?\r\n"
"""What every parser refuses in place of a chunk."""


class Body:
    """An answer's body.

    Attributes:
        is_open: nothing but the end of the connection tells its end.
        is_over: all of it has come.
        has_more: something came behind it, so its connection is good for nothing more.
    """

    def __init__(self, head: bytes) -> None:
        """Begin after a head that `heads.take` has mended."""
        length = _LENGTH.search(head)
        self._is_chunked = _CHUNKED in head and not _NO_BODY.match(head)
        self.is_open = length is None and not self._is_chunked and not _NO_BODY.match(head)
        self._left = int(length[1]) if length is not None and not _NO_BODY.match(head) else 0
        self._line = b""
        self._in_trailer = self.has_more = False
        self.is_over = not (self.is_open or self._is_chunked or self._left)

    def take(self, data: bytes) -> bytes:
        """What a parser is to be given of these bytes, the next that have come."""
        if self.is_open:
            return data
        if self.is_over:
            self.has_more = self.has_more or bool(data)
            return b""
        if self._is_chunked:
            return self._take_chunks(data)
        self.has_more = len(data) > self._left
        data = data[: self._left]
        self._left -= len(data)
        self.is_over = not self._left
        return data

    def end(self) -> bytes:
        """What a parser is to be given when the connection has ended: the end, where only the lines behind it miss."""
        if not self._in_trailer or self.is_over:
            return b""
        self.is_over = True
        return _LAST

    def _take_chunks(self, data: bytes) -> bytes:
        made: list[bytes] = []
        place = 0
        while place < len(data):
            if self._left:
                piece = data[place : place + self._left]
                place += len(piece)
                self._left -= len(piece)
                made += [b"%x\r\n" % len(piece), piece, b"\r\n"]
                continue
            end = data.find(b"\n", place) + 1
            self._line += data[place : end or len(data)]
            place = end or len(data)
            if end or len(self._line) > MAX_LINE:
                line, self._line = self._line.strip(), b""
                made.append(self._take_line(line))
                if self.is_over:
                    self.has_more = place < len(data)
                    break
        return b"".join(made)

    def _take_line(self, line: bytes) -> bytes:
        """What a line between chunks comes to: the size of the next, the end, or none at all."""
        if self._in_trailer:
            self.is_over = not line
            return _LAST if self.is_over else b""
        size = _SIZE.fullmatch(line)
        if size is None:
            self.is_over = bool(line)  # an empty one stands behind each chunk
            return _NO_CHUNK if line else b""
        self._left = int(size[1], 16)
        self._in_trailer = not self._left
        return b""
