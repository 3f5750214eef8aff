"""A window with a task: it does it for so many seconds, says how much of it was done, and leaves.

    window.py TASK SECONDS

Tasks: `idle` (nothing), `plot` (a curve that scrolls, as fast as it can), `signals` (1,000 a second from a thread),
`primes` (in a thread), `mixed` (signals, and a freeze of 0.4 s every ten seconds). It prints a JSON object with the
amount of work a second and the processor time of the whole process; and when its event loop was first idle, by
`time.time`.
"""

from __future__ import annotations

import json
import sys
import threading
import time

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

POINTS = 2_000
SIGNALS = 1_000
HIGHEST = 20_000
FIRST_MS = 300
"""The window is painted by then."""

FREEZE_EVERY_MS, FREEZE_S = 10_000, 0.4


class Work(QObject):
    """The task, of which the window's thread does its part.

    Attributes:
        done: how much has been done.
    """

    came = Signal(int)

    def __init__(self, name: str, plot: pg.PlotWidget) -> None:
        super().__init__()
        self.done = 0
        self._over = False
        self._curve = plot.plot()
        self._values = np.zeros(POINTS)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.scroll)
        self._alarm = QTimer(self, interval=FREEZE_EVERY_MS)
        self._alarm.timeout.connect(self.freeze)
        self.came.connect(self.take, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=getattr(self, f"_{name}", None))
        self._name = name

    def begin(self) -> None:
        if self._name == "plot":
            self._timer.start(0)
        elif self._name == "mixed":
            self._alarm.start()
        if self._name not in {"plot", "idle"}:
            self._thread.start()

    def end(self) -> None:
        self._over = True
        self._timer.stop()
        if self._thread.ident is not None:
            self._thread.join()

    @Slot()
    def scroll(self) -> None:
        self._values[:-1] = self._values[1:]
        self._values[-1] = np.sin(self.done / 30)
        self._curve.setData(self._values)
        self.done += 1

    @Slot()
    def freeze(self) -> None:
        time.sleep(FREEZE_S)

    @Slot(int)
    def take(self, number: int) -> None:
        self.done += 1

    def _signals(self) -> None:
        began, sent = time.perf_counter(), 0
        while not self._over:
            while sent < (time.perf_counter() - began) * SIGNALS:
                self.came.emit(sent)
                sent += 1
            time.sleep(0.001)

    _mixed = _signals

    def _primes(self) -> None:
        number = 2
        while not self._over:
            if all(number % other for other in range(2, int(number**0.5) + 1)):
                self.done += 1
            number = number + 1 if number < HIGHEST else 2


def main(name: str, seconds: float) -> None:
    """Open the window, work, and leave."""
    application = QApplication(sys.argv[:1])
    plot = pg.PlotWidget()
    plot.setWindowTitle(f"A window: {name}")
    plot.resize(800, 600)
    plot.show()
    work, figures = Work(name, plot), dict[str, float]()

    def begin() -> None:
        figures["began"] = time.time()
        figures["cpu_s"] = -time.process_time()
        work.begin()
        QTimer.singleShot(round(seconds * 1e3), end)

    def end() -> None:
        took = time.time() - figures["began"]
        figures["per_s"] = work.done / took
        figures["cpu_s"] = (figures["cpu_s"] + time.process_time()) / took
        work.end()
        application.quit()

    QTimer.singleShot(FIRST_MS, begin)
    application.exec()
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
