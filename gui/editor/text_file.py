"""A program's text, and how it lies in its file: encoding, byte order mark and line ends stay. For any thread."""

from __future__ import annotations

import errno
import io
import re
import tokenize
from itertools import takewhile
from typing import TYPE_CHECKING

from workers.utils.atomic_file import part_file
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_BYTES = 1024 * 1024
"""A larger file is no program that somebody wrote."""

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


class TextFileProblem(BadInput):
    """A file cannot be read as a text, or a text cannot be written."""


class TextFile:
    """What a file held when it was read, or written, last.

    Attributes:
        path: the file.
        data: its bytes.
        text: the same as text, its lines parted by a line feed.
        encoding: as Python names it, "utf-8-sig" where the file begins with a mark of its byte order.
    """

    def __init__(self, path: Path) -> None:
        """Read it.

        Raises:
            TextFileProblem: why that cannot be, in a sentence.
        """
        self.path, self.data = path, read_bytes(path)
        self.encoding = _encoding(self.data, "utf-8")
        try:
            whole = self.data.decode(self.encoding)  # not by `io`, which would make all ends of lines the same
        except UnicodeError:
            raise TextFileProblem(
                f"Read only: {path.name} has bytes that are no text in its encoding."
            ) from None
        self._lines = _parted(whole)
        self.text = "\n".join(line for line, _ in self._lines)

    def write(self, text: str) -> None:
        """Put another text into the file, in the way the old one lay there.

        Raises:
            TextFileProblem: why that cannot be, in a sentence; then the file is as it was.
        """
        name, lines = self.path.name, self._joined(text)
        encoding = self.encoding
        if encoding != "utf-8-sig":
            encoding = _encoding(text.encode("utf-8", "replace"), encoding)
        try:
            data = "".join(line + end for line, end in lines).encode(encoding)
        except UnicodeEncodeError as error:
            line = error.object.count("\n", 0, error.start) + 1
            raise TextFileProblem(
                f"{name} was not saved: {encoding}, its encoding, has no “{error.object[error.start]}” (line {line:,})."
            ) from None
        try:
            with part_file(self.path) as file:
                file.write(data)
        except OSError as error:
            raise TextFileProblem(
                f"{name} was not saved: {self._reason(error)}. Your text is still here."
            ) from None
        self.data, self.encoding, self.text, self._lines = data, encoding, text, lines

    def _joined(self, text: str) -> list[tuple[str, str]]:
        """The lines of a text with their ends: those that nobody changed keep theirs, others get what most have."""
        lines, old = text.split("\n"), self._lines
        same = len(_common(lines, (line for line, _ in old)))
        rest = min(len(lines), len(old)) - same
        tail = len(_common(reversed(lines[len(lines) - rest :]), (line for line, _ in reversed(old))))
        ends = [end for _, end in old if end]
        usual = max(set(ends), key=ends.count, default="\n")
        kept = [*(end for _, end in old[:same]), *[""] * (len(lines) - same - tail)]
        kept += [end for _, end in old[len(old) - tail :]]
        return [
            *((line, end or usual) for line, end in zip(lines[:-1], kept[:-1], strict=True)),
            (lines[-1], ""),
        ]

    def _reason(self, error: OSError) -> str:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return "the disk is full"
        if not self.path.parent.is_dir():
            return "its folder is not there any more"
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            return "you may not write to it"
        return error.strerror or str(error)


def read_bytes(path: Path) -> bytes:
    """What a program's file holds.

    Raises:
        TextFileProblem: it cannot be read, with a sentence.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise TextFileProblem(f"{path.name} is no longer there: choose another file.") from None
    except OSError as error:
        raise TextFileProblem(f"{path.name} cannot be read: {error.strerror}.") from None
    if len(data) > MAX_BYTES:
        raise TextFileProblem(f"{path.name} is larger than 1 MiB: put your function into a file of its own.")
    return data


def _encoding(data: bytes, otherwise: str) -> str:
    """The one that a program names in its first lines; `otherwise` where Python knows none of that name."""
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError:
        return otherwise


def _parted(whole: str) -> list[tuple[str, str]]:
    """Lines with their ends; the last one has none."""
    found = [(line[1], line[2]) for line in _LINE.finditer(whole)]
    # Right behind a last line without an end the pattern finds nothing once more.
    return found[:-1] if len(found) > 1 and not found[-2][1] else found


def _common(lines: Iterable[str], others: Iterable[str]) -> list[tuple[str, str]]:
    """The pairs of lines that are the same, from the first one on."""
    return list(takewhile(lambda pair: pair[0] == pair[1], zip(lines, others, strict=False)))
