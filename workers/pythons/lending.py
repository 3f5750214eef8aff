"""The use of another Python's packages in this one: found after all of ours, and only while somebody borrows them.

Modules that were imported from there wait aside after that: nobody else finds them, and who borrows of the same Python
next need not import them again, which many that are written in C do not allow. For any thread.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import threading
from contextlib import contextmanager
from importlib.machinery import EXTENSION_SUFFIXES
from typing import TYPE_CHECKING, Any

from .asking import known

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from .asking import Python

INSTALLED = {"site-packages", "dist-packages"}
"""Folders of packages. What else is on a Python's path is a project of somebody's: it is imported anew each time."""

_lock = threading.Lock()
_borrowed: list[tuple[str, ...]] = []
"""What is on the path now, once for each who borrows it."""

_before: list[Any] = []
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Python's own variable; where it is empty, it is as if it were not there."""

_aside: dict[tuple[str, ...], dict[str, ModuleType]] = {}


def fits(python: Python) -> bool:
    """Whether this Python can import the packages of that one: of the same version, and built alike."""
    theirs = python.implementation, python.version[:2], python.suffix
    return theirs == (platform.python_implementation(), sys.version_info[:2], EXTENSION_SUFFIXES[0])


def packages(path: str) -> tuple[str, ...]:
    """The folders of packages of a Python that this one can import, and has not itself. Asks nobody.

    Args:
        path: the interpreter; empty where there is none. Of one that has not been asked nothing is known.
    """
    python = known(path)
    if python is None or not fits(python):
        return ()
    ours = {os.path.realpath(one) for one in sys.path if one not in borrowed()}
    return tuple(one for one in python.packages if os.path.realpath(one) not in ours)


def borrowed() -> tuple[str, ...]:
    """The folders of packages that are lent just now."""
    return tuple(folder for folders in _borrowed for folder in folders)


@contextmanager
def lent(path: str) -> Iterator[None]:
    """Within this block imports find the packages of that Python too; where `path` is empty it is as ever."""
    if not (folders := packages(path)):
        yield
        return
    with _lock:
        _borrowed.append(folders)
        if _borrowed.count(folders) == 1:
            importlib.invalidate_caches()
            sys.path.extend(folders)
            sys.modules.update(_aside.pop(folders, {}))
        if len(_borrowed) == 1:
            _write_none(True)
    try:
        yield
    finally:
        with _lock:
            _borrowed.remove(folders)
            if not _borrowed:
                _write_none(False)
            if folders not in _borrowed:
                sys.path[:] = [one for one in sys.path if one not in folders]
                theirs = {name: one for name, one in list(sys.modules.items()) if _is_of(one, folders)}
                for name in theirs:
                    del sys.modules[name]
                installed = tuple(one for one in folders if os.path.basename(one) in INSTALLED)
                _aside[folders] = {name: one for name, one in theirs.items() if _is_of(one, installed)}


def _write_none(is_wanted: bool) -> None:
    """Write no compiled files beside what is borrowed; processes that are started meanwhile do not, either."""
    if is_wanted:
        _before[:] = sys.dont_write_bytecode, os.environ.get(NO_BYTECODE, "")
        sys.dont_write_bytecode, os.environ[NO_BYTECODE] = True, "1"
    else:
        sys.dont_write_bytecode, os.environ[NO_BYTECODE] = _before


def _is_of(module: ModuleType, folders: tuple[str, ...]) -> bool:
    """Whether a module was imported from one of these folders."""
    spec = getattr(module, "__spec__", None)
    places = [getattr(spec, "origin", None), *(getattr(spec, "submodule_search_locations", None) or ())]
    return any(
        isinstance(place, str) and place.startswith(folder + os.sep) for place in places for folder in folders
    )
