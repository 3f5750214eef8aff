"""Which proxy the environment names, which addresses it is not for, and how libraries go through one of SOCKS."""

from __future__ import annotations

import os
import socket
import sys
import urllib.request
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.misbehaving_server import MisbehavingServer, response
from tests.support.single_downloads import Download
from workers.engine.task import Phase
from workers.transport.errors import DownloadError
from workers.transport.http.destination import destination
from workers.transport.http.proxies import Proxy, is_bypassed, proxy_for, read_proxy

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "request_method")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("host:3128", Proxy("http", "host", 3128)),
        ("host", Proxy("http", "host", 80)),
        ("HTTPS://host/", Proxy("https", "host", 443)),
        ("http://me:p%40w@[::1]:8", Proxy("http", "::1", 8, "me", "p@w")),
        ("me:a@b@host", Proxy("http", "host", 80, "me", "a@b")),
        ("socks5://host", Proxy("socks5", "host", 1080)),
        ("socks://host:9", Proxy("socks5h", "host", 9)),
        ("socks4a://host", Proxy("socks4a", "host", 1080)),
    ],
)
def test_a_proxy_is_read(text: str, proxy: Proxy) -> None:
    assert read_proxy(text) == proxy
    assert read_proxy(proxy.url) == proxy
    assert "p%40w" not in proxy.name


@pytest.mark.parametrize("text", ["gopher://me:SECRET@h", "http://", "h:0", "h:99999", "a b", "http://[x]:1"])
def test_what_is_no_proxy_is_told_without_its_password(text: str) -> None:
    with pytest.raises(DownloadError, match="that the environment names makes no sense") as told:
        read_proxy(text)
    assert "SECRET" not in str(told.value)


@pytest.mark.parametrize(
    ("given", "http", "https"),
    [
        ({"http_proxy": "a", "HTTP_PROXY": "b"}, "a", None),
        ({"HTTPS_PROXY": "a", "ALL_PROXY": "b"}, "b", "a"),
        ({"all_proxy": "a", "ALL_PROXY": "b"}, "a", "a"),
        ({"http_proxy": "", "all_proxy": "a"}, None, "a"),
        ({"http_proxy": "a", "no_proxy": "pictures.example"}, None, None),
        ({"http_proxy": "a", "NO_PROXY": "example"}, None, None),
        ({"http_proxy": "a", "no_proxy": "", "NO_PROXY": "*"}, "a", None),
        ({"HTTP_PROXY": "a", "REQUEST_METHOD": "GET"}, None, None),
    ],
)
def test_the_environment_names_a_proxy(
    given: dict[str, str], http: str | None, https: str | None, environment: pytest.MonkeyPatch
) -> None:
    if os.name == "nt" and ("REQUEST_METHOD" in given or len({name.upper() for name in given}) < len(given)):
        pytest.skip("Windows takes both cases of a name for one")
    for name, value in given.items():
        environment.setenv(name, value)
    found = [proxy_for(destination(f"{scheme}://pictures.example/")) for scheme in ("http", "https")]
    assert [None if proxy is None else proxy.host for proxy in found] == [http, https]
    assert proxy_for(destination("http://127.0.0.1/")) is None


def test_the_system_names_one_where_the_environment_does_not(environment: pytest.MonkeyPatch) -> None:
    environment.setattr(sys, "platform", "win32")
    environment.setattr(urllib.request, "getproxies", lambda: {"http": "http://system:1"})
    environment.setattr(urllib.request, "proxy_bypass", lambda host: host == "inside")
    assert proxy_for(destination("http://outside/")) == Proxy("http", "system", 1)
    assert proxy_for(destination("https://outside/")) is None
    assert proxy_for(destination("http://inside/")) is None


@pytest.mark.parametrize(
    ("no_proxy", "url", "is_so"),
    [
        ("*", "http://a/", True),
        ("a.example, b.example", "http://b.example/", True),
        ("a.example b.example", "http://x.B.example./", True),
        (".b.example", "http://b.example/", True),
        ("*.b.example", "http://x.b.example/", True),
        ("b.example", "http://xb.example/", False),
        ("b.example:8080", "http://b.example/", False),
        ("b.example:8080", "http://b.example:8080/", True),
        ("10.0.0.0/8", "http://10.1.2.3/", True),
        ("10.0.0.0/8,nonsense/9", "http://a/", False),
        ("10.0.0.0/8", "http://11.1.2.3/", False),
        ("192.0.2.7", "http://192.0.2.7/", True),
        ("2001:db8::1", "http://[2001:db8::1]/", True),
        ("[2001:db8::1]:80", "http://[2001:db8::1]/", True),
        ("[[", "http://a/", False),
        ("", "http://a/", False),
    ],
)
def test_some_addresses_are_not_for_the_proxy(no_proxy: str, url: str, is_so: bool) -> None:
    assert is_bypassed(destination(url), no_proxy) is is_so


