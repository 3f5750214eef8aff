"""Finds the web addresses that stand in a text: a plain list, a table, a web page, Markdown, JSON. For any thread.

Each letter of the text is looked at a few times at the most, whatever the text is, so no text takes long: about 30 ms
for 10,000 lines. Runs on Python 3.9.
"""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, NamedTuple

from ..utils.errors import BadInput
from ..utils.file_kinds import text_of

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 20_000_000
"""A larger file is no list of web addresses."""

MAX_LETTERS = 8_000
"""A longer address is left out: servers refuse it."""


class Address(NamedTuple):
    """What is to be downloaded.

    Attributes:
        url: an http or https address.
        sha256: what the hash of its contents must be, in 64 hexadecimal digits; empty where it is not known.
        name: what its file is to be called; empty: as the server or the address say.
    """

    url: str
    sha256: str = ""
    name: str = ""


# After a letter it is another scheme, such as xhttp; but an n after a backslash is the end of a line in JSON.
_BEGIN = re.compile(r"(https?):(?:\\?/){2}", re.IGNORECASE)
_NO_BEGIN = re.compile(r"(?<!\\[nrt])(?<=[a-z])", re.IGNORECASE)
_HOST = re.compile(
    r"(?:[^\s\\/?#\"'<>]{1,200}@)?(?:\[[0-9a-fA-F:.]{2,60}\]|(?=[.-]*[^\W_])[\w.-]+)(?::\d{1,5}(?!\d))?"
)
_PATH = re.compile(r"[/?#]|\\/")
# No address has white space, quotes, angle or curly brackets, bars, what parts sentences in Chinese and Japanese, or
# what cannot be seen. Some marks end it in some places only: `_end` looks at them. A backslash comes from JSON, before
# a slash or the four digits of a letter.
_PLAIN = re.compile(
    r"(?:[^\s\\\"<>`{}|^()\[\],;'&\x00-\x1f\x7f\xad\u200b-\u200f\u2013-\u201f\u2026\u202a-\u202e\u2060-\u2064"
    r"\u3000-\u3003\u3008-\u3011\u3014-\u301b\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\ufeff\ufffd\ud800-\udfff]"
    r"|\\/|\\u00(?:2[0156789bdf]|3[adf]|40|7e)|\\u(?!00|[dD][89abAB])[0-9a-fA-F]{4})+"
)
_FROM_JSON = re.compile(r"\\(?:/|u([0-9a-fA-F]{4}))")
_NEXT_ONE = re.compile(r"[,;]['\"]?https?:\\?/", re.IGNORECASE)
_DELIMITER_IN_HTML = re.compile(r"&(?:quot|apos|lt|gt|#0*(?:34|39|60|62)|#x0*(?:22|27|3c|3e));", re.IGNORECASE)
_AMPERSAND_IN_HTML = re.compile(r"&(?:amp|#0*38|#x0*26);", re.IGNORECASE)
_FILE_THEN_FIELD = re.compile(r"[^,;?]*\.\w{2,5}(?=[,;])")
_HEADER_CELL = re.compile(
    r"(?:[\w.]+[ _-])?(?:url|uri|link|href|src|address|image)s?(?:[ _-][\w.]+)?", re.IGNORECASE
)
_HASH_BEFORE = re.compile(r"(?:^|[^0-9a-z])([0-9a-f]{64})[ \t]{1,3}\*?$", re.IGNORECASE)
_HASH_AFTER = re.compile(
    r"[\"']?(?:[\s,;]{0,40}\"?sha-?256\"?[=:\s]{1,3}\"?|[,; \t]{1,3}\"?)([0-9a-f]{64})(?![0-9a-z])",
    re.IGNORECASE,
)
_HASH_INSIDE = re.compile(r"#sha256=([0-9a-f]{64})$", re.IGNORECASE)
_HASH_SPAN = 70
"""Longer than a hash with what parts it from its address."""

_ALMOST = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.|[\w-]+(?:\.[\w-]+)+(?::\d+)?/)\S+$", re.IGNORECASE)
"""What looks like an address but is none that can be fetched: ftp://a/b, www.example.org/a.png, 127.0.0.1:80/a."""

