"""Imports a person's modules: in a place of its own as Python would, in Thaw's own process beside ours.

In a process of its own (there our package has its private name) their folders come first on `sys.path` and their file
is `__main__` as well. In Thaw's own process they are found by `_Finder`, unless a name has another owner there, which
`catalog.compatibility` refuses before; a lone file has a name that no other has. What was imported there `forget`
takes away before the next run: so the state of each run is fresh, and calls of an abandoned run keep what they have.

A file is never `__main__` by its name, so what stands under `if __name__ == "__main__"` does not run. May be called in
any thread. Runs on Python 3.9.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import os
import re
import sys
import threading
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..catalog.user_names import inside, module_name
from ..catalog.user_projects import THEIRS, Source, hidden, is_below, is_taken, is_theirs, of_path
from ..utils.child import PRIVATE
from ..utils.folder_files import stamp
from .forks import watch_forks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import CodeType

IS_APART = __name__.startswith(f"{PRIVATE}.")
"""Whether this process or interpreter is there for the person's code alone."""

LOCK = threading.RLock()  # of this process: two threads may want the same file at once

known: dict[str, Source] = {}
"""By the names of functions: where those come from that were imported for the run that goes on."""

_added: set[str] = set()  # to `sys.path`, in a process that outlives the run
_argv: list[str] = []  # what it was
_codes: dict[str, tuple[tuple[int, int], CodeType]] = {}
_MAIN = re.compile(rb"^[ \t]*(?:from|import)[ \t]+__main__\b", re.MULTILINE)


def load(found: Source) -> ModuleType:
    """Import the module of a function, or get it as it was imported."""
    with LOCK:
        look_in(found)
        name = found.module if IS_APART else found.near
        main = _main(name, found)
        if IS_APART:
            sys.modules["__main__"] = main
        else:
            _finder.main = main
        module = sys.modules.get(name)
        if not found.is_lone:
            module = importlib.import_module(name)
            if main.__file__:
                # Its own processes import a package's module by its name: by its file it would not find its package.
                main.__spec__ = module.__spec__
        elif module is None or not is_theirs(module):
            module = _from_file(name, str(found.path))
        return module


def load_file(path: str) -> ModuleType:
    """Import a file outside of any run; anew where it, or one that it imports, was edited."""
    with LOCK:
        if any(stamp(one) != state for one, (state, _) in _codes.items()):
            forget()
        return load(of_path(path))


def forget() -> None:
    """Before a run: all that is a person's own will be imported anew, and may be of another project."""
    global _argv
    with LOCK:
        roots = tuple({root for found in known.values() for root in found.roots}) if IS_APART else ()
        known.clear()
        if _argv:
            sys.argv, _argv = _argv, []
        for name, module in list(sys.modules.items()):
            if is_theirs(module) or (roots and _is_in(module, roots)):
                del sys.modules[name]
        if IS_APART:
            sys.path[:] = [one for one in sys.path if one not in _added]
            _added.clear()
        _finder.roots = ()
        _finder.main = None
        sys.path[:] = [one for one in sys.path if not isinstance(one, _ForChildren)]
        importlib.invalidate_caches()  # files may have come or gone just now


def give_arguments(path: Path) -> None:
    """Until the next run `sys.argv` has this file and nothing else: Thaw's own options mean nothing to it."""
    global _argv
    _argv = _argv or sys.argv
    sys.argv = [str(path)]


def _is_in(module: ModuleType, roots: tuple[str, ...]) -> bool:
    """Whether a module in Python was imported from one of these folders, and is none of ours."""
    name, file = getattr(module, "__name__", ""), getattr(module, "__file__", None)
    if not isinstance(file, str) or f"{name}.".startswith(f"{PRIVATE}."):
        return False
    return is_below(file, roots) and not file.endswith(tuple(EXTENSION_SUFFIXES))


def look_in(found: Source) -> None:
    """From now on look for imports where those of a function are."""
    if IS_APART:
        # No compiled files are written: Python takes one of the same second and size for the same.
        sys.dont_write_bytecode = True
        _added.update(set(found.roots).difference(sys.path))
        sys.path[:] = [*found.roots, *(one for one in sys.path if one not in found.roots)]
        for name in hidden(found.roots):
            sys.modules.pop(name, None)
    else:
        _finder.roots = tuple(dict.fromkeys([*found.roots, *_finder.roots]))
        if _finder not in sys.meta_path:
            # As duck-typed as importlib itself takes it; of Python 3.9 on the types differ.
            sys.meta_path.insert(0, _finder)  # type: ignore[arg-type, unused-ignore]
        watch_forks(_finder.roots)
    name = found.module if IS_APART else found.near
    if found.roots and (not IS_APART or name == module_name(found.path)):
        told = _ForChildren(name, str(found.path), found.roots)
        sys.path[:] = [*(one for one in sys.path if not isinstance(one, _ForChildren)), told]


