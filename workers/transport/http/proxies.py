"""Which proxy the environment names for an address: one reading of it for all clients, in any thread.

None is gone around in silence: one that cannot be used is an error, which names it without its password.
"""

from __future__ import annotations

import ipaddress
import os
import re
import sys
from typing import NamedTuple
from urllib.parse import quote, unquote

from ...utils.sockets import is_loopback
from ..errors import DownloadError, TransientError
from .destination import Destination, basic

_FORM = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:(.*)@)?(\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+)(?::(\d{1,5}))?/?"
)
_PORTS = {"http": 80, "https": 443, "socks4": 1080, "socks4a": 1080, "socks5": 1080, "socks5h": 1080}
_ALSO = {"socks": "socks5h"}
"""GNOME writes `socks://`, and means a proxy that looks names up itself."""


class Proxy(NamedTuple):
    """A proxy.

    Attributes:
        scheme: "http", "https", "socks4", "socks4a", "socks5" or "socks5h"; those with a letter look names up.
        host: its name or number, without brackets.
        port: its port.
        user: whom it lets through; empty where it asks for nobody.
        password: of that one.
    """

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @property
    def is_socks(self) -> bool:
        return self.scheme.startswith("socks")

    @property
    def looks_names_up(self) -> bool:
        """Whether it is given names; else it is given numbers, which are looked up here."""
        return self.scheme.endswith(("h", "4a")) or not self.is_socks

    @property
    def name(self) -> str:
        """The proxy for people: without name and password."""
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def fields(self) -> dict[str, str]:
        """What it wants to be told in every request; nothing where it asks for nobody."""
        return {"Proxy-Authorization": basic(self.user, self.password)} if self.user else {}

    def forwards(self, to: Destination) -> bool:
        """Whether it reads requests itself, and so is told the whole address; else it is asked for a tunnel."""
        return to.scheme == "http" and not self.is_socks

    @property
    def url(self) -> str:
        """With name and password, as requests wants it."""
        if not self.user:
            return self.name
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@"
        return self.name.replace("://", f"://{login}", 1)

    def cannot_be_used(self, why: str) -> DownloadError:
        """What to raise where a client does not know its kind."""
        return DownloadError(f"The proxy that the environment names, {self.name}, cannot be used: {why}.")

    def needs(self, package: str) -> DownloadError:
        """What to raise where the package is not installed that a client needs for it."""
        return self.cannot_be_used(f"install {package}, or Thaw's extra 'socks' that brings it")

    def does_not_work(self, why: object) -> TransientError:
        """What to raise where it does not answer."""
        return TransientError(f"The proxy that the environment names, {self.name}, does not work: {why}")


def proxy_for(to: Destination) -> Proxy | None:
    """The proxy for an address; None where it is asked directly.

    Proxies are for the network: one cannot know what runs on this machine.

    Raises:
        DownloadError: what the environment names is no proxy.
    """
    if is_loopback(to.host):
        return None
    text = _named(to)
    return read_proxy(text) if text else None


def _named(to: Destination) -> str:
    """What the environment names for an address. Of two spellings the small letters count."""
    names = [f"{to.scheme}_proxy", f"{to.scheme}_proxy".upper(), "all_proxy", "ALL_PROXY"]
    if "REQUEST_METHOD" in os.environ:  # in a web server's script HTTP_PROXY is what a request's header says
        names.remove(names[1])
    set_ones = [os.environ[name].strip() for name in names if name in os.environ]
    if set_ones:
        no_proxy = os.environ.get("no_proxy", os.environ.get("NO_PROXY", ""))
        return "" if is_bypassed(to, no_proxy) else set_ones[0]
    if sys.platform in {"win32", "darwin"}:
        import urllib.request  # what is set for the whole system

        found = urllib.request.getproxies()
        return "" if urllib.request.proxy_bypass(to.host) else found.get(to.scheme) or found.get("all") or ""
    return ""


def is_bypassed(to: Destination, no_proxy: str) -> bool:
    """Whether a text like "localhost, .example.org, 10.0.0.0/8, other:8080" has an address in it."""
    host = to.host.rstrip(".")
    for entry in re.split(r"[\s,]+", no_proxy.lower()):
        if entry == "*":
            return True
        if "/" in entry:
            try:
                if ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False):
                    return True
            except ValueError:  # a name, or a network that is none
                pass
            continue
        found = re.fullmatch(r"\[?(?:\*?\.)?([^\[\]]*?)\.?\]?(?::(\d+))?", entry)
        if entry.count(":") > 1 and not entry.startswith("["):
            found = re.fullmatch(r"(.*)()", entry)
        name = found[1] if found is not None else ""
        is_port = found is not None and (not found[2] or int(found[2]) == to.port)
        if name and is_port and (host == name or host.endswith(f".{name}")):
            return True
    return False


def read_proxy(text: str) -> Proxy:
    """The proxy that a text names, such as HOST:PORT. Raises DownloadError where it names none."""
    found = _FORM.fullmatch(text)
    scheme = (found[1] or "http").lower() if found is not None else ""
    scheme = _ALSO.get(scheme, scheme)
    if found is None or scheme not in _PORTS or not 0 < int(found[4] or 1) < 1 << 16:
        bare = re.sub(r"[^/]*@", "", text)
        raise DownloadError(
            f"The proxy that the environment names makes no sense: {bare:.80}. "
            "It is written like http://HOST:PORT or socks5://HOST:PORT."
        )
    user, _, password = map(unquote, (found[2] or "").partition(":"))
    return Proxy(scheme, found[3].strip("[]"), int(found[4] or _PORTS[scheme]), user, password)
