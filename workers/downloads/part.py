"""A download's file while it is not whole: its bytes, their hash, its lock, and how it gets its name or goes.

Used by one thread at a time. A part of a queue has a name that stays the same over restarts, and a lock: a process that
outlives its program for a moment and the next program never write to the same part. Any other part is a new file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING, BinaryIO

from ..transport.errors import TransientError
from ..utils.atomic_file import move
from ..utils.file_lock import is_at, lock
from .names import free_names

if TYPE_CHECKING:
    from collections.abc import Sequence

HASH_PIECE = 1 << 20
HASH_PIECES = 16
"""So many pieces are hashed in one step."""

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_BUSY = "Another process is still at work on this file."
_TRIES = 3


class Part:
    """A part file, open from `open_new` or `open_kept` until `close`.

    Attributes:
        path: its name.
        size: how many bytes are in it.
    """

    def __init__(self, *, hashed: bool) -> None:
        self.path = ""
        self.size = 0
        self._file = -1
        self._wants_hash = hashed
        self._reset_hash()

    def _reset_hash(self) -> None:
        self._hash = hashlib.sha256() if self._wants_hash else None
        self._hashed = 0

    @property
    def is_open(self) -> bool:
        return self._file >= 0

    def open_new(self, folder: str, name: str) -> None:
        """Make a file that nobody has, beside where it will be called `name`. Raises OSError."""
        for free in free_names(folder, f"{name}.part"):
            self.path = os.path.join(folder, free)
            with contextlib.suppress(FileExistsError):
                self._file = os.open(self.path, _FLAGS | os.O_EXCL, 0o666)
                return

    def open_kept(self, path: str) -> None:
        """Open a file that only one queue's item has, with what an earlier run left in it.

        Raises:
            TransientError: another process has it open.
            OSError: it cannot be opened.
        """
        self.path = path
        for _ in range(_TRIES):
            file = os.open(path, _FLAGS, 0o666)
            if not lock(file):
                os.close(file)
                raise TransientError(_BUSY)
            if is_at(file, path):
                self._file, self.size = file, os.fstat(file).st_size
                os.lseek(file, self.size, os.SEEK_SET)
                return
            # While we waited for nobody, its last owner gave it its final name: that file is not to be written to.
            _drop(file, path)
        raise TransientError(_BUSY)

    def write(self, chunks: Sequence[bytes]) -> None:
        """Append some bytes. Raises OSError; `size` is right then too."""
        for chunk in chunks:
            hash_ = self._hash if self._hashed == self.size else None
            written = os.write(self._file, chunk)
            self.size += written
            while written < len(chunk):
                more = os.write(self._file, memoryview(chunk)[written:])
                self.size += more
                written += more
            if hash_ is not None:
                hash_.update(chunk)
                self._hashed = self.size

    def empty(self) -> None:
        """Throw away what is in it. Raises OSError."""
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        self.size = 0
        self._reset_hash()

    @property
    def has_to_hash(self) -> bool:
        """Whether it has bytes from an earlier run, which `hash_some` has to read once more."""
        return self._hash is not None and self._hashed < self.size

    def hash_some(self) -> None:
        """Hash some of those bytes: about 10 ms of it. Raises OSError."""
        assert self._hash is not None
        os.lseek(self._file, self._hashed, os.SEEK_SET)
        for _ in range(HASH_PIECES):
            piece = os.read(self._file, HASH_PIECE)
            if not piece:
                break
            self._hash.update(piece)
            self._hashed += len(piece)

    @property
    def sha256(self) -> str:
        """The hash of it all, once `hash_some` has nothing left to do; empty where nobody wanted it."""
        return "" if self._hash is None else self._hash.hexdigest()

    def read(self) -> BinaryIO:
        """It as a file to be read from its beginning; the caller closes that, which leaves the part open."""
        os.lseek(self._file, 0, os.SEEK_SET)
        return open(self._file, "rb", closefd=False)

    def move_to(self, folder: str, name: str) -> None:
        """Give it a name in a folder. Raises FileExistsError where that is taken, or another OSError."""
        if os.name == "nt":
            self.close()  # Windows moves no file that is open
        move(self.path, os.path.join(folder, name))

    def let_go(self) -> None:
        """Close it and leave it alone: it is the person's file now."""
        self.close()
        self.path = ""

    def close(self) -> None:
        """Close the file, which frees its lock; may be called again."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def remove(self) -> None:
        """Close the file and take it away; may be called again."""
        if os.name == "nt":
            self.close()
        if self.path:
            with contextlib.suppress(OSError):  # it may have gone by another hand
                os.unlink(self.path)  # before the lock is freed: who opens it next makes a new one
        self.close()


def _drop(file: int, path: str) -> None:
    """Close a file, and take this name of it away; where Windows removes no file that is open, after that."""
    is_its = False
    with contextlib.suppress(OSError):
        is_its = os.path.samestat(os.fstat(file), os.stat(path))
        if is_its and os.name != "nt":
            os.unlink(path)
    os.close(file)
    if is_its and os.name == "nt":
        with contextlib.suppress(OSError):
            os.unlink(path)
