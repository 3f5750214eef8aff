"""What servers do wrong ends as one clear sentence on that download, in time, and leaves no file."""

from __future__ import annotations

import errno
import gzip
import re
import sys
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.misbehaving_server import (
    Connection,
    MisbehavingServer,
    chunked,
    full_house,
    picture,
    response,
)
from tests.support.patience import AT_ONCE_S
from tests.support.single_downloads import Download
from workers.engine.task import Phase
from workers.utils.errors import meaning

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.misbehaving_server import Answer

JPEG, PNG, GIF = picture("JPEG"), picture("PNG"), picture("GIF")
FILM = picture("GIF", save_all=True, append_images=[], loop=0)
pytestmark = pytest.mark.usefixtures("form")


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels."""
    data = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    chunk = b"\0\0\0\x0d" + data + zlib.crc32(data).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IEND\xaeB`\x82"


def then_reset(data: bytes) -> Callable[[Connection], None]:
    def answer(connection: Connection) -> None:
        connection.send(data)
        connection.reset()

    return answer


needs_full_house = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full listener refuses")

CLOSE = {"Connection": "close"}
NOT_WHOLE = "before the whole file had come"
FAULTS: dict[str, tuple[Answer, str]] = {
    "shorter than its length": (response(JPEG, length=len(JPEG) + 9, **CLOSE), NOT_WHOLE),
    "cut without a length": (response(JPEG[:-900], length="", **CLOSE), "not whole"),
    "cut in a chunk": (chunked(JPEG)[:6000] + b"", NOT_WHOLE),
    "cut after a chunk": (chunked(JPEG).replace(b"0\r\n\r\n", b""), NOT_WHOLE),
    "a chunk of no size": (response(b"xyz\r\n", length="", Transfer_Encoding="chunked"), NOT_WHOLE),
    "reset in the body": (then_reset(response(JPEG, length=len(JPEG) * 2)), "broke the connection off"),
    "reset before the headers": (then_reset(b""), "broke the connection off|closed the connection"),
    "reset where nothing else ends the body": (
        then_reset(response(JPEG, length="")),
        "broke the connection off",
    ),
    "closed in the head": (
        lambda connection: connection.send(b"HTTP/1.1 200 OK\r\nETag"),
        "closed the connection without an answer",
    ),
    "a status that is none": (response(JPEG, "20 OK", **CLOSE), "did not answer in HTTP"),
    "closed at once": (lambda connection: None, "closed the connection without an answer"),
    "half a JPEG": (response(JPEG[: len(JPEG) // 2]), "not whole"),
    "a PNG with a broken middle": (response(PNG[:2000] + bytes(2000) + PNG[4000:]), "broken"),
    "half a PNG": (response(PNG[: len(PNG) // 2]), "not whole"),
    "a PNG without the end of its pixels": (response(PNG[:-20]), "not whole"),
    "half a GIF": (response(GIF[: len(GIF) // 2]), "not whole"),
    "a film of which the end is missing": (response(FILM[:-2]), "not whole"),
    "gzip, unasked": (response(gzip.compress(JPEG), Content_Encoding="gzip"), "no picture"),
    "a gzip bomb": (response(gzip.compress(bytes(9_000_000)), Content_Encoding="gzip"), "no picture"),
    "a web page": (response(b"<!DOCTYPE html><p>Please log in"), "a web page, not a picture"),
    "an SVG": (response(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "SVG"),
    "nothing": (response(b""), "empty file"),
    "a bomb": (response(png_header(12_000, 12_000)), "too large: 12,000 x 12,000 pixels"),
    "a larger bomb": (response(png_header(40_000, 40_000)), "too large"),
    "the largest bomb": (response(png_header(2**31 - 1, 2**31 - 1)), "too large"),
    "a size of 2^31": (response(png_header(2**31, 2**31)), "too large|no picture|broken"),
    "a length over the limit": (response(b"", length=10**12), "too large: 1,000,000,000,000 bytes"),
    "a length of abc": (response(JPEG, length="abc"), "length that makes no sense: 'abc'"),
    "a length of -5": (response(JPEG, length=-5), "length that makes no sense: '-5'"),
    "404": (response(b"no", "404 Not Found"), "answered 404 Not Found"),
    "503": (response(b"", "503 Service Unavailable", Retry_After="120"), "503 .* come back in 120 s"),
    "204": (response(b"", "204 No Content"), "answered 204 No Content"),
    "redirect to nowhere": (response(b"", "302 Found"), "answered 302 Found"),
    "redirect with a malformed address": (response(b"", "302 Found", Location="http://[::1"), "makes no sense"),
    "redirect to no port": (response(b"", "302 Found", Location="http://a:port/"), "makes no sense"),
    "redirect to a file": (
        response(b"", "302 Found", Location="file:///etc/passwd"),
        "no web page: file:///etc",
    ),
    "redirect loop": (response(b"", "302 Found", Location="/fault"), "sent us on more than 10 times"),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "did not answer in HTTP"),
    "a status that is no number": (b"HTTP/1.1 abc What\r\n\r\n", "did not answer in HTTP"),
    "a header of 100 KB": (response(b"", X_Long="x" * 100_000), "headers are too long"),
    "500 headers": (response(b"", **{f"X_{number}": "y" for number in range(500)}), "headers are too long"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_a_sentence_and_leaves_no_file(
    fault: str, server: MisbehavingServer, tmp_path: Path
) -> None:
    answer, words = FAULTS[fault]
    if isinstance(answer, bytes) and fault.startswith(("cut", "a chunk", "no HTTP", "a status")):
        data = answer
        answer = lambda connection: connection.send(data)  # noqa: E731 - and then the connection is closed
    found = Download(server.at("/fault", answer), tmp_path).run()
    assert re.search(words, found.error), found.error
    assert found.error.startswith("workers.transport.errors.DownloadError: fault: ")
    assert found.error.endswith(".")
    assert found.files == []
    # And the thread's session still works.
    assert Download(server.at("/good", response(JPEG)), tmp_path).run().phase == Phase.DONE


def drip_headers(connection: Connection) -> None:
    connection.drip(response(JPEG))


def drip_body(connection: Connection) -> None:
    connection.send(response(length=len(JPEG)))
    connection.drip(JPEG)


def stall_in_headers(connection: Connection) -> None:
    connection.send(response(JPEG)[:20])
    connection.stall()


def stall_in_body(connection: Connection) -> None:
    connection.send(response(JPEG)[:5000])
    connection.stall()


SLOW: dict[str, tuple[Answer, dict[str, Any], str]] = {
    "drips headers": (drip_headers, {"total_s": 0.3}, "not finished within 0.3 s"),
    "drips the body": (drip_body, {"total_s": 0.3}, "not finished within 0.3 s"),
    "says nothing": (Connection.stall, {"stall_s": 0.2}, "sent nothing for 0.2 s"),
    "stalls in the headers": (stall_in_headers, {"stall_s": 0.2}, "sent nothing for 0.2 s"),
    "stalls in the body": (stall_in_body, {"stall_s": 0.2}, "sent nothing for 0.2 s"),
}


@pytest.mark.parametrize("way", SLOW)
def test_a_slow_server_is_given_up_at_the_deadline(way: str, server: MisbehavingServer, tmp_path: Path) -> None:
    answer, limits, words = SLOW[way]
    found = Download(server.at("/slow", answer), tmp_path, **limits).run()
    assert words in found.error
    assert found.took_s < AT_ONCE_S
    assert found.files == []


def test_a_slow_server_that_keeps_sending_is_not_stalled(server: MisbehavingServer, tmp_path: Path) -> None:
    def answer(connection: Connection) -> None:
        connection.send(response(length=len(JPEG)))
        for at in range(0, len(JPEG), len(JPEG) // 12):
            connection.server.closing.wait(0.1)
            connection.send(JPEG[at : at + len(JPEG) // 12])

    assert Download(server.at("/slow", answer), tmp_path, stall_s=1.0).run().phase == Phase.DONE


@needs_full_house
def test_a_host_that_takes_no_connection_is_given_up(tmp_path: Path) -> None:
    with full_house() as url:
        found = Download(url, tmp_path, connect_s=0.2).run()
    assert "127.0.0.1 did not answer within 0.2 s" in found.error
    assert found.took_s < AT_ONCE_S


def test_a_refused_connection_says_so(server: MisbehavingServer, tmp_path: Path) -> None:
    server.close()
    why = meaning(errno.ECONNREFUSED)
    assert f"127.0.0.1 cannot be reached: {why}." in Download(server.url, tmp_path).run().error


def test_an_unknown_host_says_so(tmp_path: Path) -> None:
    assert (
        "There is no host nobody.invalid, or no network."
        in Download("http://nobody.invalid/", tmp_path).run().error
    )


def test_https_to_a_server_without_tls_says_so(server: MisbehavingServer, tmp_path: Path) -> None:
    server.greeting = response(b"", "400 Bad Request")
    found = Download(server.url.replace("http:", "https:") + "/a.jpg", tmp_path).run()
    assert "a.jpg: No secure connection could be made: " in found.error


def test_a_tls_handshake_that_stalls_is_given_up(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    found = Download(server.url.replace("http:", "https:"), tmp_path, connect_s=0.2).run()
    words = {
        "plain": "took too long to agree on a secure connection",
        "async": "127.0.0.1 did not answer within 0.2 s",
    }
    assert words[form] in found.error
    assert found.took_s < AT_ONCE_S


def test_lines_between_chunks_may_come_alone_and_what_follows_the_body_is_dropped(
    server: MisbehavingServer, tmp_path: Path
) -> None:
    def answer(connection: Connection) -> None:
        connection.send(response(b"", length="", Transfer_Encoding="chunked"))
        for piece in (b"%x\r" % len(JPEG), b"\n", JPEG, b"\r\n", b"0\r\n", b"A: b\r\n", b"\r\nand more"):
            server.closing.wait(0.02)
            connection.send(piece)

    assert Download(server.at("/slow", answer), tmp_path).run().phase == Phase.DONE


CANCELS = {
    "before the headers": Connection.stall,
    "in the headers": stall_in_headers,
    "in the body": stall_in_body,
}


@pytest.mark.parametrize("when", CANCELS)
def test_a_cancel_ends_a_silent_download_at_once(when: str, server: MisbehavingServer, tmp_path: Path) -> None:
    found = Download(server.at("/silent", CANCELS[when]), tmp_path)
    found.start()
    assert server.reached.wait(5)
    assert found.cancelled_after() < AT_ONCE_S
    assert found.phase == Phase.CANCELLED
    assert found.files == []


@needs_full_house
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_cancel_ends_connecting_at_once(scheme: str, tmp_path: Path) -> None:
    with full_house() as url:
        found = Download(url.replace("http", scheme), tmp_path)
        found.start()
        assert found.cancelled_after() < AT_ONCE_S
    assert found.phase == Phase.CANCELLED


def test_a_cancel_ends_a_tls_handshake_at_once(server: MisbehavingServer, tmp_path: Path) -> None:
    """A server that takes the connection and then waits for a line that TLS never sends."""
    found = Download(server.url.replace("http", "https"), tmp_path)
    found.start()
    while not server.connections:
        server.closing.wait(0.001)
    assert found.cancelled_after() < AT_ONCE_S
    assert found.phase == Phase.CANCELLED


def test_a_cancel_through_a_proxy_is_as_quick(
    server: MisbehavingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.at("http://pictures.example/a.jpg", Connection.stall)
    found = Download("http://pictures.example/a.jpg", tmp_path)
    found.start()
    assert server.reached.wait(5)
    assert found.cancelled_after() < AT_ONCE_S
