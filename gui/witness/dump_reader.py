"""Reads the stack that C writes for the witness when no Python of the program can run. In the witness, no Qt.

While C holds the GIL the watchdog can say nothing. But it has armed `faulthandler`, whose own thread needs no GIL and
writes into a file; its descriptor was handed to this process.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from workers.monitors.freeze import Line

LIMIT = 65_536
"""Bytes that are looked at: a dump of a hundred threads is smaller."""

EVERY_S = 0.1
HEAD = "Timeout ("
"""Every dump of `faulthandler.dump_traceback_later` begins with this."""


class DumpReader:
    """Looks at the file now and then, and finds the line to blame in it."""

    def __init__(
        self, descriptor: int, gui_thread: int, guilty_line: Callable[[str, int], tuple[Line, bool] | None]
    ) -> None:
        """Make one.

        Args:
            descriptor: the file; it is never written, nor is its position moved.
            gui_thread: the ident of the program's GUI thread, as `threading.get_ident` gives it.
            guilty_line: finds the line to blame in a dump, and tells whether it is the GUI thread's.
        """
        self._descriptor, self._gui_thread, self._guilty_line = descriptor, gui_thread, guilty_line
        self._looked = 0.0

    def look(self, silent_s: float, now: float) -> tuple[Line, bool] | None:
        """The line to blame in a dump of this silence, and whether it is the GUI thread's; None before there is one.

        Args:
            silent_s: how long the silence has lasted; an older dump belongs to another.
            now: in seconds of `time.perf_counter`.
        """
        if now - self._looked < EVERY_S:
            return None
        self._looked = now
        try:
            state = os.fstat(self._descriptor)
            if not state.st_size or time.time() - state.st_mtime > silent_s:
                return None
            raw = os.pread(self._descriptor, LIMIT, max(0, state.st_size - LIMIT))
        except OSError:
            return None
        text = raw.decode(errors="replace")
        start = text.rfind(HEAD)
        return self._guilty_line(text[start:], self._gui_thread) if start >= 0 else None
