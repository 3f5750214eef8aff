"""Runs of programs that were watched, made of the messages that an agent would have told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.agent import messages
from workers.monitors.freeze import GUI, Freeze, Line, Stack
from workers.monitors.lag import PERIOD_S
from workers.monitors.threads.changes import Change
from workers.watch.program import Program
from workers.watch.watched import Watched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workers.engine.run import Run

STARTED = 100.0
PROGRAM = Program(script="shop/app.py", arguments=("--its", "a b"))
LINE = Line("/home/me/shop/app.py", 12, "save", "time.sleep(1)")
SLOT = messages.Delivery("slot", "Window.on_click", "/home/me/shop/app.py", 10)
HELLO = messages.Hello(
    messages.VERSION,
    7,
    "3.12.1",
    "/usr/bin/python3",
    ("app.py",),
    "/home/me/shop",
    (),
    True,
    1e9,
    STARTED + 0.1,
)
QT = messages.Loop("qt", "PySide6", "6.8.1", 1, "MainThread", STARTED + 0.5)


def frozen(
    start: float, end: float, line: Line = LINE, kind: str = "sleep", holder: str = GUI
) -> messages.Frozen:
    """A freeze between two moments after the program's start."""
    calls = ((line.file, line.number, line.function),)
    stacks = (Stack(calls, 4, end - start),)
    source = ((line.number, line.text),)
    freeze = Freeze(STARTED + start, STARTED + end, kind, holder, (line,), 0, source, 4, 1.0, stacks)
    return messages.Frozen(freeze, SLOT)


def beats(end: float, freezes: Iterable[messages.Frozen] = (), start: float = 0.5) -> messages.Beats:
    """Those of an event loop that ran between two moments, but for some freezes."""
    spans = [(each.freeze.started, each.freeze.ended) for each in freezes]
    moments = [STARTED + start + number * PERIOD_S for number in range(int((end - start) / PERIOD_S))]
    return messages.Beats(
        tuple(moment for moment in moments if not any(low < moment < high for low, high in spans))
    )


def watched_run(
    *freezes: messages.Frozen,
    told: Sequence[messages.Message] = (),
    loop: messages.Loop = QT,
    wall_s: float = 10.0,
    code: int | None = 0,
    why: str = "",
    cancelled: bool = False,
) -> Run:
    """A program with an event loop that was watched to its end."""
    watched = Watched(PROGRAM, STARTED)
    for message in (HELLO, loop, beats(wall_s, freezes), *freezes, *told):
        watched.take(message)
    return watched.end(STARTED + wall_s, code, why, cancelled=cancelled)


def busy_threads(count: int, wall_s: float = 10.0) -> list[messages.Message]:
    """What is told of a program in which so many threads compute without taking turns."""
    changes = [Change(STARTED + 0.5, 1, "MainThread", "gil")]
    changes += [Change(STARTED + 0.5, 10 + n, f"counter {n}", "python") for n in range(count)]
    waits = tuple((STARTED + 0.5 + n * 0.1, 32.0) for n in range(int((wall_s - 0.5) * 10)))
    return [messages.Threads(tuple(changes)), messages.Waits(waits)]
