"""SHA-256 over large buffers: C code that releases the GIL, so that threads really use all the cores.

`hashlib` gives up the GIL for every buffer of more than 2,047 bytes. What looks like the same kind of work as counting
primes is therefore faster with each thread, as long as there are cores for them.
"""

from __future__ import annotations

import hashlib
import random
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

TITLE = "SHA-256 (releases the GIL)"
ORDER = 30
UNIT = "bytes"
TASKS = 24
GIL = "releases"
BENCHMARKED = 2
LABELS = {"megabytes": "Megabytes per task"}

MEGABYTE = 1_000_000
BUFFER = 2 * MEGABYTE
"""Bytes hashed at a time: a millisecond or a few, all of it without the GIL."""


def hashing(index: int, seed: int, *, megabytes: int = 370) -> Generator[int, None, int]:
    """Hash some megabytes; the result is the first 8 bytes of the digest as a number.

    Args:
        index: which task; each hashes bytes of its own.
        seed: the same seed makes the same bytes.
        megabytes: how many megabytes each task hashes (1 to 100,000)

    Yields:
        How many bytes were hashed since the last yield.
    """
    if megabytes < 1:
        raise ValueError(f"Each task must hash at least 1 megabyte, not {megabytes:,}.")
    # A little randomness, often repeated: to SHA-256 all bytes are alike, and making random ones keeps the GIL.
    some = random.Random(f"{seed} {index}").randbytes(BUFFER // 100)
    buffer = memoryview(some * 100)
    digest = hashlib.sha256()
    left = megabytes * MEGABYTE
    while left:
        size = min(left, BUFFER)
        digest.update(buffer[:size])
        left -= size
        yield size
    return int.from_bytes(digest.digest()[:8], "big")


def seconds(*, megabytes: int = 370) -> float:
    """About how long one task takes on the GUI thread, in seconds: tried with 2 MB, in a millisecond or a few.

    Processors with instructions for SHA-256 are four times as fast as others, so no constant would do.
    """
    buffer = bytes(BUFFER)
    begun = time.perf_counter()
    hashlib.sha256(buffer)
    return (time.perf_counter() - begun) * megabytes * MEGABYTE / BUFFER
