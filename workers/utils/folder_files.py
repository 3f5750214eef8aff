"""What a name of a person's means; lists files of a folder and opens them: no link is followed, only plain files read.

`listed` is called by a workload's `plan`, in the GUI thread; `opened` wherever a task runs. Runs on Python 3.9.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fnmatch import translate
from itertools import islice
from pathlib import Path
from re import compile as expression
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import BadInput, ThawError, limit_of, no_room

if TYPE_CHECKING:
    from io import FileIO

MAX_FILES = 1_000_000
"""As many tasks as a run may have."""

GUESS_S = 0.1
SAMPLE = 500
"""Files whose sizes stand for those of all."""

CHOOSE_FIRST = "Choose a folder first."

GONE = (0, 0)
"""The stamp of a file that is not there; no other has it."""


class FileProblem(ThawError):
    """A file that cannot be used; the message is a sentence for people."""


class Files(Sequence[Any]):
    """The files that were found, each as the arguments of a task: `path`, and `name` for people.

    The arguments are made when they are asked for: of a hundred thousand files only the names are kept.
    """

    def __init__(self, folder: str, names: list[str], **more: Any) -> None:
        self._folder, self._names, self._more = folder, names, more

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, index: Any) -> Any:
        name = self._names[index]
        return {"path": os.path.join(self._folder, name), "name": printable(name), **self._more}


class Guess(NamedTuple):
    """What is known of a folder after a short look: never more than there is, and perhaps less.

    Attributes:
        number: files.
        size: bytes in all of them.
    """

    number: int
    size: float


def printable(name: str) -> str:
    """A file's name as it can be shown and written down: any letter that cannot be becomes a �."""
    if name.isprintable():
        return name
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def listed(folder: str, pattern: str = "*", *, but: str = "", what: str = "file", **more: Any) -> Files:
    """The files in a folder and in those below it, in the order of their names, folder by folder.

    A folder that cannot be listed is in the list too: opening it says why.

    Args:
        folder: as a person wrote it; see `whole`.
        pattern: what the names look like; several with commas between them. Small and capital letters are alike.
        but: a folder that is left out with all that is in it; empty: none.
        what: what such a file is called.
        more: further arguments of each task.

    Raises:
        BadInput: there is no such folder or nothing in it, with a sentence for people.
    """
    root = usable(folder)
    names = list(islice(_walk(root, _matcher(pattern), os.path.realpath(but) if but else ""), MAX_FILES + 1))
    if len(names) > MAX_FILES:
        raise BadInput(
            f"There are more than {MAX_FILES:,} {what}s in {printable(root)}, and a run has no more tasks than "
            "that: choose a folder with fewer."
        )
    if not names:
        like = "" if pattern == "*" else f" whose name is like {pattern}"
        raise BadInput(f"There is no {what}{like} in {printable(root)}: choose another folder.")
    return Files(root, names, **more)


def whole(name: str) -> str:
    """The whole path of what a person named, who may well go to another folder meanwhile.

    A name is what it is: one may begin with ~ or have a blank at an end. Only where there is no such file or folder, ~
    is the person's own folder, and blanks around the name came with it from somewhere.
    """
    for one in (name, expanded(name), expanded(name.strip())):
        if os.path.lexists(one):
            return os.path.abspath(one)
    new = expanded(name.lstrip())
    return os.path.abspath(new if os.path.isabs(new) else name)


def expanded(path: str) -> str:
    """A path with the person's own folder for ~. On Windows any name that begins so would be one beside that folder."""
    return os.path.expanduser(path) if sys.platform != "win32" or path[1:2] in {"", "/", "\\"} else path


def tilde(path: str) -> str:
    """A path with ~ for the person's own folder, where it is in that."""
    own = os.path.expanduser("~")
    return f"~{path[len(own) :]}" if own not in {"", "~", os.sep} and path.startswith(own + os.sep) else path


def stamp(path: str | Path) -> tuple[int, int]:
    """What tells that a file or a folder was changed: when, in ns, and its size."""
    try:
        found = os.stat(path)
    except OSError:
        return GONE
    return found.st_mtime_ns, found.st_size


def home() -> Path:
    """A person's own folder; in a container whose user has no name and no HOME, the one for temporary files."""
    try:
        return Path.home()
    except RuntimeError:
        from tempfile import gettempdir  # needed here alone

        return Path(gettempdir())


def data_folder() -> Path:
    """Where Thaw keeps what a person made with it; it may not be there yet.

    It is the one that THAW_DATA names, or else this system's for such data.
    """
    if named := os.environ.get("THAW_DATA"):
        return Path(named).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home() / "AppData" / "Local") / "Thaw"
    if sys.platform == "darwin":
        return home() / "Library" / "Application Support" / "Thaw"
    return Path(os.environ.get("XDG_DATA_HOME") or home() / ".local" / "share") / "thaw"


