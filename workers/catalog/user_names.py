"""The names of own functions, `path/to/file.py:function` and `package.module:function`, and the files behind them.

Nothing is imported to find a file. Runs on Python 3.9, for any thread.
"""

from __future__ import annotations

import os
import re
import sys
import zlib
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..pythons.finding import is_project
from ..utils.child import ROOT
from ..utils.errors import BadInput
from ..utils.folder_files import expanded, tilde

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.machinery import ModuleSpec

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
PYTHON = (".py", ".pyw")
"""How the names of files of source end."""

_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class Name(NamedTuple):
    """A name in its parts.

    Attributes:
        where: the path of a file as it was given, or a module's name.
        function: the function's name.
        is_path: whether `where` is a path.
    """

    where: str
    function: str
    is_path: bool


def is_own(name: str) -> bool:
    """Whether this names a function, well or not, and no workload of Thaw's own."""
    return ":" in name or "/" in name or "\\" in name or name.endswith(PYTHON)


def parse(name: str) -> Name:
    """Take a name apart.

    Raises:
        BadInput: it names no function, with a sentence that says how that is done.
    """
    drive = name[:2] if _DRIVE.match(name) else ""
    where, colon, function = name[len(drive) :].rpartition(":")
    where = drive + where if colon else name
    is_path = "/" in where or "\\" in where or where.endswith(PYTHON)
    if not colon or not function:
        raise BadInput(f"Name a function of {where or name} too: {where or name}:NAME.")
    if not is_path and not _MODULE.fullmatch(where):
        raise BadInput(
            f"{name!r} names no function: it is said as path/to/file.py:function or package.module:function."
        )
    return Name(where, function.strip(), is_path)


def name_of(path: str | Path, function: str) -> str:
    """The name of a function in a file, for settings that are kept: in the person's folder it begins with ~."""
    return f"{tilde(os.path.abspath(expanded(str(path))))}:{function}"


def module_of(name: str, package: str) -> str:
    """The module of a workload of Thaw's own form: of workers/workloads/, of a lab ("counter.fixed"), or named by it.

    Args:
        name: the workload's.
        package: our own package, with a dot: "_thaw.", or ".." for relative imports.
    """
    if ":" in name:
        return name.partition(":")[0]
    lab, is_lab, _ = name.partition(".")
    return f"{package}labs.{lab}" if is_lab else f"{package}workloads.{name}"


def _parts(name: str) -> Name | None:
    """None for what names no function: that is told as it is."""
    try:
        return parse(name) if is_own(name) else None
    except BadInput:
        return None


def kept(name: str) -> str:
    """A name for a file that is kept: one with a whole path below the person's folder begins with ~ there."""
    found = _parts(name)
    return (
        name_of(found.where, found.function) if found and found.is_path and os.path.isabs(found.where) else name
    )


def title(name: str) -> str:
    """What people call it: "resize (pictures.py)"; any other name as it is."""
    found = _parts(name)
    return f"{found.function} ({base(found.where) if found.is_path else found.where})" if found else name


def slug(name: str) -> str:
    """The function's name alone, as tasks are called: "resize"; of a lab its name, and any other name as it is."""
    found = _parts(name)
    return found.function if found else name.partition(".")[0]


def short(name: str) -> str:
    """The name without folders, for what is given to others: "pictures.py:resize"; any other name as it is."""
    found = _parts(name)
    return f"{base(found.where)}:{found.function}" if found and found.is_path else name


def base(path: str) -> str:
    """The last part of a path of this system or of another one."""
    return re.split(r"[\\/]", path)[-1]


def locate(name: Name) -> Path:
    """The file of a function, with its whole path; a file need not be there, a module's is.

    Of what is built into Python it is Python's own.

    Raises:
        BadInput: there is no such module; a sentence for people.
    """
    if name.is_path:
        return whole_path(name.where)
    found = find_module(name.where)
    if found is None:
        raise BadInput(
            f"There is no module {name.where} here: start Thaw in the folder that it is in, name its file, such as "
            f"path/to/{name.where.rpartition('.')[2]}.py:{name.function}, or the Python that has it (--python PATH)."
        )
    return found


