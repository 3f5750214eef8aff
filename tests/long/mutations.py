"""Makes malformed answers and pictures out of good ones; the same number always makes the same one."""

from __future__ import annotations

import io
import random
import zlib
from typing import NamedTuple

from PIL import Image

from tests.support.misbehaving_server import chunked, response

SIZES = ((64, 48), (97, 31))
KINDS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")


def picture(kind: str, seed: int) -> bytes:
    """A picture of noise, the same for the same number; some are progressive, films, or have a transparency."""
    chance = random.Random(f"{kind} {seed}")
    width, height = chance.choice(SIZES)
    mode = "RGBA" if kind in {"PNG", "WEBP"} and seed % 3 == 1 else "RGB"
    image = Image.frombytes(mode, (width, height), chance.randbytes(width * height * len(mode)))
    options: dict[str, object] = {}
    if kind == "JPEG":
        options = {"progressive": seed % 2 == 1, "exif": Image.Exif().tobytes()}
    elif kind in {"GIF", "WEBP", "PNG"} and seed % 4 == 3:
        options = {"save_all": True, "append_images": [image.rotate(180)], "duration": 100}
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


PICTURES = tuple(picture(kind, seed) for kind in KINDS for seed in range(4))


class Malformed(NamedTuple):
    """What was made of something good.

    Attributes:
        data: its bytes.
        what: the mutations, in words.
        cut: whether its end was cut off, and nothing else was done to its contents.
        changed: whether bytes of the picture itself were changed, so that nobody can tell what it was meant to be.
    """

    data: bytes
    what: str
    cut: bool
    changed: bool


def mutate(data: bytes, chance: random.Random, way: str) -> bytes:
    """Change some bytes."""
    made = bytearray(data)
    if not made:
        return chance.randbytes(9)
    at = chance.randrange(len(made))
    size = chance.choice((1, 2, 4, 16, 200))
    if way == "flip":
        for _ in range(chance.choice((1, 2, 8, 40))):
            made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    elif way == "extreme":
        made[at : at + size] = bytes([chance.choice((0, 0xFF, 0x7F, 0x80))]) * len(made[at : at + size])
    elif way == "twice":
        made[at:at] = made[at : at + size]
    elif way == "missing":
        del made[at : at + size]
    elif way == "random":
        made[at:at] = chance.randbytes(size)
    elif way == "swap":
        other = chance.randrange(len(made))
        one, two = made[at : at + size], made[other : other + size]
        if len(one) == len(two):
            made[at : at + size], made[other : other + size] = two, one
    return bytes(made)


WAYS = ("flip", "extreme", "twice", "missing", "random", "swap")


def malformed_picture(seed: int) -> Malformed:
    """A picture with something wrong."""
    chance = random.Random(seed)
    data = chance.choice(PICTURES)
    if chance.random() < 0.3:
        return Malformed(data[: chance.randrange(len(data))], "cut", True, False)
    ways = [chance.choice(WAYS) for _ in range(chance.choice((1, 1, 2, 5)))]
    for way in ways:
        # Most of what can go wrong is in the first bytes: sizes, tables, counts.
        if chance.random() < 0.5:
            data = mutate(data[:80], chance, way) + data[80:]
        else:
            data = mutate(data, chance, way)
    if data[:8] == b"\x89PNG\r\n\x1a\n" and chance.random() < 0.7:
        data = with_checksums(data)
    return Malformed(data, "+".join(ways), False, True)


def with_checksums(data: bytes) -> bytes:
    """A PNG whose checksums are right again: the reader gets further with it."""
    made, at = bytearray(data[:8]), 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if at + 12 + size > len(data):
            break
        body = data[at + 4 : at + 8 + size]
        made += data[at : at + 4] + body + zlib.crc32(body).to_bytes(4, "big")
        at += 12 + size
    return bytes(made) + data[at:]


class Answer(NamedTuple):
    """An answer that is sent, then the connection is ended in some way.

    Attributes:
        data: all bytes.
        end: "close", "reset", "stall" or "keep".
        what: what was done, in words.
        changed: as in Malformed.
    """

    data: bytes
    end: str
    what: str
    changed: bool


