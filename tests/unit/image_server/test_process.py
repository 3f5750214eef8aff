"""The local image server over real sockets: what it serves, how slowly, and that it dies with its parent."""

from __future__ import annotations

import gc
import hashlib
import http.client
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
import requests
from PIL import Image

from tests.support.image_site import AGES, address, configure, raw
from workers.image_server.__main__ import take_settings
from workers.image_server.conditions import PROFILES, NetworkConditions, delay_s
from workers.image_server.process import BEGIN, PICTURES, ImageServer, ServerError
from workers.utils.child import private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workers.image_server.site import Site

ROOT = Path(__file__).parents[3]


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A requests session that ignores the machine's proxies."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def headers_after(session: requests.Session, url: str) -> float:
    """Seconds until the headers came."""
    begin = time.perf_counter()
    session.head(url, timeout=5).raise_for_status()
    return time.perf_counter() - begin


def test_pictures_in_the_repository() -> None:
    """48 pictures of 150 to 400 KiB, all different, all whole."""
    files = sorted(PICTURES.glob("*.jpg"))
    assert [path.name for path in files] == [f"{n:02}.jpg" for n in range(48)]
    assert all(150 * 1024 <= path.stat().st_size <= 400 * 1024 for path in files)
    assert len({hashlib.sha256(path.read_bytes()).digest() for path in files}) == 48
    for path in files:
        with Image.open(path) as image:
            assert (image.format, image.size) == ("JPEG", (960, 640))
            image.draft("RGB", (240, 160))  # decodes the whole stream, at an eighth of the cost
            image.load()


def test_serves_every_picture_on_one_connection(server: ImageServer) -> None:
    """Keep-alive: 96 answers come over one socket, and picture n is n modulo 48."""
    client = http.client.HTTPConnection(*address(server), timeout=5)
    client.connect()
    used = client.sock
    for n in range(96):
        client.request("GET", f"/pictures/{n}")
        answer = client.getresponse()
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Accept-Ranges"] == "bytes"
        body = answer.read()
        assert len(body) == int(answer.headers["Content-Length"])
        assert body == (PICTURES / f"{n % 48:02}.jpg").read_bytes()
    assert client.sock is used
    client.close()


def test_a_picture_decodes_after_its_journey(server: ImageServer, session: requests.Session) -> None:
    """What requests returns is a JPEG."""
    answer = session.get(server.url() + "/pictures/123456?size=full", timeout=5)
    with Image.open(io.BytesIO(answer.content)) as image:
        image.load()


def test_head_has_the_length_and_no_body(server: ImageServer) -> None:
    """After a HEAD the connection is ready for the next request."""
    client = http.client.HTTPConnection(*address(server), timeout=5)
    client.request("HEAD", "/pictures/3")
    answer = client.getresponse()
    assert int(answer.headers["Content-Length"]) == (PICTURES / "03.jpg").stat().st_size
    assert answer.read() == b""
    client.request("GET", "/")
    assert json.loads(client.getresponse().read())["pictures"] == 48
    client.close()


def test_pipelined_requests_are_answered_in_order(server: ImageServer) -> None:
    """Two requests in one packet, the second with Connection: close."""
    got = raw(server, b"HEAD /pictures/1 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert got.count(b"HTTP/1.1 200 OK") == 2
    assert b'{"pictures": 48' in got


@pytest.mark.parametrize("path", ["/nothing", "/pictures/", "/pictures/-1", "/pictures/x", "/pictures/1/2"])
def test_unknown_paths_are_404(server: ImageServer, session: requests.Session, path: str) -> None:
    """Told in a short text, on a connection that stays open."""
    answer = session.get(server.url() + path, timeout=5)
    assert answer.status_code == 404
    assert "/pictures/<number>" in answer.text
    assert "Connection" not in answer.headers


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET pictures HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000,
    ],
)
def test_malformed_requests_are_400_and_close(server: ImageServer, request_: bytes) -> None:
    """The server closes, and goes on serving others."""
    got = raw(server, request_)
    assert got.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"Connection: close\r\n" in got
    assert requests.get(server.url(), timeout=5, proxies={"http": ""}).status_code == 200


