"""The heads of answers as servers send them, mended for parsers that are stricter than browsers: for any thread.

What is passed over or joined here is so for every client that reads bytes itself; Qt reads on its own, and much alike.
"""

from __future__ import annotations

import re

MAX_HEAD = 1 << 18
"""A longer head is not waited for: the parser refuses what has come of it."""

MAX_FIELDS, MAX_FIELD = 250, 1 << 16
"""More fields, or a longer one, are left to the parser, which refuses that."""

_BEGIN = b"HTTP/"
_END = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/(\d\.\d) 0*([1-9]\d\d)( .*)?", re.DOTALL)
# 101 is an answer: it says that what follows is another protocol.
_INTERIM = re.compile(rb"HTTP/[\d.]+ +1(?!01)\d\d\b")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)", re.DOTALL)
_LENGTH = re.compile(rb"\d{1,18}")
_NO_BYTE = re.compile("[\\ud800-\\udc7f\\udd00-\\udfff]")  # of the surrogates
_CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
REFUSED = b"HTTP/?\r\n\r\n"
"""What a head becomes whose first line is none: every parser refuses it."""

PACKINGS = frozenset(
    "aes128gcm br compress dcb dcz deflate exi gzip pack200-gzip x-compress x-gzip zstd".split()
)
"""Codings that change the bytes. Servers write other words where they mean a charset, or nothing."""

ONCE = ("Content-Disposition", "Content-Range", "Date", "ETag", "Last-Modified", "Location", "Retry-After")
"""Of these fields the first counts where a server sends several; of Location the last, for Qt knows no other."""

JOINED = ("Connection", "Content-Encoding", "Content-Length", "Transfer-Encoding")
"""Of these they are one list. No other field is read."""

_ONCE = frozenset(name.lower().encode() for name in ONCE)
_FIRST = _ONCE - {b"location"}
_READ = _ONCE | {name.lower().encode() for name in JOINED}


def take(data: bytes) -> tuple[bytes, bytes]:
    """The head of the final answer in what has come, mended; and what follows it.

    Blank lines and heads of 1xx are passed over: these tell that the answer is to come. An empty head means that it has
    not come whole. What is no HTTP, or longer than any head, is returned as it is, for the parser to refuse.
    """
    data = data.lstrip()
    while data.startswith(_BEGIN) and (end := _END.search(data, 0, MAX_HEAD)) is not None:
        head, data = data[: end.end()], data[end.end() :]
        if not _INTERIM.match(head):
            return _mended(head), data
        data = data.lstrip()
    may_come = _BEGIN.startswith(data[: len(_BEGIN)]) and len(data) < MAX_HEAD
    return (b"", data) if may_come else (data, b"")


def _mended(head: bytes) -> bytes:
    """A head with only fields that are read, each once and on one line, and one way to tell where its body ends."""
    first, *lines = head.rstrip(b"\r\n").split(b"\n")
    status = _STATUS.fullmatch(_CONTROLS.sub(b" ", first.rstrip(b"\r")))
    if status is None:
        return REFUSED
    if len(lines) > MAX_FIELDS or max(map(len, lines), default=0) > MAX_FIELD:
        return head
    fields: dict[bytes, bytes] = {}
    names: dict[bytes, bytes] = {}
    last = b""
    for line in lines:
        line = _CONTROLS.sub(b" ", line.rstrip(b"\r"))
        if line[:1] in {b" ", b"\t"}:
            if last:
                fields[last] = b" ".join(filter(None, (fields[last], line.strip())))
            continue
        field = _FIELD.fullmatch(line)
        last = field[1].lower() if field is not None else b""
        if field is None or last not in _READ or (last in _FIRST and last in fields):
            last = b""
            continue
        before = fields[last] + b", " if last in fields and last not in _ONCE else b""
        fields[last] = before + field[2].rstrip()
        names.setdefault(last, field[1])
    _set_end(fields, names, is_file=status[2].startswith(b"2"))
    version = b"1.0" if status[1] < b"1.1" else b"1.1"
    told = [b"HTTP/" + version + b" " + status[2] + (status[3] or b" ")]
    told += [names[key] + b": " + value for key, value in fields.items()]
    return b"\r\n".join([*told, b"", b""])


def _set_end(fields: dict[bytes, bytes], names: dict[bytes, bytes], *, is_file: bool) -> None:
    """Leave one length, or chunks. What makes no sense is left for who judges it, unless nobody wants the body."""
    codings = _list(fields.pop(b"transfer-encoding", b""))
    length = fields.pop(b"content-length", None)
    lengths = set() if length is None else set(_list(length)) or {b""}
    if packed := [coding for coding in codings if coding.decode("latin-1") in PACKINGS]:
        # They change the bytes as those of the contents do, and nobody has asked for them either.
        fields[b"content-encoding"] = b", ".join(filter(None, (fields.get(b"content-encoding"), *packed)))
        names[b"content-encoding"] = b"Content-Encoding"
    if b"chunked" in codings:  # beside a length the chunks count (RFC 9112, 6.3)
        fields[b"transfer-encoding"], names[b"transfer-encoding"] = b"chunked", b"Transfer-Encoding"
    elif is_file or (len(lengths) == 1 and all(map(_LENGTH.fullmatch, lengths))):
        if lengths:
            fields[b"content-length"], names[b"content-length"] = b", ".join(sorted(lengths)), b"Content-Length"
    elif lengths:
        fields[b"connection"], names[b"connection"] = b"close", b"Connection"


def _list(value: bytes) -> list[bytes]:
    return [part for part in (part.strip().lower() for part in value.split(b",")) if part]


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
