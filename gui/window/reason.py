"""The line under the header that says why the window froze, with the guilty line of code. In the GUI thread."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QSizePolicy

from gui.widgets.fields import named
from workers.monitors.freeze import GUI, KINDS

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gui.controllers.core import Core
    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze

NETWORK = re.compile(r"\b(?:recv|sock|connect|urlopen|do_handshake|getaddrinfo)", re.IGNORECASE)
"""A line that waits for the network, where it waits for input or output."""


class Reason(QPushButton):
    """Says it of the run that has just ended; a click asks for the freeze's card. Its room is kept while it is empty.

    Signals:
        chosen: a Run, and a moment within its freeze in seconds of `time.perf_counter`.
    """

    chosen = Signal(object, float)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._run: Run | None = None
        self._moment = 0.0
        self._text = ""
        named(self, "reason").setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)  # else all that is below would move when it comes and goes
        self.setSizePolicy(policy)
        self.hide()
        self.clicked.connect(self._choose)
        core.director.announced.connect(self.hide)
        core.director.finished.connect(self._tell)

    @Slot(object)
    def _tell(self, run: Run) -> None:
        if self._core.leader.is_running:
            return  # of a benchmark's runs only the graphs tell
        freeze = max(
            (one for one in run.freezes if one.line is not None), key=lambda one: one.lag_s, default=None
        )
        self.setVisible(freeze is not None)
        if freeze is not None:
            self._run, self._moment = run, freeze.ended
            self._text = reason(freeze)
            self.setToolTip(f"{self._text}\nShow the card of this freeze")
            self.setAccessibleName(f"Why the window froze: {self._text}")
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 2 * self.fontMetrics().averageCharWidth()
        text = self.fontMetrics().elidedText(f"Why: {self._text}", Qt.TextElideMode.ElideRight, room)
        self.setText(text.replace("&", "&&"))

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self._run, self._moment)


def reason(freeze: Freeze) -> str:
    """Which line did what: "wire.py:182 waited for the network: size = sock.recv_into(buffer)"."""
    line = freeze.line
    assert line is not None
    did = KINDS[freeze.kind].replace("was waiting", "waited")
    if freeze.kind == "io" and any(NETWORK.search(one.text) for one in (line, freeze.stack[-1])):
        did = "waited for the network"
    elif freeze.kind == "unknown":
        did = "was running"
    source = f": {line.text.strip()}" if line.text else ""
    who = f' (thread "{freeze.holder}")' if freeze.holder != GUI else ""
    return f"{PurePath(line.file).name}:{line.number}{who} {did}{source}"
