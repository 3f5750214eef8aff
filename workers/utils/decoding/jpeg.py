"""Whether a JPEG is whole: its decoder paints grey, without a word, what is not there. For any thread."""

from __future__ import annotations

import io
import re
from typing import IO

from PIL import Image

_END = b"\xff\xd9"
_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA
_MORE = bytes(range(16, 240, 5))
"""What a JPEG's decoder that misses something takes for pixels; one that does not passes over it."""
_PADDING = 1 << 10
_LAST = 4
"""Bytes at the end of the pixels, of which the decoder needs some."""


def has_end(image: Image.Image, file: IO[bytes], size: int) -> bool:
    """Its pixels are followed by the mark of their end."""
    file.seek(max(0, size - _PADDING))
    if file.read().rstrip(b"\0").endswith(_END):
        return True  # of nearly all, and a large one would have to be searched
    file.seek(0)
    return _walk(file.read())[0] > 0


def _walk(data: bytes) -> tuple[int, bool]:
    """Where the mark of a JPEG's own end stands, not one in its notes or behind it; -1 where there is none.

    And whether its scans bring every bit of all its colours: a progressive one comes in many.
    """
    place, is_progressive = 2, False
    missing: dict[int, set[int]] = {}  # of each colour the frequencies whose last bit has not come
    while (mark := _MARK.search(data, place)) is not None:
        place, kind = mark.end(), mark[0][1]
        part = data[place : place + int.from_bytes(data[place : place + 2], "big")]
        if mark[0] == _END:
            return mark.start(), not any(missing.values())
        if kind in _FRAMES:
            missing = {colour: set(range(64)) for colour in part[8 : 8 + 3 * part[7] : 3]}
            is_progressive = kind % 4 == 2
        elif kind == _SCAN:
            first, last, bits = part[-3:] if is_progressive else (0, 63, 0)
            if not bits & 15:
                for colour in part[3 : 3 + 2 * part[2] : 2]:
                    missing[colour] -= set(range(first, last + 1))
        place += len(part)  # a part with a length
    return -1, bool(missing) and not any(missing.values())


def is_filled_up(image: Image.Image, file: IO[bytes]) -> bool:
    """Whether pixels are missing that a JPEG's decoder has filled up, without a word.

    A progressive one may be meant to have no more scans than there are: then it is whole, unless the last one is cut.

    Args:
        image: it, which was decoded.
        file: its file.
    """
    corner = image.getpixel((image.width - 1, image.height - 1))
    is_grey = all(value in {127, 128} for value in (corner if isinstance(corner, tuple) else (corner,)))
    if not is_grey and "progressive" not in image.info:
        return False  # it is filled up with this grey, down to its end
    file.seek(0)
    data = file.read()
    end, is_complete = _walk(data)
    return (is_grey or not is_complete) and _reads_on(data[:end], image.size if is_complete else None)


def _reads_on(data: bytes, size: tuple[int, int] | None) -> bool:
    """Whether a JPEG's decoder takes for pixels what is put behind them: then it misses some.

    Args:
        data: without the mark of the end.
        size: the least size that is decoded; None for all there is, for what is finest comes last.
    """
    seen = set()
    for more in (b"", _MORE, _MORE[::-1]):
        with Image.open(io.BytesIO(data + more + _END), formats=("JPEG",)) as one:
            if size is not None:
                one.draft("RGB", size)
            seen.add(hash(one.tobytes()))
    return len(seen) > 1


def with_end(data: bytes) -> IO[bytes] | None:
    """The JPEG with the mark of its end, where that is all that is missing; else None.

    Its decoder reads the very last bytes and wants no more: after half a picture it would read on into what follows.

    Raises:
        OSError, LookupError, ValueError: it is broken.
    """
    data = data.rstrip(b"\xff")  # half of that mark
    if not data.startswith(b"\xff\xd8") or _walk(data) != (-1, True) or _reads_on(data, None):
        return None
    return io.BytesIO(data + _END) if _reads_on(data[:-_LAST].rstrip(b"\xff"), None) else None
