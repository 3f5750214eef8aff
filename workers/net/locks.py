"""Locks on open files that the system frees when a process dies, however that dies; for any thread, none waits.

Each `open` of a file is a holder of its own, so that these locks part threads as well as processes.
"""

from __future__ import annotations

import errno
import os
import sys

AT = 1 << 60
"""Windows locks bytes, and keeps others from reading them: this one is behind the end of every file."""

_NOT_HERE = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})


def lock(file: int) -> bool:
    """Lock an open file until it is closed; False where somebody else has. True too where the disk knows no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            at = os.lseek(file, 0, os.SEEK_CUR)
            os.lseek(file, AT, os.SEEK_SET)
            try:
                msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(file, at, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in _NOT_HERE
    return True


def is_at(file: int, path: str) -> bool:
    """Whether an open file is still the one at `path`, and has no second name: whoever waited for a lock must ask."""
    try:
        here, there = os.fstat(file), os.stat(path, follow_symlinks=False)
    except OSError:
        return False
    return os.path.samestat(here, there) and here.st_nlink == 1
