"""A picture as plain data, as it travels in a task's result from any thread or process to the gallery."""

from __future__ import annotations

from typing import NamedTuple


class Picture(NamedTuple):
    """Pixels, row by row from the top, 4 bytes each in the order blue, green, red, unused (Qt's Format_RGB32).

    A tile of a larger picture says where it lies; `whole_width` is 0 for a picture of its own.

    Attributes:
        name: what the gallery writes below it.
        width: pixels in a row.
        height: number of rows.
        pixels: width * height * 4 bytes.
        x: the tile's left edge in the whole, in pixels.
        y: the tile's top edge in the whole, in pixels.
        whole_width: width of the whole, in pixels.
        whole_height: height of the whole, in pixels.
        path: the file that it is a thumbnail of; empty where there is none.
    """

    name: str
    width: int
    height: int
    pixels: bytes
    x: int = 0
    y: int = 0
    whole_width: int = 0
    whole_height: int = 0
    path: str = ""
