"""Which runner would have avoided a freeze, and why, in a sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..catalog.lookup import simplest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog.entry import Entry
    from ..monitors.freeze import Freeze

WAITS = {
    "io": "It waits for input or output, and a thread does that without the GIL",
    "sleep": "It sleeps, and a thread does that without the GIL",
    "lock": "It waits for another thread, and a thread does that without the GIL",
    "c": "It computes in C without the GIL, so threads compute beside the window, on all the cores",
}


class FreezeAdvice(NamedTuple):
    """What to do about a freeze.

    Attributes:
        runner: the name of the runner that would avoid it; None where none of those here would.
        why: a sentence or two.
    """

    runner: str | None
    why: str


def advice(freeze: Freeze, runners: Mapping[str, Entry], gil_enabled: bool) -> FreezeAdvice:
    """Say where the work of a freeze should run.

    Args:
        freeze: the freeze.
        runners: those that there are, by name; one with something missing counts for nothing.
        gil_enabled: whether this Python has a GIL.
    """
    threads, processes = (_usable(gil, runners) for gil in ("shared", "own"))
    if freeze.kind == "unknown":
        return FreezeAdvice(None, "What the GUI thread did is not known, so nothing can be said against it.")
    if freeze.kind in WAITS:
        return _with(threads, f"{WAITS[freeze.kind]}: the window goes on.")
    if not gil_enabled:
        return _with(threads, "It computes, and this Python has no GIL: threads compute beside the window.")
    if freeze.kind == "c_gil":
        if processes is not None:
            return _with(
                processes, "It keeps the GIL inside C, so no thread helps; another process has its own."
            )
        return FreezeAdvice(
            None,
            "It keeps the GIL inside C: in a thread too the window would stand still. Only another process would help.",
        )
    if processes is not None:
        return _with(
            processes, "It computes in Python; other processes have GILs of their own, and all the cores."
        )
    return _with(
        threads,
        "It computes in Python: a polite thread leaves the window alive, though the work gets no faster.",
    )


def _usable(gil: str, runners: Mapping[str, Entry]) -> Entry | None:
    return simplest(runner for runner in runners.values() if runner.traits.gil == gil and not runner.missing)


def _with(runner: Entry | None, why: str) -> FreezeAdvice:
    return (
        FreezeAdvice(runner.name, f"{why} Run it on {runner.title}.")
        if runner is not None
        else FreezeAdvice(None, why)
    )
