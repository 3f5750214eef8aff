"""Decodes pictures and scales them down with Pillow, in whichever thread asks; Pillow gives up the GIL meanwhile.

Qt is not used, for it holds the GIL while it decodes, and loads half a picture without a word.
"""

from __future__ import annotations

import os
import warnings
from typing import IO, NamedTuple

from PIL import Image, ImageOps
from PIL import WebPImagePlugin as _webp  # noqa: F401 - Image.open knows WebP only once this is imported

from .errors import ThawError
from .picture import Picture

BOX = (160, 120)
"""A thumbnail fits into this, in pixels."""

MAX_PIXELS = 80_000_000
"""A larger picture is refused: a file of a few kilobytes can claim gigabytes of pixels."""

SUFFIXES = {
    "JPEG": (".jpg", ".jpeg"),
    "PNG": (".png",),
    "GIF": (".gif",),
    "WEBP": (".webp",),
    "BMP": (".bmp",),
}
"""The formats that are read, with their names' endings, the usual one first."""

ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82", "GIF": b";"}
"""How a whole file ends. Decoders are content without it, and with the first of a film's frames."""

# Pillow only warns of most bombs, once and on the terminal. The limit above is lower than its own, and refuses each.
Image.MAX_IMAGE_PIXELS = None
# It also writes to the terminal what is odd in a picture's notes, which is no use to anybody there.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")


class NoPicture(ThawError):
    """The bytes are no whole picture that can be shown; the message is a sentence for people.

    Attributes:
        is_cut: they may be the beginning of one.
    """

    def __init__(self, words: str, *, is_cut: bool = False) -> None:
        super().__init__(words)
        self.is_cut = is_cut


class Thumbnail(NamedTuple):
    """A small picture, and the format that the large one has."""

    picture: Picture
    format: str


def thumbnail(file: IO[bytes], name: str, most_pixels: int = MAX_PIXELS) -> Thumbnail:
    """Decode and scale a picture that was opened for reading.

    Args:
        file: it, opened for reading.
        name: what the gallery writes below it.
        most_pixels: a picture of more pixels is refused before it is decoded.

    Raises:
        NoPicture: it is none, or broken, or too large.
    """
    size = file.seek(0, os.SEEK_END)
    if not size:
        raise NoPicture("The server sent an empty file.", is_cut=True)
    file.seek(max(0, size - 1024))
    tail = file.read()
    try:
        image = Image.open(file, formats=tuple(SUFFIXES))
    except Exception as error:  # over broken bytes Pillow's readers raise what they like
        raise NoPicture(_what_it_is(file)) from error
    width, height = image.size
    kind = str(image.format)
    if width * height > most_pixels:
        raise NoPicture(f"The picture is too large: {width:,} x {height:,} pixels.")
    end = ENDS.get(kind, b"")
    if not (tail.rstrip(b"\0").endswith(end) if kind == "GIF" else end in tail):
        raise NoPicture("The picture is not whole: its end is missing.", is_cut=True)
    try:
        image.draft("RGB", BOX)  # lets a JPEG be decoded at an eighth of its size, and that much faster
        image.thumbnail(BOX, Image.Resampling.BILINEAR)
        if "exif" in image.info:
            ImageOps.exif_transpose(image, in_place=True)
        small = image if image.mode == "RGB" else image.convert("RGB")
        pixels = small.tobytes("raw", "BGRX")
    except Exception as error:
        raise NoPicture("The picture is broken and cannot be decoded.") from error
    return Thumbnail(Picture(name, *small.size, pixels), kind)


def _what_it_is(file: IO[bytes]) -> str:
    file.seek(0)
    start = file.read(512).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "The server sent a web page, not a picture."
    if start.startswith((b"<svg", b"<?xml")):
        return "The server sent an SVG drawing or other XML, which cannot be shown here."
    return "The server sent something that is no picture."
