"""The tables of colours and markers, in light and in dark. Plain data; `theme.Theme` is who reads it."""

from __future__ import annotations

import math

from workers.engine.task import Phase

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
"""The bands of lag, up to: a frame at 60 a second, what still feels instant, a frozen frame (Android's vitals)."""

RUNNERS = {
    # name: (colour of Okabe and Ito, which colour-blind people tell apart; character)
    "gui_thread": ("#d55e00", "■"),
    "qthread": ("#0072b2", "▲"),
    "thread_pool": ("#009e73", "●"),
    "process_pool": ("#cc79a7", "◆"),
    "asyncio_loop": ("#e69f00", "▼"),
    "thread_per_task": ("#56b4e9", "✚"),
    "cooperative": ("#f0e442", "★"),
    # greys, told apart by their markers
    "q_thread_pool": ("#6a6a6a", "○"),
    "process_events": ("#8f8f8f", "✖"),
    "qt_network": ("#7f7f7f", "◇"),
    "interpreters": ("#a0a0a0", "□"),
    "other_python": ("#757575", "△"),
}
OTHER_RUNNERS = (("#7f7f7f", "▣"), ("#a0a0a0", "▽"), ("#6a6a6a", "◉"), ("#8f8f8f", "◈"))
"""For those that come later, such as people's own."""

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
