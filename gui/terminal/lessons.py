"""Lessons on the terminal: text, question, what the runs showed, and the right answer. In the GUI thread."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from rich.text import Text

from gui.process import ending, streams
from gui.terminal.teller import Teller, console_for
from workers.teaching.judge import Told
from workers.teaching.page import write_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from gui.controllers.lesson import LessonLeader
    from workers.catalog.lessons import Lesson
    from workers.command_line.lessons import Teach
    from workers.command_line.parser import Options
    from workers.teaching.judge import Result

HOLDS, HOLDS_NOT = "yes", "NO "
SABOTAGED = "With what its saboteur changes a claim fails."


class LessonTerminal(Teller):
    """Goes through lessons, one after the other, and prints what came of each as soon as it has."""

    def __init__(self, options: Options, teach: Teach, leader: LessonLeader) -> None:
        super().__init__(options)
        self._teach, self._leader = teach, leader
        self._left = list(teach.course.lessons)
        self._results: list[Result] = []
        self._refused: list[dict[str, str]] = []
        self._is_sabotaged = False
        # Queued: all others hear how one has ended before the next one begins.
        leader.finished.connect(self._take, Qt.ConnectionType.QueuedConnection)
        leader.refused.connect(self._refuse, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        if self._left:
            self._now = self._left.pop(0)
            self._leader.start(self._now, self._teach.answer)
        else:
            self.done.emit()

    @Slot(object)
    def _take(self, result: Result) -> None:
        """A person's own lesson that holds is run once more with its saboteur, without which it claims nothing."""
        lesson, is_whole, self._is_sabotaged = result.lesson, not self._is_sabotaged, False
        if is_whole:
            self._results.append(result)
            self._say(partial(_print, result=result))
        elif result.is_judged:
            whole, fails = self._results.pop(), Told(SABOTAGED, not result.holds)
            self._results.append(whole._replace(told=[*whole.told, fails]))
            self._say(partial(_print_claim, told=fails))
        if is_whole and result.holds and lesson.is_own and lesson.saboteur:
            self._is_sabotaged = True
            self._leader.start(lesson._replace(steps=lesson.sabotaged), self._teach.answer)
        else:
            self.begin()

    def _say(self, said: Callable[[Console], None]) -> None:
        if not self._options.json:
            with streams.printing() as out:
                said(console_for(out))

    @Slot(str)
    def _refuse(self, why: str) -> None:
        """The others of a course are gone through all the same."""
        self._is_sabotaged = False
        self._refused.append({"lesson": self._now.name, "why": why})
        self.problem = " ".join(refused["why"] for refused in self._refused)
        self.begin()

    def _tell(self) -> int:
        self._left.clear()
        self._leader.cancel()
        found = [result.data() for result in self._results]
        if self._options.json:
            with streams.printing() as out:
                told = {"course": self._teach.course.title, "lessons": found, "refused": self._refused}
                json.dump(told, out, indent=2)
                out.write("\n")
        for path in self._options.exports:
            self._save(path, partial(write_page, path, self._teach.course.title, found))
        self.problem = self.problem or streams.problem
        is_so = all(result.holds for result in self._results if result.is_judged)
        return ending.FAILED if self.problem else int(not is_so)


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
        _print_claim(console, told)
    console.print()
    console.print(Text(_answer(result)))
    console.print(Text(f"To take home: {lesson.take_home}"))
    console.print()


def _print_claim(console: Console, told: Told) -> None:
    console.print(Text.assemble((HOLDS if told.holds else HOLDS_NOT, "bold"), f"  {told.text}"))


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