def _from_file(name: str, path: str) -> ModuleType:
    """Run a lone file as a module."""
    spec = importlib.util.spec_from_file_location(name, path, loader=_Loader(name, path))
    assert spec is not None
    spec.loader_state = THEIRS
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        assert spec.loader is not None
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


class _Loader(SourceFileLoader):
    """Compiles each state of a file once in this process, and neither reads nor writes compiled files."""

    def get_code(self, fullname: str) -> CodeType:
        state = stamp(self.path)  # before it is read: an edit in between is seen the next time
        if self.path not in _codes or _codes[self.path][0] != state:
            _codes[self.path] = state, self.source_to_code(self.get_data(self.path), self.path)
        return _codes[self.path][1]

    def exec_module(self, module: ModuleType) -> None:
        if not IS_APART and _MAIN.search(self.get_data(self.path)):
            vars(module)["__builtins__"] = {**vars(builtins), "__import__": _import}
        if hasattr(module, "__path__"):
            for name, inner in list(sys.modules.items()):  # of its modules those in C are there still
                if name.rpartition(".")[0] == module.__name__:
                    setattr(module, name.rpartition(".")[2], inner)
        super().exec_module(module)


def _import(
    name: str,
    globals: Mapping[str, Any] | None = None,
    locals: Mapping[str, Any] | None = None,
    fromlist: Sequence[str] = (),
    level: int = 0,
) -> ModuleType:
    """`__main__` is the person's file in their code; where the place is Thaw's own, everybody else has ours."""
    if name == "__main__" and _finder.main is not None:
        return _finder.main
    return builtins.__import__(name, globals, locals, fromlist, level)


class _Finder:
    """What `import` asks first in Thaw's own process: finds the modules of one project.

    Attributes:
        roots: its folders.
        main: what is `__main__` there.
    """

    roots: tuple[str, ...] = ()
    main: ModuleType | None = None

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None:
            spec = PathFinder.find_spec(name, self.roots) if self.roots else None
            if spec is None or is_taken(name, self.roots):
                return None
        else:
            outer = sys.modules.get(name.rpartition(".")[0])
            spec = PathFinder.find_spec(name, path) if is_theirs(outer) else None
            if spec is None:
                return None
        if type(spec.loader) is SourceFileLoader and spec.origin is not None:
            spec.loader = _Loader(name, spec.origin)
        if spec.loader is None:
            # A plain list: Python would look a package without a file up anew, in its own folders.
            spec.submodule_search_locations = inside(spec)
        if spec.loader is None or isinstance(spec.loader, _Loader):  # what is in C is there once in a process
            spec.loader_state = THEIRS
        return spec


_finder = _Finder()


def _main(name: str, found: Source) -> ModuleType:
    """`__main__` for a function: what the module of its file has.

    A plain module, for nothing else may stand there: where it does, interpreters take no second call.
    """

    def get(attribute: str) -> Any:
        return getattr(sys.modules[name], attribute)

    main = ModuleType("__main__")
    # What multiprocessing runs anew in its processes, as it does with a file that Python was started with.
    main.__file__ = None if found.path.name == "__init__.py" else str(found.path)
    vars(main)["__getattr__"] = get
    return main


class _ForChildren(str):
    """Stands on `sys.path` for processes that the function starts itself.

    A process that multiprocessing starts gets `sys.path` by pickle before all else. With this in it, it finds the
    function's module under the name that it has here, and looks in the project's folders first.
    """

    def __new__(cls, name: str, path: str, roots: tuple[str, ...]) -> _ForChildren:
        made = super().__new__(cls, os.path.dirname(os.__file__))  # which is there anyway
        made._told = name, path, roots
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return eval, (f"exec({FIND!r}, {{'told': {self._told!r}}}) or {str(self)!r}",)

    _told: tuple[str, str, tuple[str, ...]]


FIND = """
import sys
from importlib.machinery import PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
own, file, roots = told
class Finder:
    told = told
    def find_spec(self, name, path=None, target=None):
        if name == own:
            return spec_from_file_location(name, file, loader=SourceFileLoader(name, file))
        found = PathFinder.find_spec(name, roots) if path is None else None
        if found is not None and found.loader is None:
            other = PathFinder.find_spec(name)
            return found if other is None or other.loader is None else None
        return found
sys.meta_path.insert(0, Finder())
"""
"""What such a process does: a package without a file is found only where there is no module of its name."""
