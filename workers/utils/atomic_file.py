"""Writes a file whole or not at all: into a part file beside it, which then takes its name. For any thread.

`part_file` takes the place of the file that was there; `move` gives a file a name that is free, and only then.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_NO_LINKS = frozenset(
    {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.EACCES, errno.EINVAL}
)
"""How disks without hard links say so: memory cards, some network drives."""


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
    return (
        f"{path} cannot be written ({error.strerror or error}): name a file in a folder that you can write to."
    )


def move(part: str, final: str) -> None:
    """Move a file to a name that is free. Two who want the same name never both get it, in whatever processes.

    Killed in the middle, the file has both names (or its new one is an empty file, on disks without hard links), and
    the part is still there: a part that is gone was moved.

    Raises:
        FileExistsError: the name is taken.
        OSError: it cannot be moved.
    """
    if os.name == "nt":
        os.rename(part, final)  # which Windows refuses where there is such a file
        return
    try:
        os.link(part, final, follow_symlinks=False)
    except OSError as error:  # also FileExistsError
        if error.errno not in _NO_LINKS:
            raise
        _move_over_own(part, final)
    else:
        os.unlink(part)


def _move_over_own(part: str, final: str) -> None:
    """Take the name with an empty file that nobody else made, then put the part in its place."""
    os.close(os.open(final, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        os.replace(part, final)
    except BaseException:
        os.unlink(final)
        raise
