"""Names for files that come from the network: safe on every system, never one that is taken; for any thread.

What a server or an address says is only a wish. No name here has a path in it, a control character, a name that Windows
keeps for itself, or more bytes than a file system takes; what it says in any script is kept.
"""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ..transport.http.disposition import file_names
from ..transport.redaction import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME_BYTES = 225
"""The longest name in UTF-8: file systems take 255, and a number and two endings may still come to it."""

ENDING_BYTES = 20
"""What follows the last dot is an ending up to this length, without a blank and with a letter: no date, no number."""

_ENDING = re.compile(r"\.(?:(?=.*[^\W\d_])\S+|\d{3})")
_AROUND_ANOTHER = frozenset(
    ".gz .bz2 .xz .zst .br .lz .lz4 .lzma .lzo .z .asc .sig .gpg .md5 .sha1 .sha256 .sha512 .torrent".split()
)
"""Endings of what is packed or signed: the one before says what it is, and belongs to it."""

_OF_CODINGS = {
    "gzip": (".gz", ".tgz", ".svgz", ".gzip"),
    "x-gzip": (".gz", ".tgz", ".svgz", ".gzip"),
    "br": (".br",),
    "zstd": (".zst", ".tzst"),
    "compress": (".z",),
    "x-compress": (".z",),
}
"""What the names of files end with that are packed so."""

# Control characters, lone surrogates, and marks that turn writing round: with one, 'gpj.exe' reads 'exe.jpg'.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Most names in a list of 10,000 are so, and nothing in them is to be mended.
_PLAIN = re.compile(r"[a-zA-Z0-9_-]+(?:\.[a-zA-Z0-9_-]+)*")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE | re.DOTALL
)
_EDGES = " .\u00a0\u3000\t"


def safe_name(wish: str, otherwise: str = "picture") -> str:
    """A file name that every system accepts, as close to the wish as possible; `otherwise` where nothing is left."""
    name = wish
    if not _PLAIN.fullmatch(wish):
        name = re.split(r"[/\\]", wish.rstrip("/\\"))[-1]
        name = unicodedata.normalize("NFC", _FORBIDDEN.sub("_", _UNSEEN.sub("", name)))
        name = name.strip(_EDGES) or otherwise
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    name = _cut(name)
    if name.lower().endswith(".part"):  # no file that is whole may look as if it were not
        name = name[:-1] + "_"
    return name


def _cut(name: str) -> str:
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, ending = _split(name)
    room = NAME_BYTES - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(_EDGES) + ending


def _split(name: str) -> tuple[str, str]:
    """The name without its ending, and that: of `a.tar.gz` all of '.tar.gz'."""
    stem, dot, last = name.rpartition(".")
    ending = dot + last
    if not stem or len(ending.encode()) > ENDING_BYTES or not _ENDING.fullmatch(ending):
        return name, ""
    if ending.lower() in _AROUND_ANOTHER:
        stem, before = _split(stem)
        ending = before + ending
    return stem, ending


def last_part(url: str) -> str:
    """What people call a web address: the last part of its path, or its host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return without_secrets(url)[:80]
    return unquote(parts.path).rstrip("/").rpartition("/")[2][:80] or parts.netloc.rpartition("@")[2]


def url_name(url: str) -> str:
    """A safe name from the last part of an address; empty where its path has none."""
    # By hand: a list may have 10,000 addresses, and urlsplit would take half of the time that its planning takes.
    _, _, path = url.partition("://")[2].partition("#")[0].partition("?")[0].rstrip("/").partition("/")
    last = unquote(path.rpartition("/")[2])
    return safe_name(last, "") if last.strip("/\\") else ""


def disposition_name(header: str | None) -> str:
    """A safe name from a Content-Disposition; empty where it gives none."""
    names = (safe_name(wish, "") for wish in file_names(header))
    return next(filter(None, names), "")


def is_packed_file(name: str, coding: str) -> bool:
    """Whether a file of this name is to be packed so: then servers name the coding, and mean no more than the name."""
    return name.lower().endswith(_OF_CODINGS.get(coding, "\0"))


def with_ending(name: str, endings: Iterable[str], known: Iterable[str]) -> str:
    """The name with the ending that its contents want: the first of `endings`, unless it has one of them already.

    Args:
        name: a safe name.
        endings: what its contents may end with, the usual one first.
        known: an ending of these is wrong then, and goes; any other belongs to the name.
    """
    stem, ending = os.path.splitext(name)
    endings = tuple(endings)
    if ending.lower() in endings:
        return name
    return (stem if ending.lower() in known else name) + endings[0]


def numbered(name: str, number: int) -> str:
    """The name with a number before its ending: 'name (2).jpg'. With 1 it is the name itself."""
    if number == 1:
        return name
    stem, ending = _split(name)
    return f"{stem} ({number}){ending}"


def free_names(folder: str, name: str) -> Iterator[str]:
    """The name, or else numbered ones, each free at this moment; if one is taken after all, ask for the next."""
    number = 1
    while True:
        number = _first_free(folder, name, number)
        yield numbered(name, number)
        number += 1


def _first_free(folder: str, name: str, number: int) -> int:
    """A free number from `number` on. Ten thousand files of one name are 27 looks, not ten thousand."""

    def is_taken(number: int) -> bool:
        return os.path.lexists(os.path.join(folder, numbered(name, number)))

    low, step = number - 1, 1
    while is_taken(low + step):
        low, step = low + step, step * 2
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_taken(middle) else (low, middle)
    return high


class Taken:
    """The names that a plan has given out, so that no two of its rows share one."""

    def __init__(self, names: Iterable[str], endings: Iterable[str]) -> None:
        """Begin with names that are taken; `endings` are those that change with the contents."""
        self._endings = frozenset(endings)
        self._stems = {"".join(self._split(name)[:2]).casefold() for name in names}
        self._numbers: dict[str, int] = {}

    def _split(self, name: str) -> tuple[str, str, str]:
        """The name without its ending, the ending that stays, and the one that may change; one of these is empty."""
        stem, ending = _split(name)
        return (stem, "", ending) if ending.lower() in self._endings else (stem, ending, "")

    def give(self, name: str) -> str:
        """The name, with a number if it was taken, whatever that of its endings is which may change."""
        stem, stays, changes = self._split(name)
        key = f"{stem}{stays}".casefold()
        if key not in self._stems:  # as most are, of 10,000
            self._stems.add(key)
            return name
        number = self._numbers.get(key, 2)
        while (free := f"{stem} ({number}){stays}").casefold() in self._stems:
            number += 1
        self._stems.add(free.casefold())
        self._numbers[key] = number
        return free + changes
