"""The threads of a watched program in the HTML report: a lane for each, over the same time as the other graphs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..monitors.threads.history import STATES
from ..reports.series import freezes
from ..reports.watched.thread_lanes import COLORS, KINDS, thread_lanes
from ..utils.formatting import listed
from .graphs import BAR, ROW, bars_of, label, stops, time_marks
from .page import key, section
from .svg import element, plot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .figures import Shown

MAX_LANES = 64


def threads(shown: Sequence[Shown], span_s: float) -> str:
    """A section; nothing where no thread was looked at."""
    content, used = "", set()
    for each in shown:
        lanes = thread_lanes(each.run)[:MAX_LANES]
        if not lanes:
            continue
        content += f"<h3>{escape(each.name)}</h3>" if each.name else ""
        height, parts = ROW * len(lanes), []
        for number, lane in enumerate(lanes):
            middle = ROW * (number + 0.5)
            for kind, bars in bars_of(lane, middle, span_s, range(len(KINDS))):
                color = f"stroke:var(--{COLORS[KINDS[kind]]})"
                parts.append(element("path", class_="bar", style=color, stroke_width=BAR, d=bars))
                used.add(KINDS[kind])
        names = [(1 - (number + 0.5) / len(lanes), label(lane.title)) for number, lane in enumerate(lanes)]
        content += plot(
            "What each thread did over time",
            height,
            names,
            time_marks(span_s),
            "".join(parts),
            span_s=span_s,
            above=stops(freezes(each.run), span_s),
        )
        if each.run.threads.leaks:
            content += f"<p>Left running at its end: {escape(listed(each.run.threads.leaks))}.</p>"
    if not content:
        return ""
    told = key((f"--{COLORS[state]}", words) for state, words in STATES.items() if state in used)
    return section(
        "Threads", content + told, "A row for each thread of the program, looked at ten times a second."
    )
