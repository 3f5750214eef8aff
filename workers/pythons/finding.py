"""Which Python a person means: by a path, a name, a folder or a project. The one place where that is decided.

For any thread. What looks at files alone says so; the rest may ask interpreters, which takes up to some seconds.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..utils.errors import BadInput
from ..utils.folder_files import tilde, whole
from .asking import MIN_VERSION, Python, ask, ask_all, environment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FREE_THREADED = "free-threaded"
"""In place of a path: the first one without a GIL."""

NAMES = re.compile(r"(python(3(\.\d+)?t?)?|pypy3(\.\d+)?|graalpy(\d+\.\d+)?)(\.exe)?")
INSIDE = (
    *("bin/python", "bin/python3", "Scripts/python.exe", "bin/python.exe"),
    *("python.exe", "python", "python3"),
)
"""Where an environment has its interpreter: here, on Windows, in MSYS2, of conda there; at last a folder itself."""

ENVIRONMENTS = (".venv", "venv")
REPOSITORY = ".git"
MARKS = ("pyproject.toml", "setup.py", "setup.cfg", REPOSITORY)
"""One of these stands in a project's own folder."""

MAX_UP = 30
SHIMS = "shims"
INSTALLED = ("versions/*/bin", "versions/*", "installs/python/*/bin", "installs/python/*")
"""Beside the folder of stand-ins: what they lead to, of pyenv, of pyenv for Windows, and of asdf and mise."""


def choose(wanted: str) -> Python:
    """The interpreter that a person means.

    Args:
        wanted: its path, or its name on PATH; a virtual environment's folder, or that of a project with one in it;
            empty: the first other one on PATH; FREE_THREADED: the first of these whose GIL is off.

    Raises:
        BadInput: there is no such one, or it cannot be used; a sentence for people that says what to do.
    """
    if not wanted.strip():
        found = next(iter(others()), None)
        if found is None:
            raise BadInput(
                "There is no other Python on PATH. Name one with the parameter python, or install one, "
                "such as pypy3 or python3.13t."
            )
        return found
    if wanted == FREE_THREADED:
        found = next((python for python in others() if not python.gil), None)
        if found is None:
            raise BadInput(
                "There is no other Python on PATH whose GIL is off. Install one, such as python3.14t, or name one with "
                "the parameter python."
            )
        return found
    return ask(_path(wanted))


def _path(wanted: str) -> str:
    """How the interpreter of that name is started, as a whole path. Raises BadInput where there is none."""
    path = whole(wanted)
    inside = in_folder(path)
    if inside or (os.path.lexists(path) and not os.path.isdir(path)):
        return _started_by(inside or path)
    on_path = shutil.which(wanted.strip())
    if on_path is not None:
        return _behind(os.path.abspath(on_path))
    if os.path.isdir(path):
        raise BadInput(
            f"There is no Python in {tilde(path)}, nor in a folder {' or '.join(ENVIRONMENTS)} of it: name a virtual "
            "environment, which python -m venv makes, or an interpreter."
        )
    raise BadInput(
        f"There is no Python {wanted}: name an interpreter by its path or by its name on PATH, a virtual environment, "
        "or a project that has one in it."
    )


def _started_by(path: str) -> str:
    """An interpreter that a person named by a path. Raises BadInput where it cannot be started."""
    if not os.path.exists(path):
        raise BadInput(
            f"{tilde(path)} leads to {os.path.realpath(path)}, which is not there any more: make the environment anew."
        )
    return _behind(path)


# ---------------------------------------------------------------- folders: looks at files alone


def in_folder(folder: str) -> str:
    """The interpreter of a folder: of the environment that it is, or that a project in it has; empty where none is."""
    places = [folder, *(os.path.join(folder, name) for name in ENVIRONMENTS)]
    for place, name in itertools.product(places, INSIDE):
        path = os.path.join(place, *name.split("/"))
        if os.path.isfile(path) or (os.path.islink(path) and not os.path.exists(path)):
            return path
    return ""


