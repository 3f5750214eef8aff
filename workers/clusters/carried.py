"""Functions that are carried to workers as they are, by value, for Thaw need not be there.

Dask pickles by value what says that it is of the module `__main__`. So each of them imports what it needs by itself, and
runs in any version of Python that the program's own pickles can be read in: `looks` has made sure of that before.
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
def errand(name: str, task: bytes, call: bytes) -> list[bytes]:
    """Runs on a worker: one task, where Thaw is, under its private name.

    Args:
        name: the errand's key in the cluster.
        task: the task, pickled.
        call: how the program can be told of it, pickled.
    """
    import pickle

    from _thaw.clusters import far_post
    from _thaw.remote import worker

    address, key, topic, host = pickle.loads(call)
    if not address:
        return far_post.errand(name, pickle.loads(task), key, topic, host)
    worker.errand(pickle.loads(task), address, key, host)
    return []
