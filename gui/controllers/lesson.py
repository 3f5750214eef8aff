"""Takes a lesson from its first run to what it says of all of them. In the GUI thread; it needs no widgets.

The runs are begun by the director, as all are. How many cores are free is measured just before and just after them, in
a thread, where the lesson's claims need some.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.controllers.background import Asker
from workers.image_server.conditions import PROFILES
from workers.teaching.free_cores import free_cores
from workers.teaching.judge import judge, module_of
from workers.teaching.steps import settings_of
from workers.utils.errors import BadInput, ThawError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.controllers.run import Director
    from workers.catalog.lessons import Lesson
    from workers.engine.plan import Settings
    from workers.engine.run import Run
    from workers.image_server.process import ImageServer

NETWORK = "fair"
"""How the image server behaves in a lesson, whatever was set: its claims are of that."""


class LessonLeader(QObject):
    """Goes through one lesson at a time.

    Attributes:
        lesson: the one that goes on; None: none.
        done: the names of those that came to their end.

    Signals:
        begun: a Lesson.
        finished: the Result.
        refused: why it cannot be run, in a sentence.
    """

    begun = Signal(object)
    finished = Signal(object)
    refused = Signal(str)

    def __init__(self, director: Director, server: ImageServer, is_busy: Callable[[], bool]) -> None:
        super().__init__()
        self._director, self._server, self._is_busy = director, server, is_busy
        self._asker = Asker("lesson", self)
        self._asker.answered.connect(self._take_answer)
        self.lesson: Lesson | None = None
        self.done: set[str] = set()
        self._answer: int | None = None
        self._settings: list[Settings | None] = []
        self._wanted: list[Settings] = []
        self._runs: list[Run] = []
        self._cores: list[float] = []
        self._network = server.settings
        self._director.finished.connect(self._keep)
        self._director.refused.connect(self._refuse)
        self._director.idle.connect(self._run_ended)

    def start(self, lesson: Lesson, answer: int | None = None) -> None:
        """Run a lesson's steps, and say what they show; without effect while anything else goes on.

        Args:
            lesson: the lesson.
            answer: what was answered, from 0 on; None: nothing.
        """
        if self._is_busy():
            return
        if any(step.may_lack for step in lesson.steps):
            self._begin(lesson, answer)
            self._asker.ask(partial(_settings_of, lesson))  # other Pythons are asked, and may take their time
            return
        try:
            settings = _settings_of(lesson)
        except ThawError as why:
            self.refused.emit(str(why))
            return
        self._begin(lesson, answer)
        self._plan(settings)

    def _begin(self, lesson: Lesson, answer: int | None) -> None:
        self.lesson, self._answer = lesson, answer
        self._settings, self._runs, self._cores = [], [], []
        self._network = self._server.settings
        self.begun.emit(lesson)

    def _plan(self, settings: list[Settings | None]) -> None:
        self._settings = settings
        self._wanted = [each for each in settings if each is not None]
        self._measure_cores()

    def _measure_cores(self) -> None:
        """Measure the free cores, where the lesson needs some, and go on afterwards."""
        if self.lesson is not None and self.lesson.cores:
            self._asker.ask(free_cores)
        else:
            self._go_on()

    @Slot(object)
    def _take_answer(self, answer: object) -> None:
        if isinstance(answer, list):
            self._plan(answer)
        elif isinstance(answer, Exception) and not self._settings:
            self._refuse(str(answer))
        else:
            if isinstance(answer, float):  # else there were no threads to measure the cores with
                self._cores.append(answer)
            self._go_on()

    def _go_on(self) -> None:
        if self.lesson is None:  # cancelled meanwhile
            return
        if self._runs or not self._wanted:
            self._judge()
            return
        self._server.configure(**PROFILES[NETWORK]._asdict())
        self._director.sequence(self._wanted)

    def cancel(self) -> None:
        """Give the lesson up: the run that goes on is cancelled, and nothing is judged."""
        if self.lesson is None:
            return
        if self._director.is_busy:
            self._director.cancel()
        else:  # cores are measured
            self._refuse("The lesson was cancelled.")

    # ---------------------------------------------------------------- its runs

    @property
    def step(self) -> int:
        """Which step runs now or is announced, from 0 on: those that cannot run here are passed over."""
        can = [at for at, settings in enumerate(self._settings) if settings is not None]
        return can[len(self._runs)]

    @Slot(object)
    def _keep(self, run: Run) -> None:
        if self.lesson is not None:
            self._runs.append(run)

    @Slot()
    def _run_ended(self) -> None:
        if self.lesson is None:
            return
        self._server.configure(**self._network._asdict())
        # Cancelled between two of them, all that ran are whole.
        if len(self._runs) == len(self._wanted) and not self._runs[-1].cancelled:
            self._measure_cores()
        else:
            self._refuse("The lesson was cancelled.")

    @Slot(str)
    def _refuse(self, why: str) -> None:
        if self.lesson is not None:
            self.lesson = None
            self._asker.forget()  # else the next lesson would take the answer for its own
            self._server.configure(**self._network._asdict())
            self.refused.emit(why)

    def _judge(self) -> None:
        lesson, self.lesson = self.lesson, None
        assert lesson is not None
        ran = iter(self._runs)
        runs = [None if settings is None else next(ran) for settings in self._settings]
        cores = min(self._cores) if self._cores else None
        try:
            result = judge(lesson, runs, self._answer, cores)
        except ThawError as why:
            self.refused.emit(str(why))
            return
        except Exception:
            self.refused.emit(f"{lesson.title}: what it claims is a fault of Thaw's own: please report it.")
            raise
        self.done.add(lesson.name)
        self.finished.emit(result)

    def close(self) -> None:
        self.lesson = None
        self._asker.close()


def _settings_of(lesson: Lesson) -> list[Settings | None]:
    """Those of its steps; None for one that may lack and cannot be run here. May be called in any thread."""
    found = list["Settings | None"]()
    for step in lesson.steps:
        try:
            found.append(settings_of(lesson, step))
        except BadInput:
            if not step.may_lack:
                raise
            found.append(None)
    module_of(lesson)  # what is wrong with it is said before its runs and not after them
    return found
