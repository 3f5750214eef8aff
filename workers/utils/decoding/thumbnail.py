"""Decodes pictures and scales them down with Pillow, in whichever thread asks; Pillow gives up the GIL meanwhile.

Qt is not used, for it holds the GIL while it decodes, and loads half a picture without a word.
"""

from __future__ import annotations

import importlib
import math
import os
import warnings
from array import array
from typing import IO, NamedTuple, cast

from PIL import AvifImagePlugin, Image, WebPImagePlugin

from ..errors import ThawError
from ..file_kinds import START, what_it_is
from ..picture import Picture
from .jpeg import is_filled_up
from .whole_pictures import has_end, with_end, without_notes

BOX = (160, 120)
"""A thumbnail fits into this, in pixels."""

MAX_PIXELS = 80_000_000
"""A larger picture is refused: a file of a few kilobytes can claim gigabytes of pixels."""

GROUND = (228, 228, 228)
"""What transparency is laid on: light, for most ink is dark; and not white, for some is."""

SUFFIXES = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "MPO": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "PNG": (".png", ".apng"),
    "GIF": (".gif",),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "TIFF": (".tif", ".tiff"),
    "AVIF": (".avif", ".avifs"),
    "ICO": (".ico",),
    "CUR": (".cur",),
    "ICNS": (".icns",),
    "JPEG2000": (".jp2", ".j2k", ".jpx", ".jpf", ".jpc", ".j2c"),
    "PSD": (".psd",),
    "PPM": (".ppm", ".pgm", ".pbm", ".pnm"),
    "SGI": (".sgi",),
    "PCX": (".pcx",),
    "TGA": (".tga",),
}
"""The formats that are read, with their names' endings, the usual one first. The last ones are known by little.

Those are left out that Pillow decodes in Python, for minutes and without giving up the GIL."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How to turn a picture upright, by what its EXIF says."""

_READ = {
    "a JPEG picture",
    "a PNG picture",
    "a GIF picture",
    "a BMP picture",
    "a TIFF picture",
    "a JPEG 2000 picture",
    "a Photoshop picture (PSD)",
    "an icon",
    *(["a WebP picture"] if WebPImagePlugin.SUPPORTED else []),
    *(["an AVIF picture"] if AvifImagePlugin.SUPPORTED else []),
}
"""What is called so by `file_kinds` is read, unless something is wrong with it."""

_NOTES = (frozenset({b"tRNS", b"eXIf"}), frozenset[bytes]())
"""What of a PNG's notes is kept where it cannot be read with all of them: those of use, or none."""

_ORIENTATION = 0x0112
_NOT_WHOLE = "The picture is not whole: its end is missing."
_CUT = ("truncated", "not enough", "not large enough")
"""In what Pillow says of a picture whose end is missing."""

# Image.open knows a format once the module of that is imported; else it would import all that there are.
for _one in "Bmp Cur Gif Icns Ico Jpeg Jpeg2K Mpo Pcx Png Ppm Psd Sgi Tga Tiff".split():
    importlib.import_module(f"PIL.{_one}ImagePlugin")
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


def thumbnail(file: IO[bytes], name: str, max_pixels: int = MAX_PIXELS) -> Thumbnail:
    """Decode and scale a picture that was opened for reading.

    Args:
        file: it, opened for reading.
        name: what the gallery writes below it.
        max_pixels: a picture of more pixels is refused before it is decoded.

    Raises:
        NoPicture: it is none, or broken, or too large.
        OSError: it cannot be read.
    """
    if not file.seek(0, os.SEEK_END):
        raise NoPicture("The server sent an empty file.", is_cut=True)
    found = _thumbnail_or_fault(file, name, max_pixels)
    for notes in _NOTES:
        if isinstance(found, Exception) and (plain := without_notes(file, notes)) is not None:
            found = _thumbnail_or_fault(plain, name, max_pixels)
    if isinstance(found, Exception):
        raise _why_not(file, found) from found
    return found