_COMMENT = re.compile(r"^[ \t]*(?:[#;]|//).*$", re.MULTILINE)
_OF_PAGE = re.compile(r"<(?!https?:)|[{]", re.IGNORECASE)

MAX_SHOWN = 80
"""Letters of such a line, where it is shown."""

_PARTNERS = {"(": ")", "[": "]"}
_BRACKETED = 200
"""Letters within which an open bracket must be closed to belong to an address."""

_DEEPEST = 4
_TRAILING = ".,;:!?'*~"


def find_addresses(text: str) -> list[Address]:
    """Every http or https address that stands in a text, in its order; one that comes again is left out.

    Each comes with its hash where one stands by it: "HASH  URL", "URL sha256=HASH" or "URL#sha256=HASH". In a list what
    stands behind a # or ; at the beginning of a line is left out, as other programs do.
    """
    if _COMMENT.search(text) and _is_list(text):
        text = _COMMENT.sub("", text)
    found: dict[str, str] = {}
    of_header = _delimiter_of_header(text)
    delimiter, last_end, place = "", -1, 0
    while (begin := _BEGIN.search(text, place)) is not None:
        start, place = begin.span()
        host = _HOST.match(text, place)
        if host is None or _NO_BEGIN.match(text, start):
            continue
        before = text[start - 1] if start else ""
        if before in {'"', "'"}:
            delimiter = before
        elif start - 1 != last_end:  # else it follows right after another one, and ends like that
            delimiter = before if before in {",", ";"} and before else of_header
        end = host.end()
        if _PATH.match(text, end):
            end = _end(text, end, delimiter)
        raw = text[place:end]
        if not delimiter:  # 'a.jpg,5' are two fields of a table, 'w_200,h_300/a.jpg' is one address
            last = raw.rfind("/") + 1
            file = _FILE_THEN_FIELD.match(raw, last)
            raw = raw[: file.end()] if file is not None and last and "?" not in raw[:last] else raw
        raw = _without_trail(raw, before, text[end : end + 1])
        last_end = place = place + len(raw)
        if len(raw) > MAX_LETTERS:
            continue
        url = f"{begin[1].lower()}://{_plain(raw)}"
        url, hash_ = _split_hash(url)
        if not found.get(url):
            found[url] = hash_ or _hash_beside(text, start, place)
    return [Address(url, hash_) for url, hash_ in found.items()]


def count(text: str) -> int:
    """About how many addresses stand in a text: a tenth of the time that it takes to find them."""
    return sum(1 for _ in _BEGIN.finditer(text))


def _end(text: str, place: int, delimiter: str) -> int:
    """Where an address ends whose path begins at `place`."""
    while True:
        plain = _PLAIN.match(text, place)
        if plain is not None:
            place = plain.end()
        mark = text[place : place + 1]
        if mark in _PARTNERS:
            closed = _closed(text, place)
            if not closed:
                return place
            place = closed
        elif not mark or mark not in ",;'&" or mark == delimiter or _NEXT_ONE.match(text, place):
            return place
        elif mark == "&" and _DELIMITER_IN_HTML.match(text, place):
            return place
        else:
            place += 1


def _closed(text: str, place: int) -> int:
    """The place after the partner of the bracket at `place`; 0 where it has none."""
    wanted: list[str] = []
    most = place + _BRACKETED
    while place < most:
        mark = text[place : place + 1]
        if mark in _PARTNERS and len(wanted) < _DEEPEST:
            wanted.append(_PARTNERS[mark])
        elif mark and mark == wanted[-1]:
            wanted.pop()
        elif not mark or mark not in ",;'&":
            return 0
        place += 1
        if not wanted:
            return place
        plain = _PLAIN.match(text, place, most)
        if plain is not None:
            place = plain.end()
    return 0


def _without_trail(raw: str, before: str, following: str) -> str:
    """Without what belongs to the sentence around it."""
    if following == ">" and before != "<" and raw.endswith("--"):  # the end of a comment in HTML
        raw = raw[:-2]
    raw = raw.rstrip(_TRAILING)
    return raw[:-2].rstrip(_TRAILING) if raw.endswith("*/") else raw  # and in C


def _plain(raw: str) -> str:
    """Without what JSON and HTML write in other ways."""
    if "\\" in raw:
        raw = _FROM_JSON.sub(lambda match: chr(int(match[1], 16)) if match[1] else "/", raw)
    return _AMPERSAND_IN_HTML.sub("&", raw) if "&" in raw else raw


