"""Says what a file is by how it begins: "a PDF document", or in which encoding. Reads nothing. Runs on Python 3.9."""

from __future__ import annotations

import codecs
import re

START = 65_536
"""So many bytes of a file are enough: a drawing may begin with a long comment."""

CONTROLS_PART = 0.02
"""A file with a larger part of control characters is no text."""

_NO_TEXT = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")

# Where such a file has these bytes, and what people call it. A longer mark stands before one that it begins with.
_MARKS = (
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (0, b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (8, b"CR\2", "a raw photo (CR2)"),
    (0, b"IIRO", "a raw photo (ORF)"),
    (0, b"IIRS", "a raw photo (ORF)"),
    (0, b"MMOR", "a raw photo (ORF)"),
    (0, b"IIU\0", "a raw photo (RW2)"),
    (0, b"FUJIFILMCCD-RAW", "a raw photo (RAF)"),
    (0, b"\0MRM", "a raw photo (MRW)"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (0, b"II+\0", "a TIFF picture"),
    (0, b"MM\0+", "a TIFF picture"),
    (0, b"II\xbc\x01", "a JPEG XR picture"),
    (0, b"8BPS", "a Photoshop picture (PSD)"),
    (0, b"gimp xcf", "a GIMP picture (XCF)"),
    (0, b"icns", "an icon"),
    (0, b"\0\0\1\0", "an icon"),
    (0, b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (0, b"#?RADIANCE", "an HDR picture"),
    (0, b"qoif", "a QOI picture"),
    (0, b"DDS ", "a DDS picture"),
    (0, b"BPG\xfb", "a BPG picture"),
    (0, b"FLIF", "a FLIF picture"),
    (0, b"\x59\xa6\x6a\x95", "a Sun raster picture"),
    (0, b"\xabKTX ", "a KTX picture"),
    (0, b"/* XPM */", "an XPM picture"),
    (0, b"farbfeld", "a farbfeld picture"),
    (0, b"AT&TFORM", "a DjVu document"),
    (128, b"DICM", "a DICOM picture"),
    (0, b"SIMPLE  =", "a FITS picture"),
    (0, b"\xc5\xd0\xd3\xc6", "a PostScript drawing"),
    (0, b"%!PS", "a PostScript drawing"),
    (0, b"\xd7\xcd\xc6\x9a", "a WMF drawing"),
    (40, b" EMF", "an EMF drawing"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (0, b"PK\3\4", "a ZIP archive"),
    (0, b"PK\5\6", "a ZIP archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x1f\x8b", "a file packed by gzip"),
    (0, b"BZh", "a file packed by bzip2"),
    (0, b"\xfd7zXZ\0", "a file packed by xz"),
    (0, b"\x28\xb5\x2f\xfd", "a file packed by zstd"),
    (8, b"AVI LIST", "a video"),
    (8, b"WAVE", "a sound"),
    (0, b"\x1a\x45\xdf\xa3", "a video"),
    (0, b"\0\0\1\xba", "a video"),
    (0, b"\0\0\1\xb3", "a video"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a video"),
    (4, b"moov", "a video"),
    (4, b"mdat", "a video"),
    (0, b"FLV\1", "a video"),
    (0, b"#EXTM3U", "a playlist"),
    (0, b"MThd", "a sound (MIDI)"),
    (0, b"\xff\xfb", "a sound (MP3)"),
    (0, b"\xff\xf3", "a sound (MP3)"),
    (0, b"\xff\xf2", "a sound (MP3)"),
    (0, b"\xff\xf1", "a sound (AAC)"),
    (0, b"OggS", "a sound or a video (Ogg)"),
    (0, b"ID3", "a sound (MP3)"),
    (0, b"fLaC", "a sound (FLAC)"),
    (0, b"SQLite format 3\0", "a database"),
    (0, b"wOFF", "a font"),
    (0, b"wOF2", "a font"),
    (0, b"OTTO\0", "a font"),
    (0, b"\0\1\0\0\0", "a font"),
    (0, b"\0asm", "a program"),
    (0, b"version https://git-lfs.github.com/", "a pointer of Git LFS"),
    (0, b"data:image/", "the text of a data: address"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
)

# What stands after "ftyp": one family of files, from pictures to films.
_BRANDS = (
    (("avif", "avis"), "an AVIF picture"),
    (("hei", "hev", "mif1", "msf1"), "a HEIC picture"),
    (("jxl ",), "a JPEG XL picture"),
    (("jp2", "jpx"), "a JPEG 2000 picture"),
    (("crx ",), "a raw photo (CR3)"),
    (("M4A", "M4B"), "a sound (M4A)"),
)

_MARKED = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_BEFORE_THE_FIRST_TAG = re.compile(r"(?:\s|\ufeff|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_FIRST_TAG = re.compile(r"<(?:!doctype\s+)?(?:[\w.-]+:)?([a-z][\w.-]*)", re.IGNORECASE)
_OF_PAGES = frozenset(
    "html head body title meta link script style base noscript div p a h1 h2 h3 h4 b i hr pre ul ol form font span img "
    "table center br iframe main nav header section".split()
)


def what_it_is(start: bytes) -> str:
    """What people call a file that begins so, with its article; empty where that is not known."""
    if start[4:8] == b"ftyp":
        brands = start[8:12].decode("latin-1"), *re.findall("....", start[16:64].decode("latin-1"), re.DOTALL)
        for known, what in _BRANDS:
            # What is called 'mif1' first says only later which picture it is.
            if brands[0].startswith(known) and not (known[0] == "hei" and "avif" in brands):
                return what
        return "an AVIF picture" if "avif" in brands else "a video"
    for place, mark, what in _MARKS:
        if start.startswith(mark, place):
            return what
    if start.startswith(b"BM") and start[6:10] == b"\0\0\0\0":
        return "a BMP picture"
    return _what_markup(start)


def marked_encoding(start: bytes) -> str:
    """Which of UTF-16 and UTF-32 the byte order mark of a text says; empty where it has none of theirs."""
    return next((encoding for mark, encoding in _MARKED if start.startswith(mark)), "")


def text_of(data: bytes) -> str | None:
    """A text by its mark of UTF-16 or UTF-32, in UTF-8, or else in Latin-1; None where it is none."""
    if encoding := marked_encoding(data):
        return data.decode(encoding, "replace")
    if b"\0" in data or len(data.translate(None, _NO_TEXT)) < len(data) * (1 - CONTROLS_PART):
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _what_markup(start: bytes) -> str:
    by_tag = next((coding for tag, coding in _UNMARKED if start.startswith(tag)), "utf-8")
    coding = marked_encoding(start) or by_tag
    text = start.decode(coding, "replace")
    before = _BEFORE_THE_FIRST_TAG.match(text)
    assert before is not None  # it matches nothing, too
    tag = _FIRST_TAG.match(text, before.end())
    name = tag[1].lower() if tag is not None else ""
    if name == "svg":
        return "an SVG drawing"
    if name in _OF_PAGES:
        return "a web page"
    return "an XML document" if "<?xml" in text[: before.end()] else ""
