"""Saves a run as one file; docs/run-file.md says what is in it, and `workers.run_files.reader` opens it.

Saving is a generator whose steps take about a millisecond each: whoever drives it can be polite between them. It may
be driven in any thread, for a run that has ended is not changed any more.
"""

from __future__ import annotations

import json
import time
from array import array
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from ..catalog.user_names import kept
from ..reports.summary import VERSION, environment
from ..utils.atomic_file import part_file, why_not_written
from ..utils.errors import ThawError
from .encoding import objects, strings, times, values
from .members import (
    BEATS,
    COLUMNS,
    COMPARED,
    ERRORS,
    FORMAT,
    FREEZES,
    GAUGE_TIMES,
    GAUGE_VALUES,
    GAUGES,
    HEAD,
    HELD_FROM,
    HELD_TO,
    LEAKS,
    MAIN_CODES,
    MAIN_EDGES,
    MAIN_NAMES,
    MAIN_TIMES,
    MAX_BYTES,
    PLACES,
    REASON_OF,
    REASON_ROWS,
    REASONS,
    RESULTS,
    THREAD_OF,
    THREAD_STATES,
    THREAD_TIMES,
    THREADS,
    TIMES,
    TITLES,
    WAIT_TIMES,
    WAITS,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from pathlib import Path
    from zipfile import ZipFile

    from ..engine.plan import Settings
    from ..engine.run import Run
    from ..engine.sharing import Sharing
    from ..engine.task import Task
    from ..monitors.freeze import Freeze

Result = TypeVar("Result")

MAX_TITLE = 1_000
MAX_TRACEBACK = 64_000
MAX_STACK = 500
MAX_SOURCE_LINE = 300
MAX_STACK_BYTES = 250_000
"""So much of the stacks of one freeze is kept, the longest first; the rest of its line has room besides."""


class RunFileError(ThawError):
    """A file of a run cannot be written or read; the message is a sentence for people that says what to do."""


class SavedPlan:
    """What a file says of a run's work: enough to show it, not to do it again.

    Attributes:
        settings: what was chosen.
        count: how many tasks there were.
        unit: what the workload's amounts count.
        items: empty: a file does not keep what each task was given.
    """

    def __init__(self, settings: Settings, unit: str, titles: Sequence[str]) -> None:
        self.settings, self.unit = settings, unit
        self.count = len(titles)
        self.items: Sequence[int] = ()
        self.notes: Sequence[str] = ()
        self._titles = titles

    def task(self, index: int, number: int) -> Task:
        raise RuntimeError("This run was opened from a file: it can be looked at, not run.")

    def title(self, index: int) -> str:
        return self._titles[index]


def drain(steps: Generator[None, None, Result]) -> Result:
    """Drive steps to their end without a pause, where nobody minds; returns their result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result


def save_run(run: Run, path: Path) -> Generator[None, None, None]:
    """Save a run, step by step. A reader sees the whole file, or the one that was there before.

    Raises:
        RunFileError: it cannot be saved.
    """
    if run.ended is None or run.recorder.finals < run.recorder.count:
        raise RunFileError("The run is still going on: save it when it has ended.")
    from zipfile import ZIP_DEFLATED, ZipFile  # 15 ms that the program's start need not pay

    try:
        with part_file(path) as file, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
            yield from _members(run, archive)
    except OSError as error:
        raise RunFileError(why_not_written(path, error)) from error


def _members(run: Run, archive: ZipFile) -> Iterator[None]:
    members = _contents(run)
    if run.compared_with is not None:
        others = _contents(run.compared_with)
        members |= {f"{COMPARED}{name}": pieces for name, pieces in others.items()}
    total = 0
    for name, pieces in members.items():
        with archive.open(name, "w") as member_file:
            for piece in pieces:
                total += len(piece)
                if total > MAX_BYTES:
                    raise RunFileError(
                        f"The run is too large for a file: it takes more than {MAX_BYTES / 1e6:,.0f} MB. "
                        "Save one of fewer tasks, or export it."
                    )
                member_file.write(piece)  # zlib gives up the GIL while it compresses
                yield


def _contents(run: Run) -> dict[str, Iterable[bytes]]:
    """What a run's file has, by the names of its members."""
    columns = run.recorder.columns()
    start = run.started
    titles = (_short(run.plan.title(index), MAX_TITLE) for index in range(run.recorder.count))
    errors = (
        {"task": index, "traceback": _short(text, MAX_TRACEBACK)} for index, text in run.recorder.errors.items()
    )
    members: dict[str, Iterable[bytes]] = {
        HEAD: [json.dumps(_head(run), indent=1).encode()],
        TITLES: strings(titles),
        PLACES: strings(_short(place, MAX_TITLE) for place in columns["places"]),
        ERRORS: objects(errors),
        FREEZES: objects(_freeze(freeze, start) for freeze in run.freezes),
        BEATS: times(run.beats, start),
        WAIT_TIMES: times([moment for moment, _ in run.waits], start),
        WAITS: values(array("d", [wait for _, wait in run.waits])),
        HELD_FROM: times([begin for begin, _ in run.held], start),
        HELD_TO: times([end for _, end in run.held], start),
    }
    if len(run.main_thread):
        main = run.main_thread
        members |= {
            MAIN_EDGES: times(main.edges, start),
            MAIN_TIMES: times(main.times, start),
            MAIN_CODES: values(main.codes),
            MAIN_NAMES: objects({"kind": kind, "name": _short(name, MAX_TITLE)} for kind, name in main.names),
        }
    if threads := run.threads:
        members |= {
            THREADS: strings(_short(name, MAX_TITLE) for name in threads.names),
            LEAKS: strings(_short(name, MAX_TITLE) for name in threads.leaks),
            THREAD_TIMES: times(threads.times, start),
            THREAD_OF: values(threads.which),
            THREAD_STATES: values(bytes(threads.states)),
        }
    if run.recorder.texts:
        members[RESULTS] = objects(
            {"task": index, "result": text} for index, text in run.recorder.texts.items()
        )
    if run.recorder.sharing.reasons or run.recorder.sharing.gauges:
        members |= _sharing(run.recorder.sharing, start)
    for column, member in COLUMNS.items():
        found = columns[column]
        if column in TIMES:
            members[member] = times(found, start, zero_is_none=column != "change_times")
        else:
            members[member] = values(found)
    return members


def _sharing(sharing: Sharing, start: float) -> dict[str, Iterable[bytes]]:
    """What tasks waited for, and what gauges showed."""
    gauges = sharing.gauges.items()
    return {
        REASONS: objects({"what": _short(what, MAX_TITLE), "holders": who} for what, who in sharing.reasons),
        REASON_ROWS: values(sharing.rows),
        REASON_OF: values(sharing.reason_of),
        GAUGES: objects(
            {"name": _short(name, MAX_TITLE), "kind": gauge.kind, "count": len(gauge.times)}
            for name, gauge in gauges
        ),
        GAUGE_TIMES: (piece for _, gauge in gauges for piece in times(gauge.times, start)),
        GAUGE_VALUES: (piece for _, gauge in gauges for piece in values(gauge.values)),
    }


def _head(run: Run) -> dict[str, Any]:
    recorder, where = run.recorder, dict(run.environment or environment())
    return {
        "thaw_run": FORMAT,
        "thaw": where.pop("thaw", VERSION),
        "saved": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds"),
        "began": run.began,
        "settings": {
            **run.settings.plain(),
            "workload": kept(run.settings.workload),
        },
        "unit": run.plan.unit,
        "count": recorder.count,
        "wall_s": run.wall_s,
        "summary": {
            **{"done": recorder.done, "failed": recorder.failed, "cancelled": recorder.cancelled},
            **{"amount": recorder.amount, "per_s": run.per_s},
        },
        "lag": run.lag._asdict() if run.lag is not None else None,
        "idle_lag_ms": run.idle_lag_ms,
        "frames": run.frames,
        "resources": run.resources._asdict() if run.resources is not None else None,
        "weather": run.network._asdict() if run.network is not None else None,
        **({"deadlocks": recorder.sharing.deadlocks} if recorder.sharing.deadlocks else {}),
        "notes": [_short(note, MAX_TITLE) for note in run.notes],
        "changes_lost": recorder.changes.lost,
        **({"exit_code": run.exit_code} if run.exit_code is not None else {}),
        "environment": where,
    }


def _freeze(freeze: Freeze, start: float) -> dict[str, Any]:
    cut = max(0, len(freeze.stack) - MAX_STACK)  # the outermost calls of a deep recursion tell the least
    return {
        "from": freeze.started - start,
        "to": freeze.ended - start,
        **{"kind": freeze.kind, "holder": _short(freeze.holder, MAX_TITLE)},
        "stack": [
            [_short(file, MAX_TITLE), number, *(_short(text, MAX_SOURCE_LINE) for text in (function, source))]
            for file, number, function, source in freeze.stack[cut:]
        ],
        "guilty": max(-1, freeze.guilty - cut),
        "source": [[number, _short(text, MAX_SOURCE_LINE)] for number, text in freeze.source[:MAX_STACK]],
        **{"samples": freeze.samples, "share": freeze.share},
        **({"delivered": _short(freeze.delivered, MAX_TITLE)} if freeze.delivered else {}),
        **_stacks(freeze),
    }


def _stacks(freeze: Freeze) -> dict[str, Any]:
    """Each call once, and the stacks as numbers of calls."""
    numbers: dict[tuple[str, int, str], int] = {}
    calls: list[list[Any]] = []
    stacks: list[list[Any]] = []
    size = 0
    for stack in freeze.stacks:
        before = len(calls)
        for call in stack.calls:
            if numbers.setdefault(call, len(calls)) == len(calls):
                calls.append([_short(call[0], MAX_TITLE), call[1], _short(call[2], MAX_SOURCE_LINE)])
        row = [stack.samples, stack.seconds, [numbers[call] for call in stack.calls]]
        size += len(json.dumps([row, calls[before:]]))
        if size > MAX_STACK_BYTES:
            del calls[before:]
            break
        stacks.append(row)
    return {"calls": calls, "stacks": stacks}


def _short(text: str, most: int) -> str:
    """The text, its middle left out where it is too long: a traceback's ends tell the most."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"
