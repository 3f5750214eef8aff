"""How long a run will still take: one estimate, wherever it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .run import Run

SURE_S = 1.0
"""Before a run has lasted so long, and each worker has done a task, nobody can say how long it will take."""


class TimeLeft:
    """How long a run will still take, from what it has done so far: it counts down, and never grows by itself."""

    def __init__(self) -> None:
        self._run: Run | None = None
        self._done = 0
        self._ends_s: float | None = None
        self._paused_s = 0.0
        self._paused_at: float | None = None

    def left_s(self, run: Run) -> float | None:
        """In seconds; None while nobody can say: at first, where it is late, and while it is paused."""
        if run is not self._run:
            self._run, self._done, self._ends_s = run, 0, None
            self._paused_s, self._paused_at = 0.0, None
        wall, recorder = run.wall_s, run.recorder
        if run.control.paused:
            self._paused_at = wall if self._paused_at is None else self._paused_at
            return None
        if self._paused_at is not None:
            paused = wall - self._paused_at
            self._paused_s, self._paused_at = self._paused_s + paused, None
            self._ends_s = None if self._ends_s is None else self._ends_s + paused
        if recorder.done != self._done:
            self._done = recorder.done
            worked = wall - self._paused_s
            self._ends_s = wall + worked / recorder.done * (recorder.count - recorder.finals)
        is_sure = wall >= SURE_S and recorder.finals >= min(run.settings.workers, recorder.count)
        if self._ends_s is None or not is_sure or wall >= self._ends_s:
            return None
        return self._ends_s - wall
