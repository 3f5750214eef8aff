"""An address as it goes out: byte for byte as it was given, but for what HTTP cannot carry. For any thread.

Signed addresses count on that: a server that signed `%2F` or `%7e` refuses what a client thinks is the same.
"""

from __future__ import annotations

import base64
import functools
import netrc
import os
import re
from typing import NamedTuple
from urllib.parse import unquote

from ...utils.sockets import is_loopback
from ..errors import DownloadError
from ..redaction import without_secrets

_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://([^/?#\\]*))?([^#]*)", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Fa-f:.]+(?:%[\w.~-]+)?\]")
_NOT_CARRIED = re.compile(rb"[^\x21-\x7e]")
_PORTS = {"http": 80, "https": 443}


class Destination(NamedTuple):
    """Where a request goes.

    Attributes:
        scheme: "http" or "https".
        host: a name in ASCII, or a number; without brackets.
        port: given or usual.
        target: path and query, as they stand in the request's first line.
        login: "NAME:PASSWORD" as the address has it, still escaped; empty where it has none.
    """

    scheme: str
    host: str
    port: int
    target: str
    login: str = ""

    @property
    def authority(self) -> str:
        """The host, and the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address without a fragment, and without a name and a password."""
        return f"{self.scheme}://{self.authority}{self.target}"

    def is_at(self, other: Destination) -> bool:
        """Whether what is secret between us and `other` may go here, too: to the same port, or to its secure one."""
        is_safer = (other.scheme, other.port, self.scheme, self.port) == ("http", 80, "https", 443)
        return self.host == other.host and (is_safer or self[:3] == other[:3])


@functools.lru_cache(maxsize=1024)
def destination(url: str) -> Destination:
    """Where a web address leads.

    Raises:
        DownloadError: it is none.
    """
    parts = _PARTS.match(url.strip())
    if parts is None or (scheme := parts[1].lower()) not in _PORTS or not parts[2]:
        raise DownloadError(f"The server sent us on to an address that is no web page: {shown(url)}.")
    login, _, place = parts[2].rpartition("@")
    host, port = place, ""
    if found := re.fullmatch(r"(.*?):(\d*)", place, re.DOTALL):
        host, port = found[1], found[2]
    host = _in_ascii(host).lower()
    number = int(port[:6]) if port else _PORTS[scheme]
    if not _HOST.fullmatch(host) or not 0 < number < 1 << 16:
        raise DownloadError(f"The address makes no sense: {shown(url)}.")
    target = parts[3] if parts[3].startswith("/") else f"/{parts[3]}"
    return Destination(scheme, host.strip("[]"), number, carried(target), login)


def carried(text: str) -> str:
    """A text with spaces, control letters and what is not ASCII percent-encoded, and nothing else changed."""
    data = text.encode(errors="surrogatepass")
    return _NOT_CARRIED.sub(lambda found: b"%%%02X" % found[0][0], data).decode("ascii")


def _in_ascii(host: str) -> str:
    if host.isascii():
        return host
    import idna  # comes with requests and with aiohttp; few addresses need it

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def shown(url: str) -> str:
    """An address for people: not all of a long one, and nothing that only its owner may know."""
    return f"{without_secrets(url):.80}"


def resolved(base: str, location: str) -> str:
    """The address that a Location means (RFC 3986, 5.2); one that is whole is left as it is.

    Not by urljoin, which drops an empty query and double slashes.
    """
    location = location.strip(" \t\r\n")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", location):
        return location
    scheme, _, rest = base.partition("://")
    if location.startswith("//"):
        return f"{scheme}:{location}"
    found = re.fullmatch(r"([^/?#\\]*)([^?#]*)(\??[^#]*).*", rest, re.DOTALL)
    assert found is not None
    authority, path, query = found.groups()
    if location.startswith("/"):
        return f"{scheme}://{authority}{location}"
    there = re.fullmatch(r"([^?#]*)(.*)", location, re.DOTALL)
    assert there is not None
    if not there[1]:
        return f"{scheme}://{authority}{path}{there[2] if there[2].startswith('?') else query}"
    merged: list[str] = []
    steps = [*path.split("/")[1:-1], *there[1].split("/")]
    for number, step in enumerate(steps):
        if step == "..":
            merged = merged[:-1]
        elif step != ".":
            merged.append(step)
        if step in {".", ".."} and number == len(steps) - 1:
            merged.append("")
    return f"{scheme}://{authority}/{'/'.join(merged)}{there[2]}"


def authorization(to: Destination, login: str = "") -> str:
    """What to say to be let in; empty where nobody gave a name and a password, in the address or in a netrc file.

    Args:
        to: who is asked.
        login: what another address of the same place has, where this one has none.
    """
    name, _, password = map(unquote, (to.login or login).partition(":"))
    if not name and not password and not is_loopback(to.host):
        name, password = _netrc(to.host)
    return basic(name, password) if name or password else ""


def basic(name: str, password: str) -> str:
    """A name and a password as a header says them."""
    return f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


def _netrc(host: str) -> tuple[str, str]:
    named = os.environ.get("NETRC")
    for path in map(os.path.expanduser, [named] if named else ["~/.netrc", "~/_netrc"]):
        try:
            found = netrc.netrc(path).authenticators(host)
        except (OSError, netrc.NetrcParseError, UnicodeError):
            continue
        if found is not None:
            return found[0] or found[1] or "", found[2] or ""
    return "", ""
