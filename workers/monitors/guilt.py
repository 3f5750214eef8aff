"""Chooses the line of a stack that is to blame: the innermost that somebody wrote for this program. No Qt, no threads.

A freeze is seldom the fault of the standard library's line in which it happens to end, and never that of the event
loop's: who called them is to blame.
"""

from __future__ import annotations

import functools
import re
import site
import sysconfig
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .freeze import Line

ROOT = Path(__file__).parents[2]
WORK = (
    "workers/workloads",
    "workers/labs",
    "workers/transport",
    "workers/downloads",
    "workers/utils/decoding",
    "workers/utils/picture.py",
)
"""Thaw's own files that are the work itself."""

MACHINERY = ("main.py", "gui", "workers")
"""Thaw's own files that only carry it, but for WORK."""

WATCHING = tuple(Path(__file__).parents[1] / name for name in ("agent", "monitors"))
"""Those that are in the process of another program, to watch it."""

LOOP = re.compile(r"\.exec_?\(\)")
"""A line that runs Qt's event loop."""

REST = re.compile(
    r"\b(acquire|wait\w*|get|join|select|k?e?poll|control|accept|recv\w*|read\w*|do_handshake|sleep|result)\("
)
"""A line that gives the GIL up for as long as it takes."""


class Rank(IntEnum):
    """How well a file explains a freeze."""

    LIBRARY = 0
    MACHINERY = 1
    WORK = 2


class SourceFiles:
    """Tells libraries, Thaw's machinery and the work apart by their paths. Not for several threads at once.

    Attributes:
        root: the folder of the program.
    """

    def __init__(self, root: Path = ROOT, *, watched: bool = False, libraries: Iterable[str] = ()) -> None:
        """Make it.

        Args:
            root: where the program lies: its folder, or its only file.
            watched: whether that is a program which is being watched, all of whose files are the work; not Thaw.
            libraries: where those of its Python lie; empty: those of this one.
        """
        self.root = root
        found = set(libraries) or library_folders()
        self._libraries = tuple(_folder(path) for path in found | {str(Path(path).resolve()) for path in found})
        self._watched = str(root) if watched else ""
        self._work = () if watched else tuple(str(root / name) for name in WORK)
        self._machinery = tuple(
            str(path) for path in (WATCHING if watched else [root / name for name in MACHINERY])
        )
        self.rank = functools.cache(self._rank)

    def _rank(self, file: str) -> Rank:
        """What a file is. What has no file, such as frozen modules and made-up code, counts as a library."""
        if file.startswith("<"):
            return Rank.LIBRARY
        if _is_below(file, self._work):  # before all libraries: Thaw may be installed among them
            return Rank.WORK
        if _is_below(file, self._machinery):
            return Rank.MACHINERY
        within = self._watched if self._watched and _is_below(file, (self._watched,)) else ""
        # A program may lie among libraries, and libraries within a program: what lies deeper counts.
        is_library = re.search(r"[\\/](site|dist)-packages[\\/]", file[len(within) :]) or any(
            file.startswith(folder) and len(folder) > len(within) for folder in self._libraries
        )
        return Rank.LIBRARY if is_library else Rank.WORK

    def guilty(self, files: Sequence[str]) -> int:
        """Which call of a stack is to blame.

        Args:
            files: the file of each call, the outermost first.

        Returns:
            The index of the innermost call of the highest rank; -1 for an empty stack.
        """
        return max(range(len(files)), key=lambda index: (self.rank(files[index]), index), default=-1)


def library_folders() -> set[str]:
    """Where the libraries of this Python lie."""
    paths = sysconfig.get_paths()
    folders = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return folders | {site.getusersitepackages(), str(Path(site.__file__).parent)}


def _folder(path: str) -> str:
    return path.rstrip("/\\") + ("\\" if "\\" in path else "/")


def _is_below(file: str, names: tuple[str, ...]) -> bool:
    return any(file == name or file.startswith(_folder(name)) for name in names)


def is_at_rest(line: Line) -> bool:
    """Whether a thread whose innermost line is this one waits, by the words in it."""
    return bool(REST.search(line.text))


def waits_for_events(line: Line) -> bool:
    """Whether a thread whose innermost line is this one has nothing to do, or waits to be let on."""
    return bool(LOOP.search(line.text)) or (
        line.function == "_poll" and line.file.endswith(("poll_hook.py", "polite.py"))
    )
