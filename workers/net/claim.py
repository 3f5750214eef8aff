"""Gives a whole file its final name in one step, and never over another file; for any thread."""

from __future__ import annotations

import errno
import os

_NO_LINKS = frozenset(
    {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.EACCES, errno.EINVAL}
)
"""How disks without hard links say so: memory cards, some network drives."""


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
