"""The report of a run: one JSON object of plain data, for people's own tools. Knows nothing of Qt."""

from __future__ import annotations

import functools
import json
import os
import platform
import sys
from typing import TYPE_CHECKING, Any

from .. import VERSION as VERSION  # which all who tell of a run take from here
from ..catalog.callables.literals import encoded_each
from ..catalog.user_names import short
from ..monitors.freeze import KINDS, Freeze
from ..utils import atomic_file
from ..utils.atomic_file import part_file, why_not_written
from ..utils.errors import BadInput
from ..utils.formatting import error_line
from ..utils.gil import gil_enabled
from .watched import is_watched, rows, starved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..engine.run import Run
    from .budget import Judged
    from .watched import Row


def environment() -> dict[str, Any]:
    """Where the run was made: versions, processors, and what decides how threads share the interpreter."""
    pyside = _version("PySide6-Essentials")
    return {
        "python": platform.python_version(),
        "gil_enabled": gil_enabled(),
        "pyside6": pyside,
        "qt": ".".join(pyside.split(".")[:3]) if pyside else None,  # PySide6 carries the Qt of its own number
        "pyqtgraph": _version("pyqtgraph"),
        "platform": platform.platform(),
        "cpus": usable_cpus(),
        "switch_interval_ms": round(sys.getswitchinterval() * 1e3, 3),
    }


def usable_cpus() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@functools.cache  # a file is read for each, and each run says it
def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version  # 13 ms that the program's start need not pay

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def report(run: Run, judged: Sequence[Judged] = ()) -> dict[str, Any]:
    """The report of one finished run.

    `gui` is None where there was no window, `resources` where none were measured; `run` has a part `weather`, the
    network's conditions, where the image server was used.

    Args:
        run: it has ended. Where a file had kept it, the environment is that in which it was made.
        judged: what came of a budget; with any, the report has a part `budget`.
    """
    recorder, settings = run.recorder, run.settings
    where = dict(run.environment or environment())
    return {
        "thaw": where.pop("thaw", VERSION),
        "environment": where,
        "run": {
            "runner": settings.runner,
            "workload": short(settings.workload),
            "tasks": recorder.count,
            "workers": settings.workers,
            "params": encoded_each(settings.public_params),
            "seed": settings.seed,
            **({"weather": run.network._asdict()} if run.network is not None else {}),
        },
        "began": round(run.began, 6),  # Unix time
        "wall_s": round(run.wall_s, 6),
        "counts": {"done": recorder.done, "failed": recorder.failed, "cancelled": recorder.cancelled},
        "amount": {"unit": run.plan.unit, "total": recorder.amount, "per_s": run.per_s},
        "tasks_per_s": run.tasks_per_s,
        "gui": _gui(run),
        "resources": _resources(run),
        **({"program": _program(run)} if is_watched(run) else {}),
        **({"notes": run.notes} if run.notes else {}),
        "errors": [
            {"task": run.plan.title(index), "error": error_line(text), "traceback": text}
            for index, text in sorted(recorder.errors.items())
        ],
        **({"budget": [each.as_dict() for each in judged]} if judged else {}),
    }


def _gui(run: Run) -> dict[str, Any] | None:
    lag = run.lag
    if lag is None:
        return None
    return {
        "beats": lag.beats,
        "lag_ms": {name: round(getattr(lag, name), 3) for name in ("p50", "p95", "p99", "max")},
        "blocked_s": round(lag.blocked_s, 6),
        "freezes": lag.freezes,
        "longest_freeze_s": round(lag.longest_freeze_s, 6),
        "frames_per_s": round(run.frames_per_s, 2),
        "freeze_causes": [_cause(run, freeze) for freeze in run.freezes],
    }


def _program(run: Run) -> dict[str, Any]:
    """A program that was watched: its end, and its threads with the seconds that each spent in which state."""
    seconds: dict[str, dict[str, float]] = {}
    for thread, state, start, end in run.threads.stretches(run.span[1]):
        of = seconds.setdefault(run.threads.names[thread], {})
        of[state] = of.get(state, 0.0) + end - start
    return {
        "exit_code": run.exit_code,
        "lines": [_line(row) for row in rows(run)],  # the worst first
        "starved": starved(run),
        "threads": {
            name: {state: round(value, 3) for state, value in spent.items()} for name, spent in seconds.items()
        },
        "threads_left": run.threads.leaks,
    }


def _line(row: Row) -> dict[str, Any]:
    line = row.group.longest.line
    return {
        "times": row.times,
        "total_s": round(row.total_s, 6),
        "longest_s": round(row.longest_s, 6),
        "line": None if line is None else line._asdict(),
        **{"what": row.what, "delivered": row.delivered, "advice": row.advice},
    }


def _resources(run: Run) -> dict[str, Any] | None:
    if run.resources is None:
        return None
    used = run.resources._asdict()
    return {name: None if value is None else round(value, 3) for name, value in used.items()}


def _cause(run: Run, freeze: Freeze) -> dict[str, Any]:
    """Why the window stood still once, for over 250 ms: what the guilty line did, and which line it is."""
    line = freeze.line
    return {
        "at_s": round(freeze.started - run.started, 6),
        "lag_s": round(freeze.lag_s, 6),
        "kind": freeze.kind,
        "what": KINDS[freeze.kind],
        "holder": freeze.holder,
        "line": None if line is None else line._asdict(),
        **({"delivered": freeze.delivered} if freeze.delivered else {}),
    }


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a report; a reader sees the whole of it or the file that was there before."""
    with part_file(path) as file:
        file.write(json.dumps(content, indent=2).encode("ascii") + b"\n")


def check_writable(path: Path) -> None:
    """Find out before a run whether a file can be written after it.

    Raises:
        BadInput: it cannot, with a sentence that says why.
    """
    if os.path.isdir(path):
        raise BadInput(f"{path} is a folder: name a file to write to.")
    try:
        atomic_file.check_writable(path)
    except OSError as error:
        raise BadInput(why_not_written(path, error)) from error
