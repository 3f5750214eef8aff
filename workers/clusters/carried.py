"""Functions that are carried to workers as they are, by value, for Thaw need not be there.

Dask pickles by value what says that it is of the module `__main__`. So each of them imports what it needs by itself,
and needs a worker of the program's own version of Python: `looks` has made sure of that before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    F = TypeVar("F", bound=Callable[..., Any])


def by_value(function: F) -> F:
    """Have Dask carry a function as it is."""
    function.__module__ = "__main__"
    return function


@by_value
def machine() -> str:
    """Runs on a worker: what tells its machine, in this start of it, from all others; empty where nothing does."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()
    except OSError:
        import uuid

        return str(uuid.getnode())


@by_value
def lacks(paths: list[str], packages: list[str]) -> tuple[list[str], list[str]]:
    """Runs on a worker: those of these files and packages that are not there."""
    import importlib.util
    import os

    def is_there(name: str) -> bool:
        try:
            return importlib.util.find_spec(name) is not None
        except (ImportError, ValueError):
            return False

    return [path for path in paths if not os.path.exists(path)], [one for one in packages if not is_there(one)]


@by_value
def has(package: str) -> bool:
    """Runs on a worker: whether this version of our package is there."""
    import importlib.util

    return importlib.util.find_spec(package) is not None


@by_value
def receive(package: str, content: bytes, dask_worker: Any = None) -> None:
    """Runs on a worker, and is given that by Dask: keep our package there for as long as the worker lasts."""
    import importlib
    import os
    import sys

    path = os.path.join(dask_worker.local_directory, f"{package}.zip")
    with open(path, "wb") as file:
        file.write(content)
    sys.path.append(path)
    importlib.invalidate_caches()
