"""Takes out of what is sent round where on a person's disk things lie. For any thread."""

from __future__ import annotations

import os
import re

from ..catalog.user_names import base
from ..monitors.call_tree import inside_library
from ..utils.child import ROOT

_ABSOLUTE = re.compile(r"[\\/]|[A-Za-z]:[\\/]")
_QUOTED = re.compile(r"""(?P<quote>['"])(?P<path>(?:/|[A-Za-z]:\\)[^'"\n]*)(?P=quote)""")
_HOME = re.compile(r"""(?:[A-Za-z]:)?[\\/](?:home|Users)[\\/][^\\/\s'"<>:|]+""")


def short_path(path: str) -> str:
    """What a file is called for others: its path in a library, in Thaw or in the current folder, else its name."""
    if not _ABSOLUTE.match(path):
        return path
    # Thaw may lie in a library's folder itself.
    if inside := inside_library(path.removeprefix(str(ROOT))):
        return inside
    for folder in (str(ROOT), _current_folder()):
        if len(folder) > 1 and path.startswith(folder + os.sep):
            return path[len(folder) + 1 :]
    return base(path)


def without_folders(text: str) -> str:
    """A text in which files are called as `short_path` says, and a person's folder is called ~."""
    text = _QUOTED.sub(lambda found: found["quote"] + short_path(found["path"]) + found["quote"], text)
    for folder in (str(ROOT), _current_folder()):
        if len(folder) > 1:
            text = text.replace(folder + os.sep, "")
    home = os.path.expanduser("~")
    if len(home) > 1:
        text = text.replace(home + os.sep, f"~{os.sep}")
    return _HOME.sub("~", text)


def local(value: str) -> str:
    """A value that may be a path, or a text with some."""
    return without_folders(short_path(value))


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""  # it has been deleted meanwhile