def test_latency_varies_by_picture_and_repeats(server: ImageServer, session: requests.Session) -> None:
    """Each picture waits as long as is said of it; a busy machine only adds to that."""
    network = NetworkConditions(latency_ms=200, spread=0.9)
    configure(server, latency_ms=200, spread=0.9)
    by_delay = sorted(range(50), key=lambda number: delay_s(network, number))
    quick, slow = by_delay[:3], by_delay[-1]
    assert delay_s(network, quick[-1]) < 0.05 < 0.3 < delay_s(network, slow)
    for _ in range(2):
        took = {
            number: headers_after(session, f"{server.url()}/pictures/{number}") for number in (*quick, slow)
        }
        assert [number for number in took if took[number] < delay_s(network, number)] == []
        assert min(took.values()) < 0.2, "and no picture waits for the usual time"


def test_bandwidth_is_paced_on_each_connection(server: ImageServer) -> None:
    """Four clients at 1024 KiB/s each take as long as one: about a fifth of a second a picture."""
    configure(server, bandwidth_kib=1024)
    expected = (PICTURES / "00.jpg").stat().st_size / (1024 * 1024)

    def fetch(_: int) -> float:
        begin = time.perf_counter()
        requests.get(server.url() + "/pictures/0", timeout=5, proxies={"http": ""}).raise_for_status()
        return time.perf_counter() - begin

    with ThreadPoolExecutor(4) as pool:
        times = list(pool.map(fetch, range(4)))
    assert min(times) > 0.8 * expected
    # Shared among them they would take four times as long, in turn one to four times; a busy machine may hold one up.
    assert sorted(times)[2] < 2.5 * expected


def test_bandwidth_can_be_raised_in_the_middle_of_a_picture(server: ImageServer) -> None:
    """At 1 KiB/s a picture takes minutes; without limit the rest comes at once."""
    configure(server, bandwidth_kib=1)
    client = http.client.HTTPConnection(*address(server), timeout=5)
    client.request("GET", "/pictures/0")
    answer = client.getresponse()
    begin = answer.read(10)
    configure(server, bandwidth_kib=0)
    assert begin + answer.read() == (PICTURES / "00.jpg").read_bytes()
    client.close()


def test_a_stalled_request_is_silent_until_settings_change(server: ImageServer) -> None:
    """A huge latency keeps the connection open without a byte; a small one wakes it."""
    configure(server, latency_ms=AGES)
    with socket.create_connection(address(server), timeout=0.1) as client:
        client.sendall(b"GET /pictures/0 HTTP/1.1\r\nConnection: close\r\n\r\n")
        with pytest.raises(TimeoutError):
            client.recv(1)
        configure(server, latency_ms=0)
        client.settimeout(5)
        assert client.recv(15) == b"HTTP/1.1 200 OK"


def test_the_index_has_no_latency(server: ImageServer, session: requests.Session) -> None:
    """So that a program can ask whether the server is there."""
    configure(server, latency_ms=AGES)
    assert session.get(server.url(), timeout=5).json()["pictures"] == 48


def test_carries_hundreds_of_connections(server: ImageServer) -> None:
    """300 requests stall together and are answered together."""
    configure(server, latency_ms=AGES)
    clients = [socket.create_connection(address(server), timeout=5) for _ in range(300)]
    for n, client in enumerate(clients):
        client.sendall(b"HEAD /pictures/%d HTTP/1.1\r\n\r\n" % n)
    configure(server, latency_ms=0)
    for client in clients:
        assert client.recv(4096).startswith(b"HTTP/1.1 200 OK")
        client.close()


