"""Locks on open files that the system frees when a process dies, however that dies; for any thread, none waits.

`lock` is for an open file: each `open` is a holder of its own, so such locks keep threads apart as well as processes.

`take` is for a whole program. Within it a lock is counted, so that the window and a run in it may both take it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading

AT = 1 << 60
"""Windows locks bytes, and keeps others from reading them: this one is behind the end of every file."""

_NOT_HERE = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})


def lock(file: int) -> bool:
    """Lock an open file until it is closed; False where somebody else has. True too where the disk knows no locks."""
    try:
        _lock(file)
    except OSError as error:
        return error.errno in _NOT_HERE
    return True


def is_at(file: int, path: str) -> bool:
    """Whether an open file is still the one at `path`, and has no second name: to be asked once it is locked."""
    try:
        here, there = os.fstat(file), os.stat(path, follow_symlinks=False)
    except OSError:
        return False
    return os.path.samestat(here, there) and here.st_nlink == 1


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
        except BlockingIOError:
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
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _LOCKED_BY_ANOTHER = 33

    class _Where(ctypes.Structure):  # OVERLAPPED
        _fields_ = (
            ("internal", ctypes.c_void_p),
            ("internal_high", ctypes.c_void_p),
            ("offset", ctypes.c_uint64),
            ("event", wintypes.HANDLE),
        )

    _lock_file = ctypes.WinDLL("kernel32", use_last_error=True).LockFileEx
    _lock_file.argtypes = (wintypes.HANDLE, *[wintypes.DWORD] * 4, ctypes.POINTER(_Where))

    def _lock(file: int) -> None:
        # Not by msvcrt.locking, which takes no place beyond 2 GB.
        at_once_for_one = 3
        if not _lock_file(msvcrt.get_osfhandle(file), at_once_for_one, 0, 1, 0, _Where(offset=AT)):
            error = ctypes.get_last_error()
            if error == _LOCKED_BY_ANOTHER:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            raise ctypes.WinError(error)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
