"""Whether a kind of work can be done in a place, asked before a run: by the form, by the command line, by the session.

A runner's file says what it cannot do by literals, which are read without importing it:

    ONLY = ("download",)                        the workloads that it can do; where there is none: all
    WHY_ONLY = "..."                            a sentence that says why
    REFUSES = "..far.pythons:refusal"            a function that finds out more: refusal(workload, params) -> a sentence

A workload's file names by a literal the folder without which it has nothing to do:

    NEEDS_FOLDER = "folder"                     the name of the parameter

What a person's own function cannot do is read from its source (`workers.own.fits`). Nothing of it is run to find out.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from . import discover
from .own.fits import user_refusal
from .utils.folder_files import HOW_TO_CHOOSE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .discover import Entry
    from .plan import Settings

RUNNERS = f"{__package__}.runners"


def refusal(runner: Entry, workload: Entry, params: Mapping[str, Any], *, ask: bool = True) -> str:
    """Why a workload cannot run in a place.

    Args:
        runner: the place.
        workload: the work.
        params: the parameters that were chosen for both.
        ask: whether to find out what takes time, such as what another interpreter can do: up to some seconds when it
            is asked for the first time, so not in the GUI thread.

    Returns:
        A sentence for people; empty where it can.
    """
    for kind, entry in (("runner", runner), ("workload", workload)):
        if entry.missing:
            return not_available(kind, entry)
    only = runner.constants.get("ONLY")
    if only is not None and workload.name not in only:
        return str(runner.constants.get("WHY_ONLY") or f"The runner {runner.name} does {' and '.join(only)} only.")
    folder = workload.constants.get("NEEDS_FOLDER")
    if folder is not None and not str(params.get(folder, "")).strip():
        return HOW_TO_CHOOSE
    why_not = user_refusal(runner, workload)
    if why_not:
        return why_not
    hook = runner.constants.get("REFUSES")
    if ask and hook is not None:
        module, _, name = hook.partition(":")
        finds_out: Callable[[str, Mapping[str, Any]], str] = getattr(importlib.import_module(module, RUNNERS), name)
        return finds_out(workload.name, params)
    return ""


def not_available(kind: str, entry: Entry) -> str:
    """That something cannot be used here, as a sentence; `kind` is "runner" or "workload"."""
    if entry.own is not None:
        return f"{entry.title} cannot be run here: it {entry.missing}."
    return f"The {kind} {entry.name} is not available: it {entry.missing}."


def refusal_at_once(settings: Settings) -> str:
    """What `refusal` says of a run without asking anybody; empty also where there are no such entries."""
    runner = discover.entry("runners", settings.runner)
    workload = discover.entry("workloads", settings.workload)
    if runner is None or workload is None:
        return ""
    return refusal(runner, workload, dict(settings.params), ask=False)
