"""Which line is to blame for a freeze: what the watchdog and faulthandler tell, brought together with the pings. No Qt.

While a freeze lasts that is a guess. When it is over the program judges it from all that was seen; what the witness
says of it until then names no cause.

The watchdog tells each line once, and it may do so before the ping has been sent whose answer will be missing. So what
it told last is kept until that ping is overdue, or until an answer shows that the window goes on.
"""

from __future__ import annotations

import linecache
from collections import deque
from typing import TYPE_CHECKING

from gui.witness.answers import MAX_MEASURED, Silence
from gui.witness.protocol import NOWHERE

if TYPE_CHECKING:
    from gui.witness.answers import Answers
    from gui.witness.protocol import Guilt
    from workers.monitors.freeze import Line

MISSING_S = 0.075
"""A ping without an answer for so long is overdue."""

LATE_S = 2.0
"""What the watchdog tells so soon after a freeze belongs to it."""

MAX_S = 3600.0
"""No clock of another process is believed that says more."""


class Blame:
    """Takes what is told of guilty lines. For one thread; all times are in seconds of `time.perf_counter`.

    Attributes:
        guilt: of this freeze, or of the last one; None where nothing is known of it.
    """

    def __init__(self, answers: Answers) -> None:
        self.guilt: Guilt | None = None
        self._of_last: Guilt | None = None
        self._answers = answers
        self._kept: tuple[float, Guilt] | None = None
        self._verdicts: deque[tuple[Silence, Guilt]] = deque(maxlen=MAX_MEASURED)
        self._lasts = False
        self._thawed = 0.0
        self._blamed: list[tuple[float, Guilt]] = []  # all of this freeze, each with the time when it came

    def take(self, guilt: Guilt, moment: float) -> None:
        """The watchdog tells this of a freeze."""
        if not 0 <= moment - guilt.started < MAX_S:
            guilt = guilt._replace(started=moment)
        if moment - self._thawed < LATE_S and self.guilt is None:
            self.add(guilt._replace(kind="unknown"), moment)
            self._of_last = self.guilt
        else:
            self._kept = moment, guilt
            self.weigh(moment)

    def weigh(self, now: float) -> None:
        """Decide whether what was told is of the silence that there is now; to be called again and again."""
        if self._kept is None:
            return
        moment, guilt = self._kept
        self._answers.take_start(guilt.started)
        if self._answers.silent_s(now) > MISSING_S:
            self._kept = None
            self.add(guilt, moment)

    def add(self, guilt: Guilt, moment: float) -> None:
        """It is to blame from `moment` on."""
        self.guilt = _with_source(guilt)
        self._blamed.append((moment, self.guilt))

    def begin(self, began: float) -> None:
        """The window is frozen since then: what is known of another freeze does not count."""
        self._lasts = True
        self._blamed = [one for one in self._blamed if one[0] >= began]
        self.guilt = self._blamed[-1][1] if self._blamed else None

    def end(self, number: int, moment: float) -> None:
        """An answer has come, to this ping: with it a freeze may be over."""
        self.weigh(moment)
        silence = self._answers.take_pong(number, moment)
        if silence is not None:
            self._thawed = silence.ended
            # An answer to an older ping may have cleared it meanwhile.
            blamed = [one for one in self._blamed if one[0] >= silence.began]
            guess = longest_blamed(blamed, silence.ended) if blamed else None
            self._of_last = guess and guess._replace(kind="unknown")
        self._lasts = False
        self.guilt = self._of_last
        self._blamed = []
        self._kept = None
        self._settle()

    def take_verdict(self, guilt: Guilt, length: float) -> None:
        """The program has judged a freeze of so many seconds, maybe one whose last answer is still under way."""
        self._verdicts.append((Silence(guilt.started, guilt.started + length), guilt))
        self._answers.take_length(guilt.started, length)
        self._settle()

    def _settle(self) -> None:
        """Say of the last freeze what the program says of it."""
        said = next((said for silence, said in self._verdicts if silence == self._answers.last), None)
        if said is None:
            return
        if said.line == NOWHERE and self._of_last is not None:
            said = self._of_last._replace(kind=said.kind)
        self._of_last = _with_source(said)
        if not self._lasts:
            self.guilt = self._of_last


def _with_source(guilt: Guilt) -> Guilt:
    line = guilt.line
    text = line.text or linecache.getline(line.file, line.number).strip()
    return guilt._replace(line=line._replace(text=text))


def longest_blamed(blamed: list[tuple[float, Guilt]], end: float) -> Guilt:
    """The line that was to blame for most of a freeze: its last one may be what the window had to catch up on.

    Args:
        blamed: what was to blame, and from when on, in seconds; at least one.
        end: when the freeze was over, likewise.
    """
    spans: dict[Line, float] = {}
    ends = [moment for moment, _ in blamed[1:]] + [end]
    for (moment, guilt), until in zip(blamed, ends, strict=True):
        spans[guilt.line] = spans.get(guilt.line, 0.0) + until - moment
    longest = max(spans, key=lambda line: spans[line])
    return next(guilt for _, guilt in blamed if guilt.line == longest)
