"""Makes pictures of just the size that a benchmark wants: real JPEG files that look like photographs to a decoder.

Soft colours, with noise on them until the file has the wanted size: so there is as much to decode as in a photograph
of so many bytes. What is still missing fills a comment, which also makes each file another one.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from tests.benchmarks.sizes import DIFFERENT_PHOTOS

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 1024, 683
QUALITY = 85
SLACK = 4_000
"""Bytes that a comment may fill at the most."""


def make(folder: Path, count: int, size: int) -> None:
    """Write `count` JPEG files of `size` bytes each, as 0000.jpg, 0001.jpg, ..."""
    made = [encode(number, size - 4 - 16) for number in range(min(count, DIFFERENT_PHOTOS))]
    for number in range(count):
        content = made[number % len(made)]
        (folder / f"{number:04}.jpg").write_bytes(with_comment(content, size, number))


def encode(seed: int, most: int) -> bytes:
    """A picture of `most` bytes or a little less."""
    soft = Image.merge("RGB", [_slope(seed, channel) for channel in range(3)])
    low, high = 0.0, 128.0
    found = b""
    while not most - SLACK <= len(found) <= most:
        noise = (low + high) / 2
        grain = Image.effect_noise((WIDTH, HEIGHT), noise)
        content = io.BytesIO()
        ImageChops.add(soft, Image.merge("RGB", [grain] * 3), 1, -128).save(content, "JPEG", quality=QUALITY)
        found = content.getvalue()
        if len(found) > most:
            high = noise
        else:
            low = noise
    return found


def _slope(seed: int, channel: int) -> Image.Image:
    """Grey that changes softly over the whole picture, another way for each seed and channel."""
    slope = Image.linear_gradient("L").rotate(37 * (3 * seed + channel), resample=Image.Resampling.BILINEAR)
    return slope.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def with_comment(content: bytes, size: int, number: int) -> bytes:
    """The same JPEG file with a comment that fills it up to `size` bytes."""
    room = size - len(content) - 4
    text = f"picture {number}".encode().ljust(room)
    return content[:2] + b"\xff\xfe" + (room + 2).to_bytes(2, "big") + text + content[2:]
