"""Keeps when the witness has painted its frames, in a file, for the benchmark. In its GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "THAW_WITNESS_FRAMES"
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


class Frames:
    """A file with a line for each frame."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            OSError: it cannot be written.
        """
        self._file = path.open("ab", buffering=0)

    def add(self, moment: float, state: str, period_ms: int) -> None:
        """A frame was painted."""
        self._file.write(f"{moment:.6f} {state} {period_ms}\n".encode())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read(path: Path) -> list[Frame]:
    """The frames that a witness has kept so far; a last line that is not whole is left out."""
    lines = path.read_text().rpartition("\n")[0].splitlines()
    return [Frame(float(moment), state, int(period)) for moment, state, period in map(str.split, lines)]
