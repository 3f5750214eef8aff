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
    "selection": ("#e4e8fc", "#2f3557"),
    # the bands of lag, strong enough for texts
    "smooth": ("#19733f", "#56c98a"),
    "noticeable": ("#7a6200", "#e8cf55"),
    "slow": ("#a34f00", "#f7a35c"),
    "frozen": ("#bf2f1f", "#ff8370"),
}
"""What a colour is for -> the colour in light and in dark.

Texts keep a contrast of 4.5 on window, panel, raised and selection.
"""

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

LIGHTEST, DARKEST = 0.29, 0.15
"""How light a line may be on the light panel, and how dark on the dark: a contrast of 3 (WCAG 2.2, 1.4.11)."""

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


def line_colors(color: str) -> tuple[str, str]:
    """A colour for thin lines on a panel, in light and in dark: darker or lighter until it can be seen there."""
    light = dark = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    while _luminance(light) > LIGHTEST:
        light = [part * 0.95 for part in light]
    while _luminance(dark) < DARKEST:
        dark = [1 - (1 - part) * 0.95 for part in dark]
    pale, strong = ("#" + "".join(f"{round(part * 255):02x}" for part in parts) for parts in (dark, light))
    return strong, pale


def _luminance(parts: list[float]) -> float:
    """As WCAG defines it, 0 to 1."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
