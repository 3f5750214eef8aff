"""The tables of colours, light and dark, of the window and of reports, and words for lag and for states of tasks."""

from __future__ import annotations

import colorsys
import math
from functools import cache

from ..engine.task import Phase
from ..monitors.track.marks import GARBAGE, GIL, INPUT, PAINT, PROCESSOR, QT, SLOT, TASKS
from ..utils.formatting import FINE_MS

COLORS = {
    # role:      (light, dark)
    "window": ("#f3f4f7", "#24272e"),
    "panel": ("#ffffff", "#191b20"),
    "raised": ("#fbfbfd", "#31353f"),
    "text": ("#1a1d23", "#e7e9ee"),
    "muted": ("#5b6370", "#9aa3b2"),
    "line": ("#d3d7df", "#414754"),
    "border": ("#848c9a", "#778294"),
    "accent": ("#4353d0", "#93a0ff"),
    "on_accent": ("#ffffff", "#12141c"),
    "good": ("#18713d", "#56c98a"),
    "warn": ("#815c00", "#e8bd45"),
    "bad": ("#b92d1e", "#ff8370"),
    "selection": ("#dfe3fb", "#2e3559"),
    # what the GUI thread does
    "painting": ("#8a3bb3", "#cf94f2"),
    "input": ("#006d77", "#57c8d2"),
    "starved": ("#ad2b68", "#ff93bd"),
    # the bands of lag, strong enough for texts
    "smooth": ("#18713d", "#56c98a"),
    "noticeable": ("#786000", "#e8cf55"),
    "slow": ("#9d4c00", "#f7a35c"),
    "frozen": ("#b92d1e", "#ff8370"),
}
"""What a colour is for -> the colour in light and in dark.

Texts keep a contrast of 4.5 on window, panel, raised, selection and the bands; a border, which shows where a field or
a button is, one of 3. A line only parts what stands on its two sides, and may be paler.
"""

BANDS = (
    # upper edge in ms, word, (pale in light, pale in dark)
    (16.7, "smooth", ("#ecf9f0", "#132318")),
    (100.0, "noticeable", ("#f7f0c6", "#2c2815")),
    (700.0, "slow", ("#fbe3cf", "#412d1b")),
    (math.inf, "frozen", ("#fbdad7", "#592b26")),
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


LINE_CONTRAST = 3.0
"""Of a curve on its ground, at least."""

LINE_GROUNDS = ("window", "panel", "raised")


@cache
def line_color(color: str, is_dark: bool) -> str:
    """A runner's colour as its curves, bars and markers have it: as light or as dark as its ground asks for.

    Args:
        color: the runner's own, "#rrggbb". Its hue and saturation stay.
        is_dark: whether the ground is.
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(color))
    grounds = [COLORS[ground][is_dark] for ground in LINE_GROUNDS]
    while min(contrast(color, ground) for ground in grounds) < LINE_CONTRAST:
        lightness += 0.01 if is_dark else -0.01
        red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
        color = f"#{red:02x}{green:02x}{blue:02x}"
    return color


def line_colors(color: str) -> tuple[str, str]:
    """The same for lines on the light ground and on the dark."""
    return line_color(color, False), line_color(color, True)


def contrast(one: str, other: str) -> float:
    """Between two colours "#rrggbb", from 1 (the same) to 21 (black and white), as WCAG 2.2 counts it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _parts(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _parts(color: str) -> list[float]:
    return [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]


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

MAIN_THREAD = {
    **{PAINT: "painting", INPUT: "input", SLOT: "warn", TASKS: "accent"},
    **{GARBAGE: "slow", GIL: "bad", PROCESSOR: "starved", QT: "muted"},
}
"""What the GUI thread does -> the role of its colour."""

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