HEADS = (
    b"Content-Length: 99999999999999999999999\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 0x10\r\n",
    b"Content-Length: +5\r\n",
    b"Content-Length: 5, 5\r\n",
    b"Content-Length: 3\r\nContent-Length: 4\r\n",
    b"Content-Length:\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"Transfer-Encoding: nonsense\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: br, deflate\r\n",
    b"Content-Range: bytes 5-9/3\r\n",
    b"Content-Range: bytes */0\r\n",
    b"Content-Range: nonsense\r\n",
    b"Content-Disposition: attachment; filename=../../x\r\n",
    b"Content-Disposition: attachment; filename*=UTF-8''%ff%fe%00\r\n",
    b"ETag: \xff\xfe\r\n",
    b"Retry-After: -9\r\n",
    b"Location: http://[\r\n",
    b"Location: \xff\xff\r\n",
    b"Connection: upgrade\r\nUpgrade: h2c\r\n",
    b"Set-Cookie: a=b; expires=never; max-age=x\r\n",
    b" folded: line\r\n",
    b"no colon at all\r\n",
    b": no name\r\n",
    b"\0: \0\r\n",
    b"X: " + b"y" * 70_000 + b"\r\n",
    b"X-Many: y\r\n" * 300,
    b"\r\n",
    b"\n",
    b"\r",
)
STATUS = (
    b"HTTP/1.1 200 OK",
    b"HTTP/1.0 200 OK",
    b"HTTP/0.9 200 OK",
    b"HTTP/2 200",
    b"HTTP/1.1 206 Partial Content",
    b"HTTP/1.1 416 Range Not Satisfiable",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
    b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK",
    b"HTTP/1.1 101 Switching Protocols",
    b"HTTP/1.1 200",
    b"HTTP/1.1 99 Low",
    b"HTTP/1.1 999 High",
    b"HTTP/1.1 2000 Long",
    b"HTTP/1.1 -200 OK",
    b"HTTP/1.1  200  OK",
    b"HTTP/1.1 200 \xff\xfe",
    b"ICY 200 OK",
    b"",
    b"\0\0\0",
    b"GET / HTTP/1.1",
    b"HTTP/1.1 304 Not Modified",
    b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x",
    b"HTTP/1.1 407 Proxy Authentication Required",
    b"HTTP/1.1 500 " + b"x" * 3000,
)
MOVES = (
    "/0",
    "/moved",
    "//",
    "http://127.0.0.1:1/",
    "http://[::1",
    "file:///etc/passwd",
    "?",
    "http://a:b/",
    "\x7f",
)


def malformed_answer(seed: int) -> Answer:
    """An answer with something wrong, most often in its head."""
    chance = random.Random(-seed - 1)
    body = chance.choice(PICTURES)
    what = []
    changed = False
    if chance.random() < 0.1:
        found = malformed_picture(seed)
        body, changed = found.data, not found.cut
        what.append(f"picture: {found.what}")
    form = chance.random()
    if form < 0.06:
        data = response(b"", f"{chance.choice((301, 302, 303, 307, 308))} Moved", Location=chance.choice(MOVES))
        what.append("moved")
    elif form < 0.4:
        data = chunked(body)
    elif form < 0.5:
        data = response(body, length="")
    else:
        data = response(body)
    head, _, rest = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    if chance.random() < 0.3:
        lines[0] = chance.choice(STATUS)
        what.append(f"status {lines[0][:20]!r}")
    for _ in range(chance.choice((0, 0, 1, 1, 2, 4))):
        extra = chance.choice(HEADS)
        lines.insert(chance.randrange(1, len(lines) + 1), extra[:-2] if extra.endswith(b"\r\n") else extra)
        what.append(f"head {extra[:40]!r}")
    head = b"\r\n".join(lines)
    if chance.random() < 0.25:
        way = chance.choice(WAYS)
        head = mutate(head, chance, way)
        what.append(f"head {way}")
    data = head + b"\r\n\r\n" + rest
    if form >= 0.06 and form < 0.4 and chance.random() < 0.3:
        at = len(head) + 4
        way = chance.choice(WAYS)
        data = data[:at] + mutate(data[at:], chance, way)
        changed = True  # a chunk's size or its contents: who knows
        what.append(f"chunks {way}")
    if chance.random() < 0.05:
        data, changed = chance.randbytes(chance.choice((1, 50, 5000))), True
        what.append("random bytes")
    if chance.random() < 0.25:
        data = data[: chance.randrange(len(data) + 1)]
        what.append("cut")
    if chance.random() < 0.05:
        data += response(chance.choice(PICTURES))
        changed = changed or "cut" in what  # its bytes are taken for what is missing
        what.append("a second answer")
    end = chance.choices(("close", "reset", "keep", "stall"), (60, 15, 20, 5))[0]
    return Answer(data, end, ", ".join([*what, end]), changed)
