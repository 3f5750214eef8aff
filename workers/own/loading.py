"""Imports a person's own function where it runs, and makes a workload of it. Runs on Python 3.9.

Called by whoever drives its first task: a thread of the program, a process, another interpreter. A file is imported
under a name of its own, which is never `__main__`, so what stands under `if __name__ == "__main__"` does not run. Files
beside it can be imported as when Python runs it: first of all while it is imported itself, and later after all else.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import math
import numbers
import os
import pickle
import sys
import threading
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import AsyncGeneratorType, CoroutineType, GeneratorType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from workers.own import names
from workers.own.results import told

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OURS = tuple(os.path.join(ROOT, name, "") for name in ("gui", "workers"))
"""Where Thaw's own packages are."""

STAMPS = "__thaw_stamps__"
"""A module's attribute: the files that it was made from, and their state then."""

_lock = threading.RLock()  # of this process: two threads may want the same file at once
_made: dict[str, Made] = {}  # what was imported here, by name: an edited file is looked for once for each run


class NotHere(Exception):
    """A function cannot run in this place; the message is a sentence."""


class Made(NamedTuple):
    """An own function, ready to run.

    Attributes:
        module: what its file was imported as.
        function: itself.
        steps: it as a workload: a generator function that yields amounts, and returns what can be shown.
        wants_control: whether it has a parameter `control`.
        gil: "holds", "releases", or empty where it declares nothing.
        is_async: whether it can only be awaited.
    """

    module: ModuleType
    function: Callable[..., Any]
    steps: Callable[..., Generator[float, None, Any]]
    wants_control: bool
    gil: str
    is_async: bool


def made(name: str) -> Made:
    """Import a function, unless it is here already.

    Raises:
        Exception: whatever the file raises when it is imported; ValueError or ImportError where there is no such thing.
    """
    found = _made.get(name)
    if found is None:
        with _lock:
            found = _made.get(name) or _make(name)
            _made[name] = found
    return found


def forget_changed(name: str) -> None:
    """Before a run: what was edited since it was imported here will be imported anew."""
    with _lock:
        found = _made.get(name)
        if found is not None and _is_changed(found.module):
            del _made[name]


def _make(name: str) -> Made:
    parsed = names.parse(name)
    if parsed.is_path:
        path = str(names.locate(parsed))
        module = load_file(path)
    else:
        path = ""  # of an import by name everybody can read the result
        with _importable(os.getcwd()):
            module = importlib.import_module(parsed.where)
    function = getattr(module, parsed.function)
    known = _parameters(function)
    is_workload = (
        not parsed.is_path and inspect.isgeneratorfunction(function) and isinstance(getattr(module, "UNIT", None), str)
    )
    if _is_far() and not is_workload:
        _check_travels(function, parsed.function)
    gil = getattr(function, "GIL", getattr(module, "GIL", ""))
    steps = function if is_workload else _steps(function, parsed.function, path)
    is_async = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    return Made(module, function, steps, "control" in known, gil if isinstance(gil, str) else "", is_async)


def _parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a callable made in C may have none to show
        return {}


def _paths(known: dict[str, inspect.Parameter]) -> frozenset[str]:
    """The parameters that want a `Path`, which crosses as a text."""
    return frozenset(
        name
        for name, one in known.items()
        if isinstance(one.default, os.PathLike)
        or "Path" in (one.annotation if isinstance(one.annotation, str) else str(one.annotation))
    )


def _is_far() -> bool:
    """Whether this process or interpreter is a far end, and works for a program elsewhere."""
    end = sys.modules.get("workers.far.end")
    return bool(getattr(end, "_ends", ()))


def _check_travels(function: Callable[..., Any], name: str) -> None:
    """Processes and interpreters get a function by pickling it, in every program but this."""
    try:
        pickle.dumps(function)
    except Exception as error:
        raise NotHere(f"{name} cannot be pickled, and so cannot be sent to another process: {error}.") from None


# ---------------------------------------------------------------- as a workload


def prepared(found: Made) -> Callable[..., Any]:
    """The function, called with paths as such: they cross as texts."""
    return _with_paths(found.function, _paths(_parameters(found.function)))


def _with_paths(function: Callable[..., Any], paths: frozenset[str]) -> Callable[..., Any]:
    if not paths:
        return function

    def call(**arguments: Any) -> Any:
        for key in paths:
            if isinstance(arguments.get(key), str):
                arguments[key] = Path(arguments[key]).expanduser()
        return function(**arguments)

    return call


def _steps(function: Callable[..., Any], name: str, path: str) -> Callable[..., Generator[float, None, Any]]:
    """A generator function out of any function."""
    run = _with_paths(function, _paths(_parameters(function)))

    def steps(**arguments: Any) -> Generator[float, None, Any]:
        value = run(**arguments)
        if value is None:
            yield 1
            return None
        kind = type(value)
        if kind is GeneratorType:
            value = yield from _amounts(value)
        elif kind is CoroutineType or kind is AsyncGeneratorType:
            if kind is CoroutineType:
                value.close()  # or Python complains that nobody awaited it
            raise NotHere(f"{name} is async: it runs in an event loop only, as on the runner asyncio_loop.")
        else:
            yield 1
        return told(value, path)

    return steps


def _amounts(steps: Generator[Any, None, Any]) -> Generator[float, None, Any]:
    """What a person's generator yields, as amounts: numbers count as they are, and anything else as 1."""
    try:
        while True:
            try:
                got = next(steps)
            except StopIteration as end:
                return end.value
            yield amount(got)
    finally:
        steps.close()


def amount(got: Any) -> float:
    """How much a yield counts: a number that is one and not negative is itself, all else is 1."""
    if got is None:
        return 1
    if isinstance(got, numbers.Real) and not isinstance(got, bool):
        value = float(got)
        return value if value >= 0 and math.isfinite(value) else 0
    return 1


# ---------------------------------------------------------------- files


def load_file(path: str) -> ModuleType:
    """Import a file, or get it as it was imported; one that was edited since is imported anew.

    Args:
        path: the whole of it.
    """
    name = names.module_name(path)
    with _lock:
        module = sys.modules.get(name)
        if module is not None and not _is_changed(module):
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
            with _importable(folder):
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


def _is_changed(module: ModuleType) -> bool:
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
        if isinstance(module, ModuleType) and STAMPS in vars(module):  # some put other things than modules there
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
def _importable(folder: str) -> Iterator[None]:
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
            sys.meta_path.append(found)  # type: ignore[arg-type, unused-ignore]
        found.folders = [folder, *(one for one in found.folders if one != folder)]

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What `import` asks, for whatever it has not found elsewhere."""
        return PathFinder.find_spec(name, self.folders) if path is None else None
