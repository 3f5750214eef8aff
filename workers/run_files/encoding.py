"""What a run's file holds, as bytes, some at a time."""

from __future__ import annotations

import json
import math
import sys
from array import array
from itertools import islice
from typing import TYPE_CHECKING, Any

from .members import LINES_A_STEP, VALUES_A_STEP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BYTES_A_STEP = 64_000


def strings(texts: Iterable[str]) -> Iterator[bytes]:
    """Texts as JSON, one a line; newlines in a text are escaped, and so are halves of characters."""
    rest = iter(texts)
    while lines := list(islice(rest, LINES_A_STEP)):
        yield json.dumps(lines, separators=("\n", ":"))[1:-1].encode() + b"\n"


def objects(items: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Objects as JSON, one a line."""
    lines, size = [], 0
    for item in items:
        lines.append(json.dumps(item).encode())
        size += len(lines[-1])
        if size > BYTES_A_STEP:
            yield b"\n".join(lines) + b"\n"
            lines, size = [], 0
    if lines:
        yield b"\n".join(lines) + b"\n"


def times(moments: Sequence[float], start: float, zero_is_none: bool = False) -> Iterator[bytes]:
    """Moments as seconds since `start`; where 0.0 stands for none there is a NaN in the file."""
    for low in range(0, len(moments), VALUES_A_STEP):
        part = moments[low : low + VALUES_A_STEP]
        since = (math.nan if zero_is_none and not moment else moment - start for moment in part)
        yield _little(array("d", since))


def values(column: bytes | array[Any]) -> Iterator[bytes]:
    """A column, the lowest byte of each value first."""
    for low in range(0, len(column), 8 * VALUES_A_STEP):
        part = column[low : low + 8 * VALUES_A_STEP]
        yield part if isinstance(part, bytes) else _little(part)


def _little(values: array[Any]) -> bytes:
    """The bytes of a copy that may be changed, the lowest first on every machine."""
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()
