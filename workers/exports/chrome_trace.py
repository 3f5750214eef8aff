"""A trace that Perfetto (ui.perfetto.dev) and chrome://tracing open: a lane for each place, freezes, lag, throughput.

Of a comparison it has both runs, as two processes that begin together.

The format is Chrome's "Trace Event Format": "X" events are slices, "M" events name lanes, "C" events are counters;
times are in whole microseconds since Start. What a task did is told by slices one after the other, which never overlap.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..catalog import user_names
from ..monitors.threads.history import STATES as THREAD_STATES
from ..monitors.track.marks import KINDS
from ..reports.labs.reasons import holder_words, reasons
from ..reports.lane import BLOCKED, PAUSED, WAITING, Bar, Lane
from ..reports.lanes import SHORT_PIECE, finished_lanes
from ..reports.main_lane import empty_main_lane
from ..reports.palette import lag_word
from ..reports.series import Frozen, freezes, lags, rates, waits
from ..reports.watched import is_watched
from ..reports.watched.thread_lanes import KINDS as THREAD_KINDS
from ..reports.watched.thread_lanes import thread_lanes
from ..sync.samples import FREE
from ..utils.formatting import error_line
from .local_paths import short_path, without_folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..engine.run import Run
    from ..engine.sharing import Reason

TITLE = "Trace for Perfetto and chrome://tracing"
SUFFIX = ".trace.json"

PROCESS = 1
"""The number of a run; the second of a comparison has the next."""

FREEZES, HELD, MAIN, FIRST_LANE, FIRST_THREAD = 1, 2, 3, 10, 10_000
"""Numbers of lanes: the window's freezes, calls in C that held the GIL, what the GUI thread did, the first place of
tasks, and the first thread of a watched program."""

MAX_POINTS = 4_000
FINEST_S = 0.050
EVENTS_A_PIECE = 50
STATES = {
    WAITING: ("waiting", "waits for its turn"),
    BLOCKED: ("waiting", "waits for others"),
    PAUSED: ("paused", "paused"),
}
"""A bar's kind -> its category, and what it adds to the task's title; work is "running", however it ended."""


def pieces(run: Run) -> Iterator[str]:
    """The trace, some events at a time."""
    about = {
        "runner": run.settings.runner,
        "workload": user_names.short(run.settings.workload),
        "tasks": run.recorder.count,
    }
    about |= run.resources._asdict() if run.resources is not None else {}
    yield f'{{"displayTimeUnit":"ms","otherData":{json.dumps(about)},"traceEvents":[\n'
    some: list[str] = []
    comma = ""
    for number, each in enumerate([run] if run.compared_with is None else [run.compared_with, run]):
        for event in _events(each):
            if isinstance(event, dict):
                some.append(json.dumps({**event, "pid": PROCESS + number}, separators=(",", ":")))
            if some and (not event or len(some) == EVENTS_A_PIECE):
                yield comma + ",\n".join(some)
                some, comma = [], ",\n"
            elif not event:
                yield ""
    yield (comma + ",\n".join(some) if some else "") + "\n]}\n"


def _events(run: Run) -> Iterator[dict[str, Any] | str]:
    """All events of a run; an empty text is a breath."""
    settings = run.settings
    process = f"Thaw: {settings.workload_entry.title} on {settings.runner_entry.title}"
    if is_watched(run):
        process = run.plan.title(0)
    yield {"ph": "M", "pid": PROCESS, "tid": 0, "name": "process_name", "args": {"name": process}}
    if run.lag is not None:
        yield from _lane(FREEZES, "Window slow or frozen")
        yield from (_freeze(each) for each in freezes(run))
    if run.held:
        yield from _lane(HELD, "The GIL held in C")
        yield from _held(run)
    if len(run.main_thread):
        yield from _lane(MAIN, "Main thread")
        yield from _main_thread(run)
    why = reasons(run)
    lanes, _ = yield from finished_lanes(run)
    for number, lane in enumerate(lanes, FIRST_LANE):
        yield from _lane(number, lane.title)
        yield from _bars(run, lane, number, why)
    yield from _threads(run)
    yield from _counters(run)


def _threads(run: Run) -> Iterator[dict[str, Any]]:
    """The threads of a watched program, below all other lanes."""
    for number, lane in enumerate(thread_lanes(run), FIRST_THREAD):
        yield from _lane(number, lane.title)
        for bar, first, last in _apart(lane):
            if last > first:
                state = THREAD_KINDS[bar.kind]
                yield _slice(number, THREAD_STATES[state], state, first, last, {})


def _lane(number: int, name: str) -> Iterator[dict[str, Any]]:
    for what, args in (("thread_name", {"name": name}), ("thread_sort_index", {"sort_index": number})):
        yield {"ph": "M", "pid": PROCESS, "tid": number, "name": what, "args": args}


def _slice(lane: int, name: str, kind: str, begin: int, end: int, args: dict[str, Any]) -> dict[str, Any]:
    """A slice from `begin` to `end`, in microseconds since Start."""
    return {
        **{"ph": "X", "pid": PROCESS, "tid": lane, "name": name, "cat": kind},
        **{"ts": begin, "dur": end - begin, "args": args},
    }


def _freeze(frozen: Frozen) -> dict[str, Any]:
    lag_ms = frozen.lag_s * 1e3
    args: dict[str, Any] = {"lag_ms": round(lag_ms, 3)}
    name = lag_word(lag_ms)
    if frozen.card is not None:
        args["kind"] = frozen.card.kind
        line = frozen.card.line
        if line is not None:
            name = f"{name} in {line.function}"
            args["line"] = f"{short_path(line.file)}:{line.number}: {line.text.strip()}"
        if frozen.card.delivered:
            args["delivered"] = frozen.card.delivered
    return _slice(FREEZES, name, "freeze", round(frozen.begin * 1e6), round(frozen.end * 1e6), args)


def _held(run: Run) -> Iterator[dict[str, Any]]:
    last = 0
    for begin, end in sorted(run.held):
        first = max(last, round((begin - run.started) * 1e6))
        last = max(first, round((end - run.started) * 1e6))
        if last > first:
            yield _slice(HELD, "GIL held", "gil", first, last, {})


def _main_thread(run: Run) -> Iterator[dict[str, Any] | str]:
    main = empty_main_lane(run)
    while main.update(SHORT_PIECE):
        yield ""
    for bar, first, last in _apart(main.lane):
        span = main.span(bar)
        if last > first:
            yield _slice(MAIN, span.name or KINDS[span.kind], KINDS[span.kind], first, last, {})


def _apart(lane: Lane) -> Iterator[tuple[Bar, int, int]]:
    """The bars of a lane with their begins and ends in microseconds since Start; none begins before the last ends."""
    last = 0
    for bar in map(lane.bar, range(lane.count)):
        first = max(last, round(bar.start * 1e6))
        last = max(first, round(bar.end * 1e6))
        yield bar, first, last


def _bars(
    run: Run, lane: Lane, number: int, why: Mapping[tuple[int, float], Reason]
) -> Iterator[dict[str, Any]]:
    for bar, first, last in _apart(lane):
        state, words = STATES.get(bar.kind, ("running", ""))
        if words and first == last:
            continue  # it took no time
        reason = why.get((bar.task, bar.start)) if words else None
        if reason is not None:
            held = holder_words(run, bar.task, reason)
            words = f"waits for {reason.what}{f' ({held})' if held else ''}"
        row, title = run.recorder.row(bar.task), run.plan.title(bar.task)
        args: dict[str, Any] = {"task": bar.task + 1, "state": row.phase.name.lower(), "amount": row.amount}
        if row.error:
            args["error"] = without_folders(error_line(row.error))
        yield _slice(number, f"{title}: {words}" if words else title, state, first, last, args)


def _counters(run: Run) -> Iterator[dict[str, Any] | str]:
    count = max(1, min(MAX_POINTS, int(run.wall_s / FINEST_S)))
    width = run.wall_s / count
    if run.lag is not None:
        for index, lag_ms in enumerate(lags(run, count, run.wall_s or 1.0)[1].tolist()):
            yield _counter("lag (ms)", index * width, lag_ms)
    for moment, wait_ms in zip(*(yield from waits(run, count, run.wall_s or 1.0)), strict=True):
        yield _counter("wait for the GIL (ms)", float(moment), max(0.0, float(wait_ms)))
    moments, per_s = rates(run, MAX_POINTS, run.wall_s or 1.0)
    for moment, rate in zip(moments.tolist(), per_s.tolist(), strict=True):
        yield _counter(f"throughput ({run.plan.unit}/s)", moment, rate)
    for name, gauge in run.recorder.sharing.gauges.items():
        # Of a lock it is enough to see when somebody has it: who that is the slices of those say who wait.
        shown = (float(value != FREE) if gauge.kind == "holder" else value for value in gauge.values)
        for moment, value in zip(gauge.times, shown, strict=True):
            yield _counter(name, moment - run.started, value)


def _counter(name: str, moment: float, value: float) -> dict[str, Any]:
    return {
        **{"ph": "C", "pid": PROCESS, "tid": 0, "name": name},
        **{"ts": round(moment * 1e6), "args": {"value": round(value, 3)}},
    }
