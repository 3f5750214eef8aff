"""Finds out whether a text is Python while somebody types it, without holding the window up. In the GUI thread."""

from __future__ import annotations

import json
import sys
import time
import warnings
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from workers.monitors import syntax

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE_MS = 400
"""Nobody is told of an error in a word that is half typed."""

QUICK_S = 0.005
"""What takes longer is done by another process: a thread would keep the GIL all the time, and so the window waiting."""

CODE = """
import ast, json, sys
try:
    ast.parse(sys.stdin.buffer.read().decode("utf-8", "replace"))
except SyntaxError as error:
    print(json.dumps([error.lineno or 1, error.msg]))
except (ValueError, RecursionError, MemoryError) as error:
    print(json.dumps([1, str(error)]))
"""


class SyntaxCheck(QObject):
    """Checks a text after each pause in typing.

    Signals:
        found: the line of the first error, from 1 on, and what is wrong there; 0 where nothing is.
    """

    found = Signal(int, str)

    def __init__(self, parent: QObject, read: Callable[[], str]) -> None:
        """Make it; `read` returns the text."""
        super().__init__(parent)
        self._read = read
        self._s_per_letter = 1e-6
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self.look)
        self._process: QProcess | None = None

    @Slot()
    def look_soon(self) -> None:
        """Check it once nobody types."""
        self._drop()
        self._soon.start()

    @Slot()
    def look(self) -> None:
        """Check it now; the answer may take a moment."""
        self.close()
        text = self._read()
        if len(text) * self._s_per_letter < QUICK_S:
            self._look_here(text)
        else:
            self._look_beside(text)

    def close(self) -> None:
        """Check nothing any more."""
        self._soon.stop()
        self._drop()

    def _look_here(self, text: str) -> None:
        line, why = 0, ""
        began = time.perf_counter()
        try:
            with warnings.catch_warnings(
                action="ignore", category=SyntaxWarning
            ):  # it is told when the code runs
                syntax.parse(text)
        except SyntaxError as error:
            line, why = error.lineno or 1, error.msg
        except (ValueError, RecursionError, MemoryError) as error:
            line, why = 1, str(error)
        self._s_per_letter = (time.perf_counter() - began) / max(len(text), 1000)
        self.found.emit(line, why)

    def _look_beside(self, text: str) -> None:
        self._process = process = QProcess(self)
        process.finished.connect(self._take)
        process.start(sys.executable, ["-I", "-S", "-W", "ignore", "-c", CODE])
        process.write(text.encode("utf-8", "replace"))
        process.closeWriteChannel()

    @Slot()
    def _take(self) -> None:
        process = self._process
        assert process is not None
        answer = bytes(process.readAllStandardOutput().data())
        self._drop()
        line, why = json.loads(answer) if answer else (0, "")
        self.found.emit(line, why)

    def _drop(self) -> None:
        """Do without the answer that is awaited."""
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._take)
            if process.state() is not QProcess.ProcessState.NotRunning:
                process.kill()
                process.waitForFinished(1000)
            process.deleteLater()
