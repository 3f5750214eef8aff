"""Whether a picture's file has its end, where Pillow is content without it; and a PNG without its notes.

Pillow looks at the first picture of a file, and most of its decoders refuse that where anything of its pixels is
missing. What stands behind these is no matter: cameras put films there, servers zeros, and programs leave the last mark
out. Here are the others: a JPEG's decoder paints grey what is not there, and half a film is no whole file either.
"""

from __future__ import annotations

import io
import os
import struct
import zlib
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from PIL import Image

from . import jpeg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PNG_BEGIN = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_PIXELS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_OF_USE = frozenset({b"tRNS", b"eXIf"})

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 13: 4, 16: 8, 18: 8}
"""Of the types of numbers in a TIFF, in bytes; those that are met here."""

_PLACES = {273: 279, 324: 325}
"""Tags in a TIFF that say where the pixels are -> those that say how many bytes."""

_MAX_PAGES = 10_000
_HEAD = 1 << 18
_PADDING = 1 << 10


def has_end(image: Image.Image, file: IO[bytes], size: int) -> bool:
    """Whether all is here that the file says there is, of its further pictures.

    Args:
        image: the first of them, as Pillow has opened it.
        file: the file; its place is kept.
        size: of it, in bytes.
    """
    look = _LOOKS.get(str(image.format))
    if look is None:
        return True
    place = file.tell()
    try:
        return look(image, file, size)
    except (struct.error, ArithmeticError, LookupError, TypeError, ValueError):
        return True  # what makes no sense says nothing about an end
    finally:
        file.seek(place)


def with_end(file: IO[bytes]) -> IO[bytes] | None:
    """A JPEG or PNG of which nothing is missing but the mark of its end, with that; None where it is none."""
    file.seek(0)
    data = file.read()
    try:
        if data.startswith(_PNG_BEGIN):
            end = _pixels_end(data)
            return io.BytesIO(data[:end] + bytes(4) + _PNG_END) if end else None
        return jpeg.with_end(data)
    except (OSError, LookupError, ValueError, zlib.error):
        return None


def _pixels_end(data: bytes) -> int:
    """Where a PNG ends but for its last chunk; 0 where not all pixels are here, by their check sum, or it is a film."""
    unpacked, end = zlib.decompressobj(), 0
    for kind, begin, length in _chunks(io.BytesIO(data)):
        if kind == b"IEND":
            break
        end = begin + length
        if kind == b"acTL" or end > len(data):
            return 0
        if kind == b"IDAT":
            packed = data[begin : end - 4]
            while packed and not unpacked.eof:
                unpacked.decompress(packed, _HEAD)
                packed = unpacked.unconsumed_tail
    return end if unpacked.eof else 0


def _gif(image: Image.Image, file: IO[bytes], size: int) -> bool:
    """Its blocks end, and not in the middle of one. The mark behind the last is left out by some programs."""
    file.seek(max(0, size - _PADDING))
    if file.read().rstrip(b"\0").endswith(b"\0;"):
        return True  # of nearly all, and a large one has ten thousands of blocks
    if not _gif_blocks_end(file):
        return False
    file.seek(0)
    with Image.open(file, formats=("GIF",)) as film, suppress(EOFError):
        while True:
            try:
                film.seek(film.tell() + 1)
                film.load()
            except OSError as error:
                if error.errno is not None or isinstance(error, EOFError):
                    raise
                return False
    return True


def _gif_blocks_end(file: IO[bytes]) -> bool:
    file.seek(10)
    file.seek(13 + _colours(file.read(1)))
    while True:
        kind = file.read(1)
        if kind == b"!":
            file.seek(1, os.SEEK_CUR)
        elif kind == b",":
            file.seek(8, os.SEEK_CUR)
            file.seek(_colours(file.read(1)) + 1, os.SEEK_CUR)
        elif kind == b"\0":
            continue
        else:
            return True  # the mark, the end without it, or something else that readers stop at
        while (length := file.read(1)) != b"\0":
            if not length:
                return False
            file.seek(length[0], os.SEEK_CUR)


def _colours(flags: bytes) -> int:
    """How many bytes the table of colours takes that these flags tell of."""
    return 3 * (2 << (flags[0] & 7)) if flags and flags[0] & 0x80 else 0


