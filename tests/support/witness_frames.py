"""When a witness has painted its frames: kept in a file by that witness itself, in its GUI thread, and read by a test.

The witness knows nothing of it: `variables` make its Python load `in_witness/sitecustomize.py`, which calls `keep`.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.witness.face import Face
    from gui.witness.lifeline import Lifeline

VARIABLE = "THAW_TEST_WITNESS_FRAMES"
"""The environment variable that names the file."""


class Frame(NamedTuple):
    """One frame.

    Attributes:
        moment: when it was painted, in seconds of `time.perf_counter`.
        state: what it showed: starting, answering or frozen.
        period_ms: how long after it the next one was due.
    """

    moment: float
    state: str
    period_ms: int


def variables(path: Path | str) -> dict[str, str]:
    """The environment variables with which a program's witness keeps its frames in this file."""
    here = Path(__file__).parent
    return {VARIABLE: str(path), "PYTHONPATH": f"{here.parents[1]}{os.pathsep}{here / 'in_witness'}"}


def read(path: Path) -> list[Frame]:
    """The frames that a witness has kept so far; a last line that is not whole is left out."""
    lines = path.read_text().rpartition("\n")[0].splitlines()
    return [Frame(float(moment), state, int(period)) for moment, state, period in map(str.split, lines)]


def keep(path: str) -> None:
    """In a witness, before it has begun: add a line to a file with every frame."""
    from gui.witness.lifeline import Lifeline

    start = Lifeline.start

    def start_and_watch(lifeline: Lifeline) -> None:
        start(lifeline)
        watch(path)  # no sooner: the lifeline is to be there before Qt is loaded

    Lifeline.start = start_and_watch  # type: ignore[assignment, method-assign]


def watch(path: str) -> None:
    """From now on, keep every frame of a face that is made after this."""
    from gui.witness.face import Face

    paint = Face.paintEvent
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def paint_and_keep(face: Face, event: QPaintEvent) -> None:
        paint(face, event)
        period_ms = face.window()._timer.interval()  # type: ignore[attr-defined]  # it is a WitnessWindow
        os.write(file, f"{time.perf_counter():.6f} {face.shown.state} {period_ms}\n".encode())

    Face.paintEvent = paint_and_keep  # type: ignore[assignment, method-assign]
