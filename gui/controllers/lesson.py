"""Takes a lesson from its first run to what it says of all of them. In the GUI thread; it needs no widgets.

The runs are begun by the director, as all are. In a thread it is found out what they will be, for other Pythons may be
asked; and how many cores are free just before them and just after them, where its claims need some.
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
    from workers.image_server.conditions import NetworkConditions
    from workers.image_server.process import ImageServer

NETWORK = "fair"
"""How the image server behaves in a lesson, whatever was chosen: its claims are of that."""


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
        self._runs: list[Run] = []
        self._cores: list[float] = []
        self._chosen: NetworkConditions | None = None  # to be put back
        director.announced.connect(self._set_network)
        director.finished.connect(self._keep)
        director.refused.connect(self._refuse)
        director.idle.connect(self._run_ended)

    def start(self, lesson: Lesson, answer: int | None = None) -> None:
        """Run a lesson's steps, and say what they show; without effect while anything else goes on.

        Args:
            lesson: the lesson.
            answer: what was answered, from 0 on; None: nothing.
        """
        if self._is_busy():
            return
        self.lesson, self._answer = lesson, answer
        self._settings, self._runs, self._cores = [], [], []
        self.begun.emit(lesson)
        self._asker.ask(partial(_settings_of, lesson))

    @Slot(object)
    def _take_answer(self, answer: object) -> None:
        """First the settings of its steps, then the free cores before its runs, and after them."""
        if isinstance(answer, list):
            self._settings = answer
            self._load()
        elif isinstance(answer, Exception) and not self._settings:
            self._fail(answer)
        else:
            if isinstance(answer, float):  # else there were no threads to measure them with
                self._cores.append(answer)
            self._go_on()

    def _load(self) -> None:
        """Import its file, so that what is wrong with it is said before its runs. Here, for it may import Qt."""
        assert self.lesson is not None
        try:
            module_of(self.lesson)
        except Exception as error:
            self._fail(error)
        else:
            self._measure_cores()

    def _measure_cores(self) -> None:
        """Measure the free cores, where the lesson needs some, and go on afterwards."""
        assert self.lesson is not None
        if self.lesson.cores:
            self._asker.ask(free_cores)
        else:
            self._go_on()

    def _go_on(self) -> None:
        if self._runs or not self._wanted:
            self._judge()
        else:
            self._director.sequence(self._wanted)

    @property
    def _wanted(self) -> list[Settings]:
        """Of the steps that can be run here."""
        return [each for each in self._settings if each is not None]

    def cancel(self) -> None:
        """Give the lesson up: the run that goes on is cancelled, and nothing is judged."""
        if self.lesson is not None and self._director.is_busy:
            self._director.cancel()
        else:
            self._refuse("The lesson was cancelled.")

    # ---------------------------------------------------------------- its runs

    @property
    def step(self) -> int:
        """Which step runs now or is announced, from 0 on: those that cannot run here are passed over."""
        can = [at for at, settings in enumerate(self._settings) if settings is not None]
        return can[len(self._runs)]

    @Slot()
    def _set_network(self) -> None:
        """Let the next run have the network of lessons, also where somebody has chosen another one meanwhile."""
        if self.lesson is not None and self._server.settings != PROFILES[NETWORK]:
            self._chosen = self._server.settings
            self._server.configure(**PROFILES[NETWORK]._asdict())

    @Slot(object)
    def _keep(self, run: Run) -> None:
        if self.lesson is not None:
            self._runs.append(run)

    @Slot()
    def _run_ended(self) -> None:
        if self.lesson is None:
            return
        # Cancelled between two of them, all that ran are whole.
        if len(self._runs) == len(self._wanted) and not self._runs[-1].cancelled:
            self._measure_cores()
        else:
            self._refuse("The lesson was cancelled.")

    def _end(self) -> None:
        self.lesson = None
        self._asker.forget()  # else the next lesson would take the answer for its own
        if self._chosen is not None and self._server.settings == PROFILES[NETWORK]:
            self._server.configure(**self._chosen._asdict())
        self._chosen = None

    @Slot(str)
    def _refuse(self, why: str) -> None:
        if self.lesson is not None:
            self._end()
            self.refused.emit(why)

    def _fail(self, error: Exception) -> None:
        """End it by what went wrong in its file or, where nobody foresaw that, in Thaw."""
        if isinstance(error, ThawError):
            self._refuse(str(error))
            return
        assert self.lesson is not None
        self._refuse(f"{self.lesson.title}: this is a fault of Thaw's own: please report it.")
        raise error

    def _judge(self) -> None:
        assert self.lesson is not None
        ran = iter(self._runs)
        runs = [None if settings is None else next(ran) for settings in self._settings]
        try:
            result = judge(self.lesson, runs, self._answer, min(self._cores, default=None))
        except Exception as error:
            self._fail(error)
            return
        self._end()
        self.done.add(result.lesson.name)
        self.finished.emit(result)

    def close(self) -> None:
        self.lesson = None
        self._asker.close()


def _settings_of(lesson: Lesson) -> list[Settings | None]:
    """Those of its steps; None for one that may lack and cannot be run here. Called in a thread."""
    found = list["Settings | None"]()
    for step in lesson.steps:
        try:
            found.append(settings_of(lesson, step))
        except BadInput:
            if not step.may_lack:
                raise
            found.append(None)
    return found