# ---------------------------------------------------------------- SOCKS, with stand-ins for the packages


def like_pysocks(port: int, asked: list[Any]) -> ModuleType:
    """A module like PySocks, whose sockets note what they are told, and connect to a port of this machine."""

    class socksocket(socket.socket):
        def set_proxy(self, *about: Any) -> None:
            asked.append(about)

        def connect(self, address: Any) -> None:
            asked.append(address)
            super().connect(("127.0.0.1", port))

    module = ModuleType("socks")
    module.__dict__.update(socksocket=socksocket, SOCKS4=1, SOCKS5=2)
    return module


def like_aiohttp_socks(port: int, asked: list[Any]) -> ModuleType:
    """A module like aiohttp-socks, whose connector notes what it is told, and connects to a port of this machine."""
    import aiohttp
    from aiohttp.abc import AbstractResolver

    class Here(AbstractResolver):
        async def resolve(self, host: str, port_: int = 0, family: Any = 0) -> Any:
            asked.append((host, port_))
            here = {"hostname": host, "host": "127.0.0.1", "port": port, "family": socket.AF_INET}
            return [{**here, "proto": 0, "flags": 0}]

        async def close(self) -> None:
            pass

    class ProxyConnector(aiohttp.TCPConnector):
        def __init__(self, *, limit: int, **about: Any) -> None:
            asked.append(tuple(about.values()))
            super().__init__(limit=limit, resolver=Here())

    module = ModuleType("aiohttp_socks")
    module.__dict__.update(ProxyConnector=ProxyConnector, ProxyType=SimpleNamespace(SOCKS4=1, SOCKS5=2))
    return module


PACKAGES = {
    "plain": ("socks", like_pysocks, "PySocks"),
    "async": ("aiohttp_socks", like_aiohttp_socks, "aiohttp-socks"),
}


@pytest.mark.parametrize(
    ("scheme", "kind", "remote"), [("socks5", 2, False), ("socks5h", 2, True), ("socks4a", 1, True)]
)
def test_it_goes_through_socks(
    scheme: str,
    kind: int,
    remote: bool,
    server: MisbehavingServer,
    form: str,
    environment: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    module, make, _ = PACKAGES[form]
    asked: list[Any] = []
    environment.setitem(sys.modules, module, make(server.port, asked))
    environment.setenv("all_proxy", f"{scheme}://me:pw@proxy.example")
    server.at("/a%7E?", response(b"all"))
    found = Download("http://pictures.example/a%7E?", tmp_path, only_pictures=False).run()
    assert found.phase is Phase.DONE, found.error
    assert asked[1] == ("pictures.example", 80)
    assert set(asked[0]) == {kind, "proxy.example", 1080, remote, "me", "pw"}


def test_the_package_that_it_takes_is_named(form: str, environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module, _, package = PACKAGES[form]
    environment.setitem(sys.modules, module, None)
    environment.setenv("all_proxy", "socks5h://me:SECRET@127.0.0.1:9")
    error = Download("http://pictures.example/a.bin", tmp_path).run().error
    words = f"names, socks5h://127.0.0.1:9, cannot be used: install {package}, or Thaw's extra 'socks' that brings it."
    assert words in error
    assert "SECRET" not in error


def test_a_proxy_of_socks_that_is_away_is_told(
    form: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class ProxyError(OSError):
        """As the packages have it."""

    def refuse(*_: object, **__: object) -> None:
        raise ProxyError("no way")

    asked: list[Any] = []
    module, make, _ = PACKAGES[form]
    stand_in: Any = make(9, asked)
    if form == "plain":
        stand_in.socksocket.connect = refuse
    else:
        stand_in.ProxyConnector.connect = refuse
    environment.setitem(sys.modules, module, stand_in)
    environment.setenv("all_proxy", "socks5h://127.0.0.1:9")
    error = Download("http://pictures.example/a.bin", tmp_path).run().error
    assert "names, socks5h://127.0.0.1:9, does not work: " in error
    assert "no way" in error


def test_a_proxy_that_lets_nobody_through_is_told(
    server: MisbehavingServer, form: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("https_proxy", server.url.replace("://", "://me:SECRET@"))
    server.otherwise = response(b"", "407 Who", Proxy_Authenticate='Basic realm="x"')
    error = Download("https://pictures.example/a.bin", tmp_path).run().error
    assert f"names, {server.url}, did not let us through." in error
    assert "SECRET" not in error
