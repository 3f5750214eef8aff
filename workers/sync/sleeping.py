"""Sleep, in the words of `time`. Runs on Python 3.9."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .thing import HERE, LOOK_S, Stopped

if TYPE_CHECKING:
    from .thing import Member


def sleep(seconds: float) -> None:
    """As `time.sleep`, but a cancel of the run ends it.

    Raises:
        Stopped: the run was cancelled.
    """
    member: Member | None = getattr(HERE, "task", None)
    if member is None:
        time.sleep(seconds)
        return
    pace = member.waits.pace
    ends = pace.now() + seconds
    while True:
        if member.waits.is_cancelled:
            raise Stopped
        rest = ends - pace.now()
        if rest <= 0:
            return
        pace.sleep(min(rest, LOOK_S))