def usable(folder: str) -> str:
    """A folder that is there and can be listed, as a whole path.

    Raises:
        BadInput: it is not, with a sentence for people.
    """
    if not folder.strip() and not os.path.isdir(folder):
        raise BadInput(CHOOSE_FIRST)
    root = whole(folder)
    try:
        os.scandir(root).close()
    except NotADirectoryError:
        raise BadInput(f"{printable(root)} is a file: choose the folder that it is in.") from None
    except FileNotFoundError:
        raise BadInput(f"There is no folder {printable(root)}: choose one that is there.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadInput(f"The folder {printable(root)} cannot be opened ({why}): choose another one.") from None
    return root


def writable(folder: str, what: str) -> str:
    """A folder that can be written to, as a whole path; it is made where there is none.

    Args:
        folder: as a person wrote it; see `whole`.
        what: what is to go there: "pictures".

    Raises:
        BadInput: nothing can go there, with a sentence for people.
    """
    from tempfile import TemporaryFile  # 20 ms that the program's start need not pay

    root = whole(folder)
    try:
        os.makedirs(root, exist_ok=True)
        TemporaryFile(dir=root).close()  # only trying tells
    except (OSError, ValueError) as error:  # a ValueError is a name that no folder can have
        if isinstance(error, OSError) and (limit := no_room(error) or limit_of(error)):
            raise BadInput(f"The {what} cannot go to {printable(root)}: {limit.rstrip('.')}.") from None
        why = getattr(error, "strerror", None) or error
        do = "choose a folder that you can write to"
        raise BadInput(f"The {what} cannot go to {printable(root)}: {why}. To go on, {do}.") from None
    return root


def guess(folder: str, pattern: str = "*") -> Guess:
    """A short look at a folder, of about GUESS_S seconds; nothing where it is not usable."""
    try:
        root = usable(folder)
    except ValueError:
        return Guess(0, 0.0)
    end = time.monotonic() + GUESS_S
    names = []
    for name in _walk(root, _matcher(pattern), ""):
        names.append(name)
        if len(names) % 256 == 0 and time.monotonic() > end:
            break
    sizes = []
    for name in names[:: max(1, len(names) // SAMPLE)]:
        with suppress(OSError):
            sizes.append(os.lstat(os.path.join(root, name)).st_size)
        if time.monotonic() > end + GUESS_S:
            break
    return Guess(len(names), len(names) * sum(sizes) / len(sizes) if sizes else 0.0)


def _matcher(pattern: str) -> Callable[[str], object]:
    parts = [part.strip() for part in pattern.split(",")]
    parts = [part for part in parts if part] or ["*"]
    if "*" in parts:
        return bool  # every name
    either = expression("|".join(translate(part.casefold()) for part in parts))
    return lambda name: either.match(name.casefold())


def _walk(root: str, is_wanted: Callable[[str], object], but: str) -> Iterator[str]:
    """The names of all plain files, and of folders that cannot be listed, as paths from `root`."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        folders, files = [], []
        try:
            with os.scandir(os.path.join(root, inside)) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.name)
                    elif is_wanted(entry.name) and entry.is_file(follow_symlinks=False):
                        files.append(entry.name)
        except OSError:
            yield inside
            continue
        files.sort()
        folders.sort(reverse=True)  # the last one waits for the least
        for name in files:
            yield os.path.join(inside, name)
        for name in folders:
            path = os.path.join(inside, name)
            if not but or os.path.realpath(os.path.join(root, path)) != but:
                waiting.append(path)


@contextmanager
def opened(path: str, name: str) -> Iterator[tuple[FileIO, int]]:
    """A plain file, to be read without a buffer in between, and its size in bytes.

    Args:
        path: where it is.
        name: what people call it.

    Raises:
        FileProblem: it cannot be opened, or an error came while it was read within the block.
    """
    try:
        # Whatever has taken the file's name meanwhile: a link is not followed, and a pipe must not make us wait.
        flags = (
            os.O_RDONLY
            | getattr(os, "O_NOFOLLOW", 0)
            | getattr(os, "O_NONBLOCK", 0)
            | getattr(os, "O_BINARY", 0)
        )
        handle = os.open(path, flags)
        try:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                what = "folder" if stat.S_ISDIR(about.st_mode) else "device or a pipe"
                raise FileProblem(f"{name} is a {what}: it was not read.")
            file = open(handle, "rb", buffering=0)
        except BaseException:
            os.close(handle)
            raise
        with file:
            yield file, about.st_size
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise FileProblem(f"{name} is a link: it was not followed.") from error
        if os.path.isdir(path):  # Windows opens none
            raise FileProblem(f"{name} is a folder: it was not read.") from error
        why = limit_of(error) or f"{error.strerror or error}."
        raise FileProblem(f"{name} cannot be read: {why}") from error
