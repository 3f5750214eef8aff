"""What a person's file belongs to: the name that `import` has for it, and the folders in which its imports are found.

Found by looking at folders: nothing is imported, and no other file is read. Runs on Python 3.9, for any thread.
"""

from __future__ import annotations

import os
import re
import site
import sys
import sysconfig
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from ..pythons.lending import INSTALLED
from ..utils.child import ROOT
from ..utils.folder_files import stamp
from .user_names import find_spec, folders_around, locate, module_name, parse, whole_path, without_ours

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

OURS = frozenset({"gui", "workers", "main"})
"""Thaw's own modules, under whose names nothing else can be imported in its own process."""

STANDARD = frozenset(getattr(sys, "stdlib_module_names", sys.builtin_module_names))
THEIRS = "of a person's own"
"""What is noted in the spec of each of their modules (`loader_state`)."""

AT_START = ("abc", "codecs", "encodings", "genericpath", "io", "ntpath", "os", "posixpath", "site", "stat")
"""What every Python has loaded before it knows of any folder of a person's."""

_UPWARD = re.compile(rb"^[ \t]*from[ \t]+(\.+)", re.MULTILINE)
_NAMED = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)


class Source(NamedTuple):
    """Where a function comes from.

    Attributes:
        path: its file.
        module: what that is imported as in a process of its own: as `import` names it.
        roots: the folders in which its imports are looked for, before all others; none where it is installed.
        is_lone: whether it is no part of a package, and was not named as a module.
    """

    path: Path
    module: str
    roots: tuple[str, ...]
    is_lone: bool = False

    @property
    def near(self) -> str:
        """What it is imported as in Thaw's own process: a lone file under a name that no other has."""
        return module_name(self.path) if self.is_lone else self.module


def source(name: str) -> Source:
    """Where the function of a name comes from; the file of a path need not be there.

    Raises:
        BadInput: there is no such module, or it has no source; a sentence for people.
    """
    parsed = parse(name)
    if parsed.is_path:
        return of_path(parsed.where)
    path, (_, base) = locate(parsed), find_spec(parsed.where)
    if base is None or is_installed(path) or not INSTALLED.isdisjoint(base.parts):
        return Source(path, parsed.where, ())
    return Source(path, parsed.where, _roots(base, path, _text(path)))


def of_path(where: str | Path) -> Source:
    """That of a file, named by its path."""
    path = whole_path(where)
    base, text = path.parent, _text(path)
    while (base / "__init__.py").is_file() and base.parent != base:
        base = base.parent
    upward = max(map(len, _UPWARD.findall(text)), default=0)
    if upward and base == path.parent:
        base = _namespace(path, upward)
    roots = _roots(base, path, text)
    if base != path.parent:
        return Source(path, ".".join(_inside(path, base)), roots)
    found = PathFinder.find_spec(path.stem, [str(base)]) if path.stem.isidentifier() else None
    is_free = path.stem not in STANDARD and path.stem != "__main__" and elsewhere(path.stem, roots) is None
    is_plain = is_free and found is not None and found.origin == str(path)
    return Source(path, path.stem if is_plain else module_name(path), roots, True)


def _inside(path: Path, base: Path) -> tuple[str, ...]:
    """The names of a file and the packages around it, as far as a folder."""
    parts = path.with_suffix("").relative_to(base).parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def _namespace(path: Path, upward: int) -> Path:
    """The folder around the packages of a file that imports from them, where none of them has an `__init__.py`."""
    for base in folders_around(path.parent):
        names = _inside(path, base)
        if len(names) > upward and all(name.isidentifier() for name in names):
            return base
    return path.parents[min(upward, len(path.parents) - 1)]


def _roots(base: Path, path: Path, text: bytes) -> tuple[str, ...]:
    """`base` and what is around it.

    Also where the file names, as if from outside, a folder that it is in itself; and its own folder inside of a
    package, where it names a file beside it by its name alone, as only a file that is run itself can.
    """
    found = dict.fromkeys([str(base), *map(str, folders_around(path.parent))])
    outer = {folder.name: str(folder.parent) for folder in reversed(path.parents)}
    for name in map(bytes.decode, _NAMED.findall(text)):
        is_unknown = name not in STANDARD and PathFinder.find_spec(name, list(found)) is None
        if is_unknown and elsewhere(name, ()) is None:
            beside = str(path.parent) if _is_module(name, str(path.parent)) else None
            if (more := outer.get(name) or beside) is not None:
                found.setdefault(more)
    return tuple(found)


