"""Functions as people bring them, for `scripts/bench own`: a line or two of a library, and nothing told of it."""

# mypy: ignore-errors
# Most people annotate nothing.

import bz2
import functools
import hashlib
import json
import lzma
import re
import sqlite3
import urllib.request
import zlib


@functools.cache
def text() -> str:
    return "\n".join(f"{number} the quick brown fox {number * 7919 % 1000} jumps" for number in range(20_000))


@functools.cache
def data() -> bytes:
    return text().encode()


def compress_zlib():
    return len(zlib.compress(data(), 6))


def compress_bz2():
    return len(bz2.compress(data()[:300_000]))


def compress_lzma():
    return len(lzma.compress(data()[:60_000], preset=1))


def derive_key():
    return hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 60_000).hex()


def round_trip(rows=3_000):
    found = [{"id": row, "name": str(row), "tags": ["a", "b"]} for row in range(rows)]
    return len(json.loads(json.dumps(found)))


def count_words():
    return len(re.findall(r"\b(?:fox|jumps)\b|\d+(?=9)", text()[:200_000]))


def query(rows=4_000):
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table t (a integer, b text)")
        connection.executemany("insert into t values (?, ?)", ((row, str(row * 7919)) for row in range(rows)))
        return connection.execute("select count(*) from t x, t y where x.b < y.b and y.a % 40 = 0").fetchone()[
            0
        ]


def shrink(size=1200):
    from PIL import Image

    picture = Image.effect_mandelbrot((size, size), (-2, -1.5, 1, 1.5), 8)
    return picture.resize((size // 4, size // 4), Image.Resampling.LANCZOS).size


def multiply(size=300):
    import numpy

    matrix = numpy.sin(numpy.arange(size * size, dtype=float).reshape(size, size))
    return round(float((matrix @ matrix).sum()), 6)


def fetch(url: str):
    with urllib.request.urlopen(url) as answer:
        return len(answer.read())
