"""The line under the header that says why the window froze, with the guilty line of code. In the GUI thread."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot

from gui.widgets.elided import SentenceButton
from workers.monitors.freeze import GUI, KINDS
from workers.reports.freeze_words import told_of

if TYPE_CHECKING:
    from gui.controllers.core import Core
    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze, Line


class Reason(SentenceButton):
    """Says it of the last freeze, and of the longest when a run has ended; a click asks for the freeze's card.

    Its room is kept while there is nothing to say.

    Signals:
        chosen: a Run, and a moment within its freeze in seconds of `time.perf_counter`.
    """

    chosen = Signal(object, float)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._run: Run | None = None
        self._moment = 0.0
        self.hide()
        self.clicked.connect(self._choose)
        core.director.announced.connect(self.hide)
        core.director.finished.connect(self._tell)
        core.instruments.judged.connect(self._tell_freeze, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _tell_freeze(self, freeze: Freeze) -> None:
        """In the middle of a run that leaves the window free now and then.

        What came late, when that run had ended, is not said of the second one of a comparison.
        """
        run = self._core.session.run
        if run is None or run.ended is not None or freeze.ended <= run.started or freeze.line is None:
            return
        if not self._core.leader.is_running:
            self._say_of(freeze, freeze.line, run)

    @Slot(object)
    def _tell(self, run: Run) -> None:
        if self._core.leader.is_running:
            return  # of a benchmark's runs only the graphs tell
        freeze = told_of(run.freezes)
        if freeze is None or freeze.line is None:
            self.hide()
        else:
            self._say_of(freeze, freeze.line, run)

    def _say_of(self, freeze: Freeze, line: Line, run: Run | None) -> None:
        text = reason(freeze.kind, freeze.holder, line)
        self._run, self._moment = run, freeze.ended
        self.setToolTip(f"{text}\nShow the card of this freeze")
        self.setAccessibleName(f"Why the window froze: {text}")
        self.say(f"Why: {text}")
        self.show()

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self._run, self._moment)


def reason(kind: str, holder: str, line: Line) -> str:
    """Which line did what: "wire.py:182 waited for the network: size = sock.recv_into(buffer)".

    Args:
        kind: a key of KINDS.
        holder: the name of the thread that did it.
        line: the guilty line.
    """
    did = "was running" if kind == "unknown" else KINDS[kind].replace("was waiting", "waited")
    who = f' (thread "{holder}")' if holder != GUI else ""
    source = f": {line.text.strip()}" if line.text else ""
    return f"{PurePath(line.file).name}:{line.number}{who} {did}{source}"
