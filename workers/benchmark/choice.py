"""What a person chose to have measured: the usual, or one function over every place. Reads only; for any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..engine.plan import BLOCKING, DEFAULT_SWITCH_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog.entry import Entry

MAX_REPEAT = 100
DEFAULT_WORKERS = (1, 2, 4, 8)
DEFAULT_REPEAT = 3

WORKERS = 4
"""Calls at once, where nobody says otherwise: enough to show what waits, and few enough for any machine."""

REPEAT = 2
"""So often each place runs it; "Your function" says "twice". Those that may be the best are then run again."""


class Choice(NamedTuple):
    """What a person chose to have measured.

    Attributes:
        runners: the places to compare with the GUI thread, which is always measured.
        workloads: the work to do in each.
        workers: how many tasks at once, each number in turn.
        repeat: how many times each cell runs.
        tasks: how many tasks a cell has; None: as many as suit the work.
        params: parameters of workloads and runners; a workload with one of its own is not scaled.
        until_told: whether places that may be the best are run again until they can be told apart (`advice.again`).
        seed: as in `workers.engine.plan.Settings`; `polite` and `switch_interval_ms` likewise.
        python: the Python of the project of a person's own function; empty: the one that is found.
    """

    runners: tuple[str, ...]
    workloads: tuple[str, ...]
    workers: tuple[int, ...] = DEFAULT_WORKERS
    repeat: int = DEFAULT_REPEAT
    tasks: int | None = None
    params: tuple[tuple[str, Any], ...] = ()
    seed: int = 1
    polite: bool = True
    switch_interval_ms: float = DEFAULT_SWITCH_MS[True]
    until_told: bool = False
    python: str = ""


def default_choice(runners: Mapping[str, Entry], workloads: Mapping[str, Entry]) -> Choice:
    """One of each kind of place and of work, of what is available here.

    Their files say so by the literal BENCHMARKED, which is a number for their order.
    """
    return Choice(_usual(runners), _usual(workloads))


def _usual(entries: Mapping[str, Entry]) -> tuple[str, ...]:
    usable = [entry for name, entry in entries.items() if not entry.missing and name != BLOCKING]
    usual = [entry for entry in usable if "BENCHMARKED" in entry.constants]
    usual.sort(key=lambda entry: entry.constants["BENCHMARKED"])
    return tuple(entry.name for entry in usual or usable)


def everywhere(
    entry: Entry, runners: Mapping[str, Entry], params: tuple[tuple[str, Any], ...] = (), workers: int = WORKERS
) -> Choice:
    """The benchmark of a function for `gui.controllers.benchmark.BenchmarkLeader.start`.

    All runners are named that this machine has and that do more than one kind of work, unless their file says by
    `NOT_MEASURED = "..."`, a sentence, why a figure of this machine alone would tell nothing of them: who wants it all
    the same names them. Those that cannot take it are told in its results (`matrix.refused`) with their reasons. How
    many calls a run has is found out when it is laid out, in the leader's thread: about 2.5 seconds of them
    (`workers.benchmark.trial`).

    Raises:
        BadInput: a place for it is not there at all, with a sentence.
    """
    names = tuple(
        name
        for name, runner in runners.items()
        if name != BLOCKING
        and not runner.missing
        and "ONLY" not in runner.constants
        and "NOT_MEASURED" not in runner.constants
    )
    python = entry.own.python if entry.own is not None else ""
    return Choice(names, (entry.name,), (workers,), REPEAT, params=params, until_told=True, python=python)
