"""Names those who are stuck, and says whose wait is to end for it. Runs on Python 3.9."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .thing import Deadlock, Waiting

if TYPE_CHECKING:
    from .pace import Pace
    from .samples import Samples

STUCK_S = 0.5
"""Who is stuck for so long is named: a holder may be letting go just now."""

STUCK_AGAIN_S = 0.1
"""The same after a run's first deadlock: others may stand behind it, one after the other, on the GUI thread too."""

LOOKED_S = 0.8
"""For so long after each `leave` those who are stuck are left so: a window that freezes looks at nobody any more."""

LEFT_S = 8.0
"""No longer than this after they were named: a person may look at something else."""


class Judge:
    """Of one run in one process. MUTEX guards it, but for `leave`.

    Attributes:
        stuck_s: who is stuck for so long is named.
    """

    def __init__(self, pace: Pace, samples: Samples) -> None:
        """Make it; `samples` take the names of those who are stuck, as a sentence."""
        self._pace, self._samples = pace, samples
        self.stuck_s = STUCK_S if pace.stuck_s is None else pace.stuck_s
        self._stuck: frozenset[Waiting] = frozenset()
        self._since = 0.0
        self._looked = float("-inf")
        self._named: tuple[frozenset[Waiting], Waiting, Deadlock] | None = None

    def leave(self) -> None:
        """Leave those who are stuck to a person who looks at them; to be called again and again while they do."""
        self._looked = self._pace.now()

    def judge(self, stuck: frozenset[Waiting], now: float) -> Waiting | None:
        """Take in which waits can never end now; returns the one that is to end by its error, the newest of them."""
        if stuck != self._stuck:
            self._stuck = stuck
            # Who comes to stand behind those who were named makes no other deadlock.
            if self._named is None or not stuck >= self._named[0]:
                self._since, self._named = now, None
        stood_s = now - self._since
        if not stuck or stood_s < self.stuck_s:
            return None
        if self._named is None:
            in_order = sorted(stuck, key=lambda wait: wait.since)
            error = Deadlock("; ".join(wait.words() for wait in in_order))
            self._named = stuck, in_order[-1], error
            self._samples.add("deadlock", str(error), now, len(stuck))
        # Who is named at once has a time of its own, in which nobody can look.
        if self.stuck_s and now - self._looked < LOOKED_S and stood_s < self.stuck_s + LEFT_S:
            return None
        _, newest, error = self._named
        newest.error = error
        self.stuck_s = min(self.stuck_s, STUCK_AGAIN_S)
        self._stuck, self._named = frozenset(), None
        return newest
