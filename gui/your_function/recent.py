"""The files with functions of a person's own: the recent ones, and which of them may be run unasked. GUI thread.

A file that the person chose in a file dialog, or put into Thaw's data folder, is theirs, and needs no question. One
that was dropped on the window, or that a run's file names, may be anybody's: it is asked for, and the yes holds for the
file's contents alone.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.editor.text_file import MAX_BYTES
from workers.additions.files import is_added
from workers.catalog import user_functions
from workers.catalog.user_imports import Scan
from workers.catalog.user_names import is_own, locate, name_of, parse
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.process.preferences import Preferences
    from workers.catalog.entry import Entry

MAX_RECENT = 10
MAX_TRUSTED = 200
DRAFT = "own_draft"
"""The preference that keeps what was typed and not saved."""


class Recent(NamedTuple):
    """A file that was opened.

    Attributes:
        path: where it is.
        function: the one that was chosen last; empty where none was.
    """

    path: Path
    function: str


class OwnFiles:
    """The recent files, and those that may be run. Kept in the window's memory.

    Attributes:
        recent: the newest first.
    """

    def __init__(self, preferences: Preferences) -> None:
        """Read what was kept; what cannot be read any more counts as never written."""
        self._preferences = preferences
        self.recent = [
            Recent(Path(one[0]), one[1])
            for one in _read(preferences, "own_recent")
            if isinstance(one, list) and [type(part) for part in one] == [str, str]
        ]
        kept = preferences.read_values("own_pythons")
        self._pythons = {file: one for file, one in kept.items() if isinstance(one, list) and len(one) == 2}
        self._picked = [one for one in _read(preferences, "own_picked") if isinstance(one, str)]
        self._contents = [one for one in _read(preferences, "own_contents") if isinstance(one, str)]

    def use(self, path: Path, function: str = "") -> None:
        """A file was opened, or a function of it chosen: it is the newest now."""
        before = next((one.function for one in self.recent if one.path == path), "")
        self.recent = [Recent(path, function or before), *(one for one in self.recent if one.path != path)]
        del self.recent[MAX_RECENT:]
        self._keep()

    def forget(self, path: Path) -> None:
        """Leave a file out of the recent ones; whether it may be run is forgotten, too."""
        self.recent = [one for one in self.recent if one.path != path]
        self._picked = [one for one in self._picked if one != str(path)]
        self._keep()

    def trust_file(self, path: Path) -> None:
        """The person chose this file themselves: it may be run, whatever it holds."""
        if str(path) not in self._picked:
            self._picked = [str(path), *self._picked][:MAX_TRUSTED]
            self._keep()

    def python_of(self, path: Path) -> tuple[str, str]:
        """What was chosen as the Python of a file's project, as it was written, and the interpreter; empty: nothing."""
        text, python = self._pythons.get(str(path), ("", ""))
        return str(text), str(python)

    def use_python(self, path: Path, text: str, python: str) -> None:
        """This was chosen for it; where it is empty that is forgotten."""
        self._pythons.pop(str(path), None)
        if text:
            self._pythons = {**dict(list(self._pythons.items())[1 - MAX_TRUSTED :]), str(path): [text, python]}
        self._preferences.write_values("own_pythons", self._pythons)

    def trust_contents(self, digest: str) -> None:
        """The person said yes to a file that holds this (`digest_of`)."""
        if digest and digest not in self._contents:
            self._contents = [digest, *self._contents][:MAX_TRUSTED]
            self._keep()

    def is_trusted(self, path: Path) -> bool:
        """Whether what the file holds now may be run unasked."""
        return str(path) in self._picked or is_added(path) or digest_of(path) in self._contents

    def _keep(self) -> None:
        recent = [(str(path), function) for path, function in self.recent]
        for name, value in (("recent", recent), ("picked", self._picked), ("contents", self._contents)):
            self._preferences.write(f"own_{name}", json.dumps(value))


def why_gone(path: Path) -> str:
    """Why a file cannot be opened any more, in a few words; empty where it can."""
    try:
        if not path.exists():
            return "it is no longer there"
        if not path.is_file():
            return "it is no file"
    except OSError as error:
        return f"it cannot be reached: {error.strerror}"
    return ""


def remembered_function(preferences: Preferences) -> Entry | Callable[[], Entry | None] | None:
    """The person's own function that the last run was of, or was to be of; nothing of it is imported.

    Of a long file it is what finds the function, and is not to be called in the GUI thread: to parse that takes longer
    than a frame. None where it was none, where its file has gone, and where the person would have to be asked for it.
    """
    try:
        name = json.loads(preferences.read("run", "{}"))["workload"]
        if not isinstance(name, str) or not is_own(name):
            return None
        files, said = OwnFiles(preferences), parse(name)
        path = locate(said)
        if not files.is_trusted(path):
            return None
        python = files.python_of(path)[1]
        from workers.user_code.listing import SHORT  # only here: most windows start without a function

        if path.stat().st_size > SHORT and name == name_of(path, said.function):
            return partial(_listed, path, said.function, python)
        return user_functions.entry(name, python or None, Scan())
    except (ValueError, TypeError, KeyError, OSError):
        return None


def _listed(path: Path, function: str, python: str) -> Entry | None:
    """A function of a long file. Raises ValueError or SyntaxError where that cannot be read."""
    from gui.your_function.file import read_source
    from workers.user_code.listing import list_apart

    found = list_apart(path, read_source(path), python)
    return next((one.entry for one in found if one.name == function), None)


def may_run_unasked(preferences: Preferences, workload: str) -> bool:
    """Whether a person's own function may be run as it is on the disk: nothing is to be asked, and nothing unsaved."""
    try:
        path = locate(parse(workload))
    except BadInput:
        return False
    return not preferences.read(DRAFT) and path.exists() and OwnFiles(preferences).is_trusted(path)


def digest_of(path: Path) -> str:
    """The sha256 of a file's contents; empty where it cannot be read or is too large to be a program.

    What is built into Python is known by its version.
    """
    import hashlib  # only here: it loads OpenSSL, and the window's start need not pay for that

    if path == Path(sys.executable):
        return hashlib.sha256(sys.version.encode()).hexdigest()
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        return ""
    return hashlib.sha256(data).hexdigest() if len(data) <= MAX_BYTES else ""


def _read(preferences: Preferences, name: str) -> list[Any]:
    try:
        kept = json.loads(preferences.read(name, "[]"))
    except ValueError:
        return []
    return kept if isinstance(kept, list) else []
