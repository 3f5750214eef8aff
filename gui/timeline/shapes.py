"""The shapes and the colours of bars: which rows of a bar are painted for which state. Plain tables, no Qt."""

from __future__ import annotations

from workers.monitors.track.marks import GARBAGE, GIL, INPUT, PAINT, PROCESSOR, QT, SLOT, TASKS
from workers.reports.lane import BLOCKED, CANCELLED, DONE, FAILED, PAUSED, RUNNING, WAITING

STRIPE = 2
COLORS = {
    **{RUNNING: "accent", DONE: "good", FAILED: "bad", CANCELLED: "muted"},
    **{WAITING: "warn", PAUSED: "warn", BLOCKED: "bad"},
}
"""A bar's kind -> the role of its colour, as `workers.reports.palette.PHASES` has it for the states."""

EDGE, BODY, LOW, FOOT = range(4)
"""The rows of a bar: its upper fifth, its middle, and its lower two fifths, of which the foot is the lower."""

MAIN_SHOWN = {
    PAINT: (1, 1, 1),
    INPUT: (1, 1, 0),
    SLOT: (0, 1, 1),
    TASKS: (0, 1, 1),
    GARBAGE: (1, 0, 1),
    GIL: (0, 0, 1),
    PROCESSOR: (0, 0, 1),
    QT: (0, 0, 1),
}
"""The same of what the GUI thread does: in which of edge, body and low it is shown."""

SHOWN = {
    # kind: (in even stripes, in odd stripes) of edge, body, low, foot
    DONE: ((1, 1), (1, 1), (1, 1), (1, 1)),
    RUNNING: ((0, 0), (1, 1), (1, 1), (1, 1)),
    FAILED: ((1, 1), (1, 1), (1, 1), (1, 1)),
    CANCELLED: ((1, 0), (1, 0), (1, 0), (1, 0)),
    WAITING: ((0, 0), (0, 0), (1, 1), (1, 1)),
    PAUSED: ((0, 0), (0, 0), (1, 1), (1, 1)),
    BLOCKED: ((1, 1), (0, 0), (0, 0), (1, 1)),
}
"""Which rows of a bar show a state: its shape, for those who do not see its colour."""

FULL, STRIPES, BROAD, THIN = SHOWN[DONE], SHOWN[CANCELLED], SHOWN[RUNNING], SHOWN[WAITING]
THREADS_SHOWN = {"python": FULL, "gil": STRIPES, "c": BROAD}
"""The same of what a thread does; what waits is thin."""
