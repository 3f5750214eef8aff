"""Writes a file whole or not at all: into a part file beside it, which then takes its name. For any thread."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def part_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which becomes `path` at the end of the block; after an error `path` is as it was before.

    Raises:
        OSError: it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # or a machine that stops just now might keep the name without the bytes
        part.replace(path)
    finally:
        with suppress(OSError):  # what went wrong before tells more
            part.unlink(missing_ok=True)


def why_not_written(path: Path, error: OSError) -> str:
    """A sentence for people on why a file could not be written, and what to do."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"{path} cannot be written: the disk is full. Make room, or name a file on another disk."
    if path.is_dir():
        return f"{path} is a folder: name a file to write to."
    return f"{path} cannot be written ({error.strerror or error}): name a file in a folder of yours."