def whole_path(path: str | Path) -> Path:
    """A path from the root of the disk on.

    Raises:
        BadInput: it begins in the current folder, and that is gone.
    """
    try:
        return Path(os.path.abspath(expanded(str(path))))
    except OSError:
        raise BadInput(f"The folder that you are in is gone: say where {path} is from the root on.") from None


def find_module(module: str) -> Path | None:
    """A module's file, found without importing the packages around it; None where there is no such module."""
    spec, _ = find_spec(module)
    if spec is None:
        # `os.path` and the like are put there by Python itself.
        standard = getattr(sys, "stdlib_module_names", ())  # from Python 3.10 on
        known = sys.modules.get(module) if module.partition(".")[0] in standard else None
        file = getattr(known, "__file__", None)
        return Path(file) if file else None
    if spec.origin == "built-in":
        return Path(sys.executable)
    return Path(os.path.abspath(spec.origin)) if spec.origin else None


def find_spec(module: str) -> tuple[ModuleSpec | None, Path | None]:
    """What `import` would find, but that nothing is imported, and the folder that the outermost package is in."""
    found = _find_spec(module, search_path())
    # Our own come apart and last: a package of ours would win over one of theirs that has no `__init__.py`.
    return found if found[0] is not None else _find_spec(module, [str(ROOT)])


def _find_spec(module: str, where: list[str]) -> tuple[ModuleSpec | None, Path | None]:
    spec = base = None
    for number, part in enumerate(module.split(".")):
        # By its last name alone: for a package without a file Python looks the one around it up among what is imported.
        spec = PathFinder.find_spec(part, where)
        if spec is None and number == 0:
            spec = next((found for finder in sys.meta_path if (found := _ask(finder, part))), None)
        if spec is None:
            return None, None
        where = inside(spec)
        if number == 0:
            own = where[0] if where else spec.origin
            base = Path(os.path.abspath(own)).parent if own else None
    return spec, base


def inside(spec: ModuleSpec) -> list[str]:
    """Where a package's modules are looked for; empty for what is no package."""
    found = spec.submodule_search_locations
    # Of a package without a file the list is made anew by importing what is around it: here it is taken as it is.
    return list(getattr(found, "_path", None) or found or ())


def search_path() -> list[str]:
    """Where a module that was named is looked for, as `python -m` does it."""
    here = current_folder()
    around = [here, *map(str, folders_around(Path(here)))] if here else []
    return [*dict.fromkeys([*around, *without_ours()])]


def without_ours() -> list[str]:
    """Where this Python looks for modules, but for our own."""
    # One that is no plain text is a note for children (`user_code.modules`).
    return [one for one in sys.path if type(one) is str and one and one != str(ROOT)]


def folders_around(folder: Path) -> Iterator[Path]:
    """Where imports of files in this folder are looked for: the project's `src`, its own folder, the current one."""
    home = os.path.expanduser("~")
    for outer in (folder, *folder.parents):
        if is_project(outer):
            if (outer / "src").is_dir():
                yield outer / "src"
            yield outer
        elif str(outer) != home:
            continue
        break
    here = current_folder()
    if here != os.path.dirname(here) and os.path.join(folder, "").startswith(os.path.join(here, "")):
        yield Path(here)


def current_folder() -> str:
    """Where this process is; empty where that folder is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def _ask(finder: object, module: str) -> ModuleSpec | None:
    """Finders of installed packages may be of any kind; those of editable ones are asked too."""
    ask = getattr(finder, "find_spec", None)
    found: ModuleSpec | None = ask(module, None) if ask is not None else None
    return found


def module_name(path: str | Path) -> str:
    """The name under which a file is imported, the same in every process: "pictures_1a2b3c4d"."""
    whole = os.path.abspath(path)
    stem = re.sub(r"\W", "_", Path(whole).stem)
    return f"{stem}_{zlib.crc32(os.fsencode(whole)):08x}"
