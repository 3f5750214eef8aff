"""What can be chosen for a list goes for all three clients: speeds, headers, authorities."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from socket import create_connection, create_server
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtNetwork import QSslCertificate

from tests.support.http_client import CLIENTS, HttpClient, clients, data_of
from tests.support.misbehaving_server import response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

BODY = bytes(30_000)


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path) -> Iterator[HttpClient]:
    yield from clients(request, tmp_path)


@pytest.mark.parametrize(("limits", "least_s"), [({"limit": "150k"}, 0.3), ({"limit_each": "60k"}, 0.2)])
def test_a_limit_holds(limits: dict[str, Any], least_s: float, client: HttpClient) -> None:
    """Of three downloads together, or of each."""
    urls = [client.server.at(f"/{number}", response(BODY)) for number in range(3)]
    begun = time.perf_counter()
    items = client.fetch(urls, **limits)
    assert time.perf_counter() - begun > least_s
    assert [data_of(item) for item in items] == [BODY] * 3


def test_headers_come_from_a_file_too(client: HttpClient, tmp_path: Path) -> None:
    (tmp_path / "headers.txt").write_text("X-Key: one\nAccept: */*\nX-Empty:\n")
    (item,) = client.fetch([client.server.at("/a", response(b"all"))], headers=f"@{tmp_path / 'headers.txt'}")
    assert data_of(item) == b"all", item.why
    (head,) = client.server.heads
    lines = head.splitlines()
    assert {"X-Key: one", "Accept: */*", "Accept-Encoding: identity", "User-Agent: Thaw"} <= set(lines)
    assert "X-Empty:" in [line.strip() for line in lines]


@contextmanager
def secure_server(folder: Path) -> Iterator[tuple[str, str]]:
    """The address of a server with a certificate of its own, and the file of whom that is by."""
    pem, key = str(folder / "ca.pem"), str(folder / "key.pem")
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    made += " -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(["openssl", *made.split(), "-keyout", key, "-out", pem], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    closing = threading.Event()

    def serve() -> None:
        while not closing.is_set():
            sock, _ = listener.accept()
            with sock, suppress(OSError), context.wrap_socket(sock, server_side=True) as secure:
                secure.recv(65536)
                secure.sendall(response(b"all", Connection="close"))

    with create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/a.bin", pem
        closing.set()
        create_connection(listener.getsockname()).close()
        thread.join()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_server_of_ones_own_authority_is_verified_by_its_file(client: HttpClient, tmp_path: Path) -> None:
    with secure_server(tmp_path) as (url, ca_file):
        (known,) = client.fetch([url], ca_file=ca_file)
        (unknown,) = client.fetch([url])
        assert client.until(lambda: client.session.close(0))
    assert data_of(known) == b"all", known.why
    assert "secure connection" in unknown.why or "identity could not be verified" in unknown.why


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
@pytest.mark.parametrize("client", CLIENTS[-1:], indirect=True)
def test_the_gui_thread_reads_the_authorities_once(
    client: HttpClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A usual file of them takes tens of milliseconds."""
    from workers.transport import qt_requests

    reads: list[str] = []

    class Counting(QSslCertificate):
        @staticmethod
        def fromPath(path: str) -> list[QSslCertificate]:  # type: ignore[override]  # it is called in this way alone
            reads.append(path)
            return QSslCertificate.fromPath(path)

    monkeypatch.setattr(qt_requests, "QSslCertificate", Counting)
    with secure_server(tmp_path) as (url, ca_file):
        items = client.fetch([f"{url}?{number}" for number in range(3)], ca_file=ca_file)
        assert client.until(lambda: client.session.close(0))
    assert [data_of(item) for item in items] == [b"all"] * 3
    assert reads == [ca_file]
