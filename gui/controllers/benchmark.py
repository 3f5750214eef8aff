"""Leads the director through the cells of a benchmark. In the GUI thread, with a window and without one.

What takes time beforehand, such as asking another interpreter what it can do, is done in a thread of its own.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from workers.benchmark.matrix import make_matrix
from workers.benchmark.results import Benchmark, Pace
from workers.benchmark.safety import asked
from workers.catalog.lookup import traits
from workers.engine.loading import preload
from workers.engine.plan import BLOCKING
from workers.user_code.run_limit import RunLimit
from workers.utils.errors import ThawError, limit_of

if TYPE_CHECKING:
    from gui.controllers.catalog import Catalog
    from gui.controllers.run import Director
    from workers.benchmark.choice import Choice
    from workers.benchmark.matrix import Cell, Matrix
    from workers.engine.run import Run
    from workers.engine.session import Session

PAUSE_MS = 200
"""Between two cells, so that the end of the one is not measured with the other."""

AFTER_FREEZE_MS = 600
"""After a cell that froze the window: it catches up first."""

FREE_MS = 25
"""How often it is looked whether the threads and processes of the cell before have ended."""

MAX_FREE_S = 10.0
"""Longer than this nobody waits for them: the next cell is then refused by the session, with its reason."""

CANCEL_S = 1.0
"""A cell that was cancelled by a person has so long to end by itself."""

CLOSE_S = 0.5


class BenchmarkLeader(QObject):
    """Runs one benchmark at a time: every cell as a run of its own, one after the other.

    Its runs are not kept: there are hundreds of them, and only their figures are wanted.

    Attributes:
        benchmark: the results of the one that is going on, or of the last one; None before the first.
        current: the cell that runs now or next; None where none does.
        owner: the page that has started the benchmark, by its name; empty: the command line.

    Signals:
        begun: a Benchmark, before its first cell.
        progressed: a cell begins or has ended.
        finished: a Benchmark that has ended or was cancelled; `is_running` is false then.
        refused: why a benchmark could not begin, in a sentence.
    """

    begun = Signal(object)
    progressed = Signal()
    finished = Signal(object)
    refused = Signal(str)
    _laid_out = Signal(object)
    _given_up = Signal()

    def __init__(self, session: Session, director: Director, catalog: Catalog, has_window: bool) -> None:
        """Make it; `has_window` says whether lag is measured."""
        super().__init__()
        self._session, self._director = session, director
        self._catalog, self._has_window = catalog, has_window
        self.benchmark: Benchmark | None = None
        self.current: Cell | None = None
        self.owner = ""
        self._left: deque[Cell] = deque()
        self._pace: Pace | None = None
        self._state = ""
        self._is_cancelled = False
        self._cell_began = self._free_until = 0.0
        self._thread: threading.Thread | None = None
        self._limit = RunLimit(session, self._given_up.emit)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._go_on)
        self._laid_out.connect(self._take_matrix, Qt.ConnectionType.QueuedConnection)
        director.begun.connect(self._watch_cell)
        self._given_up.connect(self._leave_behind, Qt.ConnectionType.QueuedConnection)
        director.finished.connect(self._take_run)
        director.refused.connect(self._take_refusal)
        director.idle.connect(self._run_over)

    # ---------------------------------------------------------------- for others

    @property
    def is_running(self) -> bool:
        """Whether a benchmark is going on or being prepared: then every run is one of its cells."""
        return bool(self._state)

    @property
    def time_left_s(self) -> float | None:
        """About how long it will still take, in seconds; None while nobody can say."""
        if self._pace is None or not self.is_running:
            return None
        cells = list(self._left) if self.current is None else [self.current, *self._left]
        return self._pace.left_s(cells)

    def start(self, choice: Choice, owner: str = "") -> None:
        """Begin a benchmark; `begun` or `refused` follows. Without effect while anything else is going on."""
        if self.is_running or self._director.is_busy:
            return
        self._state = "preparing"
        self._is_cancelled = False
        self.owner = owner
        self.benchmark = self._pace = self.current = None
        self._left.clear()
        thread = threading.Thread(target=self._lay_out, args=(choice,), name="benchmark", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            self._state = ""
            self.refused.emit(limit_of(error))
            return
        self._thread = thread
        self.progressed.emit()

    @Slot()
    def cancel(self) -> None:
        """End it: what is done is kept. The cell that is running is cancelled and not counted."""
        if not self.is_running or self._is_cancelled:
            return
        self._is_cancelled = True
        self._left.clear()
        if self.benchmark is not None:
            self.benchmark.cancelled = True
        if self._state == "running":
            self._director.cancel()
            self._watch(CANCEL_S)
        elif self._state == "pausing":
            self._finish()

    def close(self) -> None:
        """Stop its timers and wait for its thread, for a moment. No signal comes any more."""
        self._timer.stop()
        self._limit.end()
        self._left.clear()
        self._is_cancelled = True
        if self._thread is not None:
            self._thread.join(CLOSE_S)
            self._thread = None

    # ---------------------------------------------------------------- before the first cell

    def _lay_out(self, choice: Choice) -> None:
        """Runs in a thread of its own: what can be run and how large it is, and the imports of all."""
        try:
            matrix = make_matrix(choice, self._catalog.runners, self._catalog.workloads)
            matrix = asked(matrix, lambda: not self._is_cancelled)
            for runner, workload, _ in matrix.cells:
                preload(matrix.runners[runner], matrix.workloads[workload], own=True)
            made: Matrix | str = matrix
        except (ThawError, ImportError) as error:
            made = str(error)
        try:
            self._laid_out.emit(made)
        except RuntimeError:
            pass  # the program has left meanwhile

    @Slot(object)
    def _take_matrix(self, made: Matrix | str) -> None:
        if self._thread is not None:
            self._thread.join()  # its last line was this signal
            self._thread = None
        if self._state != "preparing":
            return
        if isinstance(made, str):
            self._state = ""
            self.refused.emit(made)
            return
        self.benchmark = Benchmark(made, self._has_window)
        self._pace = Pace(made)
        self.begun.emit(self.benchmark)
        if self._is_cancelled:
            self.benchmark.cancelled = True
            self._finish()
            return
        self._left.extend(made.order())
        self._pause(PAUSE_MS)

    # ---------------------------------------------------------------- from cell to cell

    def _pause(self, wait_ms: int) -> None:
        self._state = "pausing"
        self.current = self._left.popleft()
        self._cell_began = time.perf_counter()
        self._free_until = self._cell_began + MAX_FREE_S
        self._timer.start(wait_ms)
        self.progressed.emit()

    @Slot()
    def _go_on(self) -> None:
        if self._state != "pausing" or self.current is None or self.benchmark is None:
            return
        if not self._session.is_free and time.perf_counter() < self._free_until:
            self._timer.start(FREE_MS)
            return
        self._state = "running"
        self._director.start(self.benchmark.matrix.settings(self.current))

    @Slot()
    def _watch_cell(self) -> None:
        if self.benchmark is not None and self.current is not None:
            self._watch(self.benchmark.limit_s(self.current))

    def _watch(self, limit_s: float) -> None:
        if self._state == "running" and self.current is not None and self._session.is_running:
            self._limit.begin(limit_s, on_gui_thread=traits(self.current.runner).gil == "gui")

    @Slot(object)
    def _take_run(self, run: Run) -> None:
        self._limit.end()
        if self._state != "running" or self.benchmark is None or self.current is None:
            return
        if run in self._session.runs:
            self._session.runs.remove(run)
        if run.cancelled and self._limit.why and not self._is_cancelled:
            self._take_late(self.benchmark, self.current)
            return
        if run.cancelled:  # by whomever: the witness has a Stop button too
            self._is_cancelled = self.benchmark.cancelled = True
            return
        self.benchmark.take(self.current, run)
        if run.recorder.failed:
            self._give_up(self.current)
        if self._pace is not None:
            self._pace.took(self.current, time.perf_counter() - self._cell_began)

    @Slot()
    def _leave_behind(self) -> None:
        if self._limit.is_given_up:  # else it came late, for a run that has ended after all
            self._session.give_up()
            self._director.cancel()  # which finds it over

    def _take_late(self, benchmark: Benchmark, cell: Cell) -> None:
        """A cell took too long, and would do so again."""
        benchmark.take_problem(cell, self._limit.why)
        self._give_up(cell)
        if self._limit.is_given_up:
            benchmark.left.append(cell)
            # What goes on disturbs those least that share nothing with it.
            self._left = deque(sorted(self._left, key=lambda one: not traits(one.runner).is_apart))

    @Slot(str)
    def _take_refusal(self, why: str) -> None:
        self._limit.end()
        if self._state == "running" and self.benchmark is not None and self.current is not None:
            self.benchmark.take_problem(self.current, why or self._limit.why)
            self._give_up(self.current)

    def _give_up(self, cell: Cell) -> None:
        """It would go wrong again: its other repetitions count as done."""
        assert self.benchmark is not None
        kept = [other for other in self._left if other != cell]
        self.benchmark.done += len(self._left) - len(kept)
        self._left = deque(kept)

    @Slot()
    def _run_over(self) -> None:
        if self._state != "running":
            return
        self._extend()
        if self._is_cancelled or not self._left:
            self._finish()
        else:
            has_frozen = self.current is not None and self.current.runner == BLOCKING
            self._pause(AFTER_FREEZE_MS if has_frozen else PAUSE_MS)

    def _extend(self) -> None:
        """Run the places again that may be the best, every second time backwards, where all others have run."""
        found = self.benchmark
        if found is None or self._left or self._is_cancelled or not found.matrix.choice.until_told:
            return
        from workers.benchmark.advice import again  # only here: the window need not wait for it at its start

        cells = again(found)
        self._left.extend(cells[::-1] if cells and len(found.samples(cells[0])) % 2 else cells)
        found.runs += len(cells)

    def _finish(self) -> None:
        self._timer.stop()
        self._left.clear()
        self._state, self.current = "", None
        assert self.benchmark is not None
        self.progressed.emit()
        self.finished.emit(self.benchmark)
