"""Modules of a program that are called as Python's own, such as a `json.py` beside it: it is to find its own.

What we have imported before it begins stays in `sys.modules`, and would be found there in place of them.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LATER = (
    *(
        ".teller",
        ".watching.thread_dumps",
        ".watching.interrupting",
        ".program",
        ".connection",
        ".watching.pending",
        ".loops.qt",
        ".loops.tk",
        ".loops.asyncio_events",
    ),
    *(".watching.loop_watchdog", "..monitors.dump", "..monitors.resources", "..monitors.syntax"),
    *("..monitors.threads.states",),
)
"""What the agent imports while the program runs: it would find the program's modules then."""


def leave_room(before: Collection[str], folders: Iterable[str]) -> None:
    """Leave the names of such modules to them, after the agent has begun.

    Args:
        before: the names of the modules that there were before.
        folders: in which the program finds modules besides those of its own folder, before those of Python.
    """
    its_own = {
        name for folder in (*_program_folder(), *folders) for name in _names(folder) if _is_pythons(name)
    }
    if its_own <= set(before) | {"test"}:
        return
    for name in LATER:
        import_module(name, __package__)
    for name in [name for name in sys.modules if name.partition(".")[0] in its_own and name not in before]:
        del sys.modules[name]


def _program_folder() -> list[str]:
    """What will come first in `sys.path`."""
    if getattr(sys.flags, "safe_path", False) or not sys.argv or sys.flags.isolated:
        return []
    if sys.argv[0] in ("-m", "-c", ""):
        return [os.getcwd()]
    script = os.path.realpath(sys.argv[0])
    return [script if os.path.isdir(script) else os.path.dirname(script)]


def _names(folder: str) -> list[str]:
    try:
        return [one.partition(".")[0] for one in os.listdir(folder)]
    except OSError:  # it is not there, or a zip file
        return []


def _is_pythons(name: str) -> bool:
    known = getattr(sys, "stdlib_module_names", None)
    if known is not None:
        return name in known
    library = os.path.dirname(os.__file__)
    return name in sys.builtin_module_names or any(
        os.path.exists(os.path.join(library, one)) for one in (f"{name}.py", f"{name}/__init__.py")
    )
