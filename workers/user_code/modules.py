"""Imports a person's file, with those beside it, and sees when one of them was edited. Runs on Python 3.9.

May be called in any thread. A file is imported under a name of its own, which is never `__main__`, so what stands under
`if __name__ == "__main__"` does not run. Files beside it can be imported as when Python runs it: first of all while it
is imported itself, and later after all else.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
import threading
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import TYPE_CHECKING

from ..catalog import user_names
from ..utils.child import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OURS = tuple(os.path.join(ROOT, name, "") for name in ("gui", "workers"))
"""Where Thaw's own packages are."""

STAMPS = "__thaw_stamps__"
"""A module's attribute: the files that it was made from, and their state then."""

LOCK = threading.RLock()  # of this process: two threads may want the same file at once


def load_file(path: str) -> ModuleType:
    """Import a file, or get it as it was imported; one that was edited since is imported anew.

    Args:
        path: the whole of it.
    """
    name = user_names.module_name(path)
    with LOCK:
        module = sys.modules.get(name)
        if module is not None and not is_changed(module):
            return module
        _drop(name)
        folder = os.path.dirname(path)
        before = set(sys.modules)
        loader = SourceFileLoader(name, path)
        spec = importlib.util.spec_from_file_location(name, path, loader=loader)
        assert spec is not None
        module = importlib.util.module_from_spec(spec)
        stamps = {path: _stamp(path)}  # before it is read: an edit in between is seen the next time
        # Compiled here and not by the loader: that one takes a compiled file of the same second and size for the same.
        code = loader.source_to_code(loader.get_data(path), path)
        sys.modules[name] = module
        try:
            with importable(folder):
                exec(code, module.__dict__)
        except BaseException:
            for key in [name, *(key for key in set(sys.modules) - before if _is_beside(key, folder))]:
                sys.modules.pop(key, None)
            raise
        beside = {key: sys.modules[key] for key in set(sys.modules) - before if _is_beside(key, folder)}
        stamps.update((one.__file__ or "", _stamp(one.__file__ or "")) for one in beside.values())
        setattr(module, STAMPS, (stamps, beside))
        _Beside.of(folder)
        return module


def is_changed(module: ModuleType) -> bool:
    """Whether a file that it was made from is another now, or its neighbours have made way for those of others."""
    stamps, beside = getattr(module, STAMPS, ({}, {}))
    return any(_stamp(path) != stamp for path, stamp in stamps.items()) or any(
        sys.modules.get(name) is not one for name, one in beside.items()
    )


def _stamp(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _drop(name: str) -> None:
    """Forget a file, and the files beside all own functions: another folder's may have the same names."""
    for module in list(sys.modules.values()):
        # Some put other things than modules there.
        if isinstance(module, ModuleType) and STAMPS in vars(module):
            for key, one in vars(module)[STAMPS][1].items():
                if sys.modules.get(key) is one:
                    del sys.modules[key]
    sys.modules.pop(name, None)


def _is_beside(key: str, folder: str) -> bool:
    """Whether an imported module is a file in this folder, or belongs to a package in it; and none of ours."""
    top = key.partition(".")[0]
    file = getattr(sys.modules.get(key), "__file__", None)
    if not isinstance(file, str) or os.path.join(folder, top, "").startswith(OURS):
        return False
    place = os.path.join(folder, top)
    return os.path.abspath(file).startswith((f"{place}.py", place + os.sep))


@contextlib.contextmanager
def importable(folder: str) -> Iterator[None]:
    """Look for modules in a folder first, as Python does for the file that it runs.

    No compiled files are written meanwhile: Python takes one of the same second and size for the same.
    """
    importlib.invalidate_caches()  # it may have been edited just now
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes
        with contextlib.suppress(ValueError):
            sys.path.remove(folder)


class _Beside:
    """Finds what own functions import while they run: in their folders, after all other places."""

    def __init__(self) -> None:
        self.folders: list[str] = []

    @classmethod
    def of(cls, folder: str) -> None:
        """From now on look in this folder, and there before others."""
        found = next((one for one in sys.meta_path if isinstance(one, cls)), None)
        if found is None:
            found = cls()
            # As duck-typed as importlib itself takes it; of Python 3.9 on the types differ.
            sys.meta_path.append(found)  # type: ignore[arg-type, unused-ignore]
        found.folders = [folder, *(one for one in found.folders if one != folder)]

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What `import` asks, for whatever it has not found elsewhere."""
        return PathFinder.find_spec(name, self.folders) if path is None else None
