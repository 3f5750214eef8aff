"""Imports a runner or workload once it is chosen. Runs on Python 3.9, like `workers.engine.task`, which needs it."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
from typing import TYPE_CHECKING, Any

from ..catalog.user_names import is_own, module_of
from ..pythons.lending import lent
from ..user_code.loading import Workload, made, maker

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from ..catalog.entry import Entry


def workload_module(name: str) -> ModuleType:
    """The file of a workload of Thaw's own form, imported: one of workers/workloads/, a lab, or `module:function`'s."""
    return importlib.import_module(module_of(name, ".."), __package__)


def load_workload(name: str) -> Workload:
    """Import a workload, unless it is here already.

    Args:
        name: a file of workers/workloads/ without `.py`, or an own function's name (`catalog.user_functions`).
    """
    return made(name).workload if is_own(name) else _load(name)


@functools.cache
def _load(name: str) -> Workload:
    module, version = workload_module(name), name.rpartition(".")[2]
    function = getattr(module, version)
    known = inspect.signature(function).parameters
    make = maker(module, version, known)
    return Workload(function, "control" in known, getattr(module, "GIL", ""), make)


def workload_hook(workload: Entry, hook: str) -> Callable[..., Any] | None:
    """An optional function of a workload's file: `plan`, `seconds`, `count`, `close`, `leave`; None where it has none.

    A person's own function has none: its file may have functions of such names, which mean something else there. Nor
    has what is not here.
    """
    if not workload.is_workload or workload.missing:
        return None
    found: Callable[..., Any] | None = getattr(workload_module(workload.name), hook, None)
    return found


def preload(runner: Entry, workload: Entry, *, own: bool = False) -> None:
    """Import what a run will need, so that its start need not wait for it; may be called from another thread.

    Args:
        runner: the place.
        workload: the work.
        own: whether a person's own function is imported too. Before somebody has begun a run of it nothing of it is to
            run; of many runs the first should not be the one that imports it.
    """
    place = importlib.import_module(f"..runners.{runner.name}", __package__)
    if workload.is_workload:
        load_workload(workload.name)
    elif own and workload.own is not None and not (workload.own.needs_gui or workload.own.clash):
        # What needs the GUI thread is not imported elsewhere either, and what clashes not in this process.
        python = "" if runner.traits.gil == "other" else workload.own.python
        # Whatever the file raises the run itself will tell.
        with contextlib.suppress(Exception), lent(python):
            load_workload(workload.name)
    if hasattr(place, "preload"):
        place.preload(workload.name)  # what the place itself needs for this work
