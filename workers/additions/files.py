"""The files that a person puts into Thaw's data folder: `runners/`, `workloads/`, `labs/` and `lessons/` in there.

They are read like those of Thaw's own, and imported likewise when they are chosen: who puts a file there has chosen it.
What cannot be used is left out and told, by `told`. For any thread. Runs on Python 3.9.
"""

from __future__ import annotations

import functools
import os
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..utils.child import PACKAGE
from ..utils.errors import BadInput, ThawError
from ..utils.folder_files import data_folder, tilde

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Read = TypeVar("Read")

KINDS = ("runners", "workloads", "labs", "lessons")

told: dict[str, str] = {}
"""Why files are left out, as sentences, by their paths; of those that were looked for so far."""


@functools.cache  # what comes while Thaw runs is there at its next start
def folder(kind: str) -> tuple[str, ...]:
    """The person's folder of one kind, to be put behind a package's `__path__`; nothing where there is none.

    Args:
        kind: "runners", "workloads", "labs" or "lessons".
    """
    path = os.path.join(os.path.abspath(data_folder()), kind)
    if not os.path.isdir(path) or _is_open(path):
        return ()
    return (path,)


@functools.cache
def files(kind: str) -> tuple[Path, ...]:
    """The files in there that may be read; those whose names begin with _ are what several of them use.

    What an editor leaves beside a file that it has open, such as a link to nowhere, is passed over.
    """
    found = []
    for where in folder(kind):
        for path in sorted(Path(where).glob("*.py")):
            if (
                path.stem.startswith(("_", "."))
                or not path.exists()
                or (kind == "labs" and _is_copy(path.stem))
            ):
                continue
            if not path.stem.isidentifier():
                tell(path, "its name is no name in Python: call it such as my_work.py")
            elif (PACKAGE / kind / path.name).exists():
                tell(path, f"Thaw has {kind} of its own with that name: call it otherwise")
            elif not _is_open(str(path)):
                found.append(path)
    return tuple(found)


def read_each(kind: str, read: Callable[[Path], Read]) -> Iterator[Read]:
    """What is read of each of these files; one that cannot be read takes neither the others with it nor the program."""
    for path in files(kind):
        try:
            yield read(path)
        except Exception as error:
            tell(path, f"it lacks {error}" if isinstance(error, KeyError) else str(error) or repr(error))


def tell(path: Path, why: str) -> None:
    """Note why a file is left out."""
    told[str(path)] = f"{tilde(str(path))} is left out: {why.rstrip('.')}."


def is_added(path: str | Path) -> bool:
    """Whether a file lies in one of these folders."""
    where, kind = os.path.split(os.path.dirname(os.path.abspath(path)))
    return kind in KINDS and where == os.path.abspath(data_folder())


def blamed(error: BaseException) -> str:
    """An error that came out of such a file, as a sentence with the line; empty where it came from elsewhere."""
    lines = [(one.filename, one.lineno) for one in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        lines.append((error.filename, error.lineno))
    own = [line for line in lines if is_added(line[0])]
    if not own:
        return ""
    name = type(error).__name__
    return f"{tilde(own[-1][0])}, line {own[-1][1]}: {name}{f': {error}' if str(error) else ''}."


@contextmanager
def telling() -> Iterator[None]:
    """Raise what comes out of such a file as a BadInput, which is told as a sentence; also as a decorator."""
    try:
        yield
    except ThawError:
        raise
    except Exception as error:
        if why := blamed(error):
            raise BadInput(why) from error
        raise


def _is_open(path: str) -> bool:
    """Whether everybody may write there: then nobody knows who did, and it is left out."""
    is_open = os.name == "posix" and bool(os.stat(path).st_mode & 0o002)
    if is_open:
        tell(Path(path), f"everybody may write to it; `chmod o-w {path}` ends that")
    return is_open


def _is_copy(stem: str) -> bool:
    """Whether Thaw made it of a lab of its own, for a person to change; it is no lab before it has another name."""
    return (PACKAGE / "labs" / f"{stem.partition('-')[0]}.py").exists()
