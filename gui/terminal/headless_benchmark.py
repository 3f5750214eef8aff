"""A benchmark without a window: Qt's event loop for the runners that signal, and the terminal. No lag is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from gui.controllers.benchmark import BenchmarkLeader
from gui.controllers.bridge import Bridge
from gui.controllers.run import Director
from gui.process.leaving import Leaving
from gui.terminal.benchmark import BenchmarkTerminal
from workers.catalog import lookup
from workers.command_line.parser import BadInput
from workers.engine.loading import workload_hook
from workers.engine.session import Session
from workers.image_server.conditions import PRESETS
from workers.image_server.process import ImageServer
from workers.monitors.resources import ResourceMeter

if TYPE_CHECKING:
    from workers.benchmark.matrix import Choice
    from workers.command_line.parser import Options


class HeadlessBenchmark(QObject):
    """One benchmark on the terminal."""

    def __init__(self, options: Options, choice: Choice) -> None:
        super().__init__()
        self._choice = choice
        self.server = ImageServer(settings=PRESETS[options.weather or "fair"])
        self.bridge = Bridge()
        self.session = Session(self.bridge.post, self.server, probes=[ResourceMeter()])
        self.director = Director(self.session, self.bridge)
        self.leaving = Leaving(self.session, self.clean_up)
        self.leader = BenchmarkLeader(
            self.session, self.director, lookup.runners(), lookup.workloads(), has_window=False
        )
        self.terminal = BenchmarkTerminal(options, self.leader)
        self.leader.finished.connect(self._leave)
        self.leader.refused.connect(self._leave)
        self.leaving.begun.connect(self._tell)

    @Slot()
    def begin(self) -> None:
        """Start what the command line asks for."""
        self.server.start()
        self.leaving.install()
        self.leader.start(self._choice)

    @Slot()
    def _leave(self) -> None:
        if not self.leaving.is_leaving:
            self.leaving.leave(self.terminal.tell())

    @Slot()
    def _tell(self) -> None:
        """Also after Ctrl+C: what is done is kept."""
        self.leader.cancel()
        self.terminal.tell()

    def clean_up(self) -> None:
        """Close what would outlive the process."""
        self.server.close()
        for workload in self._choice.workloads:
            leave = workload_hook(workload, "leave")
            if leave is not None:
                leave()

    def close(self) -> None:
        """Close everything."""
        self.leader.close()
        self.terminal.stop()
        self.clean_up()
        self.leaving.remove()


def run_headless_benchmark(options: Options, choice: Choice) -> int:
    """Measure what the command line asks for without a window; returns the exit code.

    Raises:
        BadInput: it cannot begin, or a file not be written.
    """
    application = QCoreApplication(["thaw"])
    headless = HeadlessBenchmark(options, choice)
    QTimer.singleShot(0, headless, headless.begin)
    code = application.exec()
    headless.close()
    if headless.terminal.problem:
        raise BadInput(headless.terminal.problem)
    return code
