"""Writes a file whole or not at all: into a part file beside it, which then takes its name. For any thread.

`part_file` writes a file that a person named, and changes nothing else of it; `move` gives a file a name that is free,
and only then.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, BinaryIO, cast

from .errors import limit_of, no_room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path


_NO_LINKS = frozenset(
    {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.EACCES, errno.EINVAL}
)
"""How disks without hard links say so: memory cards, some network drives."""

kept: dict[int, int] = {}
"""Open files of ours that stand elsewhere now, by their number before: standard output, while a function prints."""

_looked_at: set[str] = set()
"""Folders of which `check_writable` has promised that a file can be written there."""

_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_MAX_LINKS = 40
"""As many as a system follows."""

READER_S = 3.0
"""How long a named pipe may have nobody who reads from it."""


@contextmanager
def part_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which becomes `path` at the end of the block; after an error `path` is as it was before.

    A link is followed. What is no plain file, such as a pipe or /dev/stdout, is written to as it stands.

    Raises:
        OSError: it cannot be written.
    """
    descriptor = _descriptor(path)
    if descriptor is not None:
        opened: AbstractContextManager[BinaryIO] = os.fdopen(os.dup(kept.get(descriptor, descriptor)), "wb")
    elif (there := _there(path)) is None or stat.S_ISREG(there.st_mode):
        opened = _whole(os.path.realpath(path), there)
    else:
        opened = _opened(path, there)
    with opened as file:
        yield file


def check_writable(path: Path) -> None:
    """Find out whether a file could be written, and leave all as it is. Raises OSError where it could not."""
    descriptor = _descriptor(path)
    if descriptor is not None:
        os.fstat(descriptor)
    elif _there(path) is None:
        target = os.path.realpath(path)
        # Only trying tells, and nobody has a file of this name.
        os.close(os.open(target, _NEW, 0o666))
        os.unlink(target)
        _looked_at.add(os.path.dirname(target))
    elif not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def is_stream(path: Path) -> bool:
    """Whether a path names no plain file but something that is written to as it stands."""
    if _descriptor(path) is not None:
        return True
    with suppress(OSError):
        mode = os.stat(path).st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
    return False


def _there(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _descriptor(path: Path) -> int | None:
    """The number of our open file that a path names, whatever that is: /dev/stdout does, and a shell's `>(...)`.

    It has to be written to by this number. A shell's `> all.txt` has opened that file, and more goes there than ours.
    """
    name = os.path.abspath(path)
    for _ in range(_MAX_LINKS):
        folder, last = os.path.split(name)
        if last.isdecimal() and os.path.realpath(folder) in {f"/proc/{os.getpid()}/fd", "/dev/fd"}:
            return int(last)
        if not os.path.islink(name):
            break
        name = os.path.join(os.path.realpath(folder), os.readlink(name))
    return None


def _opened(path: Path, there: os.stat_result) -> BinaryIO:
    """What is no plain file; a pipe once somebody reads from it."""
    end = time.monotonic() + (READER_S if stat.S_ISFIFO(there.st_mode) else 0)
    while True:
        try:
            # Without waiting, which could be for ever: nobody might ever read from a pipe.
            opened = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            break
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > end:
                raise
            time.sleep(0.02)
    if sys.platform != "win32":
        os.set_blocking(opened, True)
    return os.fdopen(opened, "wb")


@contextmanager
def _whole(target: str, there: os.stat_result | None) -> Iterator[BinaryIO]:
    """A new file that then takes the target's place, so that readers and a crash find the old one or the new one.

    The new one has the old one's owner and mode. Where the old one has more that a new one cannot have, such as other
    names (hard links) or an access list, or cannot be replaced, its contents are: then those are written over it, once
    all of them are there. For to keep what a person has made of a file is worth more than the moment that this takes.
    """
    if there is None:
        if (folder := os.path.dirname(target)) in _looked_at:
            os.makedirs(folder, exist_ok=True)  # what ran meanwhile may have removed it
    elif not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    part, opened = _new_part(target, there)
    with os.fdopen(opened, "w+b") if part else _temporary() as file:
        try:
            yield file
            file.flush()
            if part:
                # Or a machine that stops just now might keep the name without the bytes.
                os.fsync(file.fileno())
                if os.name == "nt":
                    file.close()  # Windows moves no file that is open
                try:
                    os.replace(part, target)
                except OSError:
                    if there is None or file.closed:
                        raise
                    _write_over(file, target)  # a file that is mounted alone has a place that nobody can take
            else:
                _write_over(file, target)
        finally:
            if part:
                with suppress(OSError):  # what went wrong before tells more, and mostly it has got its name
                    os.unlink(part)


def _new_part(target: str, there: os.stat_result | None) -> tuple[str, int]:
    """An empty file beside the target that may take its place, of a name that nobody has; no name where none may."""
    if there is not None and (there.st_nlink > 1 or _has_attributes(target)):
        return "", -1
    part = os.path.join(os.path.dirname(target), f".thaw-{os.urandom(8).hex()}.part")
    try:
        made = os.open(part, _NEW, 0o666 if there is None else 0o600)
    except OSError as error:
        if there is None or error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise
        return "", -1
    try:
        if there is not None:
            mine = os.fstat(made)
            if sys.platform != "win32" and (mine.st_uid, mine.st_gid) != (there.st_uid, there.st_gid):
                os.fchown(made, there.st_uid, there.st_gid)
            os.chmod(part, stat.S_IMODE(there.st_mode))
    except OSError:
        os.close(made)
        os.unlink(part)
        return "", -1
    return part, made


def _has_attributes(target: str) -> bool:
    """Whether a file has an access list, or notes beside its bytes; but for the label that some systems give to all."""
    if sys.platform != "linux":
        return False
    with suppress(OSError):
        return bool(set(os.listxattr(target)) - {"security.selinux"})
    return False


def _temporary() -> BinaryIO:
    from tempfile import TemporaryFile  # 20 ms that the program's start need not pay

    return cast("BinaryIO", TemporaryFile())


def _write_over(file: BinaryIO, target: str) -> None:
    from shutil import copyfileobj

    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    with open(target, "r+b") as old:
        if sys.platform == "linux" and size:
            try:
                os.posix_fallocate(old.fileno(), 0, size)  # on a full disk nothing is lost yet
            except OSError as error:
                if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
                    raise
        copyfileobj(file, old)
        old.truncate()
        old.flush()
        os.fsync(old.fileno())


def why_not_written(path: Path, error: OSError) -> str:
    """A sentence for people on why a file could not be written, and what to do."""
    if why := no_room(error):
        return f"{path} cannot be written: {why}."
    if limit := limit_of(error):
        return f"{path} cannot be written. {limit}"
    if os.path.isdir(path):
        return f"{path} is a folder: name a file to write to."
    if error.errno in {errno.ENXIO, errno.EPIPE}:
        return f"{path} cannot be written: nobody reads from it."
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


def new_file(folder: Path, stem: str, text: str) -> Path:
    """Save a program that a person is to go on with, under a name that is free; returns where.

    Args:
        folder: is made where it is not there.
        stem: the file's name, with a number behind it where that is taken.
        text: what it says.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        path = folder / (f"{stem}-{number}.py" if number > 1 else f"{stem}.py")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        break
    return path
