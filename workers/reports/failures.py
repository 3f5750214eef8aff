"""What went wrong in a run that was not meant to, and how it is told: by type, message and the person's own line."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from ..catalog.labs import is_wrong
from ..catalog.lookup import WATCH
from ..utils import traces
from ..utils.formatting import error_line, plural

if TYPE_CHECKING:
    from ..engine.run import Run

MAX_ERRORS = 10
"""So many different ones are told; the report has them all."""


def why_meant(run: Run) -> str:
    """Why its tasks may fail on purpose, as its file says by `FAILS`; empty where they may not.

    The wrong versions of labs may, a program of a person's own that is watched, and whatever Thaw's own server plays a
    bad network to.
    """
    entry = run.settings.workload_entry
    if entry.name == WATCH:
        return "its exit code is its own"
    if said := entry.constants.get("FAILS"):
        return str(said)
    if is_wrong(entry):
        return entry.summary
    return "the network is a bad one" if run.network is not None and run.network.is_faulty else ""


def has_failed(run: Run) -> bool:
    """Whether a task failed that was not meant to. One that was cancelled has not."""
    return run.recorder.failed > 0 and not why_meant(run)


def told(run: Run) -> list[str]:
    """A line for each different error, the most frequent first: how often, which, and at which line of the person's."""
    entry = run.settings.workload_entry
    path = str(entry.path) if entry.own is not None else ""
    counts = Counter(f"{error_line(trace)}{_own_line(trace, path)}" for trace in run.recorder.errors.values())
    lines = [f"{count:,} × {line}" if count > 1 else line for line, count in counts.most_common(MAX_ERRORS)]
    if len(counts) > MAX_ERRORS:
        lines.append(f"and {plural(len(counts) - MAX_ERRORS, 'other error')}, which --report keeps")
    return lines


def _own_line(trace: str, path: str) -> str:
    """Where in the person's file, or in what lies beside it, the error came from; empty where that is not known."""
    folder = os.path.dirname(path)
    own = [
        (file, line)
        for file, line in traces.frames(trace)
        if path and (file == path or file.startswith(f"{folder}{os.sep}")) and "site-packages" not in file
    ]
    if not own:
        return ""
    file, line = own[-1]
    return f" ({os.path.relpath(file, folder)}, line {line})"
