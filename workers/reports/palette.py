"""The tables of colours, light and dark, of the window and of reports, and words for lag and for states of tasks."""

from __future__ import annotations

import math

from ..engine.task import Phase

COLORS = {
    # role:      (light, dark)
    "window": ("#f3f4f7", "#24272e"),
    "panel": ("#ffffff", "#191b20"),
    "raised": ("#fbfbfd", "#31353f"),
    "text": ("#1a1d23", "#e7e9ee"),
    "muted": ("#5b6370", "#9aa3b2"),
    "line": ("#d3d7df", "#414754"),
    "accent": ("#4353d0", "#93a0ff"),
    "on_accent": ("#ffffff", "#12141c"),
    "good": ("#19733f", "#56c98a"),
    "warn": ("#855f00", "#e8bd45"),
    "bad": ("#bf2f1f", "#ff8370"),
    "selection": ("#dfe3fb", "#343b63"),
    # the bands of lag, strong enough for texts
    "smooth": ("#19733f", "#56c98a"),
    "noticeable": ("#7a6200", "#e8cf55"),
    "slow": ("#a34f00", "#f7a35c"),
    "frozen": ("#bf2f1f", "#ff8370"),
}
"""What a colour is for -> the colour in light and in dark. Texts keep a contrast of 4.5 on window, panel and raised."""

BANDS = (
    # upper edge in ms, word, (pale in light, pale in dark)
    (16.7, "smooth", ("#e2f3e7", "#1a2c23")),
    (100.0, "noticeable", ("#fbf4cf", "#302c18")),
    (700.0, "slow", ("#fde6cf", "#3a2818")),
    (math.inf, "frozen", ("#fbdad7", "#402022")),
)
"""The bands of lag, up to: a frame at 60 a second, what still feels instant, a frozen frame (Android's vitals).

Header, verdict, cards, tables, timeline and reports take their words from here. What is counted as a freeze is what is
called frozen: `monitors.lag` has the two upper limits as lengths of gaps.
"""


def lag_word(lag_ms: float) -> str:
    """What a lag is called: smooth, noticeable, slow, frozen. It is judged as `formatting.milliseconds` shows it."""
    shown = round(lag_ms) if FINE_MS <= lag_ms < 1e6 else lag_ms
    # An edge itself, as on an axis, is the end of its own band.
    return next(word for edge, word, _ in BANDS if shown <= edge or lag_ms == edge)


FINE_MS = 9.95
"""Lag from here on is shown in whole milliseconds."""

PHASES = {
    Phase.QUEUED: "muted",
    Phase.STARTED: "accent",
    Phase.WAITING: "warn",
    Phase.PAUSED: "warn",
    Phase.RESUMED: "accent",
    Phase.PROGRESS: "accent",
    Phase.DONE: "good",
    Phase.FAILED: "bad",
    Phase.CANCELLED: "muted",
}

STATES = {
    Phase.QUEUED: ("○", "Queued"),
    Phase.STARTED: ("►", "Running"),
    Phase.WAITING: ("◔", "Waiting"),
    Phase.PAUSED: ("‖", "Paused"),
    Phase.RESUMED: ("►", "Running"),
    Phase.PROGRESS: ("►", "Running"),
    Phase.DONE: ("✓", "Done"),
    Phase.FAILED: ("✕", "Failed"),
    Phase.CANCELLED: ("–", "Cancelled"),
}
"""A shape and a word for each state; running is one state to a person."""