def _png(image: Image.Image, file: IO[bytes], size: int) -> bool:
    """It has the chunk that ends it; so all pictures of a film are here."""
    file.seek(max(0, size - _PADDING))
    return _PNG_END in file.read() or any(
        kind == b"IEND" and begin + length <= size for kind, begin, length in _chunks(file)
    )


def _mpo(image: Any, file: IO[bytes], size: int) -> bool:
    """None of its further pictures begins here and ends elsewhere. That one is listed and gone is no sign."""
    if not jpeg.has_end(image, file, size):
        return False
    file.seek(0)
    counted_from = file.read(_HEAD).find(b"MPF\0") + 4
    for entry in image.mpinfo[0xB002][1:]:
        begin = counted_from + int(entry["DataOffset"])
        if begin < size < begin + int(entry["Size"]):
            file.seek(begin)
            return file.read(2) != b"\xff\xd8"
    return True


def _tiff(image: Image.Image, file: IO[bytes], size: int) -> bool:
    """None of its pages, and nothing that they point to, is behind the end."""
    file.seek(0)
    head = file.read(16)
    order, is_big = "<" if head[:2] == b"II" else ">", head[2:4] in {b"+\0", b"\0+"}
    long, counted, entry, place = (
        ("Q", "Q", 20, _number(head[8:16], order)) if is_big else ("I", "H", 12, _number(head[4:8], order))
    )
    for _ in range(_MAX_PAGES):
        if not place:
            break
        if place >= size:
            return False
        file.seek(place)
        count = _number(file.read(struct.calcsize(counted)), order)
        table = file.read(count * entry)
        tail = file.read(struct.calcsize(long))
        if len(tail) < struct.calcsize(long):
            return len(table) == count * entry  # some programs leave out that there is no further page
        tags = {}
        for at in range(0, len(table), entry):
            tag, kind, number = struct.unpack_from(f"{order}HH{long}", table, at)
            tags[tag] = kind, number, table[at + entry - struct.calcsize(long) : at + entry]
        for where, how_many in _PLACES.items():
            if where in tags and how_many in tags:
                values = (_numbers(file, size, order, *tags[tag]) for tag in (where, how_many))
                if any(begin + length > size for begin, length in zip(*values, strict=False)):
                    return False
        place = _number(tail, order)
    return True


def _number(data: bytes, order: str) -> int:
    return int.from_bytes(data, "little" if order == "<" else "big")


def _numbers(file: IO[bytes], size: int, order: str, kind: int, count: int, field: bytes) -> list[int]:
    each = _SIZES[kind]
    data = field
    if each * count > len(field):
        place = _number(field, order)
        if place + each * count > size:
            return [size + 1] * 2  # they are behind the end themselves
        file.seek(place)
        data = file.read(each * count)
    return [_number(data[at : at + each], order) for at in range(0, each * count, each)]


def _icns(image: Image.Image, file: IO[bytes], size: int) -> bool:
    file.seek(4)
    return int.from_bytes(file.read(4), "big") <= size


_LOOKS: dict[str, Callable[[Any, IO[bytes], int], bool]] = {
    "JPEG": jpeg.has_end,
    "GIF": _gif,
    "PNG": _png,
    "MPO": _mpo,
    "TIFF": _tiff,
    "ICNS": _icns,
}


def _chunks(file: IO[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """Those of a PNG: what each is, where its contents begin, and how long they and their check sum are."""
    place = 8
    while True:
        file.seek(place)
        head = file.read(8)
        if len(head) < 8:
            return
        length = int.from_bytes(head[:4], "big") + 4
        yield head[4:], place + 8, length
        place += 8 + length


def without_notes(file: IO[bytes], of_use: frozenset[bytes] = _OF_USE) -> IO[bytes] | None:
    """A PNG with its pixels alone, for Pillow gives up where a note is damaged or long, and viewers pass over it.

    Args:
        file: it.
        of_use: notes that stay, if their check sums are right.

    Returns:
        None where it is none.
    """
    file.seek(0)
    made = io.BytesIO()
    made.write(file.read(8))
    if made.getvalue() != _PNG_BEGIN:
        return None
    for kind, begin, length in _chunks(file):
        if kind in _PIXELS or kind in of_use:
            file.seek(begin)
            body = file.read(length)
            if kind in _PIXELS or body[-4:] == zlib.crc32(kind + body[:-4]).to_bytes(4, "big"):
                made.write((length - 4).to_bytes(4, "big") + kind + body)
    return made
