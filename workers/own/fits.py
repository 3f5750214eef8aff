"""Why a place cannot take a person's own function. Nothing of its file is run to find out. For any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..discover import Entry

IN_GUI_THREAD = ("gui_thread", "cooperative", "process_events")
"""The places that call it in the GUI thread."""

FAR = ("process_pool", "interpreters", "other_python")
"""The places outside of this interpreter: what goes there is pickled."""

ASYNC = ("asyncio_loop",)


def usual_place(workload: Entry, otherwise: str) -> str:
    """The runner for who names none: the usual one, unless the function can run in another kind of place only."""
    facts = workload.own
    if facts is None or facts.is_workload:
        return otherwise
    return "asyncio_loop" if facts.is_async else "cooperative" if facts.needs_gui else otherwise


def user_refusal(runner: Entry, workload: Entry) -> str:
    """Why a runner cannot run an own function, as far as its source tells; empty where it can, or nobody knows yet.

    Args:
        runner: the place.
        workload: the function, with `own` set.
    """
    facts = workload.own
    if facts is None or facts.is_workload:
        return ""
    if facts.is_async and runner.name not in ASYNC:
        return f"{facts.function} is async: it runs in an event loop only, and {runner.title} has none."
    if facts.needs_gui and runner.name not in IN_GUI_THREAD:
        return f"{facts.function} cannot run on {runner.title}: {facts.needs_gui}."
    if facts.cannot_travel and runner.name in FAR:
        return facts.cannot_travel
    return ""


def check_headless(workload: Entry) -> None:
    """Find out whether a function can run where there is no window.

    Raises:
        ValueError: it cannot, with a sentence.
    """
    if workload.own is not None and workload.own.needs_gui:
        raise ValueError(
            f"{workload.own.function} cannot run with --headless: {workload.own.needs_gui}. Use --offscreen."
        )
