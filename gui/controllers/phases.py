"""Writes a line of the log for each phase of runs, benchmarks and their files. In the GUI thread."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gui.process.log import log
from workers.transport.redaction import without_secrets

if TYPE_CHECKING:
    from gui.controllers.benchmark import BenchmarkLeader
    from gui.controllers.run import Director
    from gui.controllers.run_files import RunFileIO
    from workers.benchmark.results import Benchmark
    from workers.engine.run import Run


class PhaseLog(QObject):
    """Hears what the controllers say. A run of a benchmark is a matter of debugging: there are hundreds of them."""

    def __init__(self, director: Director, leader: BenchmarkLeader, run_files: RunFileIO) -> None:
        super().__init__()
        self._leader = leader
        self._began = 0.0
        director.begun.connect(self._run_begun)
        director.finished.connect(self._run_ended)
        director.refused.connect(self._refused)
        leader.begun.connect(self._benchmark_begun)
        leader.finished.connect(self._benchmark_ended)
        leader.refused.connect(self._refused)
        run_files.saved.connect(self._saved)
        run_files.opened.connect(self._opened)
        run_files.failed.connect(self._refused)

    @property
    def _level(self) -> int:
        return logging.DEBUG if self._leader.is_running else logging.INFO

    @Slot(object)
    def _run_begun(self, run: Run) -> None:
        settings = run.settings
        log.log(
            self._level, "run begun: %s on %s, %d tasks", settings.workload, settings.runner, run.recorder.count
        )

    @Slot(object)
    def _run_ended(self, run: Run) -> None:
        settings = run.settings
        told = run.recorder
        counts = (told.done, told.failed, told.cancelled)
        line = "run ended: %s on %s, %d done, %d failed, %d cancelled in %.3f s"
        log.log(self._level, line, settings.workload, settings.runner, *counts, run.wall_s)

    @Slot(object)
    def _benchmark_begun(self, benchmark: Benchmark) -> None:
        self._began = time.perf_counter()
        log.info("benchmark begun: %d runs", benchmark.matrix.runs)

    @Slot(object)
    def _benchmark_ended(self, benchmark: Benchmark) -> None:
        how = "cancelled" if benchmark.cancelled else "ended"
        log.info("benchmark %s: %d runs in %.1f s", how, benchmark.done, time.perf_counter() - self._began)

    @Slot(str)
    def _refused(self, why: str) -> None:
        log.info("not done: %s", without_secrets(why))

    @Slot(str)
    def _saved(self, path: str) -> None:
        log.info("saved %s", path)

    @Slot(object)
    def _opened(self, run: Run) -> None:
        log.info(
            "opened a run: %s on %s, %d tasks", run.settings.workload, run.settings.runner, run.recorder.count
        )
