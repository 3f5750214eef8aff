"""Says whether Start may start now: not for a click that was made in a freeze, nor into a long freeze unasked.

In the GUI thread. Clicks and keys that are made while the window is frozen wait in the window system's queue and arrive
all at once afterwards; five impatient clicks on Start would be five runs. Every input event carries the time when the
person acted, so its age can be known.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QInputEvent
from PySide6.QtWidgets import QMessageBox

from workers.catalog.compatibility import lack
from workers.engine.plan import BLOCKING
from workers.engine.run import ASK_OVER_S, blocking_seconds
from workers.utils.formatting import seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QWindow

    from gui.controllers.core import Core
    from gui.window.layout import WindowLayout
    from gui.window.pages import Pages
    from workers.catalog.entry import Entry
    from workers.engine.plan import Settings


class StartGuard:
    """Looks at the age of a click and at what is chosen, and asks before a freeze that will last long.

    Attributes:
        late_input: tells clicks that were made during a freeze from others; None before the window is shown.
        thawed: when the last freeze by a run was over, in seconds of `time.perf_counter`.
    """

    def __init__(
        self, layout: WindowLayout, pages: Pages, core: Core, tell_dropped: Callable[[str, float], None]
    ) -> None:
        self._layout, self._pages, self._core, self._tell_dropped = layout, pages, core, tell_dropped
        self.late_input: LateInput | None = None
        self.thawed = 0.0

    def is_late(self) -> bool:
        """Whether what the window handles just now was, or may have been, made during a freeze."""
        late = self.late_input
        if late is None:
            return False
        now = time.perf_counter()
        # The age of the very first event cannot be known. What comes right after a freeze was made in it: nobody is
        # as quick.
        first = late.known_since is not None and now - late.known_since < LATE_S and now - self.thawed < LATE_S
        return late.is_late or first

    def allows(self, settings: Settings, compare: bool = False) -> bool:
        """Whether a run may start now; asks where a person has to decide, and says at the foot why it cannot.

        Args:
            settings: of the run.
            compare: whether the GUI thread does the same work first.
        """
        blocking = settings.blocking() if compare else settings
        if self.is_late() and not self._core.is_busy and self.late_input is not None:
            made = "Your key for" if self.late_input.is_key else "Your click on"
            self._tell_dropped(f"{made} {'Compare' if compare else 'Start'}", self.late_input.age_s)
        is_possible = self.may_start() and self._pages.may_run(settings.workload) and self._fits(settings)
        return is_possible and self._may_block(blocking)

    def may_start(self) -> bool:
        """Whether the click that is handled now may start a run: nothing goes on, and it is not from a freeze."""
        return not self._core.is_busy and not self.is_late()

    def allow_code(self, workload: Entry, go: Callable[[], object]) -> None:
        """Call something that runs a workload's code beside any run, where it may be run now; asks likewise."""
        if self.may_start() and self._pages.may_run(workload.name):
            go()

    def _fits(self, settings: Settings) -> bool:
        """Whether it can run there; says why not. The keys, the hint and the pages lead here, too."""
        missing = lack(settings.workload_entry, dict(settings.params))
        why_not = missing.why if missing is not None else self._layout.controls.why_not(settings)
        if why_not:
            self._layout.strip.say(why_not, keep=False)
        return not why_not

    def _may_block(self, settings: Settings) -> bool:
        if settings.runner != BLOCKING:
            return True
        expected = blocking_seconds(settings, self._core.session.runs)
        if expected <= ASK_OVER_S:
            return True
        instruments = self._core.instruments
        box = QMessageBox(QMessageBox.Icon.Question, "Freeze the window?", "", parent=self._layout.window())
        box.setText(f"On the GUI thread this freezes the window for about {seconds(expected)}.")
        box.setInformativeText(_ways_to_stop(instruments.is_on("witness")))
        freeze = box.addButton("Freeze it", QMessageBox.ButtonRole.AcceptRole)
        with_witness = None
        if not instruments.is_on("witness"):
            with_witness = box.addButton("With the witness", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        if clicked is not None and clicked is with_witness:
            instruments.set_on("witness", True)
            return True
        return clicked is freeze


def _ways_to_stop(has_witness: bool) -> str:
    """What ends a run that freezes the window: only what is really there."""
    ways = ["Stop in the witness"] if has_witness else []
    if sys.stdin is not None and sys.stdin.isatty():
        ways.append("Ctrl+C in the terminal that Thaw was started from")
    if ways:
        return f"Until it is done, only {' or '.join(ways)} ends it."
    return (
        "Until it is done, nothing ends it, unless you run it with the witness: that has a button to stop it."
    )


LATE_S = 0.25
"""An event that is older than this when it arrives was made during a freeze."""

QUIET_MS = 100
"""All that waited arrives in one go after a freeze: when nothing late came for this long, it was all."""

KEYS = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
"""Of a key that is a shortcut only the second comes to a window; of all others both, with one stamp."""

START_ANEW_S = 3600.0
"""No event is as old as this: the window system's clock has begun again (on X11 it does, every 49.7 days)."""


class LateInput(QObject):
    """Watches the events that the window system sends to one window.

    The time stamps have their own origin, so the smallest difference to our clock that was ever seen is taken for an
    event that arrived at once. Where the first event of all is late, later ones mend the estimate.

    Signals:
        told: what arrived late has all arrived: number of clicks, number of keys, and the age of the oldest in seconds.

    Attributes:
        age_s: how old the event is that the window handles just now, in seconds.
        is_key: whether that is a key.
        known_since: when the first event of all came, by our clock; None before. Its own age cannot be known.
    """

    told = Signal(int, int, float)

    def __init__(self, window: QWindow, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(window)
        self._clock = clock
        self._origin: float | None = None
        self._clicks = self._keys = 0
        self._oldest_s = 0.0
        self._last_key_s = -1.0
        self.age_s = 0.0
        self.is_key = False
        self.known_since: float | None = None
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._all_arrived)
        window.installEventFilter(self)

    @property
    def is_late(self) -> bool:
        """Whether the event that the window handles just now was made during a freeze."""
        return self.age_s > LATE_S

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputEvent) and event.timestamp():
            self.note(event.type(), event.timestamp() / 1e3)
        return False

    def note(self, kind: QEvent.Type, stamp_s: float) -> None:
        """Note one input event that was made at `stamp_s` by the window system's clock."""
        now = self._clock()
        offset = now - stamp_s
        if self.known_since is None:
            self.known_since = now
        if self._origin is None or not 0 <= offset - self._origin < START_ANEW_S:
            self._origin = offset
        self.age_s = offset - self._origin
        self.is_key = kind in KEYS
        if not self.is_late:
            self.tell()
            return
        # A window gets a press for the second click of a double click, too, and the double click besides.
        if kind is QEvent.Type.MouseButtonPress:
            self._clicks += 1
        elif self.is_key and stamp_s != self._last_key_s:
            self._last_key_s = stamp_s
            self._keys += 1
        self._oldest_s = max(self._oldest_s, self.age_s)
        self._quiet.start()

    @Slot()
    def _all_arrived(self) -> None:
        self.age_s = 0.0  # what happens from now on comes from no event that was late
        self.tell()

    def tell(self) -> None:
        clicks, keys, oldest = self._clicks, self._keys, self._oldest_s
        self._clicks = self._keys = 0
        self._oldest_s = 0.0
        if clicks or keys:
            self.told.emit(clicks, keys, oldest)
