"""Tells why a window of your own program freezes: which line, what it did, what had begun it, and what helps.

    import thaw_watch; thaw_watch.start()

At the end of the program a report is written; nothing else of the program changes. Any event loop of Qt (by PySide6,
PyQt6, PyQt5 or PySide2), tkinter or asyncio is found, also one that begins later.

In tests: `pytest --max-freeze 100ms`.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workers.agent.agent import Agent
    from workers.agent.api import Watch

    from .report import Report

    Place = str | os.PathLike[str] | None

__all__ = ["start", "stop"]

OVER = "250ms"
REPORT = "THAW_WATCH_REPORT"
"""Names the report's file, where the program's line names none."""

_lock = threading.Lock()
_watch: Watch | None = None
_agent: Agent | None = None
_report: Report | None = None
_pid = 0


def start(report: Place = None, *, over: object = OVER, listener: Place = None) -> None:
    """Watch this program from now on; without effect while it is watched. Call it in the event loop's thread.

    Args:
        report: the file of the report, which is text, or JSON or a page by its name (.json, .html); None: what
            THAW_WATCH_REPORT names, else standard error.
        over: for how long the event loop must stand still to be in it: "250ms", "0.1s", or a number of milliseconds.
        listener: the invitation of a Thaw that listens, which is told in place of a report; None: what THAW_WATCH
            names, if anything, and if it is there.

    Raises:
        ValueError: `over` is no length of time, or `listener` no invitation.
    """
    global _watch, _agent, _report, _pid
    # Only now: the pytest plugin, which is imported with this package, needs none of it.
    if TYPE_CHECKING:
        from workers.agent.api import watch
        from workers.agent.begin import begin
        from workers.agent.invitation import VARIABLE
    else:
        from ._thaw.agent.api import watch
        from ._thaw.agent.begin import begin
        from ._thaw.agent.invitation import VARIABLE
    from .report import Report
    from .times import seconds

    limit_s = seconds(over)
    if limit_s is None:
        raise ValueError("There is no report without a length of time.")
    with _lock:
        if _watch is not None or _agent is not None or "_thaw" in sys.modules:  # or it was started by Thaw
            return
        _pid = os.getpid()
        named = os.environ.pop(VARIABLE, None)
        if invitation := listener or named:
            try:
                _agent = begin(os.fspath(invitation))
                return
            except (OSError, ValueError) as error:  # whom the variable names has gone: then there is a report
                if listener is not None:
                    raise ValueError(
                        f"{os.fspath(listener)} names no Thaw that listens ({error}): leave `listener` out."
                    ) from None
        _report = Report(report or os.environ.get(REPORT) or None, limit_s)
        _watch = watch(_report.told, over_s=limit_s)
        atexit.register(stop)


def stop() -> None:
    """Watch no longer, and write the report; at the end of the program that happens by itself."""
    global _watch, _agent, _report
    with _lock:
        watched, agent, report = _watch, _agent, _report
        _watch = _agent = _report = None
    if os.getpid() != _pid:  # a child that was forked: the report is the parent's
        return
    if agent is not None:
        agent.end()
    if watched is not None and report is not None:
        atexit.unregister(stop)
        watched.close()
        report.write()
