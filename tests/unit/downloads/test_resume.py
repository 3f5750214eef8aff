"""A download that broke off goes on where it was, and only where that is sure to be the same file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.support.misbehaving_server import Connection, MisbehavingServer, closing, in_turn, picture, response
from tests.support.single_downloads import Download
from workers.downloads.incoming import Incoming
from workers.downloads.order import Order
from workers.downloads.resume import Source, goes_on, is_all, validator_of
from workers.engine.task import Phase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

JPEG, OTHER = picture("JPEG"), picture("JPEG", size=(300, 210))
CUT = 5000
ETAG = '"version-1"'
OLD, NOW = "Mon, 06 Nov 2023 08:00:00 GMT", "Mon, 06 Nov 2023 09:00:00 GMT"
SHA256 = hashlib.sha256(JPEG).hexdigest()
pytestmark = pytest.mark.usefixtures("form", "quick_retries")


def cut(**fields: str) -> Callable[[Connection], None]:
    """Half of the picture."""
    return closing(response(JPEG, **fields)[: CUT + len(response(b"", length=len(JPEG), **fields))])


def rest(body: bytes = JPEG, span: str = "", **fields: str) -> bytes:
    """A good answer to a request for the rest, or one with another Content-Range."""
    span = span or f"bytes {CUT}-{len(body) - 1}/{len(body)}"
    return response(body[CUT:], "206 Partial Content", Content_Range=span, **fields)


def field(head: str, name: str) -> str:
    """One field of a request."""
    for line in head.split("\r\n"):
        if line.lower().startswith(f"{name.lower()}: "):
            return line.partition(": ")[2]
    return ""


@pytest.mark.parametrize(
    ("fields", "validator"),
    [
        ({"ETag": ETAG}, ETAG),
        ({"Last_Modified": OLD, "Date": NOW}, OLD),
        ({"Last_Modified": OLD, "ETag": ETAG}, ETAG),
    ],
)
def test_it_goes_on_where_it_was(
    fields: dict[str, str], validator: str, server: MisbehavingServer, tmp_path: Path
) -> None:
    found = Download(
        server.at("/a.jpg", in_turn(cut(**fields), rest(JPEG, **fields))), tmp_path, tries=2, sha256=SHA256
    ).run()
    assert found.result.name == "a.jpg"
    assert (tmp_path / "a.jpg").read_bytes() == JPEG
    assert found.events[-1].amount == len(JPEG)
    assert field(server.heads[0], "Range") == field(server.heads[0], "If-Range") == ""
    assert (field(server.heads[1], "Range"), field(server.heads[1], "If-Range")) == (f"bytes={CUT}-", validator)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"ETag": f"W/{ETAG}"},
        {"ETag": "unquoted"},
        {"Last_Modified": NOW, "Date": NOW},
        {"Last_Modified": "soon"},
    ],
    ids=["nothing", "weak", "malformed", "changed just now", "no date"],
)
def test_without_a_sure_sign_it_begins_anew(
    fields: dict[str, str], server: MisbehavingServer, tmp_path: Path
) -> None:
    found = Download(server.at("/a.jpg", in_turn(cut(**fields), response(JPEG))), tmp_path, tries=2).run()
    assert found.phase == Phase.DONE
    assert (tmp_path / "a.jpg").read_bytes() == JPEG
    assert field(server.heads[1], "Range") == ""


def test_another_file_takes_the_place_of_the_first(server: MisbehavingServer, tmp_path: Path) -> None:
    answer = in_turn(cut(ETag=ETAG), response(OTHER, ETag='"version-2"'))
    assert Download(server.at("/a.jpg", answer), tmp_path, tries=2).run().phase == Phase.DONE
    assert (tmp_path / "a.jpg").read_bytes() == OTHER
    assert len(server.requests) == 2


LENGTH = len(JPEG)
WRONG = {
    "from the beginning": rest(span=f"bytes 0-{LENGTH - 1}/{LENGTH}"),
    "from elsewhere": rest(span=f"bytes {CUT + 1}-{LENGTH - 1}/{LENGTH}"),
    "not to the end": rest(span=f"bytes {CUT}-{LENGTH - 2}/{LENGTH}"),
    "another size": rest(span=f"bytes {CUT}-{LENGTH}/{LENGTH + 1}"),
    "size unknown": rest(span=f"bytes {CUT}-{LENGTH - 1}/*"),
    "garbage": rest(span="bytes 1,2"),
    "none": response(JPEG[CUT:], "206 Partial Content"),
    "several parts": response(
        JPEG[CUT:], "206 Partial Content", Content_Type="multipart/byteranges; boundary=x"
    ),
    "another length": rest(JPEG + b"x", span=f"bytes {CUT}-{LENGTH - 1}/{LENGTH}"),
    "another file": rest(ETag='"version-2"'),
    "packed": rest(Content_Encoding="gzip"),
    "416 of another size": response(b"", "416 Range Not Satisfiable", Content_Range=f"bytes */{CUT + 1}"),
    "416 without a size": response(b"", "416 Range Not Satisfiable"),
}


@pytest.mark.parametrize("way", WRONG)
def test_a_wrong_answer_to_range_begins_anew_at_once(
    way: str, server: MisbehavingServer, tmp_path: Path
) -> None:
    answer = in_turn(cut(ETag=ETAG), WRONG[way], response(JPEG, ETag=ETAG))
    found = Download(server.at("/a.jpg", answer), tmp_path, tries=2, sha256=SHA256).run()
    assert found.phase == Phase.DONE, found.events[-1].detail
    assert (tmp_path / "a.jpg").read_bytes() == JPEG
    assert [field(head, "Range") for head in server.heads] == ["", f"bytes={CUT}-", ""]
    assert found.events[-1].amount == LENGTH


def test_a_joined_file_that_is_broken_is_fetched_once_more_as_a_whole(
    server: MisbehavingServer, tmp_path: Path
) -> None:
    """A server that says that it is the same file, and sends another one."""
    lie = response(
        bytes(LENGTH - CUT), "206 Partial Content", Content_Range=f"bytes {CUT}-{LENGTH - 1}/{LENGTH}"
    )
    answer = in_turn(cut(ETag=ETAG), lie, response(JPEG, ETag=ETAG))
    found = Download(server.at("/a.jpg", answer), tmp_path, tries=3).run()
    assert found.phase == Phase.DONE, found.events[-1].detail
    assert (tmp_path / "a.jpg").read_bytes() == JPEG
    assert field(server.heads[2], "Range") == ""


def test_it_may_break_off_more_than_once(server: MisbehavingServer, tmp_path: Path) -> None:
    def answer(connection: Connection) -> None:
        first = connection.first
        if not first:
            cut(ETag=ETAG)(connection)
            return
        head = response(
            b"",
            "206 Partial Content",
            length=LENGTH - first,
            Content_Range=f"bytes {first}-{LENGTH - 1}/{LENGTH}",
            ETag=ETAG,
        )
        connection.send(head + JPEG[first : first + CUT])

    tries = LENGTH // CUT + 2
    found = Download(server.at("/a.jpg", answer), tmp_path, tries=tries, sha256=SHA256).run()
    assert found.phase == Phase.DONE
    assert len(server.requests) == -(-LENGTH // CUT)
    assert found.events[-1].amount == LENGTH


def test_a_hash_that_differs_fails_and_leaves_no_file(server: MisbehavingServer, tmp_path: Path) -> None:
    found = Download(server.at("/a.jpg", response(JPEG)), tmp_path, tries=4, sha256="0" * 64).run()
    assert "Its SHA-256 is not the one that was given" in found.error
    assert found.files == []
    assert len(server.requests) == 1
    assert Download(server.url + "/a.jpg", tmp_path, sha256=SHA256.upper()).run().phase == Phase.DONE


def test_while_it_waits_nothing_is_held() -> None:
    incoming = Incoming(Order("http://a/", "a.jpg", "/"))
    assert [incoming.took(b""), incoming.took(b"12"), incoming.took(b"")] == [0, 2, 0]
    assert incoming.held == [b"12"]


def test_answers_to_range_are_read_strictly() -> None:
    source = Source("http://a/", ETAG, 10)

    def whole(span: str, **fields: str) -> int | None:
        return goes_on({"Content-Range": span, **fields}, source, 4)

    assert whole("bytes 4-9/10") == whole("BYTES  4-9/10 ") == whole("bytes 4-9/10", ETag=ETAG) == 10
    assert whole("bytes 4-9/10", **{"Content-Length": "6"}) == 10
    for wrong in (
        "bytes 4-9/*",
        "bytes 4-10/10",
        "bytes 9-4/10",
        "bytes ٤-9/10",
        "items 4-9/10",
        "bytes 4-9",
        "",
    ):
        assert whole(wrong) is None, wrong
    assert whole("bytes 4-9/10", **{"Content-Length": "7"}) is None
    assert whole("bytes 4-9/10", ETag='"other"') is None
    assert is_all({"Content-Range": "bytes */4"}, source._replace(total=None), 4)
    assert not is_all({"Content-Range": "bytes */4"}, source, 4), "it was 10 bytes long before"
    assert not is_all({"Content-Range": "bytes */*"}, source._replace(total=None), 4)


def test_what_is_kept_of_a_source_is_of_its_address_alone() -> None:
    source = Source("http://a/", ETAG, 10, "a.jpg")
    assert Source.read(source.text(), "http://a/") == source
    for broken in (
        "",
        "{}",
        "[]",
        "[1,2,3,4,5]",
        '["http://a/", 3, 10, ""]',
        '["http://a/", "x", "10", ""]',
        "\0",
    ):
        assert Source.read(broken, "http://a/") == Source("http://a/")
    assert Source.read(source.text(), "http://b/") == Source("http://b/")


def test_a_date_is_a_sure_sign_only_if_nothing_changed_in_that_second() -> None:
    from email.utils import formatdate

    changed = formatdate(1000, usegmt=True)
    assert validator_of({"Last-Modified": changed}, 1002.5) == changed
    assert validator_of({"Last-Modified": changed}, 1000.5) == ""
    assert validator_of({"Last-Modified": changed, "Date": formatdate(1000, usegmt=True)}, 5000.0) == ""
    assert validator_of({"Last-Modified": changed + "\r\nX: y"}, 5000.0) == ""
