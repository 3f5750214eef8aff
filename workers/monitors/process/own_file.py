"""Open files of ours in a process that is somebody else's, who may close whatever is open, and open his own."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from stat import S_IFMT

if sys.platform != "win32":
    import fcntl

HIGH_FD = 200
"""Files of ours have numbers above this: the program finds the numbers that it would have found without us."""


def moved_up(fd: int) -> int:
    """The same open file under a high number, where there is one; no child of the process inherits it."""
    with suppress(OSError):  # there may be no numbers as high as that
        if sys.platform == "win32":
            return fd
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, HIGH_FD)
        os.close(fd)
        return high
    return fd


class OwnFile:
    """An open file whose number is used only while it is this file's.

    Attributes:
        fd: its number.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._which = self._found()

    def _found(self) -> tuple[int, ...]:
        try:
            found = os.fstat(self.fd)
        except OSError:
            return ()
        return found.st_dev, found.st_ino, S_IFMT(found.st_mode)

    def is_ours(self) -> bool:
        """Whether the number still means this file: a program may close all numbers that there are."""
        return bool(self._which) and self._found() == self._which

    def close(self) -> None:
        """Close it, unless that was done by somebody; may be called again."""
        if self.is_ours():
            os.close(self.fd)
        self._which = ()
