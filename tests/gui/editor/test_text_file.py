"""How a text lies in its file stays as it was: encoding, byte order mark, line ends, mode and links."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gui.editor.text_file
from gui.editor.text_file import MAX_BYTES, TextFile, TextFileProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LATIN = "# -*- coding: latin-1 -*-\ncafe = 'café'\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.py"


@pytest.mark.parametrize(
    ("before", "text", "change", "after"),
    [
        (b"a = 1\nb = 2\n", "a = 1\nb = 2\n", "a = 1\nc = 3\n", b"a = 1\nc = 3\n"),
        (b"a\r\nb\r\n", "a\nb\n", "a\nnew\nb\n", b"a\r\nnew\r\nb\r\n"),
        (b"a\rb\r", "a\nb\n", "a\nb\nc\n", b"a\rb\rc\r"),
        (b"a\r\nb\nc\r\nd", "a\nb\nc\nd", "a\nb\nC\nC2\nd", b"a\r\nb\nC\r\nC2\r\nd"),
        (b"no end", "no end", "no end\nmore", b"no end\nmore"),
        (b"", "", "a = 1", b"a = 1"),
        (b"\xef\xbb\xbfa = '\xc3\xa9'\r\n", "a = 'é'\n", "a = 'ü'\n", b"\xef\xbb\xbfa = '\xc3\xbc'\r\n"),
        (LATIN.encode("latin-1"), LATIN, LATIN + "x = 'ü'\n", (LATIN + "x = 'ü'\n").encode("latin-1")),
        (b"a\n", "a\n", LATIN, LATIN.encode("latin-1")),
        (b"a\n", "a\n", "# coding: nobody-knows\n", b"# coding: nobody-knows\n"),
        (
            b"a = '\xc2\xa0\xe2\x80\xa8'\n",
            "a = '\xa0\u2028'\n",
            "a = '\xa0\u2028'",
            b"a = '\xc2\xa0\xe2\x80\xa8'",
        ),
    ],
)
def test_what_nobody_changed_stays(path: Path, before: bytes, text: str, change: str, after: bytes) -> None:
    path.write_bytes(before)
    file = TextFile(path)
    assert file.text == text
    file.write(text)
    assert path.read_bytes() == before
    file.write(change)
    assert path.read_bytes() == file.data == after
    assert file.text == change


@given(
    st.lists(st.tuples(st.sampled_from(["", "a", "é"]), st.sampled_from(["\n", "\r\n", "\r"]))), st.text("a\n")
)
def test_every_mixture_of_line_ends_is_kept_and_every_text_is_written(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]], text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "mixed.py"
    whole = "".join(line + end for line, end in lines).encode()
    path.write_bytes(whole)
    file = TextFile(path)
    file.write(file.text)
    assert path.read_bytes() == whole
    file.write(text)
    assert TextFile(path).text == text


def test_a_letter_that_its_encoding_lacks_is_told_with_its_line(path: Path) -> None:
    path.write_bytes(LATIN.encode("latin-1"))
    with pytest.raises(TextFileProblem, match="iso-8859-1, its encoding, has no “→” \\(line 3\\)"):
        TextFile(path).write(LATIN + "# →\n")
    assert path.read_bytes() == LATIN.encode("latin-1")


def test_bytes_that_are_no_text_are_not_read(path: Path) -> None:
    path.write_bytes(b"a = '\xff'\n")
    with pytest.raises(TextFileProblem, match="has bytes that are no text"):
        TextFile(path)


def test_what_cannot_be_read_is_told(path: Path, tmp_path: Path) -> None:
    with pytest.raises(TextFileProblem, match="no longer there"):
        TextFile(path)
    with pytest.raises(TextFileProblem, match="cannot be read"):
        TextFile(tmp_path)
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(TextFileProblem, match="larger than 1 MiB"):
        TextFile(path)


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links are POSIX's")
def test_a_link_is_followed_and_the_mode_kept(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.py"
    real.write_bytes(b"a\n")
    real.chmod(0o750)
    path.symlink_to(real)
    TextFile(path).write("b\n")
    assert path.is_symlink()
    assert real.read_bytes() == b"b\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o750


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "you may not write to it"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_why_it_was_not_written_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str
) -> None:
    @contextmanager
    def refuse(path: Path) -> Iterator[None]:
        raise OSError(number, os.strerror(number))
        yield

    path.write_bytes(b"a\n")
    file = TextFile(path)
    monkeypatch.setattr(gui.editor.text_file, "part_file", refuse)
    with pytest.raises(TextFileProblem) as caught:
        file.write("b\n")
    assert str(caught.value) == f"mine.py was not saved: {why}. Your text is still here."
    assert (path.read_bytes(), file.data) == (b"a\n", b"a\n")


def test_a_folder_that_has_gone_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    path = folder / "mine.py"
    path.write_bytes(b"a\n")
    file = TextFile(path)
    path.unlink()
    folder.rmdir()
    with pytest.raises(TextFileProblem, match="its folder is not there any more"):
        file.write("b\n")
