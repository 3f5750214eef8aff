"""What a person trusts a client with goes to whom it is for, by the way that it is to go, and nowhere else."""

from __future__ import annotations

import base64
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from tests.support.http_client import CLIENTS, HttpClient, clients, data_of
from tests.support.misbehaving_server import response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

BODY = b"all of the file"
TOKEN = "s3cr3t-t0k3n"
LOGIN = "Authorization: Basic " + base64.b64encode(b"me:p w@d").decode()
HERE = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path) -> Iterator[HttpClient]:
    yield from clients(request, tmp_path)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in HERE:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    return monkeypatch


def said(head: str, name: str) -> list[str]:
    """The lines of a head that have a name."""
    return [line for line in head.splitlines() if line.lower().startswith(f"{name.lower()}:")]


# ---------------------------------------------------------------- who is known by what


def test_nothing_is_kept_of_a_download_for_the_next(client: HttpClient) -> None:
    """Neither cookies nor names and passwords, also within one run and over one connection."""
    server = client.server
    login = server.url.replace("://", "://me:p%20w%40d@")
    server.at("/cookie", response(BODY, Set_Cookie="known=1; Path=/"))
    server.at("/wall", response(b"", "302 Found", Set_Cookie="wall=1; Path=/", Location="/behind"))
    server.at("/behind", response(BODY))
    server.at("/login", response(BODY))
    server.at("/asks", response(b"", "401 Who", WWW_Authenticate='Basic realm="x"', Set_Cookie="a=b"))
    urls = [
        f"{server.url}/cookie",
        f"{server.url}/wall",
        f"{login}/login",
        f"{login}/asks",
        f"{server.url}/behind",
    ]
    items = client.fetch([*urls, f"{server.url}/asks", f"{server.url}/cookie?2"], workers=1)
    assert [item.why for item in items] == [
        *[""] * 3,
        "The server answered 401 Who.",
        "",
        "The server answered 401 Who.",
        "The server answered 404 Not Found.",
    ]
    assert not [head for head in server.heads if said(head, "Cookie")]
    assert [head.split(" ")[1] for head in server.heads if LOGIN in head] == ["/login", "/asks"]
    assert not [head for head in server.heads if said(head, "Host") != [f"Host: 127.0.0.1:{server.port}"]]


def test_another_host_is_told_nothing(client: HttpClient, tmp_path: Path) -> None:
    """What is secret is for the host of the list's address; another port is another host."""
    server, other = client.server, HttpClient(client.runner, tmp_path / "other")
    theirs = other.server.at("/there", response(BODY))
    for name, target in (
        ("near", "/near-file"),
        ("away", theirs),
        ("named", f"http://localhost:{server.port}/x"),
    ):
        server.at(f"/{name}", response(b"", "302 Found", Location=target))
    for path in ("/near-file", "/x"):
        server.at(path, response(BODY))
    login = server.url.replace("://", "://me:p%20w%40d@")
    headers = f"X-Api-Key: {TOKEN}\nCookie: id={TOKEN}\n\nReferer: http://gallery.example/\nuser-agent: Mine/1"
    items = client.fetch([f"{login}/{name}" for name in ("near", "away", "named")], headers=headers)
    other.close()
    assert [item.why for item in items] == [""] * 3
    for target in ("/near", "/away", "/named", "/near-file"):
        (head,) = client.heads_of(target)
        assert LOGIN in head
        assert said(head, "X-Api-Key") == [f"X-Api-Key: {TOKEN}"]
    for head in [*other.heads_of("/there"), *client.heads_of("/x")]:
        assert TOKEN not in head
        assert not said(head, "Authorization")
        assert said(head, "Referer") == ["Referer: http://gallery.example/"]
        assert [line.lower() for line in said(head, "User-Agent")] == ["user-agent: mine/1"]
    assert len(other.heads_of("/there")) == len(client.heads_of("/x")) == 1


