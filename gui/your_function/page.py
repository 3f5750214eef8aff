"""The page "Your function": a person's own code, run in every place, and where it belongs. In the GUI thread.

The file is read and never imported here: its first line runs when a run of it begins.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot

from gui.editor.file_editor import FileEditor
from gui.widgets.benchmark_page import TwoSidedPage
from gui.widgets.empty_state import EmptyState
from gui.your_function.answer import AnswerView
from gui.your_function.choice import OwnChoice
from gui.your_function.error_view import FunctionError, TroubleView, own_line
from gui.your_function.measure import OwnMeasure, in_short, nowhere, plan_words
from gui.your_function.picker import OwnPicker
from gui.your_function.recent import DRAFT
from workers.benchmark.advice import advise, program
from workers.catalog.compatibility import lack
from workers.catalog.user_names import parse
from workers.utils.errors import BadInput
from workers.utils.formatting import error_line

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.benchmark.results import Benchmark
    from workers.catalog.entry import Entry
    from workers.engine.run import Run

NOTHING_YET = (
    "Thaw runs your function in every place and tells where it is fast and where the window stays smooth"
)
HOW = (
    "Choose a file on the left and one of its functions. Then press Run it everywhere: at the end you get a chart, a "
    "recommendation, and a few lines of code to paste into your program."
)
SIZES, KEPT = [288, 700], "own_settings"
SOURCE, ANSWER, TROUBLE = 0, 1, 2


class OwnPage(TwoSidedPage):
    """File and functions on the left; source, answer and error on the right.

    Attributes:
        picker: the left.
        choice: which file is open, and which of its functions is chosen.
        measure: runs the function everywhere.
        pages: source, answer and error.
        editor: the source.
        answer: the chart, the recommendation and the snippet.
        splitter: between left and right.
    """

    has_file = True

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        """Make it, with the file that was open last where it is still there."""
        super().__init__()
        self._core, self._leader, self._runners = core, core.leader, core.catalog.runners
        self._preferences = preferences
        self._shown: Entry | None = None
        self._measured = self._found = ""
        theirs = [run for run in core.listed if run.settings.workload_entry.own]
        self._before = theirs[-1:]  # it may have failed
        self.choice, self.measure = OwnChoice(self, preferences), OwnMeasure(core.leader, self._runners)
        self.picker = OwnPicker(theme, self.choice, self._runners)
        self.picker.settings.recall(preferences.read_values(KEPT))
        self.editor = FileEditor(theme, "Source of your file")
        self.answer, self.trouble = AnswerView(theme), TroubleView(theme)
        pages = (self.editor, "Source"), (self.answer, "Answer"), (self.trouble, "Error")
        empty = EmptyState(theme, NOTHING_YET, HOW)
        empty.offer("Choose a file…", self.choice.choose_file)
        self.lay_out("Your function", self.picker, empty, pages, SIZES)
        self._forget_answer()
        self._connect()
        self._show_plan()
        self.choice.recall()
        self._draft = "" if self.editor.recall(draft := preferences.read(DRAFT)) else draft

    def _connect(self) -> None:
        picker, choice, leader = self.picker, self.choice, self._leader
        choice.opened.connect(self._forget_answer)
        choice.opened.connect(self.editor.close_file)
        choice.may_leave, choice.save = self.editor.may_leave, self.editor.save
        self.editor.saved.connect(choice.take_saved)
        self.editor.edited.connect(self._show_edited)
        self.editor.said.connect(self.said)
        choice.changed.connect(self._show_choice)
        choice.chosen.connect(self.workload_chosen)
        choice.withdrawn.connect(self._core.catalog.remove)
        choice.said.connect(self.said)
        picker.start_requested.connect(self.start)
        picker.cancel_requested.connect(self.measure.cancel)
        picker.settings.changed.connect(self._show_plan)
        picker.settings.python.settled.connect(choice.use_python)
        picker.clash.run_requested.connect(self.choice_requested)
        leader.begun.connect(self._begin)
        leader.progressed.connect(self._show_progress)
        leader.finished.connect(self._end)
        leader.refused.connect(self._refuse)
        self.answer.said.connect(self.said)
        self._core.director.finished.connect(self._take_run)

    # ---------------------------------------------------------------- for the window

    def set_free(self, is_free: bool) -> None:
        self.picker.set_free(is_free)

    def picture(self, name: str) -> QImage:
        return self.answer.chart.image()

    def may_leave(self) -> bool:
        return self.editor.may_leave()

    def save(self) -> None:
        self.editor.save()

    def remember(self) -> None:
        self._preferences.write_values(KEPT, self.picker.settings.kept)
        self._preferences.write(DRAFT, self.editor.draft or self._draft)

    def shut(self) -> None:
        self.choice.file.close()
        self.editor.close_file()

    # ---------------------------------------------------------------- what a person does

    def open_in_editor(self, path: Path) -> bool:
        """Open a person's own file and let them type; returns False where they stay with what is not saved."""
        is_open = self.choice.pick(path)
        self.wanted.emit()
        self.pages.setCurrentIndex(SOURCE)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return is_open

    @Slot()
    def start(self) -> None:
        entry = self.choice.entry
        if entry is None or not self._core.may_start() or not self.choice.may_run(entry.name):
            return
        if (entry := self.choice.entry) is None:  # it is another, or none, by what was saved just now
            return
        settings = self.picker.settings
        try:
            self.measure.start(
                entry,
                settings.params(),
                calls=settings.calls.value(),
                workers=settings.workers.value(),
                options=settings.options.values(),
            )
        except BadInput as error:
            self.said.emit(str(error))

    # ---------------------------------------------------------------- file and function

    @Slot()
    def _show_choice(self) -> None:
        choice = self.choice
        found, file = choice.found, choice.file
        if file.path is None:
            return  # what was not allowed to run is of a file that is not open here
        self.picker.show_file(file, found.name if found is not None else "")
        if self.editor.path != file.path:
            self.editor.open(file.path)
            self._found = ""
        self.stack.setCurrentIndex(1)
        self.answer.stale.setVisible(file.source != self._measured)
        if choice.entry is not self._shown:
            self._shown = choice.entry
            self._forget_answer()
            if choice.entry is not None:
                python, _ = choice.files.python_of(choice.entry.path)
                self.picker.settings.show_function(choice.entry, python)
        if found is not None and found.name != self._found:
            self._found = found.name
            self.editor.text.show_line(found.line)
        if choice.entry is not None and self._before:
            self._take_run(self._before.pop())
        if file.problem_line:
            self.pages.setCurrentIndex(SOURCE)
        self._show_plan()

    @Slot(bool)
    def _show_edited(self, is_edited: bool) -> None:
        self.pages.setTabText(SOURCE, "Source ●" if is_edited else "Source")
        self.pages.setTabToolTip(SOURCE, "Edited: not saved yet" if is_edited else "")

    # ---------------------------------------------------------------- measuring

    @Slot()
    def _show_plan(self) -> None:
        found, settings = self.choice.found, self.picker.settings
        entry = found.entry if found is not None else None
        words = why_not = ""
        if entry is not None:
            missing = lack(entry, dict(settings.params()))
            why_not = missing.why if missing is not None else nowhere(entry, settings.python.problem)
            is_polite = settings.options.polite.isChecked()
            words = why_not or plan_words(entry, self._runners, settings.calls.value(), is_polite)
        elif any(one.entry for one in self.choice.file.functions):
            words = "Choose one of the functions above."
        self.picker.set_plan(words, entry is not None and not why_not)

    @Slot()
    def _begin(self) -> None:
        if not self.measure.is_ours:
            return
        self._forget_answer()
        self._measured = self.choice.file.source
        self.answer.stale.hide()
        self.pages.setTabVisible(ANSWER, True)
        self.pages.setCurrentIndex(ANSWER)
        self.wanted.emit()

    @Slot()
    def _show_progress(self) -> None:
        if not self.measure.is_running:
            return
        leader = self._leader
        self.picker.set_running(True)
        benchmark, cell = leader.benchmark, leader.current
        if benchmark is None or cell is None:
            self.picker.say("Preparing: trying some calls, and finding out which places can take it …")
            return
        self.picker.show_progress(benchmark, leader.time_left_s, benchmark.matrix.runner_titles[cell.runner])
        if self.answer.isVisible():
            refused = {one.runner for one in benchmark.matrix.refused}
            refused |= {result.cell.runner for result in benchmark.results() if result.problem}
            points = advise(benchmark, self._runners).points
            known = [point for point in points if not point.why_not or point.runner in refused]
            self.answer.show_progress(known, benchmark.unit)

    @Slot(object)
    def _end(self, benchmark: Benchmark) -> None:
        if not self.measure.is_ours:
            return
        self.picker.set_running(False)
        self._show_plan()
        entry, advice = self.measure.entry, advise(benchmark, self._runners)
        assert entry is not None
        self.answer.show_answer(advice, benchmark.unit, partial(program, benchmark), is_cut=benchmark.cancelled)
        self.answer.snippet.beside = (
            f": save it beside {entry.path.name}, and it runs" if parse(entry.name).is_path else ""
        )
        trouble = self.measure.trouble
        if trouble is not None and not any(point.per_s for point in advice.points):
            self._show_trouble(trouble)
        else:
            self.pages.setCurrentIndex(ANSWER)
        self.told.emit(in_short(f"{entry.title}: {advice.text}"))

    @Slot(str)
    def _refuse(self, why: str) -> None:
        if self.measure.is_ours:
            self.picker.set_running(False)
            self._show_trouble(FunctionError("", why))
            self.said.emit(why.partition("\n")[0])

    # ---------------------------------------------------------------- errors

    @Slot(object)
    def _take_run(self, run: Run) -> None:
        entry = self.choice.entry
        if entry is None or run.settings.workload != entry.name:
            return
        trouble = self.measure.take_run(run)
        if trouble is not None:
            self._show_trouble(trouble)
        elif not self.measure.is_running:
            self.pages.setTabVisible(TROUBLE, False)
            self.editor.forget_error()

    def _show_trouble(self, trouble: FunctionError) -> None:
        entry = self.choice.entry or self.measure.entry
        if entry is None:
            return
        self.trouble.show_trouble(trouble, entry.path)
        if entry.path == self.editor.path:
            self.editor.mark_error(own_line(trouble.text, entry.path), error_line(trouble.text))
        self.pages.setTabVisible(TROUBLE, True)
        if not self.measure.is_running:
            self.pages.setCurrentIndex(TROUBLE)

    @Slot()
    def _forget_answer(self) -> None:
        for at in (ANSWER, TROUBLE):
            self.pages.setTabVisible(at, False)
        self.editor.forget_error()
        self.pages.setCurrentIndex(SOURCE)
