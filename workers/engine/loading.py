"""Imports a runner or workload once it is chosen. Runs on Python 3.9, like `workers.engine.task`, which needs it."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog.user_names import is_own
from ..user_code.loading import made

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


class Workload(NamedTuple):
    """A workload that was imported.

    Attributes:
        function: its generator function.
        wants_control: whether that has a parameter `control`, for the run's `Control`.
        gil: "holds", "releases", or empty where it declares nothing.
    """

    function: Callable[..., Any]
    wants_control: bool
    gil: str


def _module(name: str) -> ModuleType:
    return importlib.import_module(name.partition(":")[0] if ":" in name else f"..workloads.{name}", __package__)


def load_workload(name: str) -> Workload:
    """Import a workload, unless it is here already.

    Args:
        name: a file of workers/workloads/ without `.py`, or an own function's name (`catalog.user_functions`).
    """
    if is_own(name):
        found = made(name)
        return Workload(found.steps, found.wants_control, found.gil)
    return _load(name)


@functools.cache
def _load(name: str) -> Workload:
    function = getattr(_module(name), name)
    wants_control = "control" in inspect.signature(function).parameters
    return Workload(function, wants_control, workload_constant(name, "GIL", ""))


def workload_hook(name: str, hook: str) -> Callable[..., Any] | None:
    """An optional function of a workload's file: `plan`, `seconds`, `close` or `leave`; None where it has none.

    A person's own function has none: its file may have functions of such names, which mean something else there.
    """
    if is_own(name) and not is_workload(name):
        return None
    found: Callable[..., Any] | None = getattr(_module(name), hook, None)
    return found


def workload_constant(name: str, constant: str, default: str) -> str:
    """A literal of a workload's file, or `default` where it has none. Of an own function nothing is imported for it."""
    if is_own(name) and not is_workload(name):
        from ..catalog import lookup  # only here: far away nobody reads source

        entry = lookup.entry("workloads", name)
        return default if entry is None else str(entry.constants.get(constant, default))
    return str(getattr(_module(name), constant, default))


@functools.lru_cache(maxsize=256)
def is_workload(name: str) -> bool:
    """Whether a name, `package.module:function`, is that of a workload of Thaw's own form, which is run as one.

    That is a generator function in a module that says by its UNIT what the amounts count; a function of a file named by
    its path never is. Nothing is imported.
    """
    from ..catalog import user_functions  # only here: far away nobody reads source

    return not is_own(name) or user_functions.is_workload(name)


def _needs_gui(name: str) -> bool:
    """Whether an own function can run in the GUI thread only: then its file is not imported elsewhere either."""
    from ..catalog import lookup  # only here: far away nobody reads source

    entry = lookup.entry("workloads", name)
    return entry is not None and entry.own is not None and bool(entry.own.needs_gui)


def preload(runner: str, workload: str, *, own: bool = False) -> None:
    """Import what a run will need, so that its start need not wait for it; may be called from another thread.

    Args:
        runner: its name.
        workload: its name.
        own: whether a person's own function is imported too. Before somebody has begun a run of it nothing of it is to
            run; of many runs the first should not be the one that imports it.
    """
    place = importlib.import_module(f"..runners.{runner}", __package__)
    if is_workload(workload):
        load_workload(workload)
        getattr(place, "preload", load_workload)(workload)  # what the place itself needs for this work
    elif own and not _needs_gui(workload):
        with contextlib.suppress(Exception):  # whatever the file raises, which the run itself will tell
            load_workload(workload)
