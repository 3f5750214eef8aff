"""Pictures that every viewer shows whole are whole, half ones are not, and what is no picture is called by its name."""

from __future__ import annotations

import io
import math
import random
import struct
import zlib
from functools import cache
from typing import Any

import pytest
from PIL import Image, ImageDraw, features

from workers.utils.decoding.thumbnail import NoPicture, Thumbnail, thumbnail

SIZE = (200, 150)


def plain(mode: str = "RGB") -> Image.Image:
    """Coarse noise, which no decoder makes up when it has nothing left to decode."""
    pixels = random.Random(3).randbytes(50 * 50 * 3)
    return Image.frombytes("RGB", (50, 50), pixels).resize(SIZE).convert(mode)


def turned() -> Image.Image:
    return plain().transpose(Image.Transpose.ROTATE_180)


def encoded(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    (image or plain()).save(file, kind, **options)
    return file.getvalue()


def read(data: bytes) -> Thumbnail:
    return thumbnail(io.BytesIO(data), "a")


def refused(data: bytes) -> str:
    with pytest.raises(NoPicture) as caught:
        read(data)
    return str(caught.value)


def pixel(found: Thumbnail, x: int, y: int) -> tuple[int, int, int]:
    picture = found.picture
    blue, green, red = picture.pixels[(y * picture.width + x) * 4 :][:3]
    return red, green, blue


def photoshop() -> bytes:
    pixels = plain().tobytes()
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, SIZE[1], SIZE[0], 8, 3)
    return head + bytes(14) + b"".join(pixels[channel::3] for channel in range(3))


@cache
def pictures() -> dict[str, bytes]:
    """A picture of each kind; the films have a second one."""
    deep = Image.frombytes("I;16", SIZE, random.Random(1).randbytes(SIZE[0] * SIZE[1] * 2))
    found = {
        "JPEG": encoded("JPEG"),
        "JPEG, progressive": encoded("JPEG", progressive=True),
        "JPEG, grey": encoded("JPEG", plain("L")),
        "JPEG, CMYK": encoded("JPEG", plain("CMYK")),
        "MPO": encoded("MPO", save_all=True, append_images=[turned()]),
        "PNG": encoded("PNG"),
        "PNG, 16 bits": encoded("PNG", deep),
        "PNG, film": encoded("PNG", save_all=True, append_images=[turned()]),
        "GIF": encoded("GIF"),
        "GIF, film": encoded("GIF", save_all=True, append_images=[turned()]),
        "WEBP": encoded("WEBP"),
        "WEBP, lossless": encoded("WEBP", lossless=True),
        "WEBP, film": encoded("WEBP", save_all=True, append_images=[turned()]),
        "BMP": encoded("BMP"),
        "TIFF": encoded("TIFF"),
        "TIFF, packed": encoded("TIFF", compression="tiff_lzw"),
        "TIFF, pages": encoded("TIFF", save_all=True, append_images=[turned()]),
        "ICO": encoded("ICO", plain("RGBA").resize((128, 128))),
        "PPM": encoded("PPM"),
        "TGA": encoded("TGA", compression="tga_rle"),
        "PSD": photoshop(),
    }
    if features.check("avif"):
        found |= {
            "AVIF": encoded("AVIF"),
            "AVIF, film": encoded("AVIF", save_all=True, append_images=[turned()]),
        }
    if features.check("jpg_2000"):
        found |= {"JPEG2000": encoded("JPEG2000"), "JPEG2000, bare": encoded("JPEG2000", no_jp2=True)}
    return found


KINDS = sorted(pictures())
CUTS = (40, 100, 1 / 20, 1 / 4, 1 / 2, 3 / 4)
"""What is cut off: bytes, or a part of the whole."""


def cut(data: bytes, much: float) -> bytes:
    return data[: -int(much if much >= 1 else len(data) * much)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_each_kind_is_read(kind: str) -> None:
    found = read(pictures()[kind])
    assert found.format == kind.partition(",")[0]
    assert found.picture.width in {120, 160}
    assert len(found.picture.pixels) == found.picture.width * found.picture.height * 4


FOLLOWED_BY = {
    "one byte": b"\0",
    "an end of a line": b"\r\n",
    "padding": bytes(4096),
    "a film": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + random.Random(1).randbytes(9000),
    "a web page": b"\n<!-- served in 3 ms -->\n" * 80,
    "noise": random.Random(2).randbytes(54),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_behind_the_end_is_no_matter(kind: str) -> None:
    data = pictures()[kind]
    whole = read(data)
    # A JPEG 2000 file is a row of parts with sizes: another file behind it reads as more of them.
    others = [more for name, more in FOLLOWED_BY.items() if (kind, name) != ("JPEG2000", "a film")]
    for more in others:
        assert read(data + more) == whole


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_picture_is_refused(kind: str) -> None:
    data = pictures()[kind]
    for much in CUTS:
        with pytest.raises(NoPicture, match="not whole") as caught:
            read(cut(data, much))
        assert caught.value.is_cut


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith(("JPEG", "PNG", "GIF"))])
@pytest.mark.parametrize("name", FOLLOWED_BY)
def test_half_a_picture_is_refused_whatever_follows(kind: str, name: str) -> None:
    data = pictures()[kind]
    for much in CUTS[2:]:
        assert "not whole" in refused(cut(data, much) + FOLLOWED_BY[name])


