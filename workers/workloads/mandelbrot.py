"""A spiral in the Mandelbrot set, tile by tile, in pure Python: the picture grows while the work holds the GIL.

Each task is one tile of one picture. The tiles by the spiral's arms take longer than those between them, so that the
workers end at different times: work is seldom shared out evenly.
"""

from __future__ import annotations

from functools import lru_cache
from math import log, log2
from typing import TYPE_CHECKING, NamedTuple

from ..utils.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Generator

TITLE = "Mandelbrot set (pure Python)"
ORDER = 20
UNIT = "pixels"
TASKS = 24
GIL = "holds"
PICTURES = True
LABELS = {"detail": "Rounds per point"}

WIDTH, HEIGHT = 1080, 720
CENTRE_X, CENTRE_Y = -0.77568377, 0.13646737
SPAN = 0.0009
"""How much of the plane the picture's width shows."""

FAR = 256.0
"""The squared distance from which a point has left. More than the usual 4, for that makes the colours smooth."""

STOPS = ((0.0, "0b1038"), (0.2, "1f5fbf"), (0.42, "e8f7ff"), (0.62, "ffb347"), (0.8, "8c2f39"), (1.0, "0b1038"))
"""The colours as they follow each other; the last is the first again."""

SHADES = 1024

ROUNDS_A_STEP = 11_000
"""Rounds of the inner loop between two yields: about a millisecond."""

SECONDS_IN_ALL = 4.0
"""The whole picture with Python 3.11 on two cores of a server; few of its points need more rounds than the default."""


class Tile(NamedTuple):
    """A part of the picture, in pixels."""

    x: int
    y: int
    width: int
    height: int


def tile_of(index: int, tasks: int) -> Tile:
    """Where tile `index` of `tasks` lies. Together they cover the picture just once; of very many, some are empty."""
    rows = min(tasks, max(1, round((tasks * HEIGHT / WIDTH) ** 0.5)))
    row = ((index + 1) * rows - 1) // tasks
    first, end = row * tasks // rows, (row + 1) * tasks // rows
    column, columns = index - first, end - first
    left, right = column * WIDTH // columns, (column + 1) * WIDTH // columns
    top, bottom = row * HEIGHT // rows, (row + 1) * HEIGHT // rows
    return Tile(left, top, right - left, bottom - top)


@lru_cache(maxsize=1)
def palette() -> tuple[bytes, ...]:
    """SHADES colours as 4 bytes each: blue, green, red, unused."""
    found = []
    for shade in range(SHADES):
        at = shade / SHADES
        right = next(index for index, (stop, _) in enumerate(STOPS) if at < stop)
        (low, first), (high, second) = STOPS[right - 1], STOPS[right]
        part = (at - low) / (high - low)
        start, end = bytes.fromhex(first), bytes.fromhex(second)
        mixed = [round(start[channel] + (end[channel] - start[channel]) * part) for channel in range(3)]
        found.append(bytes((mixed[2], mixed[1], mixed[0], 255)))
    return tuple(found)


def mandelbrot(index: int, tasks: int, *, detail: int = 500) -> Generator[int, None, Picture | None]:
    """Compute one tile; the result is its picture.

    Args:
        index: which tile.
        tasks: how many tiles make the whole picture.
        detail: how many rounds a point is followed before it counts as inside (10 to 100,000)

    Yields:
        How many pixels were finished since the last yield.
    """
    if detail < 1:
        raise ValueError(f"Each point must be followed for at least 1 round, not {detail:,}.")
    tile = tile_of(index, tasks)
    colours = palette()
    pixels = bytearray()
    told, rounds = 0, 0
    scale = SPAN / WIDTH
    for row in range(tile.y, tile.y + tile.height):
        b = CENTRE_Y - (row + 0.5 - HEIGHT / 2) * scale
        for column in range(tile.x, tile.x + tile.width):
            a = CENTRE_X + (column + 0.5 - WIDTH / 2) * scale
            x = y = xx = yy = 0.0
            for turn in range(detail):
                y = 2 * x * y + b
                x = xx - yy + a
                xx = x * x
                yy = y * y
                if xx + yy > FAR:
                    # How far beyond FAR the point jumped says how much of the last round it needed.
                    smooth = turn + 2 - log2(0.5 * log(xx + yy))
                    pixels += colours[int((0.9 * log2(max(1.0, smooth)) + 0.1) * SHADES) % SHADES]
                    break
            else:
                turn = detail
                pixels += b"\0\0\0\xff"
            rounds += turn + 3  # a pixel costs as much as some rounds by itself
            if rounds >= ROUNDS_A_STEP:
                done = len(pixels) // 4
                yield done - told
                told, rounds = done, 0
    yield len(pixels) // 4 - told
    if not pixels:
        return None
    return Picture("Mandelbrot set", tile.width, tile.height, bytes(pixels), tile.x, tile.y, WIDTH, HEIGHT)


def seconds(tasks: int = TASKS) -> float:
    """About how long one task takes on the GUI thread, in seconds."""
    return SECONDS_IN_ALL / tasks
