"""What lessons ask of runs that were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..engine.run import Run
    from ..monitors.lag import LagSummary


def lag(run: Run) -> LagSummary:
    """Of the window, in a lesson that has one."""
    assert run.lag is not None
    return run.lag


def cores(run: Run) -> float:
    """How many cores it kept busy, with what the window needs meanwhile."""
    assert run.resources is not None
    return run.resources.cpu_s / run.wall_s
