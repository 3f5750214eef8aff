"""What servers do that every client takes alike: for each kind an address, its answers, and what is to come of it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, NamedTuple

from tests.support.misbehaving_server import closing, response

if TYPE_CHECKING:
    from tests.support.misbehaving_server import Answer

BODY = b"all of the file, as it was"
SIZE, HALF, ETAG = len(BODY), 10, '"1"'
SENT = {"Connection": "close"}


class Kind(NamedTuple):
    """One kind of what servers do.

    Attributes:
        asked: the address after the server's own.
        answers: what the server says, by what a request's first line asks for; of several each once, in turn.
        name: what the file is called in the end; empty where that does not matter.
        why: words of the reason why there is none; empty where there is one.
    """

    asked: str
    answers: dict[str, Answer | tuple[Answer, ...]]
    name: str = ""
    why: str = ""


def head(*lines: str | bytes, status: str = "200 OK", body: bytes = BODY) -> bytes:
    """An answer with these lines as its head, and nothing else in it."""
    raw = [line if isinstance(line, bytes) else line.encode("latin-1") for line in lines]
    return b"\r\n".join([f"HTTP/1.1 {status}".encode(), *raw, b"Connection: close", b"", body])


LENGTH = f"Content-Length: {SIZE}"
CHUNKED, CHUNKS = "Transfer-Encoding: chunked", b"%x\r\n%b\r\n0\r\n\r\n" % (SIZE, BODY)


def _simple(number: int, *answers: Answer, why: str = "") -> Kind:
    path = f"/{number}/file.bin"
    return Kind(path, {path: answers}, "", why)


# ---------------------------------------------------------------- the address goes out as it was given

_SAME = (
    "/a%2Fb %40 %3a.bin".replace(" ", ""),
    "/a%7Eb~.bin",
    "/%2e%2E/dots.bin",
    "/%c3%A9.bin",
    "/no-query.bin?",
    "/no-value.bin?a=&b&&",
    "//two//slashes.bin",
    "/./here/../there.bin",
    "/100%/%zz/%.bin",
    "/q.bin?x=%2f%3A+a/b?c&sig=%7e%7E==",
    "/marks.bin?[]{}|^`\"<>'()*!;,:@$",
    "/marks/[]{}|^`'()*!;,:@$.bin",
    "/a\\b.bin",
    "/%00%0d%0a.bin",
    "/plus+plus.bin",
)
ADDRESSES: dict[str, Kind] = {f"{asked} stays": Kind(asked, {asked: response(BODY)}) for asked in _SAME} | {
    "a fragment is not sent": Kind("/part.bin#top?x", {"/part.bin": response(BODY)}),
    "a space is encoded": Kind("/a b.bin?c d", {"/a%20b.bin?c%20d": response(BODY)}),
    "other letters are encoded": Kind("/é/写.bin?ü", {"/%C3%A9/%E5%86%99.bin?%C3%BC": response(BODY)}),
    "what is encoded is not encoded twice": Kind("/é%20%C3%A9.bin", {"/%C3%A9%20%C3%A9.bin": response(BODY)}),
    "control letters are encoded": Kind("/a\x01\x7f.bin", {"/a%01%7F.bin": response(BODY)}),
    "a query without a path": Kind("?only=query", {"/?only=query": response(BODY)}),
}

# ---------------------------------------------------------------- heads

_EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
_HEADS: dict[str, Answer] = {
    "100": b"HTTP/1.1 100 Continue\r\n\r\n" + response(BODY),
    "102": b"HTTP/1.1 102 Processing\r\n\r\n" + response(BODY),
    "103": _EARLY + response(BODY),
    "several 1xx": b"HTTP/1.1 102 Processing\r\n\r\n"
    + _EARLY * 2
    + b"HTTP/1.1 199 Wait\r\n\r\n"
    + response(BODY),
    "a length twice": head(LENGTH, LENGTH),
    "a length twice in one line": head(f"{LENGTH}, {SIZE}"),
    "a length of another spelling": head(LENGTH.lower(), LENGTH.upper()),
    "chunks beside a length": head(
        "Transfer-Encoding: chunked", "Content-Length: 3", body=b"%x\r\n%b\r\n0\r\n\r\n" % (SIZE, BODY)
    ),
    "a name with a space": head("My Param: x", LENGTH),
    "a space before the colon": head("X-Page : 1", LENGTH),
    "a word alone": head("preload", LENGTH),
    "a colon alone": head(": x", LENGTH),
    "a page among the headers": head("<html>", LENGTH, "</html>: x y"),
    "a line that is none at the end": head(LENGTH, "what is this"),
    "a line that goes on": head("X-Long: a", " b: c", LENGTH),
    "other letters in a value": head("X-Name: é".encode(), b"X-Name: \xff\xfe", LENGTH),
    "no carriage returns": head(LENGTH).replace(b"\r\n", b"\n"),
    "blank lines before it": b"\r\n\n" + head(LENGTH),
    "200 fields": head(*(f"X-{number}: y" for number in range(200)), LENGTH),
    "a length on the next line": head(b"Content-Length:\r\n %d" % SIZE),
    "no coding of the transfer": head("Transfer-Encoding: identity", LENGTH),
    "a coding beside chunks": head("Transfer-Encoding: identity, chunked", body=CHUNKS),
    "more than the length": head(LENGTH, body=BODY + b" and more"),
    "a trailer that looks like a length": head(
        CHUNKED, body=CHUNKS[:-2] + b"Content-Length: 3\r\nno field\r\n\r\n"
    ),
    "no line behind the last chunk": head(CHUNKED, body=CHUNKS[:-2]),
    "an odd number of the version": head(LENGTH).replace(b"HTTP/1.1", b"HTTP/1.2"),
    "a status with zeros": head(LENGTH, status="0200 OK"),
    "203": head(LENGTH, status="203 Changed"),
    "a whole that nobody asked a piece of": head(
        LENGTH, f"Content-Range: bytes 0-{SIZE - 1}/{SIZE}", status="206 Partial Content"
    ),
}
_REFUSED_HEADS: dict[str, tuple[Answer, str]] = {
    "two lengths": (head(LENGTH, f"Content-Length: {SIZE + 1}"), "length"),
    "another protocol": (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        "101",
    ),
    "two lengths in one line": (head(f"{LENGTH}, {SIZE + 1}"), "length that makes no sense"),
    "packed, says the second of two lines": (
        head("Content-Encoding: identity", "Content-Encoding: gzip", LENGTH),
        "packed by",
    ),
    "packed, says the transfer": (head("Transfer-Encoding: gzip, chunked", body=CHUNKS), "packed by"),
    "a field of 70 KB": (head("X-Long: " + "y" * 70_000, LENGTH), "headers are too long"),
    "a status of two digits": (head(LENGTH, status="20 OK"), "did not answer in HTTP"),
    "half a head": (closing(b"HTTP/1.1 200 OK\r\nContent-Le"), "without an answer"),
    "no end of the head": (closing(b"HTTP/1.1 200 OK\r\nETag: 1\r\n"), "without an answer"),
    "204 with a body": (head(LENGTH, status="204 Nothing"), "answered 204"),
    "a part that nobody asked for": (
        head(LENGTH, f"Content-Range: bytes 0-{SIZE - 1}/{SIZE + 9}", status="206 Partial Content"),
        "answered 206",
    ),
}
_CODINGS = ("none", "identity", "Identity", "UTF-8", "utf8", "binary", "7bit", "x-unknown", "iso-8859-1", "")
_PACKED = ("gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "compress", "identity, gzip")

HEADS: dict[str, Kind] = {
    "a file that is packed": Kind(
        "/a.tar.gz", {"/a.tar.gz": head("Content-Encoding: x-gzip", LENGTH)}, "a.tar.gz"
    )
}
for _name, _answer in _HEADS.items():
    HEADS[_name] = _simple(len(HEADS), _answer)
for _name, (_answer, _why) in _REFUSED_HEADS.items():
    HEADS[_name] = _simple(len(HEADS), _answer, why=_why)
for _name in _CODINGS:
    HEADS[f"packed by {_name!r}"] = _simple(len(HEADS), head(f"Content-Encoding: {_name}", LENGTH))
for _name in _PACKED:
    _answer = response(gzip.compress(BODY), Content_Encoding=_name, **SENT)
    HEADS[f"packed by {_name!r}"] = _simple(len(HEADS), _answer, why="packed by")

# ---------------------------------------------------------------- redirects

_MOVES: dict[str, tuple[str, str]] = {  # what Location says -> what is asked for then
    "/ok/café.bin": ("/ok/caf%C3%A9.bin", "UTF-8"),
    "/ok/caf%c3%a9.bin": ("/ok/caf%c3%a9.bin", "encoded already"),
    "/ok/a b.bin": ("/ok/a%20b.bin", "a space"),
    "  /ok/edges.bin  ": ("/ok/edges.bin", "spaces around it"),
    "/ok/%2F~%7e.bin?": ("/ok/%2F~%7e.bin?", "as it is"),
    "beside.bin?x=1/../2": ("/move/beside.bin?x=1/../2", "beside"),
    "../up.bin": ("/up.bin", "above"),
    "./a/../same.bin#there": ("/move/same.bin", "with dots"),
    "/ok//two//./slashes.bin": ("/ok//two//./slashes.bin", "slashes"),
}
REDIRECTS: dict[str, Kind] = {}
for _location, (_target, _what) in _MOVES.items():
    _path = f"/move/{len(REDIRECTS)}?by=redirect"
    _moved = head(b"Location: " + _location.encode(), "Content-Length: 0", status="302 Found", body=b"")
    _name = _target.rpartition("/")[2].partition("?")[0]
    REDIRECTS[f"Location: {_what}"] = Kind(_path, {_path: _moved, _target: response(BODY)})
REDIRECTS["Location: a query"] = Kind(
    "/move/here.bin?a",
    {
        "/move/here.bin?a": head("Location: ?b", status="302 Found", body=b""),
        "/move/here.bin?b": response(BODY),
    },
)
REDIRECTS["Location: Latin-1"] = Kind(
    "/move/latin",
    {
        "/move/latin": head("Location: /ok/\xe9.bin", status="302 Found", body=b""),
        "/ok/%C3%A9.bin": response(BODY),
    },
)
REDIRECTS["Location: twice"] = Kind(
    "/move/twice",
    {
        "/move/twice": head("Location: /no/1.bin", "Location: /ok/1.bin", status="307 Again", body=b""),
        "/ok/1.bin": response(BODY),
    },
)
REDIRECTS["a length that makes no sense"] = Kind(
    "/move/odd",
    {
        "/move/odd": head("Location: /ok/2.bin", "Content-Length: no", status="301 Moved", body=b""),
        "/ok/2.bin": response(BODY),
    },
)
REDIRECTS["more than anybody reads"] = Kind(
    "/move/much",
    {
        "/move/much": head("Location: /ok/3.bin", status="303 Other", body=bytes(3_000_000)),
        "/ok/3.bin": response(BODY),
    },
)

# ---------------------------------------------------------------- trying again, and going on

RETRIES: dict[str, Kind] = {}
for _code in (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524):
    _answer = response(b"", f"{_code} Later", Retry_After="0")
    RETRIES[f"{_code} passes"] = _simple(_code, _answer, response(BODY))
for _code in (400, 401, 403, 404, 410, 451, 501, 505):
    _answer = response(b"", f"{_code} No")
    RETRIES[f"{_code} stays"] = _simple(_code, _answer, response(BODY), why=f"answered {_code}")

_CUT = closing(response(BODY, ETag=ETAG)[: HALF - SIZE])
_REST = response(BODY[HALF:], "206 Partial Content", Content_Range=f"bytes {HALF}-{SIZE - 1}/{SIZE}", ETag=ETAG)
RESUMES: dict[str, Kind] = {
    "a piece": _simple(1, _CUT, _REST),
    "a piece packed by nothing": _simple(2, _CUT, _REST.replace(b"ETag", b"Content-Encoding: none\r\nETag")),
}
for _code in (200, 400, 403, 405, 406, 412, 416, 417, 501):
    _answer = response(BODY if _code == 200 else b"", f"{_code} No Range")
    RESUMES[f"{_code} to a piece"] = _simple(_code, _CUT, _answer, response(BODY))

# ---------------------------------------------------------------- names

_NAMES: tuple[tuple[str | bytes, str], ...] = (
    ('attachment; filename="a b.bin"', "a b.bin"),
    ("attachment; filename=plain.bin", "plain.bin"),
    ("attachment; filename=with space.bin", "with space.bin"),
    ("attachment; filename=%E5%86%99%E7%9C%9F.bin", "写真.bin"),
    ('attachment; filename="na%C3%AFve%20one.bin"', "naïve one.bin"),
    ('attachment; filename="100%.bin"', "100%.bin"),
    ("filename=no-type.bin", "no-type.bin"),
    ('; filename="no type.bin"', "no type.bin"),
    ("filename*=UTF-8''no%20type.bin", "no type.bin"),
    ("attachment; filename=a.bin; filename*=UTF-8''b%C3%A9.bin", "bé.bin"),
    ("attachment; filename*=UTF-8'en'it's%20mine.bin; filename=c.bin", "it's mine.bin"),
    ("attachment; filename*=\"UTF-8''quoted%20too.bin\"", "quoted too.bin"),
    ("attachment; filename*=utf8''alias%20.bin", "alias .bin"),
    ("attachment; filename*=no%20charset.bin", "no charset.bin"),
    ("attachment; filename=UTF-8''no%20star.bin", "no star.bin"),
    ("attachment; filename='single quotes.bin'", "single quotes.bin"),
    ("attachment; filename=it's one.bin", "it's one.bin"),
    ('attachment; filename="never closed.bin', "never closed.bin"),
    ('attachment; filename="C:\\dir\\windows.bin"', "windows.bin"),
    ('attachment; filename="/etc/../unix.bin"', "unix.bin"),
    ('attachment; filename="..%2F..%2Fencoded.bin"', "encoded.bin"),
    ('attachment; filename="trailing.bin";', "trailing.bin"),
    ("attachment;filename=tight.bin;size=3", "tight.bin"),
    ("Attachment; FileName = Case.bin", "Case.bin"),
    ('attachment; filename="=?UTF-8?B?w6kuYmlu?="', "é.bin"),
    ("attachment; filename==?utf-8?Q?mail=20q.bin?=", "mail q.bin"),
    ('attachment; filename*0="in "; filename*1="parts.bin"', "in parts.bin"),
    ("attachment; filename*0*=UTF-8''in%20; filename*1*=pi%C3%A8ces.bin", "in pièces.bin"),
    ('attachment; filename="señal.bin"'.encode(), "señal.bin"),
    (b'attachment; filename="latin \xe9.bin"', "latin é.bin"),
    ('attachment; filename="semi;colon.bin"', "semi;colon.bin"),
    ('attachment; filename="say \\"hi\\".bin"', "say _hi_.bin"),
    ("attachment, filename=comma.bin", "comma.bin"),
    ("attachment filename=no-mark.bin", "no-mark.bin"),
    ("other; filename=another-type.bin", "another-type.bin"),
    ("attachment; filename*=US-ASCII'en'words.bin", "words.bin"),
    ("attachment; filename*=koi8-r''%C6.bin", "\N{CYRILLIC SMALL LETTER EF}.bin"),
    ("attachment; filename*=cp1251''%C6.bin", "\N{CYRILLIC CAPITAL LETTER ZHE}.bin"),
    ("attachment; filename*=''empty%20charset.bin", "empty charset.bin"),
    ("attachment; filename*=UTF-8'one%20quote.bin", "one quote.bin"),
    ("attachment; filename=%22encoded%20quotes.bin%22", "encoded quotes.bin"),
    ("attachment; filename=kept.bin; filename*=UTF-8''", "kept.bin"),
)
NAMES: dict[str, Kind] = {}
for _header, _name in _NAMES:
    _raw = _header.encode("latin-1") if isinstance(_header, str) else _header
    _path = f"/names/{len(NAMES)}"
    NAMES[f"{_raw!r}"] = Kind(_path, {_path: head(b"Content-Disposition: " + _raw, LENGTH)}, _name)
for _path, _name in (
    ("/names/from%20the%20address%C3%A9.bin", "from the addressé.bin"),
    ("/names/a%2Fb%5Cc.bin", "c.bin"),
    ("/names/writ写真.bin", "writ写真.bin"),
    ("/names/last.bin?name=other.bin", "last.bin"),
):
    _target = _path.replace("写真", "%E5%86%99%E7%9C%9F")
    NAMES[f"{_path} names it"] = Kind(_path, {_target: response(BODY)}, _name)

ALL = {
    "addresses": ADDRESSES,
    "heads": HEADS,
    "redirects": REDIRECTS,
    "retries": RETRIES,
    "resumes": RESUMES,
    "names": NAMES,
}
