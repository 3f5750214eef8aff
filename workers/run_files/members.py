"""What a run's file is made of: the names of its members, and how large they may be. See docs/run-file.md."""

from __future__ import annotations

SUFFIX = ".thaw"
FORMAT = 1
"""Which format this is. A file of a higher one is refused; a member more does not need a new number."""

HEAD = "run.json"
TITLES, PLACES, ERRORS, FREEZES = "titles.jsonl", "places.jsonl", "errors.jsonl", "freezes.jsonl"
COLUMNS = {
    "phases": "phases.u1",
    "started_at": "started.f8",
    "seen_at": "seen.f8",
    "ended_at": "ended.f8",
    "amounts": "amounts.f8",
    "place_of": "place.u4",
    "bins": "bins.f8",
    "change_tasks": "change_tasks.u4",
    "change_phases": "change_phases.u1",
    "change_times": "change_times.f8",
}
"""The recorder's columns -> the members that keep them; the suffix tells the type, in numpy's words."""

TIMES = {"started_at", "seen_at", "ended_at", "change_times"}
BEATS, WAIT_TIMES, WAITS = "beats.f8", "wait_times.f8", "wait_ms.f8"
HELD_FROM, HELD_TO = "held_from.f8", "held_to.f8"
MEMBERS = frozenset(
    {HEAD, TITLES, PLACES, ERRORS, FREEZES, *COLUMNS.values(), BEATS, WAIT_TIMES, WAITS, HELD_FROM, HELD_TO}
)

MAIN_EDGES, MAIN_TIMES = "main_edges.f8", "main_times.f8"
MAIN_CODES, MAIN_NAMES = "main_codes.u2", "main_names.jsonl"
"""Members that only runs have in which somebody looked what the GUI thread did."""

THREADS, LEAKS = "threads.jsonl", "leaks.jsonl"
THREAD_TIMES, THREAD_OF, THREAD_STATES = "thread_times.f8", "thread_of.u2", "thread_states.u1"
"""Members that only runs of a watched program have: what its threads are called, and what they did."""

RESULTS = "results.jsonl"
"""A member that only runs have whose tasks returned texts."""

REASONS, REASON_ROWS, REASON_OF = "reasons.jsonl", "reason_rows.u4", "reason_of.u2"
GAUGES, GAUGE_TIMES, GAUGE_VALUES = "gauges.jsonl", "gauge_times.f8", "gauge_values.f8"
SHARING = (REASONS, REASON_ROWS, REASON_OF, GAUGES, GAUGE_TIMES, GAUGE_VALUES)
"""Members that only runs have whose tasks shared something, and waited for it or had gauges; then all of them."""

MAX_BYTES = 512_000_000
"""All members together are no larger than this, inflated: more is neither saved nor opened."""

MAX_LINE = 1_000_000
"""No line of a .jsonl member is longer, in bytes."""

COMPARED = "compared_with/"
"""Before the names of the same members of the GUI thread's run, where this one was compared with it."""

VALUES_A_STEP = 4_096
LINES_A_STEP = 256
