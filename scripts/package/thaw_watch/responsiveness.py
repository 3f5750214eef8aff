"""What a test knows of how long the GUI thread was blocked, and how that is said."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .report import POLITE
from .times import seconds, spoken

if TYPE_CHECKING:
    from workers.agent.watching.advice import advise
    from workers.monitors.deliveries.looks import Delivered, Looks
    from workers.monitors.freeze import GUI, KINDS
else:
    from ._thaw.agent.watching.advice import advise
    from ._thaw.monitors.freeze import GUI, KINDS

AROUND = 2
MAX_CALLS = 8


class Responsiveness:
    """What a test's event loops have delivered so far that took long; the fixture `responsiveness`.

    Only what a loop delivers counts (a slot, a timer, an event, a paint): never a fixture, nor the test's own lines.
    """

    def __init__(self) -> None:
        self._looks: Looks | None = None

    def follow(self, looks: Looks) -> None:
        """What it is about, from now on."""
        self._looks = looks

    @property
    def is_watching(self) -> bool:
        """Whether there is a Qt application to watch, or was one in this test."""
        return self._looks is not None

    def blocked(self, over: object = "20ms") -> list[Delivered]:
        """What blocked the GUI thread for longer than this, in the order of time."""
        limit = seconds(over)
        return [] if self._looks is None or limit is None else self._looks.delivered(limit)

    @property
    def longest_ms(self) -> float:
        """How long the GUI thread was blocked at most, in ms; 0.0 where that was never over 20 ms."""
        return max((one.lasted_s for one in self.blocked()), default=0.0) * 1e3

    def assert_no_freeze(self, longer_than: object = "100ms") -> None:
        """Fail, and say why, if one thing has blocked the GUI thread for longer than this."""
        __tracebackhide__ = True
        found = self.blocked(longer_than)
        if found:
            raise AssertionError(describe(found, seconds(longer_than) or 0.0))


def describe(found: list[Delivered], limit_s: float) -> str:
    """All of them in words, the longest first and whole."""
    longest = sorted(found, key=lambda one: -one.lasted_s)
    lines = [
        f"The GUI thread was blocked for {spoken(longest[0].lasted_s)}; it may be for {spoken(limit_s)}.",
        *card(longest[0]),
    ]
    if more := longest[1:]:
        lines += ["", f"And {len(more)} more:"]
        lines += [f"  {spoken(one.lasted_s)}  {where(one)}" for one in more[:MAX_CALLS]]
    return "\n".join(lines)


def where(one: Delivered) -> str:
    """The guilty line, or that there is none."""
    line = one.freeze.line
    if line is None or not (one.name or one.freeze.holder != GUI):
        return "Qt itself, without a line of Python"
    return f"{_short(line.file)}:{line.number} in {line.function}"


def card(one: Delivered) -> list[str]:
    """What is known of it: the line and its source, what it did, what delivered it, and what helps."""
    freeze = one.freeze
    line, loop = freeze.line, freeze.stack[0] if freeze.stack else None
    in_python = bool(one.name)
    lines = ["", f"  {where(one)}"]
    if line is not None and (in_python or freeze.holder != GUI):
        for number, text in freeze.source:
            if abs(number - line.number) <= AROUND:
                lines.append(f"  {'>' if number == line.number else ' '} {number:4} | {text}".rstrip())
        who = "It" if freeze.holder == GUI else f'Thread "{freeze.holder}"'
        lines += [
            "",
            f"  {who} {KINDS[freeze.kind]}." if freeze.kind != "unknown" else "  What it did is not known.",
        ]
    if loop is not None and freeze.holder == GUI:
        what = _delivered(one.name) if in_python else "An event, a timer or a slot in C++"
        lines.append(f"  {what} was delivered by {_short(loop.file)}:{loop.number}: {loop.text}")
        if in_python and (callers := _callers(one)):
            lines.append(f"  It was called by {' > '.join(callers)}.")
    told = advise(freeze.kind, is_loop=freeze.holder == GUI, polite=POLITE, in_python=in_python)
    lines.append(f"  {told}")
    if one.waited_s > 0.02:
        lines.append(f"  (It waited for a processor for {spoken(one.waited_s)} besides, which is not counted.)")
    return lines


def _callers(one: Delivered) -> list[str]:
    """From what the loop called to the guilty line, that one left out."""
    functions = [call.function for call in one.freeze.stack]
    first = one.name.rpartition(".")[2]
    begin = max((n for n in range(one.freeze.guilty) if functions[n] == first), default=one.freeze.guilty)
    return [f"{call.function}:{call.number}" for call in one.freeze.stack[begin : one.freeze.guilty]][
        -MAX_CALLS:
    ]


def _delivered(name: str) -> str:
    short = name.rpartition(".")[2]
    if short in {"paintEvent", "paint"}:
        return f"The paint {name}"
    return f"The event {name}" if short.endswith("Event") or short == "event" else f"{name}, a slot or a timer,"


def _short(file: str) -> str:
    try:
        relative = os.path.relpath(file)
    except ValueError:  # on another drive
        return file
    return file if relative.startswith("..") else relative
