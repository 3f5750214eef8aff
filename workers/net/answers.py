"""What all clients make of a server's answers: where it sends us on to, what it refuses, how long its file is.

Called in whichever thread downloads; nothing here waits.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from workers.net.wire import DownloadError

if TYPE_CHECKING:
    from collections.abc import Mapping

REDIRECTS = 10
"""How many times a server may send us on."""

REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})

HEADERS = {"User-Agent": "Thaw", "Accept": "image/*", "Accept-Encoding": "identity"}
"""Identity: pictures get no smaller by gzip, and 194 KB of it can become 200 MB."""


def host_of(url: str) -> str:
    """The host of a web address.

    Raises:
        DownloadError: it is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise DownloadError(f"The server sent us on to an address that is no web page: {url:.80}.")
    return parts.hostname


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def sent_on_to(url: str, status: int, reason: str, headers: Mapping[str, str]) -> str:
    """The address that an answer which brings no file sends us on to.

    Raises:
        DownloadError: it sends us nowhere, or to something that is no address.
    """
    location = headers.get("Location") if status in REDIRECT_CODES else None
    if location is None:
        raise DownloadError(_refusal(status, reason, headers))
    try:
        url = urljoin(url, location)
        urlsplit(url).port  # noqa: B018 - raises ValueError where the port is no number
    except ValueError:
        raise DownloadError(f"The server sent us on to an address that makes no sense: {location:.80}.") from None
    return url


def too_many_redirects() -> DownloadError:
    """What to raise after REDIRECTS of them."""
    return DownloadError(f"The server sent us on more than {REDIRECTS} times.")


def _refusal(status: int, reason: str, headers: Mapping[str, str]) -> str:
    words = f"The server answered {status} {reason}".rstrip()
    if wait := headers.get("Retry-After", ""):
        words += f" and asks to come back {f'in {wait} s' if wait.isdigit() else f'after {wait:.40}'}"
    return f"{words}."


def check_length(headers: Mapping[str, str], most: int) -> None:
    """Look at the length that an answer gives of its file.

    Raises:
        DownloadError: it makes no sense, or is more than `most` bytes.
    """
    text = headers.get("Content-Length")
    if text is None or "chunked" in headers.get("Transfer-Encoding", "").lower():
        return
    if not (text.isascii() and text.isdigit()):
        raise DownloadError(f"The server gave a length that makes no sense: {text!r:.40}.")
    if int(text) > most:
        raise DownloadError(f"The file is too large: {int(text):,} bytes, and {most:,} are allowed.")


def check_size(got: int, most: int) -> None:
    """Look at how many bytes of a file have come.

    Raises:
        DownloadError: more than `most`.
    """
    if got > most:
        raise DownloadError(f"The file is too large: more than {most:,} bytes.")
