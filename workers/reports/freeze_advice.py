"""Which place would have kept a window from freezing, and why: the one advice of hints, cards and reports."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ..agent.watching import advice as own_advice
from ..agent.watching.advice import NO_GIL
from ..catalog.compatibility import refusal
from ..catalog.lookup import WATCH, simplest
from ..engine.plan import DEFAULT_SWITCH_MS
from ..monitors.freeze import GUI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog.entry import Entry
    from ..engine.plan import Settings

WAITS = {
    "io": "It waits for I/O",
    "network": "It waits for the network",
    "sleep": "It sleeps",
    "lock": "It waits for another thread",
}
GOES_ON = "A worker thread would wait without holding the GIL, so the window stays responsive."
IN_C = "It computes in C without the GIL, so threads compute beside the window, on all the cores."
KEEPS = "This call keeps the GIL inside C, so no thread helps; another process has its own."
IN_PYTHON = "It computes in Python; other processes have GILs of their own, and all the cores."
IMPOLITE = "Its threads take the GIL from the GUI thread at every turn. Politely, they let it go first."
APART = "So no other place would change it: the GUI thread itself was busy, or the machine."
OTHER = "Its threads do not keep the GIL: something else was busy."
MEASURED = "Of all places that were measured with it, it did best there."
LIKELY = "What it did is not known; most work may go into a thread."
UNKNOWN = "What the GUI thread did is not known, so nothing can be said against it."


class FreezeAdvice(NamedTuple):
    """What to do about a freeze.

    Attributes:
        why: a sentence or two.
        settings: a run that avoids it: the same work in a better place, or in the same one politely; None where there
            is none here.
        label: what the button for it says; empty where `settings` is None.
    """

    why: str
    settings: Settings | None = None
    label: str = ""

    @property
    def text(self) -> str:
        """The advice with what it offers, as sentences."""
        return f"{self.why} {self.label}." if self.label else self.why


class Known(NamedTuple):
    """What is known here, which decides what is advised.

    Attributes:
        runners: those that there are, by name; one that cannot do the work counts for nothing.
        workloads: likewise, in the order of the menu.
        gil_enabled: whether this Python has a GIL.
        measured: by workload the runner in which it did best, where all were measured (`benchmark.advice`).
    """

    runners: Mapping[str, Entry]
    workloads: Mapping[str, Entry]
    gil_enabled: bool = True
    measured: Mapping[str, str] = MappingProxyType({})


def watched_advice(kind: str, is_loop: bool, gil_enabled: bool) -> str:
    """What would have kept a program of a person's own from a freeze; see `agent.watching.advice`."""
    return own_advice.advise(kind, is_loop=is_loop, polite="docs/politeness.md", gil_enabled=gil_enabled)


def is_impolite(settings: Settings) -> bool:
    """Whether a run's threads take the GIL from the window without taking turns."""
    gil = settings.workload_entry.constants.get("GIL")
    return settings.runner_entry.traits.gil == "shared" and gil == "holds" and not settings.polite


def advise(kind: str, settings: Settings, known: Known, holder: str = GUI) -> FreezeAdvice:
    """Say what would have kept a window from a freeze.

    Args:
        kind: of the freeze (`monitors.freeze.KINDS`); what the workload declares is more than was seen.
        settings: of the run in which it was; nobody is sent to where that ran.
        known: what there is here.
        holder: the name of the thread that did it, which tells for a program that was watched.
    """
    if settings.workload == WATCH:
        return FreezeAdvice(watched_advice(kind, holder == GUI, known.gil_enabled))
    runners, gil_enabled = known.runners, known.gil_enabled
    best = runners.get(known.measured.get(settings.workload, ""))
    if best is not None and best.traits.gil != "gui" and best.name != settings.runner:
        return _to(best, MEASURED, settings)
    place, work = settings.runner_entry.traits, settings.workload_entry.constants
    threads, processes = (_usable(gil, settings, runners) for gil in ("shared", "own"))
    if place.is_apart:
        return FreezeAdvice(APART)
    if place.gil == "shared":
        return _beside_threads(kind, settings, processes, gil_enabled)
    if work.get("GIL") == "keeps":
        kind = "c_gil"
    elif kind == "unknown":
        kind = {"holds": "python", "releases": "c", "between": "io"}.get(str(work.get("GIL")), kind)
    if kind == "unknown":
        is_likely = place.gil == "gui" and threads is not None
        return _to(threads, LIKELY, settings) if is_likely else FreezeAdvice(UNKNOWN)
    if kind in WAITS:
        return _to(threads, f"{WAITS[kind]}. {GOES_ON}", settings)
    if kind == "c":
        return _to(threads, IN_C, settings)
    if not gil_enabled:
        return _to(threads, NO_GIL, settings)
    if processes is not None:
        return _to(processes, KEEPS if kind == "c_gil" else IN_PYTHON, settings)
    if kind == "c_gil":
        why = (
            "It keeps the GIL inside C: a thread would freeze the window too. Only another process would help."
        )
        return FreezeAdvice(why)
    why = "It computes in Python: a polite thread leaves the window alive, though the work gets no faster."
    return _to(threads, why, settings)


def _beside_threads(kind: str, settings: Settings, processes: Entry | None, gil_enabled: bool) -> FreezeAdvice:
    """What helps where the work ran in threads already."""
    gil = settings.workload_entry.constants.get("GIL")
    if not gil_enabled:
        return FreezeAdvice("This Python has no GIL: the threads did not hold the window up.")
    if gil == "keeps" or kind == "c_gil":
        return _to(processes, KEEPS, settings)
    if is_impolite(settings):
        politely = settings._replace(polite=True, switch_interval_ms=DEFAULT_SWITCH_MS[True])
        return FreezeAdvice(IMPOLITE, politely, "Run it again, politely")
    if gil == "holds" or (gil is None and kind == "python"):  # else the Python that was seen was not the work's
        return _to(processes, IN_PYTHON, settings)
    return FreezeAdvice(OTHER)


def _usable(gil: str, settings: Settings, runners: Mapping[str, Entry]) -> Entry | None:
    work, params = settings.workload_entry, dict(settings.params)
    return simplest(
        runner
        for runner in runners.values()
        if runner.traits.gil == gil
        and not runner.missing
        and (work.missing or not refusal(runner, work, params, ask=False))
    )


def _to(runner: Entry | None, why: str, settings: Settings) -> FreezeAdvice:
    if runner is None:
        return FreezeAdvice(why)
    there = settings._replace(runner_entry=runner)
    return FreezeAdvice(why, there, f"Run it on {runner.title}")