@pytest.mark.parametrize("kind", ["JPEG", "JPEG, grey", "JPEG, CMYK"])
def test_half_a_jpeg_to_which_somebody_has_put_an_end_is_refused(kind: str) -> None:
    for much in CUTS[2:]:
        assert "not whole" in refused(cut(pictures()[kind], much) + b"\xff\xd9")


JPEGS = [kind for kind in KINDS if kind.startswith("JPEG") and "2000" not in kind]


@pytest.mark.parametrize("kind", JPEGS)
@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_that_lacks_the_mark_of_its_end_alone_is_whole(kind: str, missing: int) -> None:
    data = pictures()[kind]
    assert read(data[:-missing]) == read(data)
    for more in (3, 6, 12):
        assert "not whole" in refused(data[: -2 - more])


@pytest.mark.parametrize("kind", ["PNG", "PNG, 16 bits"])
@pytest.mark.parametrize("missing", [4, 8, 12])
def test_a_png_that_lacks_its_last_chunk_alone_is_whole(kind: str, missing: int) -> None:
    data = pictures()[kind]
    assert read(data[:-missing]) == read(data)
    for more in (5, 8, 40):  # of the check sum of its pixels
        assert "not whole" in refused(data[: -12 - more])


def test_a_film_that_lacks_its_last_chunk_may_lack_more() -> None:
    assert "not whole" in refused(pictures()["PNG, film"][:-12])


def scans(data: bytes) -> list[int]:
    """Where each scan of a JPEG begins."""
    return [place for place in range(len(data)) if data.startswith(b"\xff\xda", place)]


def test_half_a_progressive_jpeg_to_which_somebody_has_put_an_end_is_refused() -> None:
    data = pictures()["JPEG, progressive"]
    for much in (1 / 2, 3 / 4):
        assert "not whole" in refused(cut(data, much) + b"\xff\xd9")


def test_a_progressive_jpeg_may_be_meant_to_have_fewer_scans() -> None:
    """Encoders leave the finest ones out to save bytes, and every viewer shows it: only within a scan is a cut one."""
    data = pictures()["JPEG, progressive"]
    for begin in scans(data)[3:]:
        read(data[: data.rindex(b"\xff\xc4", 0, begin)] + b"\xff\xd9")
        assert "not whole" in refused(data[: begin - 60] + b"\xff\xd9")


def test_a_jpeg_that_is_as_grey_as_what_decoders_fill_up_with_is_whole() -> None:
    grey = Image.new("RGB", SIZE, (128, 128, 128))
    read(encoded("JPEG", grey))
    read(encoded("JPEG", grey) + bytes(9000))


@pytest.mark.parametrize("kind", ["GIF", "GIF, film"])
@pytest.mark.parametrize("more", [b"", bytes(3000), b"\x01\x02\x03"])
def test_a_gif_without_its_last_mark_is_whole(kind: str, more: bytes) -> None:
    data = pictures()[kind]
    assert data.endswith(b"\0;")
    assert read(data[:-1] + more) == read(data)


def test_a_second_picture_that_a_program_took_out_is_not_missed() -> None:
    data = pictures()["MPO"]
    first = data[: data.index(b"\xff\xd8\xff", 900)]
    assert read(first).picture == read(data).picture


# ---------------------------------------------------------------- notes


def chunk(kind: bytes, body: bytes, wrong: int = 0) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + (zlib.crc32(kind + body) ^ wrong).to_bytes(4, "big")


