"""The members of a run's file: how large they may be, and how they become columns, lines and times of this process.

What is wrong with them raises one of DAMAGE, in most cases a ValueError that says what; long work is done in steps.
"""

from __future__ import annotations

import json
import math
import operator
import struct
import sys
import zlib
from array import array
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from .checks import BIGGEST, check_range, no_number, whole
from .members import FORMAT, HEAD, MAX_BYTES, MAX_LINE, MEMBERS, VALUES_A_STEP, WAITS
from .writer import RunFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Steps = Generator[None, None, "Item"]

Item = TypeVar("Item")

PIECE = 64_000
MAX_HEAD = 1_000_000
MAX_DIRECTORY = 64_000
_END = struct.Struct("<4s4H2IH")
SLACK_S = 60.0
"""No time lies further than this outside of its run: the clocks of other processes may differ a little."""

EARLIEST = 100.0
"""Where an opened run begins at the earliest, so that none of its times is 0.0, which would stand for none."""

DAMAGE = (
    *(BadZipFile, zlib.error, struct.error, EOFError, ValueError, TypeError, LookupError, ArithmeticError),
    *(RecursionError, NotImplementedError, RuntimeError, OSError),
)
"""What the readers of zip and JSON raise over bytes that mean nothing to them."""


def check_end(file: BinaryIO, size: int, name: str) -> None:
    """Look at the file's two ends, before zipfile reads a directory that may be of any size."""
    if file.read(4) != b"PK\x03\x04":
        raise RunFileError(f"{name} is no run of Thaw: choose a file that Thaw has saved, which ends in .thaw.")
    if size > MAX_BYTES:
        raise RunFileError(f"{name} is too large: a run's file has {MAX_BYTES / 1e6:,.0f} MB at the most.")
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    end = tail[-_END.size :]
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        raise RunFileError(f"{name} is cut short: copy or download it again.")
    *_, entries, directory, _, _ = _END.unpack(end)
    if tail.startswith(b"PK\x06\x07") or entries > 3 * len(MEMBERS) or directory > MAX_DIRECTORY:
        raise RunFileError(f"{name} is no run of Thaw: it has too many parts.")
    file.seek(0)


class Archive:
    """Reads those of one run.

    Attributes:
        started: where the run's times begin, in seconds of `time.perf_counter`.
        wall_s: how long it took.
    """

    def __init__(self, archive: ZipFile, name: str, folder: str = "") -> None:
        self._archive, self.name = archive, name
        self._infos: dict[str, ZipInfo] = {}
        for info in archive.infolist():
            if info.filename in self._infos:
                raise ValueError(f"there are two of {info.filename}")
            if info.flag_bits & 0x1 or info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
                raise ValueError(f"{info.filename} is packed in a way that Thaw does not use")
            self._infos[info.filename] = info
        if HEAD not in self._infos:
            raise RunFileError(
                f"{name} is no run of Thaw: choose a file that Thaw has saved, which ends in .thaw."
            )
        if sum(info.file_size for info in self._infos.values()) > MAX_BYTES:
            raise RunFileError(
                f"{name} is too large: a run takes {MAX_BYTES / 1e6:,.0f} MB at the most, unpacked."
            )
        self._infos = {
            name.removeprefix(folder): info for name, info in self._infos.items() if name.startswith(folder)
        }
        self.started, self.wall_s = EARLIEST, 0.0

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def head(self) -> Steps[dict[str, Any]]:
        if self._infos[HEAD].file_size > MAX_HEAD:
            raise ValueError(f"{HEAD} is too large")
        content = yield from self.bytes_of(HEAD)
        head = json.loads(content.decode(), parse_constant=no_number)
        if not isinstance(head, dict) or "thaw_run" not in head:
            raise RunFileError(f"{self.name} is no run of Thaw: choose a file that Thaw has saved.")
        version = whole(head["thaw_run"], 1, 10**9, "thaw_run")
        if version > FORMAT:
            raise RunFileError(
                f"{self.name} is of a newer Thaw (format {version:,}, and this one knows {FORMAT}): "
                "open it with that one."
            )
        missing = MEMBERS - self._infos.keys()
        if missing:
            raise ValueError(f"{min(missing)} is missing")
        return head

    def bytes_of(self, name: str) -> Steps[bytes]:
        """A whole member. zipfile inflates no more than the size that was checked, and looks at the check sum."""
        found = bytearray()
        with self._archive.open(self._infos[name]) as member:
            while piece := member.read(PIECE):
                found += piece
                yield
        if len(found) != self._infos[name].file_size:
            raise ValueError(f"{name} is cut short")
        return bytes(found)

    def array_of(self, name: str, typecode: str) -> Steps[array[Any]]:
        values = array(typecode)
        values.frombytes((yield from self.bytes_of(name)))
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def times_of(self, name: str, none_is_zero: bool = False) -> Steps[array[float]]:
        """Times of the file as times of this process's clock; NaN, which stands for none, becomes 0.0."""
        values = yield from self.array_of(name, "d")
        start, low_s, high_s = self.started, -SLACK_S, self.wall_s + SLACK_S
        for low in range(0, len(values), VALUES_A_STEP):
            part = values[low : low + VALUES_A_STEP].tolist()
            known = [value for value in part if value == value] if none_is_zero else part
            if not all(map(math.isfinite, known)) or (
                known and not low_s <= min(known) <= max(known) <= high_s
            ):
                raise ValueError(f"{name} has a time outside of the run")
            values[low : low + VALUES_A_STEP] = array("d", [start + v if v == v else 0.0 for v in part])
            yield
        return values

    def check_order(self, times: array[Any], name: str) -> Steps[None]:
        for low in range(0, len(times), VALUES_A_STEP):
            part = times[low : low + VALUES_A_STEP + 1]
            if not all(map(operator.le, part, part[1:])):
                raise ValueError(f"{name} is not in order")
            yield

    def pairs_of(self, first: str, second: str) -> Steps[list[tuple[float, float]]]:
        """Two columns as pairs; the second one are times as well, or waits in ms."""
        firsts = yield from self.times_of(first)
        if second == WAITS:
            seconds = yield from self.array_of(second, "d")
            yield from check_range(seconds, 0.0, BIGGEST, "wait")
        else:
            seconds = yield from self.times_of(second)
        if len(firsts) != len(seconds):
            raise ValueError(f"{first} and {second} differ in length")
        return list(zip(firsts, seconds, strict=True))

    def lines_of(self, name: str, check: Callable[[Any], Item], most: int) -> Steps[list[Item]]:
        """The items of a member with one on each line, `most` at the most."""
        found: list[Item] = []
        rest = b""
        with self._archive.open(self._infos[name]) as member:
            while piece := member.read(PIECE):
                lines, newline, rest = (rest + piece).rpartition(b"\n")
                if len(rest) > MAX_LINE:
                    raise ValueError(f"a line of {name} is too long")
                if newline:
                    text = lines.decode().replace("\n", ",")
                    found += map(check, json.loads(f"[{text}]", parse_constant=no_number))
                if len(found) > most:
                    raise ValueError(f"{name} has too many lines")
                yield
        if rest:
            raise ValueError(f"{name} is cut short")
        return found
