"""Hashes every file in a folder: reading and hashing both release the GIL, so that threads use all disks and cores.

Each file is one task, read in pieces of a megabyte. A thread more is of use until the disk, or every core, is busy.
"""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING, Any

from ..utils import folder_files
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from _hashlib import HASH
    from collections.abc import Generator, Sequence

TITLE = "Hash files (a folder of yours)"
ORDER = 32
UNIT = "bytes"
TASKS = 1
TASKS_ARE = "One for each file"
GIL = "releases"
FILES = 1
NEEDS_FOLDER = "folder"
LABELS = {"pattern": "File names"}

PIECE = 1_000_000
"""Bytes read and hashed at a time: about a millisecond, and hashlib gives up the GIL for more than 2,047."""

MIN_PIECE = 4_096
"""For files that are small, or say so: those of /proc have no size at all."""


def _letters(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


ALGORITHMS = {
    _letters(name): name
    for name in sorted(hashlib.algorithms_guaranteed)
    if not name.startswith("shake")  # their hashes have no length of their own
}
"""All that every Python has, by their names without dashes."""

A_FILE_S = 0.000_15
"""What a file costs beside its bytes, in seconds."""


def hash_files(path: str, name: str, algorithm: str) -> Generator[int, None, str]:
    """Hash one file; the result is the hash, in hexadecimal digits.

    Args:
        path: the file.
        name: what people call it.
        algorithm: one of ALGORITHMS.

    Yields:
        How many bytes were hashed since the last yield.

    Raises:
        FileProblem: it cannot be read, with a sentence for people.
    """
    digest = new(algorithm)
    with folder_files.opened(path, name) as (file, size):
        buffer = memoryview(bytearray(min(PIECE, max(MIN_PIECE, size))))
        while got := file.readinto(buffer):
            digest.update(buffer[:got])
            yield got
    return digest.hexdigest()


def new(algorithm: str) -> HASH:
    """A hash to be fed.

    Raises:
        BadInput: there is no such one, with a sentence for people.
    """
    name = ALGORITHMS.get(_letters(algorithm))
    if name is None:
        there = ", ".join(ALGORITHMS.values())
        raise BadInput(f"There is no algorithm {algorithm!r}: choose one of {there}.")
    try:
        # Systems that forbid md5 for secrets allow it for telling files from each other.
        return hashlib.new(name, usedforsecurity=False)
    except ValueError:
        raise BadInput(
            f"This Python cannot hash with {name}: choose another algorithm, such as sha256."
        ) from None


def plan(*, folder: str = "", pattern: str = "*", algorithm: str = "sha256") -> Sequence[dict[str, Any]]:
    """List the files.

    Args:
        folder: the folder whose files are hashed, with those in the folders below it; empty: choose one
        pattern: which files, such as *.txt; several with commas between them
        algorithm: how to hash: sha256, sha512, blake2b, sha1, md5 or another one of Python's hashlib

    Raises:
        BadInput: there is no such folder, nothing in it, or no such algorithm; with a sentence for people.
    """
    new(algorithm)
    return folder_files.listed(folder, pattern, algorithm=algorithm)


def seconds(tasks: int = TASKS, *, folder: str = "", pattern: str = "*", algorithm: str = "sha256") -> float:
    """About how long one of `tasks` tasks takes on the GUI thread, in seconds: from a short look at the folder."""
    found = folder_files.guess(folder, pattern)
    if not found.number:
        return 0.0
    buffer = bytes(PIECE)
    begun = time.perf_counter()
    new(algorithm).update(buffer)
    a_byte = (time.perf_counter() - begun) / PIECE
    return (found.size * a_byte + found.number * A_FILE_S) / tasks