def _delimiter_of_header(text: str) -> str:
    """What parts the fields of a table whose first line names them, one of them as an address; empty for any other."""
    first = re.match(r"\s{0,99}([^\r\n]{1,2000})", text)
    if first is None or "://" in first[1]:
        return ""
    for delimiter in ",;":
        cells = [cell.strip(" \t\"'") for cell in first[1].split(delimiter)]
        if len(cells) > 1 and any(_HEADER_CELL.fullmatch(cell) for cell in cells):
            return delimiter
    return ""


def _split_hash(url: str) -> tuple[str, str]:
    inside = _HASH_INSIDE.search(url) if "#" in url else None
    return (url[: inside.start()], inside[1].lower()) if inside is not None else (url, "")


def _hash_beside(text: str, start: int, end: int) -> str:
    """The hash before an address that stands from `start` to `end`, or after it; empty where there is none."""
    beside = None
    if start and text[start - 1] in " \t*":
        beside = _HASH_BEFORE.search(text, max(0, start - _HASH_SPAN), start)
    beside = beside or _HASH_AFTER.match(text, end)
    return beside[1].lower() if beside is not None else ""


def _is_list(text: str) -> bool:
    """Whether a text is a list of addresses: most lines have one. Pages, programs and tables have other lines, too."""
    lines = _lines(text)
    return not any(map(_OF_PAGE.search, lines)) and 2 * sum(map(_has_one, lines)) >= len(lines)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in _COMMENT.sub("", text).splitlines() if line.strip()]


def _has_one(line: str) -> bool:
    return any(_HOST.match(line, begin.end()) for begin in _BEGIN.finditer(line))


def lines_without(text: str) -> list[str]:
    """The lines of a list that should hold an address and hold none: of another scheme, or without any.

    Pages and tables have other lines, too: of these only what looks like an address counts.
    """
    lines, is_list = _lines(text), _is_list(text)
    without = [line for line in lines if not _has_one(line)]
    if is_list and lines and lines[0] in without and _delimiter_of_header(text):
        without.remove(lines[0])
    return [line[:MAX_SHOWN] for line in without if is_list or _ALMOST.match(line)]


def read_addresses(path: Path) -> tuple[list[Address], list[str]]:
    """Every http or https address that stands in a file, with its hash, and the lines that should hold one.

    See `find_addresses` and `lines_without`.

    Raises:
        BadInput: it cannot be read, or there is none in it; with a sentence for people.
    """
    text = read_text(path)
    found = find_addresses(text)
    if not found:
        raise BadInput(
            f"{path} has no web address in it: there must be one, such as https://example.org/a.jpg."
        )
    return found, lines_without(text)


def read_text(path: Path) -> str:
    """What is written in a file, in UTF-8, in UTF-16 or UTF-32 with a mark of that, or else in Latin-1.

    Raises:
        BadInput: it cannot be read, is too large, or is no text; with a sentence for people.
    """
    try:
        data = _read(path)
    except OSError as error:
        why = "it is a folder" if os.path.isdir(path) else error.strerror or str(error)
        raise BadInput(f"The list of web addresses {path} cannot be read: {why}.") from None
    except ValueError:  # a name with a NUL in it
        raise BadInput(
            f"The list of web addresses cannot be read: {str(path)!r} is no name of a file."
        ) from None
    if len(data) > MAX_BYTES:
        raise BadInput(
            f"{path} has more than {MAX_BYTES // 1_000_000} MB, which is too much for a list of web addresses: "
            "cut it into smaller ones."
        )
    text = text_of(data)
    if text is None:
        raise BadInput(f"{path} is no text: choose a list, a table, or a page with web addresses in it.")
    return text


_streams: dict[tuple[str, int, int], bytes] = {}
"""What came out of pipes and the like, by their paths and what the system calls them: that can be read only once."""


def _read(path: Path) -> bytes:
    about = path.stat()
    key = (str(path), about.st_dev, about.st_ino)
    is_stream = not stat.S_ISREG(about.st_mode)
    if is_stream and key in _streams:
        return _streams[key]
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if is_stream:
        _streams[key] = data
    return data
