"""What is said of a program at its end: which lines held its event loop up, the worst first. Text, JSON or a page."""

from __future__ import annotations

import html
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .times import spoken

if TYPE_CHECKING:
    from workers.agent.messages import Delivery, Frozen, Loop, Message
    from workers.agent.watching.advice import advise
    from workers.monitors.freeze import GUI, KINDS
else:
    from ._thaw.agent.messages import Frozen, Loop
    from ._thaw.agent.watching.advice import advise
    from ._thaw.monitors.freeze import GUI, KINDS

AROUND = 2
POLITE = "thaw_watch.polite"
"""Where our wheel has what makes a thread polite."""

MAX_FREEZES = 2_000
"""So many are kept, the longest; the others are only counted."""

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}"
    "pre{background:#f4f5f7;padding:.7rem;overflow-x:auto}.guilty{background:#ffd7d5}"
)


class Group(NamedTuple):
    """Freezes with one line to blame, the longest first."""

    all: list[Frozen]

    @property
    def longest(self) -> Frozen:
        return self.all[0]

    @property
    def total_s(self) -> float:
        return sum(one.freeze.lag_s for one in self.all)


class Report:
    """Keeps what is told, and writes it down."""

    def __init__(self, place: str | os.PathLike[str] | None, over_s: float) -> None:
        """Make it.

        Args:
            place: the file; None: standard error.
            over_s: what is in it lasted longer.
        """
        # Now: a program may go to another folder.
        self._place = None if place is None else Path(place).absolute()
        self._over_s, self._began = over_s, time.perf_counter()
        self._frozen: list[Frozen] = []
        self._others: list[float] = []  # how long those were that are not kept
        self._loops: dict[str, None] = {}

    def told(self, message: Message) -> None:
        """Called in a thread of ours."""
        if isinstance(message, Frozen):
            self._frozen.append(message._replace(freeze=message.freeze._replace(stacks=())))
            if len(self._frozen) > MAX_FREEZES:
                shortest = min(self._frozen, key=lambda one: one.freeze.lag_s)
                self._frozen.remove(shortest)
                self._others.append(shortest.freeze.lag_s)
        elif isinstance(message, Loop):
            self._loops[f"{message.binding} {message.version}".strip()] = None

    def write(self) -> None:
        """Write it; a file that cannot be written is told of on standard error, for the program ends."""
        if self._place is None:
            _say(self.text())
            return
        kinds = {".json": self.json, ".html": self.page, ".htm": self.page}
        try:
            self._place.write_text(kinds.get(self._place.suffix.lower(), self.text)(), encoding="utf-8")
        except OSError as error:
            _say(f"thaw-watch: the report could not be written: {error}\n{self.text()}")

    # ------------------------------------------------------------ what it says

    def groups(self) -> list[Group]:
        """The freezes by their guilty line; first what took longest in all."""
        found: dict[object, list[Frozen]] = {}
        for one in sorted(self._frozen, key=lambda one: -one.freeze.lag_s):
            line = one.freeze.line
            where = (line.file, line.number) if line is not None else None
            found.setdefault((where, one.freeze.kind, one.freeze.holder == GUI), []).append(one)
        return sorted(map(Group, found.values()), key=lambda group: -group.total_s)

    def verdict(self) -> str:
        """One sentence."""
        program = os.path.basename(sys.argv[0]) if sys.argv and sys.argv[0] else "this program"
        ran = f"thaw-watch: {program} ran for {spoken(time.perf_counter() - self._began)}"
        if not self._loops:
            return f"{ran}. No event loop of Qt, tkinter or asyncio was seen."
        loop, over = f"its event loop ({', '.join(self._loops)})", spoken(self._over_s)
        lasted = [*(one.freeze.lag_s for one in self._frozen), *self._others]
        if not lasted:
            return f"{ran}; {loop} never stood still for over {over}."
        times = "once" if len(lasted) == 1 else f"{len(lasted)} times"
        return (
            f"{ran}; {loop} stood still {times} for over {over}: "
            f"{spoken(sum(lasted))} in all, {spoken(max(lasted))} at the longest."
        )

    def text(self) -> str:
        """For a terminal."""
        lines = [self.verdict()]
        for group in self.groups():
            lines += ["", f"  {when(group)}: {where(group.longest)}"]
            lines += [
                f"  {'>' if guilty else ' '} {number:5} | {text}"
                for number, text, guilty in source(group.longest)
            ]
            lines += [f"  {sentence}" for sentence in sentences(group.longest)]
        return "\n".join(lines) + "\n"

    def json(self) -> str:
        """For programs: each freeze by itself, in the order of time; all lengths and moments in seconds."""
        rows = [self._row(one) for one in sorted(self._frozen, key=lambda one: one.freeze.started)]
        told = {
            "program": os.path.basename(sys.argv[0]) if sys.argv else "",  # a secret may be among its arguments
            "python": sys.version.partition(" ")[0],
            "loops": list(self._loops),
            "ran_s": round(time.perf_counter() - self._began, 3),
            "over_s": self._over_s,
            "freezes": rows,
            "freezes_not_kept": len(self._others),
        }
        return json.dumps(told, indent=1) + "\n"

    def _row(self, one: Frozen) -> dict[str, Any]:
        freeze, line = one.freeze, one.freeze.line
        return {
            "after_s": round(freeze.started - self._began, 3),
            "lasted_s": round(freeze.lag_s, 3),
            "thread": freeze.holder,
            "did": freeze.kind,
            "line": None if line is None else line._asdict(),
            "delivered": one.delivery._asdict() if one.delivery.name else None,
            "advice": _advice(one),
            "stack": [call._asdict() for call in freeze.stack],
        }

    def page(self) -> str:
        """For a browser: one file."""
        escape = html.escape
        parts = [f"<h1>Where it stood still</h1><p>{escape(self.verdict())}</p>"]
        for group in self.groups():
            lines = "\n".join(
                f'<span class="guilty">{number:5} {escape(text)}</span>'
                if guilty
                else f"{number:5} {escape(text)}"
                for number, text, guilty in source(group.longest)
            )
            told = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences(group.longest))
            parts.append(
                f"<h2>{escape(where(group.longest))}</h2><p>{escape(when(group))}</p><pre>{lines}</pre>{told}"
            )
        return (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>thaw-watch</title><style>{STYLE}</style>'
            f"<body>{''.join(parts)}</body></html>\n"
        )