def test_a_client_that_leaves_harms_nobody(server: ImageServer) -> None:
    """Closed in the middle of a body, and while it waits."""
    for latency in (0.0, AGES):
        configure(server, latency_ms=latency)
        with socket.create_connection(address(server), timeout=5) as client:
            client.sendall(b"GET /pictures/0 HTTP/1.1\r\n\r\n" * 20)
    configure(server, latency_ms=0)
    assert raw(server, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 OK")


def test_settings_before_the_start_and_bad_ones() -> None:
    """configure() may come first; what is out of range is refused at once."""
    server = ImageServer()
    assert server.settings == NetworkConditions(120.0, 0.3, 8192.0) == PROFILES["fair"]
    server.configure(latency_ms=5)
    assert server.settings == NetworkConditions(latency_ms=5)
    for bad in ({"latency_ms": -1.0}, {"spread": 1.5}, {"bandwidth_kib": float("nan")}):
        with pytest.raises(ValueError, match=r"0 or more|from 0 to 1"):
            server.configure(**bad)
    assert server.settings.latency_ms == 5
    server.close()
    with pytest.raises(ServerError, match="closed"):
        server.url()


def test_settings_that_make_no_sense_hide_no_mistake_of_ours() -> None:
    with pytest.raises(AttributeError):
        take_settings(cast("Site", object()), b"{}")


def test_leaves_on_the_end_of_stdin_and_ignores_ctrl_c() -> None:
    """The bare process: neither SIGINT nor nonsense on stdin disturb it, the end of stdin ends it."""
    command = private(BEGIN, "--pictures", str(PICTURES), flags=("-I", "-S"))
    with subprocess.Popen(
        [*command, "--latency-ms=0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        port = json.loads(process.stdout.readline())["port"]
        if os.name == "posix":
            process.send_signal(signal.SIGINT)
        for line in (b"what?\n", b"[1]\n", b'{"spread": "x"}\n', b'{"latency_ms": 1}\n'):
            process.stdin.write(line)
        process.stdin.flush()
        assert [b"not understood" in process.stderr.readline() for _ in range(3)] == [True] * 3
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert client.recv(15) == b"HTTP/1.1 200 OK"
        process.stdin.close()
        assert process.wait(5) == 0


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_leaves_when_its_parent_is_killed() -> None:
    """SIGKILL lets the parent tidy nothing; the server leaves all the same."""
    program = (
        "import signal\n"
        "from workers.image_server.process import ImageServer\n"
        "server = ImageServer()\n"
        "server.start()\n"
        "print(server.url().rpartition(':')[2], server.pid, flush=True)\n"
        "signal.pause()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        port, pid = map(int, parent.stdout.readline().split())
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert client.recv(15) == b"HTTP/1.1 200 OK"
            watched = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
            parent.kill()
            while client.recv(4096):  # ends when the kernel closes the dead server's sockets
                pass
        if watched is not None:
            assert select.select([watched], [], [], 5)[0], "the server still runs"
            os.close(watched)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.mark.parametrize("missing", [True, False])
def test_no_pictures_is_a_clear_error(tmp_path: Path, missing: bool) -> None:
    """The sentence says what to run."""
    with ImageServer(tmp_path / "nowhere" if missing else tmp_path) as server:
        with pytest.raises(ServerError, match=r"No pictures .* run 'python scripts/make_pictures.py'"):
            server.url()
        assert not server.alive
        server.configure(latency_ms=1)  # to nobody


def test_a_server_that_is_late_or_dead_is_a_clear_error() -> None:
    """url() tells a time-out from an end."""
    with ImageServer() as server:
        with pytest.raises(ServerError, match="not ready within 0 s"):
            server.url(timeout=0)
        server.url()
        assert server.pid is not None
        os.kill(server.pid, signal.SIGTERM)
        deadline = time.monotonic() + 5
        while server.alive:
            assert time.monotonic() < deadline
        with pytest.raises(ServerError, match="has ended"):
            server.url()


def test_close_is_final_complete_and_repeatable() -> None:
    """No process, thread or pipe is left, and no ResourceWarning comes later."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        server = ImageServer()
        server.close()
        server.close()
        server = ImageServer()
        server.start()
        server.start()
        server.url()
        assert server.alive
        server.close()
        server.close()
        assert not server.alive
        for late in (server.url, server.start):
            with pytest.raises(ServerError, match="closed"):
                late()
        server.configure(latency_ms=1)
        early = ImageServer()
        early.start()
        early.close()  # before the child was ready
        del server, early
        gc.collect()
    assert [str(w.message) for w in caught] == []