def _is_module(name: str, folder: str) -> bool:
    """Whether there is a module of that name in a folder, or a package with a file."""
    spec = PathFinder.find_spec(name, [folder])
    return spec is not None and spec.loader is not None


def _text(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


# ---------------------------------------------------------------- whose a name is


def is_installed(path: Path) -> bool:
    """Whether a file belongs to Python or to a package that was installed into it, and not to a person's project."""
    if path == Path(sys.executable):
        return True
    folders = (
        *map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")),
        *site.getsitepackages(),
    )
    is_ours = any(path.is_relative_to(folder) for folder in folders if folder)
    return is_ours or not INSTALLED.isdisjoint(path.parts)  # of another Python, whose packages are lent


def is_below(path: str, roots: tuple[str, ...]) -> bool:
    """Whether a file lies below one of these folders, and not in an environment with packages there."""
    return any(
        path.startswith(os.path.join(root, "")) and INSTALLED.isdisjoint(path[len(root) :].split(os.sep))
        for root in roots
    )


def elsewhere(name: str, roots: tuple[str, ...]) -> ModuleSpec | None:
    """What a name stands for in this Python, apart from these folders: a module, or a package with a file."""
    spec = PathFinder.find_spec(name, [one for one in without_ours() if one not in roots])
    if spec is None or spec.loader is None or spec.origin is None or is_below(spec.origin, roots):
        return None
    return spec


def is_taken(name: str, roots: tuple[str, ...]) -> bool:
    """Whether a top-level name that a project has is somebody else's in Thaw's own process."""
    if name in OURS or name in STANDARD or elsewhere(name, roots) is not None:
        return True
    known = sys.modules.get(name)
    file = getattr(known, "__file__", None)
    return isinstance(file, str) and not is_below(file, roots) and not is_theirs(known)


def is_theirs(module: object) -> bool:
    """Whether a module was imported here for a function of a person's own: the next run makes it anew."""
    # Nothing is asked of what others put among the modules: some of it imports itself when it is.
    spec = vars(module).get("__spec__") if isinstance(module, ModuleType) else None
    return getattr(spec, "loader_state", None) == THEIRS


def shadowing(roots: tuple[str, ...]) -> frozenset[str]:
    """The top-level names of modules in these folders that are taken in Thaw's own process; mostly there are none."""
    if str(ROOT) in roots:
        return frozenset()  # it is Thaw's own project
    others = list_installed(roots) | OURS | STANDARD
    found = set()
    for root in roots:
        for name in _names(root, stamp(root)):
            if (name in others or name in sys.modules) and name not in found:
                if _is_module(name, root) and is_taken(name, roots):
                    found.add(name)
    return frozenset(found)


def hidden(roots: tuple[str, ...]) -> list[str]:
    """The modules here that are not those which a Python that begins in these folders would have."""
    found = []
    for root in roots:
        for name in _names(root, stamp(root)).intersection(sys.modules).difference(AT_START):
            file = getattr(sys.modules[name], "__file__", None)
            if isinstance(file, str) and not is_below(file, roots) and _is_module(name, root):
                found += [one for one in sys.modules if one == name or one.startswith(f"{name}.")]
    return found


def list_installed(roots: tuple[str, ...] = ()) -> frozenset[str]:
    """The names of what this Python could import from elsewhere than these folders; the first time takes a while."""
    return _others(tuple(one for one in without_ours() if one not in roots))


@lru_cache(maxsize=16)
def _others(path: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for folder in path for name in _names(folder, stamp(folder)))


@lru_cache(maxsize=64)
def _names(folder: str, changed: tuple[int, int]) -> frozenset[str]:
    """What could be a module's name, of what there is in a folder as of its last change."""
    try:
        return frozenset(one.partition(".")[0] for one in os.listdir(folder))
    except OSError:
        return frozenset()