def _thumbnail_or_fault(file: IO[bytes], name: str, max_pixels: int) -> Thumbnail | Exception:
    """The thumbnail, or what Pillow says of broken bytes, over which its readers raise what they like."""
    try:
        return _thumbnail(file, name, max_pixels)
    except NoPicture as problem:
        if not problem.is_cut or (whole := with_end(file)) is None:
            raise
        return _thumbnail(whole, name, max_pixels)
    except MemoryError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        return error


def _thumbnail(file: IO[bytes], name: str, max_pixels: int) -> Thumbnail:
    """Raises whatever Pillow does, and NoPicture where it is content and we are not."""
    size = file.seek(0, os.SEEK_END)
    image = Image.open(file, formats=[kind for kind in SUFFIXES if kind != "MPO"])  # that is opened as a JPEG
    width, height = image.size
    if width * height > max_pixels:
        raise NoPicture(f"The picture is too large: {width:,} x {height:,} pixels.")
    if not has_end(image, file, size):
        raise NoPicture(_NOT_WHOLE, is_cut=True)
    image.draft("RGB", BOX)  # lets a JPEG be decoded at an eighth of its size, and that much faster
    image.load()
    if image.format in {"JPEG", "MPO"} and is_filled_up(image, file):
        raise NoPicture(_NOT_WHOLE, is_cut=True)
    small = _simple(image)
    small.thumbnail(BOX, Image.Resampling.BILINEAR)
    small = _turned(_laid_on_ground(small), image)
    return Thumbnail(Picture(name, *small.size, small.tobytes("raw", "BGRX")), str(image.format))


def _simple(image: Image.Image) -> Image.Image:
    """In a mode that can be scaled down well, with 8 bits for each colour."""
    if image.mode.startswith(("I", "F")):
        return _of_deep_grey(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB") if image.mode in {"1", "P"} else image


def _of_deep_grey(image: Image.Image) -> Image.Image:
    """Grey of more than 8 bits, which Pillow would cut off at 255: 16 bits by their range, more by what is used."""
    clear = image.info.get("transparency")
    deep = image if image.mode == "F" else image.convert("I")
    low, high = cast("tuple[float, float]", deep.getextrema())
    if not (math.isfinite(low) and math.isfinite(high)):  # maps have pixels that are no numbers
        some = [*filter(math.isfinite, array("f", deep.resize(BOX, Image.Resampling.NEAREST).tobytes()))]
        low, high = min(some, default=0.0), max(some, default=0.0)
    if image.mode != "F" and 0 <= low and high <= 0xFFFF:
        low, high = 0, 0xFFFF
    scale = 255 / ((high - low) or 1)
    grey = deep.point(lambda value: value * scale - low * scale).convert("L")
    if isinstance(clear, int) and image.mode == "I;16":
        grey.putalpha(deep.point([0 if value == clear else 255 for value in range(0x10000)], "L"))
    return grey.convert("RGBA") if grey.mode == "LA" else grey


def _laid_on_ground(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image if image.mode == "RGB" else image.convert("RGB")
    ground = Image.new("RGB", image.size, GROUND)
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _turned(small: Image.Image, image: Image.Image) -> Image.Image:
    if "exif" not in image.info:
        return small
    try:
        way = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # it is broken, which is no matter for the pixels
        way = None
    return small if way is None else small.transpose(way)


def _why_not(file: IO[bytes], error: Exception) -> NoPicture:
    file.seek(0)
    start = file.read(START)
    if start.startswith(b"RIFF") and int.from_bytes(start[4:8], "little") + 8 > file.seek(0, os.SEEK_END):
        error = EOFError()
    if isinstance(error, EOFError) or any(sign in str(error).lower() for sign in _CUT):
        return NoPicture(_NOT_WHOLE, is_cut=True)
    what = what_it_is(start)
    if what in _READ:
        return NoPicture(
            f"The server sent {what} that is not whole or broken, or of a kind that Thaw does not show.",
            is_cut=True,
        )
    if what == "a web page":
        return NoPicture("The server sent a web page, not a picture.")
    what = f"{what}, which Thaw does not show" if what else "something that is no picture"
    return NoPicture(f"The server sent {what}.")