LONG = zlib.compress(bytes(3_000_000))
NOTES = {
    "a packed text of 3 MB": chunk(b"zTXt", b"a\0\0" + LONG),
    "a text in Unicode of 3 MB": chunk(b"iTXt", b"a\0\1\0\0\0" + LONG),
    "a text of 3 MB": chunk(b"tEXt", b"a\0" + b"b" * 3_000_000),
    "a profile of 3 MB": chunk(b"iCCP", b"a\0\0" + LONG),
    "an unknown packing": chunk(b"zTXt", b"a\0\x07abc"),
    **{
        f"a wrong check sum of {kind.decode()}": chunk(kind, b"a\0bcdefgh", 1)
        for kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP", b"gAMA", b"pHYs", b"tIME", b"acTL", b"prVt")
    },
    **{
        f"too short {kind.decode()}": chunk(kind, b"a")
        for kind in (b"cHRM", b"gAMA", b"pHYs", b"sRGB", b"eXIf", b"tRNS")
    },
}


@pytest.mark.parametrize("name", NOTES)
def test_damaged_and_long_notes_of_a_png_are_passed_over(name: str) -> None:
    data, note = pictures()["PNG"], NOTES[name]
    whole = read(data)
    for place in (33, len(data) - 12):
        made = data[:place] + note + data[place:]
        assert read(made) == whole
        assert "not whole" in refused(cut(made, 1 / 4))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_broken_exif_does_not_hide_the_picture_nor_how_it_is_turned(kind: str) -> None:
    turned = struct.pack("<HHII", 0x112, 3, 1, 6)
    no_number = struct.pack("<HHII", 0x9201, 10, 1, 38)  # its denominator is 0
    exif = b"II*\0\x08\0\0\0" + b"\2\0" + turned + no_number + bytes(4) + struct.pack("<ii", -1, 0)
    found = read(encoded(kind, exif=b"Exif\0\0" + exif))
    assert found.picture.height > found.picture.width
    found = read(encoded(kind, exif=b"Exif\0\0nonsense" + bytes(range(99))))
    assert found.picture.width > found.picture.height


# ---------------------------------------------------------------- how it looks


@pytest.mark.parametrize(
    ("mode", "kind"), [("I;16", "PNG"), ("I;16", "TIFF"), ("I;16B", "TIFF"), ("I", "TIFF")]
)
def test_16_bits_are_scaled(mode: str, kind: str) -> None:
    row = struct.pack(
        f"{'>' if mode == 'I;16B' else '<'}{SIZE[0]}{'i' if mode == 'I' else 'H'}", *range(0, 60_000, 300)
    )
    found = read(encoded(kind, Image.frombytes(mode, SIZE, row * SIZE[1])))
    greys = [pixel(found, x, 60)[0] for x in (0, 40, 80, 120, 159)]
    assert greys == sorted(greys)
    assert greys[0] < 10
    assert 100 < greys[2] < 135
    assert 220 < greys[4] < 240


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_a_map_with_pixels_that_are_no_numbers_is_scaled_by_the_others(odd: float) -> None:
    image = Image.new("F", (40, 20), 1.0)
    image.paste(3.0, (20, 0, 40, 20))
    image.putpixel((0, 0), odd)
    made = io.BytesIO()
    image.save(made, "TIFF")
    pixels = read(made.getvalue()).picture.pixels
    assert (pixels[4 * 10], pixels[4 * 30]) == (0, 255)


def test_grey_of_32_bits_is_scaled() -> None:
    row = struct.pack(f"<{SIZE[0]}f", *(number / 1000 for number in range(SIZE[0])))
    found = read(encoded("TIFF", Image.frombytes("F", SIZE, row * SIZE[1])))
    assert pixel(found, 0, 60)[0] < 10
    assert 115 < pixel(found, 80, 60)[0] < 140
    assert pixel(found, 159, 60)[0] > 245


def drawn(mode: str, ground: Any, ink: Any) -> Image.Image:
    image = Image.new(mode, SIZE, ground)
    ImageDraw.Draw(image).rectangle((60, 50, 140, 100), fill=ink)
    return image


CLEAR: dict[str, tuple[Image.Image, dict[str, Any]]] = {
    "RGBA": (drawn("RGBA", (0, 0, 0, 0), (0, 0, 0, 255)), {}),
    "LA": (drawn("LA", (0, 0), (0, 255)), {}),
    "palette": (drawn("RGBA", (0, 0, 0, 0), (0, 0, 0, 255)).quantize(), {}),
    "one colour": (drawn("RGB", (0, 0, 1), (0, 0, 0)), {"transparency": (0, 0, 1)}),
    "one grey": (drawn("L", 1, 0), {"transparency": 1}),
    "one grey of 16 bits": (drawn("I;16", 1, 0), {"transparency": 1}),
}