def is_project(folder: Path) -> bool:
    """Whether it is a project's own folder."""
    return any((folder / mark).exists() for mark in MARKS)


def of_project(file: Path) -> str:
    """The interpreter of the project that a file is in, where that has one of its own; empty where it has none.

    That is the nearest folder with an environment that is a project's by its marks, or the file's own; up to the
    outermost of the repository. Thaw's own environment is nobody's.
    """
    for folder in itertools.islice(file.parents, MAX_UP):
        if folder != file.parent and not is_project(folder):
            continue
        for name in ENVIRONMENTS:
            found = in_folder(str(folder / name)) if (folder / name).is_dir() else ""
            if os.path.exists(found) and os.path.realpath(folder / name) != os.path.realpath(sys.prefix):
                return found
        if (folder / REPOSITORY).exists():
            break
    return ""


# ---------------------------------------------------------------- PATH


def others() -> list[Python]:
    """The Pythons on PATH that can be used, in its order; not this one, and none twice. All are asked at once."""
    ours = os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable)
    own = os.path.realpath(sys.prefix) if sys.prefix != sys.base_prefix else ""
    seen = {(ours, ""), (ours, own)}
    found = []
    for python in ask_all(candidates()):
        if python.identity not in seen:
            seen.add(python.identity)
            found.append(python)
    return found


def candidates() -> list[str]:
    """The programs on PATH whose names are those of a Python, in its order; each but once. Looks at files alone.

    The stand-ins of a version manager are slow to ask, and most lead nowhere: all that it has installed are taken.
    """
    found: dict[str, str] = {}
    for folder in map(Path, os.get_exec_path()):
        for where in (_installed(folder) if folder.name == SHIMS else ()) or (folder,):
            for path in _named(where):
                # An environment is told by its folder: its interpreter is a link to one that has other packages.
                found.setdefault(os.path.realpath(environment_of(path) or path), path)
    return list(found.values())


def _named(folder: Path) -> Iterator[str]:
    try:
        names = sorted(name for name in os.listdir(folder) if NAMES.fullmatch(name))
    except OSError:
        return
    for name in names:
        path = os.path.abspath(folder / name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            yield path


def _behind(path: str) -> str:
    """What a path leads to where it is the stand-in of a version manager: of the selected version, or of the newest."""
    folder, name = Path(path).parent, os.path.basename(path)
    if folder.name != SHIMS or not (versions := _installed(folder)):
        return path
    if _selected(folder.parent)[:1] == ["system"]:
        elsewhere = os.pathsep.join(one for one in os.get_exec_path() if Path(one) != folder)
        if found := shutil.which(name, path=elsewhere):
            return os.path.abspath(found)
    return next((str(one / name) for one in versions if (one / name).is_file()), path)


def _installed(shims: Path) -> list[Path]:
    """Of all versions that a manager has installed the folders of programs: selected ones first, then the newest."""
    selected = _selected(shims.parent)
    ranks = {}
    for folder in (
        folder for pattern in INSTALLED for folder in shims.parent.glob(pattern) if any(_named(folder))
    ):
        version = folder.name if folder.name != "bin" else folder.parent.name
        numbers = tuple(map(int, re.findall(r"\d+", version)))
        if not numbers or numbers >= MIN_VERSION:  # the others need not be asked
            place = selected.index(version) if version in selected else len(selected)
            ranks[folder] = (place, [-number for number in numbers])
    return sorted(ranks, key=lambda folder: ranks[folder])


def _selected(root: Path) -> list[str]:
    """The versions that pyenv would take here: by its variable, by a file of a folder around, or by its own file."""
    if named := os.environ.get("PYENV_VERSION"):
        return named.split(":")
    here = Path(os.getcwd(), "x")
    files: Iterable[Path] = (*(folder / ".python-version" for folder in here.parents), root / "version")
    for file in files:
        try:
            return file.read_text(encoding="utf-8").split()
        except (OSError, ValueError):
            continue
    return []