def test_a_netrc_file_is_for_the_network(
    client: HttpClient, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text(
        "machine pictures.example login me password pw\ndefault login x password y\n"
    )
    environment.setenv("http_proxy", client.server.url)
    client.server.at("http://pictures.example/a", response(BODY))
    items = client.fetch(["http://pictures.example/a", client.server.at("/b", response(BODY))])
    assert [data_of(item) for item in items] == [BODY, BODY]
    basic = base64.b64encode(b"me:pw").decode()
    assert said(client.heads_of("http://pictures.example/a")[0], "Authorization") == [
        f"Authorization: Basic {basic}"
    ]
    assert not said(client.heads_of("/b")[0], "Authorization")


# ---------------------------------------------------------------- proxies


PROXIES = (
    ("http_proxy", "http://{}"),
    ("HTTP_PROXY", "http://{}/"),
    ("http_proxy", "{}"),
    ("all_proxy", "http://{}"),
    ("ALL_PROXY", "{}"),
    ("HTTP_PROXY", "http://me:p%20w%40d@{}"),
)


def test_a_proxy_of_the_environment_is_used(client: HttpClient, environment: pytest.MonkeyPatch) -> None:
    for number, (name, value) in enumerate(PROXIES):
        target = f"http://pictures.example:8080/%7e{number}.bin?x=%2F"
        client.server.at(target, response(BODY))
        with environment.context() as now:
            now.setenv(name, value.format(f"127.0.0.1:{client.server.port}"))
            now.setenv("no_proxy", "other.example")
            (item,) = client.fetch([target])
        assert data_of(item) == BODY, (name, value, item.why)
        (head,) = client.heads_of(target)
        assert said(head, "Host") == ["Host: pictures.example:8080"]
        assert (said(head, "Proxy-Authorization") == [f"Proxy-{LOGIN}"]) is ("me:" in value)


UNUSABLE = (
    ("nonsense://me:PASSWORD@127.0.0.1:9", "makes no sense: nonsense://127.0.0.1:9."),
    ("http://me:PASSWORD@127.0.0.1:99999", "makes no sense: http://127.0.0.1:99999."),
    ("http://me:PASSWORD@127.0.0.1:9", ", http://127.0.0.1:9, does not work: "),
    ("me:PASSWORD@127.0.0.1:9", ", http://127.0.0.1:9, does not work: "),
    ("socks4://me:PASSWORD@127.0.0.1:9", ", socks4://127.0.0.1:9, "),
    ("socks5://me:PASSWORD@127.0.0.1:9", ", socks5://127.0.0.1:9, "),
    ("socks5h://me:PASSWORD@127.0.0.1:9", ", socks5h://127.0.0.1:9, "),
    ("socks://127.0.0.1:9", ", socks5h://127.0.0.1:9, "),
)


def test_a_proxy_that_cannot_be_used_is_told_and_not_gone_around(
    client: HttpClient, environment: pytest.MonkeyPatch
) -> None:
    for number, (value, words) in enumerate(UNUSABLE):
        with environment.context() as now:
            now.setenv(("http_proxy", "ALL_PROXY")[number % 2], value)
            (item,) = client.fetch(["http://192.0.2.7/a.bin"], connect_s=2.0)
        assert "The proxy that the environment names" in item.why, value
        assert words in item.why
        assert "PASSWORD" not in item.why


def test_a_proxy_that_refuses_a_tunnel_is_told(client: HttpClient, environment: pytest.MonkeyPatch) -> None:
    server = client.server
    server.answers["pictures.example:443"] = response(b"", "407 Who", Proxy_Authenticate='Basic realm="x"')
    environment.setenv("https_proxy", server.url.replace("://", "://me:p%20w%40d@"))
    (item,) = client.fetch(["https://pictures.example/a.bin"])
    assert item.why == f"The proxy that the environment names, {server.url}, did not let us through."
    assert any(f"Proxy-{LOGIN}" in head for head in server.heads)


NEEDED = {"thread_pool": "socks", "asyncio_loop": "aiohttp_socks"}


def socks5(connection: socket.socket, heard: list[bytes]) -> None:
    """A SOCKS5 proxy that lets everybody through, and answers in place of the server."""
    with connection, connection.makefile("rwb", buffering=0) as stream:
        methods = stream.read(2) or b""
        stream.read(methods[1])
        stream.write(b"\5\0")
        heard.append(stream.read(7 + 16) or b"")  # of a name of 16 letters
        stream.write(b"\5\0\0\1\0\0\0\0\0\0")
        while stream.readline() not in {b"\r\n", b""}:
            pass
        stream.write(response(BODY))


def test_it_goes_through_socks(client: HttpClient, environment: pytest.MonkeyPatch) -> None:
    if client.runner in NEEDED:
        pytest.importorskip(NEEDED[client.runner])
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=lambda: socks5(listener.accept()[0], heard))
        serving.start()
        environment.setenv("all_proxy", f"socks5h://127.0.0.1:{listener.getsockname()[1]}")
        (item,) = client.fetch(["http://pictures.example/a.bin"])
        serving.join()
    assert data_of(item) == BODY, item.why
    assert heard == [b"\5\1\0\3\x10pictures.example\0\x50"]
