"""Ends a run that takes too long, and says where it stands: so no cell of a benchmark is waited for in vain.

A thread of its own looks on, for the GUI thread may be what stands still. A process is ended by its runner; in a thread
Python code is ended by an exception. What nothing can end, such as a wait in C, is left behind.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from ..monitors.stacks import thread_idents
from ..utils.formatting import seconds
from .limit import end_thread
from .standing import at_work, words

if TYPE_CHECKING:
    from collections.abc import Callable

ASK_S = 0.3
"""Other processes may take so long to say where their tasks stand."""

LOOK_S, GRACE_S = 0.1, 3.0
"""How often code that heeds no cancel is ended anew, for it may catch that; after the second its run is left behind."""

GUI_GRACE_S = 1.0
"""The GUI thread has so long to come to the next step of the work, or to its event loop."""


class Running(Protocol):
    """What goes on: a `workers.engine.session.Session`. These may be called from any thread."""

    @property
    def standing(self) -> list[str]:
        """Where tasks in other processes stand, as far as they have told."""

    def ask_standing(self) -> None:
        """Have them tell."""

    def cancel(self) -> None:
        """Cancel every task."""


class RunLimit:
    """Watches one run at a time. Its methods are called in the GUI thread.

    Attributes:
        why: that the run took too long, and where it stood, as a sentence; empty where it has not.
        is_given_up: whether nobody is to wait for it any more.
    """

    def __init__(self, session: Running, give_up: Callable[[], None]) -> None:
        """Make it; `give_up` is called in the thread of its own when a run is to be left behind."""
        self._session, self._give_up = session, give_up
        self._gui_thread = threading.get_ident()
        self.why, self.is_given_up = "", False
        self._before: set[int] = set()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, limit_s: float, *, on_gui_thread: bool) -> None:
        """A run is about to begin that may take so long, or one goes on that may take so much longer.

        Args:
            limit_s: how long.
            on_gui_thread: whether it is in this thread.
        """
        if self._thread is None:  # else it is about the same run as before
            self._before = thread_idents() - ({self._gui_thread} if on_gui_thread else set())
        self.end()
        self.why, self.is_given_up = "", False
        self._over = threading.Event()
        arguments = (self._over, limit_s, self._before)
        self._thread = threading.Thread(target=self._watch, args=arguments, name="run limit", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """The run is over, or nobody wants to know any more. May be called again."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _watch(self, over: threading.Event, limit_s: float, others: set[int]) -> None:
        """Runs in the thread of its own; `others` are threads that are none of the run's."""
        if over.wait(limit_s):
            return
        self._session.ask_standing()
        if over.wait(ASK_S):
            return
        stand = [*self._session.standing, *filter(None, map(words, at_work(others).values()))]
        where = f": a call stands in {stand[0]}" if stand else ""
        self.why = f"It had not ended after {seconds(limit_s)}{where}."
        self._session.cancel()
        cancelled = time.monotonic()
        while not over.wait(LOOK_S):
            past_s = time.monotonic() - cancelled
            working = set(at_work(others))
            for ident in working:
                if ident != self._gui_thread or past_s > GUI_GRACE_S:
                    end_thread(ident)
            if past_s > GRACE_S and not self.is_given_up:
                self.is_given_up = True
                self._give_up()
