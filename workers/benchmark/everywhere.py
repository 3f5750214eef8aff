"""A benchmark of one function over every place that can take it. Reads only; for any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine.plan import BLOCKING
from .matrix import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog.entry import Entry

WORKERS = 4
"""Calls at once, where nobody says otherwise: enough to show what waits, and few enough for any machine."""

REPEAT = 2
"""So often each place runs it; "Your function" says "twice". Those that may be the best are then run again."""


def choice(
    entry: Entry, runners: Mapping[str, Entry], params: tuple[tuple[str, Any], ...] = (), workers: int = WORKERS
) -> Choice:
    """The benchmark of a function for `gui.controllers.benchmark.BenchmarkLeader.start`.

    All runners are named that this machine has and that do more than one kind of work, unless their file says
    `MEASURED = False`, for what they do takes as long as they make it: those that cannot take it are
    told in its results (`matrix.refused`) with their reasons. How many calls a run has is found out when it is laid
    out, in the leader's thread: about 2.5 seconds of them (`workers.benchmark.trial`).

    Raises:
        BadInput: a place for it is not there at all, with a sentence.
    """
    names = tuple(
        name
        for name, runner in runners.items()
        if name != BLOCKING
        and not runner.missing
        and "ONLY" not in runner.constants
        and runner.constants.get("MEASURED", True)
    )
    python = entry.own.python if entry.own is not None else ""
    return Choice(names, (entry.name,), (workers,), REPEAT, params=params, until_told=True, python=python)
