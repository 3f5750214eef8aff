"""Collects what would go unseen: uncaught exceptions of any thread, errors that only a log is told, Qt's warnings.

The hooks run in whatever thread the trouble is in; `ProblemLog` keeps the newest of them and tells the GUI thread.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler

from gui.process.log import log
from workers.monitors.syntax import error_text
from workers.user_code.limit import Left
from workers.utils.errors import limit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from PySide6.QtCore import QMessageLogContext

MAX_PROBLEMS = 200


class Problem(NamedTuple):
    """One thing that went wrong.

    Attributes:
        where: a thread's name, mostly.
        text: all of it.
        limit: a sentence on the limit of the system that it is; empty where it is a fault of Thaw's, or of others.
    """

    where: str
    text: str
    limit: str = ""


class _WithTraceback(logging.Formatter):
    """A line of the log, and below it the traceback of the error that was logged with it."""

    def formatException(self, ei: Any) -> str:
        return error_text(*ei).rstrip()


class _LogErrors(logging.Handler):
    """Adds what Python's own libraries can only log: what leaves a Future's callback, say, or an asyncio callback."""

    def __init__(self, add: Callable[[str, str], None]) -> None:
        super().__init__(logging.ERROR)
        self.setFormatter(_WithTraceback())
        self._add = add

    def emit(self, record: logging.LogRecord) -> None:
        self._add(record.threadName or "a thread", self.format(record))


class ProblemLog(QObject):
    """The newest problems.

    Signals:
        added: there is a new one. Emitted in the thread where it happened: connect it queued.

    Attributes:
        problems: the newest MAX_PROBLEMS, the oldest first.
    """

    added = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.problems: deque[Problem] = deque(maxlen=MAX_PROBLEMS)
        self._known: set[str] = set()
        self._log_errors = _LogErrors(self.add)

    def add(self, where: str, text: str, limit: str = "") -> None:
        """Note a problem, and write it to the log as well, and so to the terminal; any thread."""
        self.problems.append(Problem(where, text.rstrip(), limit))
        log.error("%s: %s", where, text.rstrip())
        with suppress(RuntimeError):  # the window has gone; the terminal has it
            self.added.emit()

    def add_new(self, where: str, texts: Mapping[str, str]) -> None:
        """Note those of these problems that were not among them before."""
        for key in texts.keys() - self._known:
            self._known.add(key)
            self.add(where, texts[key])

    def _add_error(
        self,
        where: str,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, Left):
            return  # we have ended it, in a thread of a person's own
        limit = limit_of(error) if error is not None else ""
        try:
            text = error_text(kind, error, trace)
        except MemoryError:
            text = kind.__name__
        self.add(where, f"{limit}\n{text}" if limit else text, limit)

    def install(self) -> None:
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable
        qInstallMessageHandler(self._qt_message)
        logging.getLogger().addHandler(self._log_errors)

    def remove(self) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        qInstallMessageHandler(None)
        logging.getLogger().removeHandler(self._log_errors)

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        # Also what leaves a slot in a QThread comes here; its name is not known.
        in_main = threading.get_ident() == threading.main_thread().ident
        self._add_error("GUI thread" if in_main else "a QThread", kind, error, trace)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        where = args.thread.name if args.thread is not None else "a thread"
        self._add_error(where, args.exc_type, args.exc_value, args.exc_traceback)

    def _unraisable(self, args: sys.UnraisableHookArgs) -> None:
        self._add_error(args.err_msg or "in a finalizer", args.exc_type, args.exc_value, args.exc_traceback)

    def _qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}:
            self.add("Qt", message)
