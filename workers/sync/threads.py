"""Whether threads run that a task has started: nobody knows what those may give to others. Runs on Python 3.9."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

OURS = __name__.partition(".")[0]


def has_others(known: Container[threading.Thread]) -> bool:
    """Whether there is a thread that came up during the run, and neither runs its tasks nor is the program's own.

    Args:
        known: the threads that there were when the run's first task began, and those in which its tasks run. Not
            their idents, which the system gives to others once a thread has ended.
    """
    return any(thread not in known and not _is_ours(thread) for thread in threading.enumerate())


def _is_ours(thread: threading.Thread) -> bool:
    """By what it runs: an unbound one is gone when it ends."""
    names = [type(thread).__module__, getattr(getattr(thread, "_target", None), "__module__", None) or ""]
    return any(_is_ours_module(name) for name in names) or type(thread).__name__ == "_DummyThread"


def _is_ours_module(name: str) -> bool:
    first, _, rest = name.partition(".")
    return first == "gui" or (first == OURS and not rest.startswith("labs."))
