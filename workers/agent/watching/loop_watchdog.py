"""The monitors of one watched event loop: the watchdog and the GIL meter, which may be halted for a fork and go on."""

from __future__ import annotations

import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from ...monitors.freeze import CARD_OVER_S
from ...monitors.gil_meter import GilMeter
from ...monitors.lag import SLOW_OVER_S
from ...monitors.watchdog import LOOK_S, Watchdog
from .hidden import HiddenThread
from .loop_thread import MAX_LOOKS, LoopThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...monitors.dump import DumpFile
    from ...monitors.freeze import Freeze
    from ...monitors.guilt import SourceFiles
    from .watched_loop import WatchedLoop


class HiddenMeter(GilMeter):
    """The GIL meter, in a thread that nobody sees."""

    def __init__(self, fail: Callable[[], None]) -> None:
        super().__init__()
        self.thread_class = partial(HiddenThread, fail)


class LoopWatchdog(Watchdog):
    """The watchdog of a `LoopThread`, in a thread that nobody sees."""

    def __init__(
        self,
        loop: WatchedLoop,
        files: SourceFiles,
        over_s: float,
        make_dumps: Callable[[], DumpFile] | None,
        fail: Callable[[], None],
    ) -> None:
        """Make it, in any thread.

        Args:
            loop: the loop.
            files: tells libraries from the program.
            over_s: which gaps are freezes.
            make_dumps: see `Watchdog`.
            fail: see `HiddenThread`.
        """
        self.thread_class = partial(HiddenThread, fail)
        self.over_s = over_s
        if over_s < CARD_OVER_S:
            self.look_s = min(LOOK_S, over_s / 4)
            self.sample_over_s = min(SLOW_OVER_S, over_s / 2)
        self.looked_at = LoopThread(loop, files, over_s)
        super().__init__(loop.lag, None, make_dumps, thread=self.looked_at)
        self._judged_to = loop.began
        self._samples = deque(maxlen=MAX_LOOKS)

    def start(self) -> None:
        judged_to = self._judged_to
        super().start()
        self._judged_to = judged_to  # what began before, or went on when it was halted, is judged too

    def _catch_up(self) -> None:
        # Those who tell may wait for the watchdog, which knows more.
        if threading.get_ident() == self.looked_at.ident:
            super()._catch_up()

    @property
    def looked_to(self) -> float:
        """Up to when it is known what held the GIL."""
        return self._looked

    def rest(self, end: float) -> list[Freeze]:
        """At the end of all, what was not judged yet."""
        return self.freezes(self._judged_to, end)

    def frozen(self, start: float, end: float) -> list[tuple[Freeze, Any]]:
        """The freezes from one moment to another, with what delivered each."""
        return [(one, self.delivery(one)) for one in self.freezes(start, end)]

    def delivery(self, freeze: Freeze) -> Any:
        return self.looked_at.delivery(freeze.started, freeze.ended)
