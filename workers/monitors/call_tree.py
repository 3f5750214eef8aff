"""Stack samples, merged by their callers: what a flame graph shows. It knows of no freeze and of no run. No threads."""

from __future__ import annotations

import re
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

from .guilt import SourceFiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .guilt import Rank

    Calls = tuple[tuple[str, int, str], ...]
    """Files, line numbers and functions, the outermost call first."""

INSTALLED = re.compile(
    r"[\\/](?:(?:site|dist)-packages|[Ll]ib(?:64)?[\\/]python3\.\d+)(?=[\\/])"
    r"|\\Python[^\\]*\\(?:[^\\]+\\){0,2}?Lib(?=\\)"  # as on Windows
)
"""What a library's name begins after, in its path."""


class Frame:
    """A function as one chain of callers called it: all samples of it, whatever its line.

    Attributes:
        function: its name; empty for the root.
        file: its whole path, as Python knows it.
        parent: its caller; None for the root.
        children: what it called, by file and function.
        seconds: how long it was on the stack.
        own_seconds: for how much of that it called nothing.
        lines: its line numbers, with how long it was at each, in seconds.
    """

    __slots__ = ("children", "file", "function", "lines", "own_seconds", "parent", "seconds")

    def __init__(self, file: str, function: str, parent: Frame | None) -> None:
        self.file, self.function, self.parent = file, function, parent
        self.children: dict[tuple[str, str], Frame] = {}
        self.seconds = self.own_seconds = 0.0
        self.lines: dict[int, float] = {}

    @property
    def line(self) -> int:
        """The line that took longest; 0 for the root."""
        return max(self.lines, key=self.lines.__getitem__, default=0)

    @property
    def callers(self) -> list[Frame]:
        """Who called it, the root first; empty for the root."""
        found = []
        at = self.parent
        while at is not None:
            found.append(at)
            at = at.parent
        return found[::-1]


class CallTree:
    """Stack samples, merged by their callers.

    Attributes:
        files: tells the work, Thaw's machinery and libraries apart.
        root: whose children are the outermost calls; it stands for all of the time.
        frames: all of them but the root, each after its caller.
    """

    def __init__(self, samples: Iterable[tuple[Calls, float]], files: SourceFiles | None = None) -> None:
        """Merge samples.

        Args:
            samples: the calls of each, and how many seconds it stands for. One without calls counts for nothing.
            files: tells libraries from the program; None for Thaw's own.
        """
        self.files = files or SourceFiles()
        self.root = Frame("", "", None)
        self.frames: list[Frame] = []
        for calls, seconds in samples:
            if calls:
                self._add(calls, seconds)

    def _add(self, calls: Calls, seconds: float) -> None:
        at = self.root
        at.seconds += seconds
        for file, line, function in calls:
            caller = at
            found = caller.children.get((file, function))
            if found is None:
                found = caller.children[file, function] = Frame(file, function, caller)
                self.frames.append(found)
            at = found
            at.seconds += seconds
            at.lines[line] = at.lines.get(line, 0.0) + seconds
        at.own_seconds += seconds

    def rank(self, frame: Frame) -> Rank:
        """Whether it is the work, Thaw's machinery or a library."""
        return self.files.rank(frame.file)

    def guilty(self, file: str, line: int, function: str) -> Frame | None:
        """The frame that spent most time at a line, which a freeze blames; None where no sample was there."""
        there = (frame for frame in self.frames if line in frame.lines)
        its = (frame for frame in there if (frame.file, frame.function) == (file, function))
        return max(its, key=lambda frame: frame.lines[line], default=None)


def inside_library(file: str) -> str:
    """A file's name from the root of its library on; empty where it is of none."""
    installed = list(INSTALLED.finditer(file))
    return file[installed[-1].end() + 1 :].replace("\\", "/") if installed else ""


def short_name(file: str, files: SourceFiles) -> str:
    """A file's name without the folders that are nobody's business: from the program's or a library's root on."""
    path, root = PureWindowsPath(file), PureWindowsPath(files.root)  # which parts at both kinds of slashes
    # The program may lie in a library's folder itself, and have an environment with libraries in it.
    own = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
    return inside_library(f"/{own}" if own else file) or own or path.name
