"""The heads of answers as servers send them, mended for parsers that are stricter than browsers: for any thread.

What is passed over or joined here is so for every client that reads bytes itself; Qt reads on its own, and much alike.
"""

from __future__ import annotations

import re

MAX_HEAD = 1 << 18
"""A longer head is not waited for: the parser refuses what has come of it."""

_BEGIN = b"HTTP/"
_END = re.compile(rb"\n\r?\n")
# 101 is an answer: it says that what follows is another protocol.
_INTERIM = re.compile(rb"HTTP/[\d.]+ +1(?!01)\d\d\b")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)", re.DOTALL)
_NO_BYTE = re.compile("[\\ud800-\\udc7f\\udd00-\\udfff]")  # of the surrogates
_CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
ONCE = ("Content-Disposition", "Content-Range", "Date", "ETag", "Last-Modified", "Location", "Retry-After")
"""Of these fields the first counts where a server sends several."""

_ONCE = frozenset(name.lower().encode() for name in ONCE)


def take(data: bytes) -> tuple[bytes, bytes]:
    """The head of the final answer in what has come, mended; and what follows it.

    Heads of 1xx are passed over: they tell that the answer is to come. An empty head means that it has not come whole.
    What is no HTTP, or longer than any head, is returned as it is, for the parser to refuse.
    """
    while data.startswith(_BEGIN) and (end := _END.search(data)) is not None:
        head, data = data[: end.end()], data[end.end() :]
        if not _INTERIM.match(head):
            return _mended(head), data
    may_come = _BEGIN.startswith(data[: len(_BEGIN)]) and len(data) < MAX_HEAD
    return (b"", data) if may_come else (data, b"")


def _mended(head: bytes) -> bytes:
    """A head with only lines that are fields, each on one line, and with one length."""
    status, *lines = head.rstrip(b"\r\n").split(b"\n")
    fields: list[tuple[bytes, bytes, bytes]] = []
    lengths: list[bytes] = []
    goes_on = is_chunked = False
    seen: set[bytes] = set()
    for line in lines:
        line = _CONTROLS.sub(b" ", line.rstrip(b"\r"))
        if line[:1] in {b" ", b"\t"}:
            if goes_on:
                key, name, value = fields[-1]
                fields[-1] = (key, name, value + b" " + line.strip())
            continue
        field = _FIELD.fullmatch(line)
        goes_on = False
        if field is None:
            continue
        name, value = field[1], field[2].rstrip()
        key = name.lower()
        if key == b"content-length":
            lengths += [part.strip() for part in value.split(b",")]
        elif key not in _ONCE or key not in seen:
            is_chunked = is_chunked or (key == b"transfer-encoding" and b"chunked" in value.lower())
            seen.add(key)
            fields.append((key, name, value))
            goes_on = True
    if lengths and not is_chunked:  # of the two, the chunks count (RFC 9112, 6.3)
        are_one = len(set(lengths)) == 1
        fields.append((b"", b"Content-Length", lengths[0] if are_one else b", ".join(lengths)))
    told = [status.rstrip(b"\r"), *(name + b": " + value for _, name, value in fields)]
    return b"\r\n".join([*told, b"", b""])


def as_text(header: str) -> str:
    """The header in UTF-8 if that is what it was sent in: clients read bytes as Latin-1, or keep them as surrogates.

    A character that stands for no byte becomes a question mark.
    """
    try:
        sent = header.encode("latin-1")
    except UnicodeEncodeError:
        sent = _NO_BYTE.sub("?", header).encode(errors="surrogateescape")
    try:
        return sent.decode()
    except UnicodeDecodeError:
        return sent.decode("latin-1")
