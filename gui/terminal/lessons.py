"""Lessons on the terminal: text, question, what the runs showed, and the right answer. In the GUI thread."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from rich.console import Console
from rich.text import Text

from gui.process import ending, streams
from gui.process.log import log
from workers.teaching.page import write_page
from workers.utils.atomic_file import why_not_written

if TYPE_CHECKING:
    from gui.controllers.core import Core
    from workers.catalog.lessons import Lesson
    from workers.command_line.lessons import Teach
    from workers.command_line.parser import Options
    from workers.teaching.judge import Result

WIDTH = 100
"""Of what goes into a pipe or a file, in characters."""

HOLDS, HOLDS_NOT = "yes", "NO "


class LessonTerminal(QObject):
    """Goes through lessons, one after the other, and tells of each once.

    Attributes:
        problem: why some could not be run, or a file not be written; empty where all went well.

    Signals:
        done: nothing is left to be run.
    """

    done = Signal()

    def __init__(self, options: Options, teach: Teach, core: Core) -> None:
        super().__init__()
        self._options, self._teach, self._leader = options, teach, core.lessons
        self._left = list(teach.course.lessons)
        self._results: list[Result] = []
        self._refused: list[dict[str, str]] = []
        self._told, self._code = False, 0
        self.problem = ""
        self._leader.finished.connect(self._take)
        self._leader.refused.connect(self._refuse)

    @Slot()
    def begin(self) -> None:
        """Run the next one, or say that nothing is left."""
        if self._left:
            self._now = self._left.pop(0)
            self._leader.start(self._now, self._teach.answer)
        else:
            self.done.emit()

    @Slot(object)
    def _take(self, result: Result) -> None:
        self._results.append(result)
        if not self._options.json:
            with streams.printing() as out:
                console = Console(file=out, highlight=False)
                _print(
                    console if console.is_terminal else Console(file=out, highlight=False, width=WIDTH), result
                )
        self.begin()

    @Slot(str)
    def _refuse(self, why: str) -> None:
        """The others of a course are gone through all the same."""
        self._refused.append({"lesson": self._now.name, "why": why})
        self.problem = " ".join(refused["why"] for refused in self._refused)
        self.begin()

    def tell(self) -> int:
        """Print what is left to be told, and write the page that was asked for; returns the exit code.

        What is done by now counts: it may be told of before its end. Only the first call does anything.
        """
        if self._told:
            return self._code
        self._told = True
        self._left.clear()
        self._leader.cancel()
        found = [result.data() for result in self._results]
        if self._options.json:
            with streams.printing() as out:
                told = {"course": self._teach.course.title, "lessons": found, "refused": self._refused}
                json.dump(told, out, indent=2)
                out.write("\n")
        for path in self._options.exports:
            try:
                write_page(path, self._teach.course.title, found)
                log.info("saved %s", path)
            except OSError as error:
                self.problem = self.problem or why_not_written(path, error)
        self.problem = self.problem or streams.problem
        is_so = all(result.holds for result in self._results if result.is_judged)
        self._code = ending.FAILED if self.problem else int(not is_so)
        return self._code


def _print(console: Console, result: Result) -> None:
    lesson = result.lesson
    console.print(Text(lesson.title, style="bold"))
    console.print()
    for paragraph in lesson.paragraphs:
        console.print(Text(paragraph))
        console.print()
    console.print(Text(lesson.question, style="bold"))
    for at, answer in enumerate(lesson.answers, 1):
        console.print(Text(f"  {at}  {answer}"))
    console.print()
    for at, (step, run) in enumerate(zip(lesson.steps, result.runs, strict=True), 1):
        came = "it cannot be run here" if run is None else f"{run.wall_s:.2f} s"
        console.print(Text(f"Run {at}: {step.says}: {came}"))
    if result.why_not:
        console.print(Text(result.why_not))
    for told in result.told:
        console.print(Text.assemble((HOLDS if told.holds else HOLDS_NOT, "bold"), f"  {told.text}"))
    console.print()
    console.print(Text(_answer(result)))
    console.print(Text(f"To take home: {lesson.take_home}"))
    console.print()


def _answer(result: Result) -> str:
    lesson: Lesson = result.lesson
    right = f"The answer is: {lesson.answers[lesson.right]}. {lesson.why[lesson.right]}"
    if result.answer is None:
        return right
    said = f"You said: {lesson.answers[result.answer]}."
    return (
        f"{said} Right. {lesson.why[lesson.right]}"
        if result.is_right
        else f"{said} {lesson.why[result.answer]}\n{right}"
    )