def when(group: Group) -> str:
    """How often, and how long."""
    total = spoken(group.total_s)
    if len(group.all) == 1:
        return total
    return f"{len(group.all)} times, {total} in all, {spoken(group.longest.freeze.lag_s)} at the longest"


def where(one: Frozen) -> str:
    """The guilty line."""
    line = one.freeze.line
    if line is None or not _in_python(one):
        return "the event loop itself, without a line of Python"
    return f"{line.file}:{line.number} in {line.function}"


def source(one: Frozen) -> list[tuple[int, str, bool]]:
    """The guilty line and its neighbours: number, text, whether it is the one."""
    line = one.freeze.line
    if line is None or not _in_python(one):
        return []
    near = [pair for pair in one.freeze.source if abs(pair[0] - line.number) <= AROUND]
    return [(number, text, number == line.number) for number, text in near]


def sentences(one: Frozen) -> list[str]:
    """What it did, what had been delivered, and what helps."""
    freeze = one.freeze
    who = "It" if freeze.holder == GUI else f'Thread "{freeze.holder}"'
    found = [f"{who} {KINDS[freeze.kind]}."] if freeze.kind != "unknown" else ["What it did is not known."]
    if one.delivery.name:
        found.append(f"{delivered(one.delivery)} had been delivered.")
    return [*found, _advice(one)]


def _advice(one: Frozen) -> str:
    is_loop, has_gil = one.freeze.holder == GUI, getattr(sys, "_is_gil_enabled", lambda: True)()
    return advise(
        one.freeze.kind, is_loop=is_loop, polite=POLITE, in_python=_in_python(one), gil_enabled=has_gil
    )


def delivered(delivery: Delivery) -> str:
    """Such as "The slot Window.on_click (my_app.py:12)"."""
    return (
        f"The {delivery.kind or 'function'} {delivery.name} ({os.path.basename(delivery.file)}:{delivery.line})"
    )


def _in_python(one: Frozen) -> bool:
    return bool(one.delivery.kind) or one.freeze.holder != GUI


def _say(text: str) -> None:
    if sys.stderr is not None:  # as in a windowed program
        sys.stderr.write(text)
        sys.stderr.flush()
