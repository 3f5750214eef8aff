"""How long a benchmark will still take, from what its cells took. Plain arithmetic, for any thread."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .benchmark import Cell, Matrix

BETWEEN_S = 0.4
"""What a cell takes beside its work before anything was measured: the pause before it, a place's start and end."""


class Pace:
    """Remembers how long cells took, from one start to the next, in seconds."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._took: dict[Cell, list[float]] = {}

    def took(self, cell: Cell, seconds: float) -> None:
        """A cell took so long, with the pause before it."""
        self._took.setdefault(cell, []).append(seconds)

    def left_s(self, cells: Iterable[Cell]) -> float:
        """About how long these will take.

        A cell that has run takes as long again; another one as long as the others of its workload did, or else as long
        as that workload is expected to on the GUI thread.
        """
        by_workload: dict[str, list[float]] = {}
        for cell, times in self._took.items():
            by_workload.setdefault(cell.workload, []).extend(times)
        means = {workload: statistics.fmean(times) for workload, times in by_workload.items()}
        left = 0.0
        for cell in cells:
            if cell in self._took:
                left += statistics.fmean(self._took[cell])
            else:
                left += means.get(cell.workload, self._matrix.sizes[cell.workload].expected_s + BETWEEN_S)
        return left
