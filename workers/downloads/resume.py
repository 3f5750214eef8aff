"""Going on where a download was: what is remembered of a file's source, and what a server's answer to Range means.

Called in whichever thread downloads; nothing here waits.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from ..transport.answers import length_of, packed_by
from ..transport.retry import http_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..transport.answers import Answer

_RANGE = re.compile(r"bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII | re.IGNORECASE)
_NO_RANGE = re.compile(r"bytes\s+\*/(\d{1,18})", re.ASCII | re.IGNORECASE)
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]{0,1000}"')


class Source(NamedTuple):
    """What the bytes of a part file are bytes of.

    Attributes:
        url: the address that was asked for.
        validator: a strong ETag, or a Last-Modified that is as good; the file is the same as long as this is.
        total: how many bytes the whole has; None where the server did not say.
        name: the name that the server gave it; empty where it gave none.
    """

    url: str
    validator: str = ""
    total: int | None = None
    name: str = ""

    def text(self) -> str:
        return json.dumps(self)

    @classmethod
    def read(cls, text: str, url: str) -> Source:
        """What was kept for this address; with no validator where that makes no sense or is of another address."""
        try:
            kept = cls(*json.loads(text))
        except (ValueError, TypeError):
            return cls(url)
        is_total = kept.total is None or (type(kept.total) is int and kept.total >= 0)
        is_sound = is_total and isinstance(kept.validator, str) and isinstance(kept.name, str)
        return kept if kept.url == url and is_sound else cls(url)


def validator_of(headers: Mapping[str, str], came: float) -> str:
    """What to send as If-Range for this answer's file; empty where it has nothing that is sure enough.

    Args:
        headers: of the answer.
        came: when it came, in seconds since 1970.

    A weak ETag is not: it may stay the same while bytes change. A date is, if the file had not changed in the second
    in which the server answered (RFC 9110, 8.8.2.2); a server without a clock is taken to have ours.
    """
    etag = (headers.get("ETag") or "").strip()
    if etag:
        return etag if _STRONG_ETAG.fullmatch(etag) else ""
    changed = (headers.get("Last-Modified") or "").strip()
    then, now = http_date(changed), http_date(headers.get("Date"))
    if then is None or not changed.isascii() or not changed.isprintable():
        return ""
    return changed if then < (came if now is None else now) - 1 else ""


def range_headers(source: Source, at: int) -> dict[str, str]:
    """The headers that ask for a file from byte `at` on if it is still the same, or else for the whole of it."""
    return {"Range": f"bytes={at}-", "If-Range": source.validator}


def goes_on(headers: Mapping[str, str], source: Source, at: int) -> int | None:
    """The size of the whole if a 206 brings what was asked for: all from byte `at` on. Otherwise None.

    Raises:
        DownloadError: the length that it gives makes no sense.
    """
    match = _RANGE.fullmatch((headers.get("Content-Range") or "").strip())
    if match is None:
        return None
    first, last, total = map(int, match.groups())
    is_rest = first == at and first <= last == total - 1 and source.total in {None, total}
    fits = length_of(headers) in {None, last - first + 1}
    is_plain = not packed_by(headers)
    etag = (headers.get("ETag") or "").strip()
    # A server that knows Range and not If-Range may send some of another file.
    is_same = not etag or not source.validator.startswith('"') or etag == source.validator
    return total if is_rest and fits and is_plain and is_same else None


def brings_all(answer: Answer) -> bool:
    """Whether a 206 that nobody asked for brings a whole file, as some servers of films answer everything."""
    match = _RANGE.fullmatch((answer.headers.get("Content-Range") or "").strip())
    return (
        answer.status == 206 and match is not None and (int(match[1]), int(match[2]) + 1) == (0, int(match[3]))
    )


def is_all(headers: Mapping[str, str], source: Source, at: int) -> bool:
    """Whether a 416 says that the file has `at` bytes, all of which are here."""
    match = _NO_RANGE.fullmatch((headers.get("Content-Range") or "").strip())
    return match is not None and int(match[1]) == at and source.total in {None, at}
