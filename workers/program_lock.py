"""A lock on a file that belongs to the whole program and goes with it, however it ends. For any thread.

The operating system keeps it: a program that is killed has let go of it. Within one program it is counted, so that the
window and a run in it may both take it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading

# What a program has locked belongs to the process as a whole, and so does this: two objects that each had a lock of
# their own would shut each other out.
_guard = threading.Lock()
_taken: dict[str, tuple[int, int]] = {}
"""For each file its descriptor, and how often it was taken."""


def take(path: str) -> bool:
    """Lock a file, which is made if need be; returns False where another program has locked it.

    Args:
        path: an absolute path. The file is left behind: who removed it would take it from under another's lock.

    Raises:
        OSError: the file cannot be made, or its disk knows no locks.
    """
    with _guard:
        if path in _taken:
            descriptor, count = _taken[path]
            _taken[path] = (descriptor, count + 1)
            return True
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # children do not inherit it
        try:
            _lock(descriptor)
        except (BlockingIOError, PermissionError):  # the second one is how Windows says it
            os.close(descriptor)
            return False
        except BaseException:
            os.close(descriptor)
            raise
        _taken[path] = (descriptor, 1)
        return True


def give(path: str) -> None:
    """Undo one `take`; the last one unlocks the file."""
    with _guard:
        descriptor, count = _taken.pop(path)
        if count > 1:
            _taken[path] = (descriptor, count - 1)
            return
        with contextlib.suppress(OSError):
            os.close(descriptor)  # which unlocks it too


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
