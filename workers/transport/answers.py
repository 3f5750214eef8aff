"""What all clients make of a server's answers: where it sends us on to, what it refuses, how long its file is.

Called in whichever thread downloads; nothing here waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .errors import DownloadError, TransientError
from .http.destination import destination, resolved, shown
from .http.heads import PACKINGS, as_text
from .retry import MAX_ASKED_S, PASSING_STATUS, asked_wait_s

if TYPE_CHECKING:
    from collections.abc import Mapping

REDIRECTS = 10
"""How many times a server may send us on."""

REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})

HEADERS = {"User-Agent": "Thaw", "Accept": "image/*, */*;q=0.5", "Accept-Encoding": "identity"}
"""Identity: pictures get no smaller by gzip, and 194 KB of it can become 200 MB."""


class Answer(NamedTuple):
    """The head of a server's answer.

    Attributes:
        url: the address that was asked.
        status: 200 and the like.
        reason: the words behind that.
        headers: by names in any case.
    """

    url: str
    status: int
    reason: str
    headers: Mapping[str, str]


def sent_on_to(answer: Answer) -> str:
    """The address that an answer which brings no file sends us on to.

    Raises:
        DownloadError: it sends us nowhere, or to something that is no address, or from https to http.
        TransientError: it refuses, and may not do so later.
    """
    location = answer.headers.get("Location") if answer.status in REDIRECT_CODES else None
    if location is None:
        raise _refusal(answer)
    url = resolved(answer.url, as_text(location))
    if (destination(answer.url).scheme, destination(url).scheme) == ("https", "http"):
        raise DownloadError(
            f"The server sent us on from a secure address to one that is not, which is refused: {shown(url)}."
        )
    return url


def packed_by(headers: Mapping[str, str]) -> str:
    """The codings that an answer's contents are packed by; empty where they are as they are."""
    texts = (headers.get("Content-Encoding") or "", headers.get("Transfer-Encoding") or "")
    codings = [part.strip().lower() for text in texts for part in text.split(",")]
    return ", ".join(coding for coding in codings if coding) if PACKINGS.intersection(codings) else ""


def too_many_redirects() -> DownloadError:
    """What to raise after REDIRECTS of them."""
    return DownloadError(f"The server sent us on more than {REDIRECTS} times.")


def _refusal(answer: Answer) -> DownloadError:
    words = f"The server answered {answer.status} {as_text(answer.reason):.80}".rstrip()
    asked_s = asked_wait_s(answer.headers)
    if asked_s:
        words += f" and asks to come back in {asked_s:,.0f} s"
    if asked_s > MAX_ASKED_S:
        words += ": try again then"
    return (
        TransientError(f"{words}.", asked_s) if answer.status in PASSING_STATUS else DownloadError(f"{words}.")
    )


def is_chunked(headers: Mapping[str, str]) -> bool:
    """Whether an answer's contents come in chunks, which say themselves where they end."""
    codings = (headers.get("Transfer-Encoding") or "").lower().split(",")
    return "chunked" in map(str.strip, codings)


def length_of(headers: Mapping[str, str]) -> int | None:
    """How many bytes an answer says that it brings; None where it does not say.

    Raises:
        DownloadError: what it says makes no sense.
    """
    text = headers.get("Content-Length")
    if text is None or is_chunked(headers):
        return None
    same = {part.strip() for part in text.split(",")}  # said twice, it is still one (RFC 9110, 8.6)
    length = same.pop()
    if same or not (length.isascii() and length.isdigit() and len(length) <= 18):
        raise DownloadError(f"The server gave a length that makes no sense: {text!r:.40}.")
    return int(length)


def check_size(size: int, most: int, *, is_sure: bool = False) -> None:
    """Look at how large a file is.

    Args:
        size: how many bytes have come, or will come.
        most: how many are allowed.
        is_sure: whether `size` is that of the whole file.

    Raises:
        DownloadError: it is too large.
    """
    if size > most:
        how = f"{size:,} bytes, and {most:,} are allowed" if is_sure else f"more than {most:,} bytes"
        raise DownloadError(f"The file is too large: {how}. To take larger ones, raise Max size.")
