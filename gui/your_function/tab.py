"""The page "Your function": a person's own code, run in every place, and where it belongs. In the GUI thread.

The file is read and never imported here: its first line runs when a run of it begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QTabWidget

from gui.widgets.empty_state import EmptyState
from gui.widgets.page import Page
from gui.your_function.answer import AnswerView
from gui.your_function.choice import OwnChoice
from gui.your_function.error_view import FunctionError, TroubleView
from gui.your_function.measure import OwnMeasure, headline, in_short, plan_words, progress_words
from gui.your_function.picker import OwnPicker
from gui.your_function.places import PlaceResult
from gui.your_function.source import OwnSource
from workers.benchmark.advice import advise
from workers.benchmark.snippets import snippet
from workers.catalog.user_names import parse
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.benchmark.results import Benchmark
    from workers.catalog.entry import Entry
    from workers.engine.run import Run

NOTHING_YET = "Thaw runs your function in every place and tells where it is fast and where the window stays smooth"
HOW = (
    "Choose a file on the left and one of its functions. Then press Run it everywhere: at the end you get a chart, a "
    "recommendation, and a few lines of code to paste into your program."
)
SIZES = [288, 700]
SOURCE, ANSWER, TROUBLE = 0, 1, 2


class OwnTab(Page):
    """File and functions on the left; source, answer and error on the right.

    Attributes:
        picker: the left.
        choice: which file is open, and which of its functions is chosen.
        measure: runs the function everywhere.
        pages: source, answer and error.
        answer: the chart, the recommendation and the snippet.
        splitter: between left and right.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        """Make it, with the file that was open last where it is still there."""
        super().__init__()
        self._core, self._leader, self._runners = core, core.leader, core.catalog.runners
        self._shown: Entry | None = None
        self._measured = ""
        self.choice, self.measure = OwnChoice(self, preferences), OwnMeasure(core.leader, self._runners)
        self.picker = OwnPicker(theme, self.choice.files)
        self.source, self.answer, self.trouble = OwnSource(theme), AnswerView(theme), TroubleView(theme)
        self._lay_out(theme)
        self._connect()
        self._show_plan()
        self.choice.recall()

    def _lay_out(self, theme: Theme) -> None:
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        for page, text in ((self.source, "Source"), (self.answer, "Answer"), (self.trouble, "Error")):
            self.pages.addTab(page, text)
        for at in (ANSWER, TROUBLE):
            self.pages.setTabVisible(at, False)
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState(theme, NOTHING_YET, HOW))
        self._stack.addWidget(self.pages)
        self._stack.setMinimumWidth(240)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.picker)
        self.splitter.addWidget(self._stack)
        self.splitter.setSizes(SIZES)
        self.splitter.setStretchFactor(1, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName("Your function")

    def _connect(self) -> None:
        picker, choice, measure = self.picker, self.choice, self.measure
        picker.file_requested.connect(choice.choose_file)
        picker.example_requested.connect(choice.save_example)
        picker.recent_chosen.connect(choice.open_recent)
        picker.recent_forgotten.connect(choice.forget)
        picker.function_chosen.connect(choice.choose)
        choice.opened.connect(self._forget_answer)
        choice.opened.connect(self.source.forget_line)
        choice.changed.connect(self._show_choice)
        choice.chosen.connect(self.workload_chosen)
        choice.withdrawn.connect(self._core.catalog.remove)
        choice.said.connect(self.said)
        picker.start_requested.connect(self.start)
        picker.cancel_requested.connect(measure.cancel)
        picker.calls.valueChanged.connect(self._show_plan)
        measure.begun.connect(self._begin)
        measure.progressed.connect(self._show_progress)
        measure.finished.connect(self._end)
        measure.refused.connect(self._refuse)
        measure.failed.connect(self._show_trouble)
        self.answer.said.connect(self.said)
        self._core.director.finished.connect(self._take_run)

    def sizeHint(self) -> QSize:
        """No more than the other tabs: people drag the graphs larger."""
        return QSize(900, 300)

    # ---------------------------------------------------------------- for the window

    def set_free(self, is_free: bool) -> None:
        self.picker.set_free(is_free)

    def take_dropped(self, path: Path) -> None:
        """Show a file that was dropped on the window, or that a run's file names.

        It is read and nothing more; before a function of it is used the person is asked.
        """
        self.choice.open(path)

    def may_run(self, workload: str) -> bool:
        """Whether a workload may be run now: any but a function of a file that the person has to be asked for.

        Asks, where that is so. To be called before anything of the work is imported, and so before all other checks.
        """
        return self.choice.may_run(workload)

    def picture(self, name: str) -> QImage:
        return self.answer.chart.image()

    def shut(self) -> None:
        self.choice.file.close()

    # ---------------------------------------------------------------- what a person does

    @Slot()
    def start(self) -> None:
        entry = self.choice.entry
        if entry is None or not self._core.may_start() or not self.may_run(entry.name):
            return
        self.workload_chosen.emit(entry)  # whatever was chosen since: the panel's form is the function's again
        try:
            self.measure.start(entry, self._core.choice(""), self.picker.calls.value())
        except BadInput as error:
            self.said.emit(str(error))

    # ---------------------------------------------------------------- file and function

    @Slot()
    def _show_choice(self) -> None:
        choice = self.choice
        found, file = choice.found, choice.file
        self.picker.show_file(file, found.name if found is not None else "")
        self.source.show_file(file)
        self._stack.setCurrentIndex(1)
        self.answer.set_stale(file.source != self._measured)
        if choice.entry is not self._shown:
            self._shown = choice.entry
            self._forget_answer()
        if found is not None:
            self.source.show_line(found.line)
        if file.problem_line:
            self.pages.setCurrentIndex(SOURCE)
        self._show_plan()

    # ---------------------------------------------------------------- measuring

    @Slot()
    def _show_plan(self) -> None:
        found = self.choice.found
        words = ""
        if found is not None and found.entry is not None:
            words = plan_words(found.entry, self._runners, self.picker.calls.value())
        elif any(one.entry for one in self.choice.file.functions):
            words = "Choose one of the functions above."
        self.picker.set_plan(words, found is not None)

    @Slot()
    def _begin(self) -> None:
        self._forget_answer()
        self._measured = self.choice.file.source
        self.answer.set_stale(False)
        self.pages.setTabVisible(ANSWER, True)
        self.pages.setCurrentIndex(ANSWER)
        self.wanted.emit()
        self.said.emit("Measuring: the tab Your function tells how far it is.")

    @Slot()
    def _show_progress(self) -> None:
        leader = self._leader
        self.picker.set_running(True)
        benchmark, cell = leader.benchmark, leader.current
        if benchmark is None or cell is None:
            self.picker.show_progress(0, 1, "Preparing: trying one call, and finding out which places can take it …")
            return
        words = progress_words(benchmark, cell, leader.time_left_s)
        self.picker.show_progress(benchmark.done, benchmark.matrix.runs, words)
        if self.answer.isVisible():
            refused = {one.runner for one in benchmark.matrix.refused}
            refused |= {result.cell.runner for result in benchmark.results() if result.problem}
            known = [place for place in self._places(benchmark) if not place.why_not or place.runner in refused]
            self.answer.show_progress(known, self._unit(benchmark))

    @Slot(object)
    def _end(self, benchmark: Benchmark) -> None:
        self.picker.set_running(False)
        self._show_plan()
        entry = self.measure.entry
        assert entry is not None
        advice = advise(benchmark, self._runners)
        params = benchmark.matrix.sizes[entry.name].params if entry.name in benchmark.matrix.sizes else ()

        found = parse(entry.name)
        beside = f": save it beside {entry.path.name}, and it runs" if found.is_path else ""

        def make(runner: str) -> str:
            return advice.snippet if runner == advice.runner else snippet(runner, entry.name, params)

        places = self._places(benchmark)
        best = self._runners[advice.runner].title if advice.runner in self._runners else ""
        self.answer.show_answer(
            headline(best, benchmark), advice.text, advice.runner, places, self._unit(benchmark), make
        )
        self.answer.snippet.beside = beside
        trouble = self.measure.trouble
        if trouble is not None and not any(place.per_s for place in places):
            self._show_trouble(trouble)
        else:
            self.pages.setCurrentIndex(ANSWER)
        self.told.emit(in_short(f"{entry.title}: {self.answer.headline.text()}. {self.answer.advice.text()}"))

    @Slot(str)
    def _refuse(self, why: str) -> None:
        self.picker.set_running(False)
        self._show_plan()
        self._show_trouble(FunctionError("", why))
        self.said.emit(why.partition("\n")[0])

    def _places(self, benchmark: Benchmark) -> list[PlaceResult]:
        return [
            PlaceResult(
                point.runner,
                point.title,
                str(self._runners[point.runner].constants.get("SHORT", point.title)),
                point.per_s,
                point.lag_ms,
                point.why_not,
            )
            for point in advise(benchmark, self._runners).points
        ]

    def _unit(self, benchmark: Benchmark) -> str:
        return next((size.unit for size in benchmark.matrix.sizes.values()), "calls")

    # ---------------------------------------------------------------- errors

    @Slot(object)
    def _take_run(self, run: Run) -> None:
        entry = self.choice.entry
        if entry is None or run.settings.workload != entry.name:
            return
        self.measure.take_run(run, entry.name)
        if not run.recorder.failed and not self.measure.is_running:
            self.pages.setTabVisible(TROUBLE, False)

    @Slot(object)
    def _show_trouble(self, trouble: FunctionError) -> None:
        entry = self.choice.entry or self.measure.entry
        if entry is None:
            return
        self.trouble.show_trouble(trouble, entry.path)
        self.pages.setTabVisible(TROUBLE, True)
        if not self.measure.is_running:
            self.pages.setCurrentIndex(TROUBLE)

    @Slot()
    def _forget_answer(self) -> None:
        for at in (ANSWER, TROUBLE):
            self.pages.setTabVisible(at, False)
        self.pages.setCurrentIndex(SOURCE)
