"""Numbers as a person would say them: 4.2 s, 14 ms, 31 MB/s. A megabyte has 1,000,000 bytes, as on a network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import traces
from .child import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Sequence

FINE_MS = 9.95
"""From here on milliseconds are whole, as a number of two digits is."""


def number(value: float) -> str:
    """Two digits below 10, then whole numbers; thousands are parted: 0.42, 4.2, 42, 4,200."""
    if value == 0:
        return "0"
    if abs(value) < 0.995:
        return f"{value:.2g}"
    if abs(value) < 9.95:
        return f"{value:.1f}"
    return f"{value:,.0f}"


def count(value: float) -> str:
    """How many, in four digits at most: 5, 4.2, 5,103, 14k, 1.3M. k and M are those of kB and MB."""
    for size, name in ((1e6, "M"), (1e3, "k")):
        if value >= max(0.9995 * size, 9999.5):
            return f"{number(value / size)}{name}"
    return f"{value:,.0f}" if value == int(value) else number(value)


def plural(many: int, noun: str) -> str:
    """A whole number, exactly, and what there are of it: 1 task, 5,103 tasks."""
    return f"{many:,} {noun}{'s' * (many != 1)}"


def none_or(many: float) -> str:
    """How many, exactly: none, 1, 5,103."""
    return f"{many:,.0f}" if many else "none"


def seconds(value: float) -> str:
    """A length of time: 14 ms, 4.2 s, 75 s, 3 min 20 s."""
    if value < 0.9995:
        return milliseconds(value * 1e3)
    if value < 99.5:
        return f"{number(value)} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def mark(value: float) -> str:
    """A round length of time, as a mark of an axis says it: 500 ms, 5 s, 2.5 s, 3 min 20 s."""
    return f"{value:g} s" if 0.9995 <= value < 99.5 else seconds(value)


def about(value: float) -> str:
    """A length of time that is guessed: about 1 s, about 75 s, about 3½ min, about 12 min."""
    if value < 89.5:
        return f"about {max(1, round(value))} s"
    minutes = value / 60
    if minutes >= 9.75:
        return f"about {minutes:,.0f} min"
    whole, half = divmod(round(2 * minutes), 2)
    return f"about {whole}{'½' * half} min"


def milliseconds(value: float) -> str:
    """A length of time given in milliseconds: 0.4 ms, 14 ms, and from a second on as `seconds` says it."""
    if value >= 999.5:
        return seconds(value / 1e3)
    return f"{value:.1f} ms" if 0.05 <= value < FINE_MS else f"{value:.0f} ms"


def amount(value: float, unit: str) -> str:
    """An amount of work with its unit: 1 call, 5,103 numbers, 140k numbers; bytes as kB, MB or GB."""
    if unit != "bytes":
        return f"{count(value)} {unit.removesuffix('s') if value == 1 else unit}"
    for size, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= 0.9995 * size:
            return f"{number(value / size)} {name}"
    return f"{value:.0f} bytes"


def memory(mib: float) -> str:
    """Memory given in MiB: 176 MB."""
    return amount(mib * (1 << 20), "bytes")


def rate(value: float, unit: str) -> str:
    """An amount of work per second: 31 MB/s, 64k numbers/s, 2.6 s of waiting per s."""
    return f"{count(value)} {per_second(unit)}" if unit == "seconds" else f"{amount(value, unit)}/s"


def per_second(unit: str) -> str:
    """What a scale of rates is called: numbers/s, and for bytes MB/s."""
    return {"bytes": "MB/s", "seconds": "s of waiting per s"}.get(unit, f"{unit}/s")


def short_rate(value: float, unit: str) -> str:
    """The same beside a column that tells the unit: 31 MB/s, 64k/s."""
    return rate(value, unit) if unit == "bytes" else f"{count(value)}/s"


_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""What a terminal takes for orders; a message may have come from anywhere."""

MAX_ERROR = 500
"""Letters of an error's first line that are told."""


def error_line(trace: str) -> str:
    """The error of a traceback in one line, without module names: "ValueError: no such thing ..." where it had more.

    Thaw's own errors are sentences for people, and stand without their class: "a.jpg: The server sent no picture."
    """
    message = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", traces.message(trace).expandtabs(1))
    lines = [line.rstrip() for line in message.split("\n") if line.strip()] or [""]
    if lines[0].endswith(":") and len(lines) > 1:  # a message that begins with an empty line
        lines[:2] = [f"{lines[0]} {lines[1].lstrip()}"]
    is_all = len(lines) == 1 and len(lines[0]) <= MAX_ERROR
    line = lines[0] if is_all else f"{lines[0][:MAX_ERROR]} ..."
    name, colon, rest = line.partition(":")
    if " " in name:
        return line
    if name.startswith(("workers.", f"{PRIVATE}.")) and rest:
        return rest.strip()
    return name.rpartition(".")[2] + colon + rest


def listed(texts: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join(part for part in (", ".join(texts[:-1]), *texts[-1:]) if part)


def with_title(title: str, line: str) -> str:
    """A task's title and the line of its error, which often names it itself: then only that."""
    return line if re.search(rf"(?<!\w){re.escape(title)}(?!\w)", line) else f"{title}: {line}"
