"""Headers of a person's own: read from lines or a file, and told to whom they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.misbehaving_server import MisbehavingServer, response
from tests.support.single_downloads import Download
from workers.engine.task import Phase
from workers.transport.http.own_headers import MAX_BYTES, own_headers, read_headers
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ""),
        (" A: b ", "A: b"),
        ("A:b\r\n\r\nX-Key:  c: d \n", "A: b\nX-Key: c: d"),
        ("A:", "A: "),
        ('Cookie: a="b"; c=d', 'Cookie: a="b"; c=d'),
    ],
)
def test_lines_are_read(text: str, lines: str, tmp_path: Path) -> None:
    assert read_headers(text) == lines
    (tmp_path / "my headers").write_text(text, encoding="utf-8-sig")
    assert read_headers(f"@{tmp_path / 'my headers'}") == lines


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A: b\nSECRET", "Line 2 of the headers is none"),
        ("A B: SECRET", "Line 1 of the headers is none"),
        ("A: SECRÉT", "in ASCII letters"),
        ("A: ***", "The value of the header A is not kept"),
        ("Content-length: 1", "The header Content-length cannot be chosen"),
        ("@", "The headers cannot be read from"),
    ],
)
def test_what_is_no_header_is_told_without_its_value(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as told:
        read_headers(text)
    assert "SECR" not in str(told.value)


@pytest.mark.parametrize(("data", "words"), [(b"\xff", "it is no text"), (b"a" * (MAX_BYTES + 1), "too large")])
def test_a_file_that_has_none_is_told(data: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "headers").write_bytes(data)
    with pytest.raises(BadInput, match=words):
        read_headers(f"@{tmp_path / 'headers'}")


def test_others_are_told_the_harmless_ones() -> None:
    lines = "X-Key: a\nReferer: b\nCookie: c\nX-None: "
    assert own_headers(lines, is_theirs=True) == {"X-Key": "a", "Referer": "b", "Cookie": "c", "X-None": ""}
    assert own_headers(lines, is_theirs=False) == {"Referer": "b"}


def test_they_are_said_in_place_of_ours(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    url = server.at("/a", response(b"all"))
    found = Download(
        url, tmp_path, only_pictures=False, headers="user-agent: Mine\nX-Key: a", limit_each=10
    ).run()
    assert found.phase is Phase.DONE
    lines = [line.lower() for line in server.heads[0].splitlines()]
    assert "x-key: a" in lines
    assert [line for line in lines if line.startswith("user-agent:")] == ["user-agent: mine"]