@pytest.mark.parametrize("name", CLEAR)
def test_black_ink_on_a_transparent_ground_can_be_seen(name: str) -> None:
    image, options = CLEAR[name]
    for kind in ("PNG", *(("GIF", "WEBP", "TIFF", "ICO") if name == "RGBA" else ())):
        found = read(encoded(kind, image, **options))
        middle = found.picture.width // 2, found.picture.height // 2
        assert min(pixel(found, 0, 0)) > 200
        assert max(pixel(found, *middle)) < 20


def test_white_ink_on_a_transparent_ground_can_be_seen() -> None:
    found = read(encoded("PNG", drawn("RGBA", (0, 0, 0, 0), (255, 255, 255, 255))))
    assert pixel(found, 80, 60)[0] - pixel(found, 0, 0)[0] > 20


# ---------------------------------------------------------------- what is no picture for us

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
PAGE = b"<!DOCTYPE html><html><p>Please log in</p></html>"
COMMENT = b"<!-- made by hand -->\n"
BOM = b"\xef\xbb\xbf"
OTHERS: dict[str, tuple[bytes, str]] = {
    "SVG": (SVG, "an SVG drawing, which Thaw does not show"),
    "SVG after a BOM": (BOM + SVG, "an SVG drawing"),
    "SVG after a comment": (COMMENT * 90 + SVG, "an SVG drawing"),
    "SVG after all of it": (
        BOM + b"\n<?xml version='1.0'?>" + COMMENT + b"<!DOCTYPE svg>" + SVG,
        "an SVG drawing",
    ),
    "SVG with a prefix": (b"<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
    "SVG in UTF-16": (SVG.decode().encode("utf-16"), "an SVG drawing"),
    "a page": (PAGE, "a web page, not a picture"),
    "a page after a BOM": (BOM + b" \r\n" + PAGE, "a web page"),
    "a page after a comment": (COMMENT + PAGE, "a web page"),
    "a page without a head": (b"<body class=a>No", "a web page"),
    "XML": (b"<?xml version='1.0'?><rss/>", "an XML document"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "a HEIC picture"),
    "HEIF": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(99), "a HEIC picture"),
    "AVIF": (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf" + bytes(99), "an AVIF picture"),
    "JPEG XL": (b"\xff\x0a" + bytes(99), "a JPEG XL picture"),
    "JPEG XL, packed": (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(99), "a JPEG XL picture"),
    "JPEG 2000": (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(99), "a JPEG 2000 picture"),
    "Photoshop": (b"8BPS\0\1" + bytes(99), "a Photoshop picture"),
    "a film": (b"\0\0\0\x18ftypmp42\0\0\0\0" + bytes(99), "a video"),
    "an old film": (b"\0\0\x10\0mdat" + bytes(99), "a video"),
    "a raw photo": (b"FUJIFILMCCD-RAW 0201" + bytes(99), "a raw photo (RAF)"),
    "a raw photo that looks like a TIFF": (b"II*\0\x10\0\0\0CR\2\0" + bytes(99), "a raw photo (CR2)"),
    "a song without notes": (b"\xff\xfb\x90\x64" + bytes(99), "a sound (MP3)"),
    "a font": (b"wOF2" + bytes(99), "a font"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"),
    "a part of a page": (b"<h3>Not found</h3>", "a web page"),
    "PDF": (b"%PDF-1.7\n", "a PDF document"),
    "ZIP": (b"PK\3\4" + bytes(99), "a ZIP archive"),
    "QOI": (b"qoif" + bytes(99), "a QOI picture"),
    "gzip": (b"\x1f\x8b\x08" + bytes(99), "a file packed by gzip"),
    "words": (b"no picture", "something that is no picture"),
    "nothing at all": (bytes(99), "something that is no picture"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_thaw_does_not_show_is_called_by_its_name(name: str) -> None:
    data, words = OTHERS[name]
    said = refused(data)
    assert words in said
    assert said.endswith(".")
    assert ("no picture" in said) == ("no picture" in words)


def test_a_file_that_cannot_be_read_is_not_said_to_be_no_picture() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        thumbnail(Broken(pictures()["PNG"]), "a")


def test_no_memory_for_a_png_with_damaged_notes_is_not_said_to_be_no_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def too_large(image: Image.Image) -> Image.Image:
        raise MemoryError

    monkeypatch.setattr("workers.utils.decoding.thumbnail._simple", too_large)
    data = pictures()["PNG"]
    with pytest.raises(MemoryError):
        read(data[:33] + chunk(b"gAMA", b"a") + data[33:])
