"""How long a run will block the window, so that a long freeze is asked for and not stumbled into."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from .load import workload_hook
from .plan import BLOCKING

if TYPE_CHECKING:
    from .plan import Settings
    from .run import Run

ASK_OVER_S = 15.0
"""A blocking run that will take longer than this is asked for first."""


def blocking_seconds(settings: Settings, runs: list[Run]) -> float:
    """About how long a run takes on the GUI thread, in seconds; 0.0 where nothing is known.

    What an earlier blocking run of the same work and parameters took for each task counts more than what the workload
    itself says of a usual machine (its function `seconds`).
    """
    for run in reversed(runs):
        same = (run.settings.workload, run.settings.params) == (settings.workload, settings.params)
        if same and run.settings.runner == BLOCKING and run.recorder.done == run.recorder.count:
            return run.wall_s / run.recorder.count * settings.tasks
    guess = workload_hook(settings.workload, "seconds")
    if guess is None:
        return 0.0
    wanted = inspect.signature(guess).parameters
    known = {**dict(settings.params), "tasks": settings.tasks}
    return float(guess(**{name: value for name, value in known.items() if name in wanted})) * settings.tasks
