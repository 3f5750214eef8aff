"""What a lesson says of its runs: the sentences that it claims, with their figures, and whether each holds.

The same sentences explain in the window and check in the tests: a lesson that says what is not so fails.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

from ..monitors.syntax import error_text
from ..reports import failures
from ..user_code.limit import within
from ..user_code.modules import load_file
from ..utils import traces
from ..utils.errors import BadInput
from ..utils.formatting import error_line, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from ..catalog.lessons import Lesson, Step
    from ..engine.run import Run

LIMIT_S = 5.0
"""The claims of a person's own lesson may take so long: the window stands still meanwhile."""


class Told(NamedTuple):
    """A sentence with figures of the runs, and whether it is so."""

    text: str
    holds: bool


class Result(NamedTuple):
    """What has come of a lesson.

    Attributes:
        lesson: the lesson.
        answer: which answer was given before the runs, from 0 on; None: none.
        told: what it says of its runs; empty where nothing can be judged.
        why_not: why it was not judged, as a sentence; empty where it was.
        cores: the fewest free cores that there were just before and after the runs; None where nobody asked.
        runs: of its steps, in their order; None where one could not be run here.
    """

    lesson: Lesson
    answer: int | None
    told: Sequence[Told]
    why_not: str
    cores: float | None
    runs: Sequence[Run | None]

    @property
    def is_judged(self) -> bool:
        return not self.why_not

    @property
    def holds(self) -> bool:
        """Whether all that it claims is so; False where that is not judged."""
        return self.is_judged and all(told.holds for told in self.told)

    @property
    def is_right(self) -> bool:
        """Whether the answer was the right one."""
        return self.answer == self.lesson.right

    def data(self) -> dict[str, Any]:
        """Plain data, for a file or another program."""
        lesson, answer = self.lesson, self.answer
        return {
            "lesson": lesson.name,
            "title": lesson.title,
            "text": lesson.text,
            "question": lesson.question,
            "answers": list(lesson.answers),
            "right": lesson.answers[lesson.right],
            "answer": None if answer is None else lesson.answers[answer],
            "why": lesson.why[lesson.right if answer is None else answer],
            "steps": [_step_data(step, run) for step, run in zip(lesson.steps, self.runs, strict=True)],
            "claims": [told._asdict() for told in self.told],
            "judged": self.is_judged,
            "why_not_judged": self.why_not,
            "holds": self.holds,
            "free_cores": self.cores,
            "take_home": lesson.take_home,
        }


def _step_data(step: Step, run: Run | None) -> dict[str, Any]:
    """What was run, how long that took, and what came of its tasks; where it could not be run, what it is."""
    if run is None:
        return {"says": step.says, "seconds": None, "run": None}
    counts = {name: getattr(run.recorder, name) for name in ("done", "failed", "cancelled")}
    lag = None if run.lag is None else run.lag.max
    came = {**run.settings.plain(), **counts, "worst_lag_ms": lag}
    return {"says": step.says, "seconds": round(run.wall_s, 3), "run": came}


def judge(
    lesson: Lesson, runs: Sequence[Run | None], answer: int | None = None, cores: float | None = None
) -> Result:
    """Judge what finished runs show.

    Args:
        lesson: the lesson.
        runs: of its steps; None for one that may lack and cannot be run here: its claims get that, and claim nothing
            of it. Where they claim nothing at all the lesson is not judged.
        answer: what was answered, from 0 on.
        cores: the fewest free cores that were measured just before and after the runs.

    Raises:
        BadInput: a person's own lesson cannot be imported, or its claims cannot be made.
    """
    why_not = _why_not(lesson, runs, cores)
    told = [] if why_not else _told(lesson, runs)
    lacking = [step.says for step, run in zip(lesson.steps, runs, strict=True) if run is None]
    if lacking and not told:
        why_not = why_not or f"Not judged: this cannot be run here: {listed(lacking)}."
    return Result(lesson, answer, told, why_not, cores, runs)


def _why_not(lesson: Lesson, runs: Sequence[Run | None], cores: float | None) -> str:
    if any(run is not None and run.cancelled for run in runs):
        return "Not judged: a run was cancelled."
    if cores is not None and cores < lesson.cores:
        return (
            f"Not judged: this needs {lesson.cores:g} free cores, and there were {cores:.1f}. "
            "Close other programs, and run it again."
        )
    return ""


def _told(lesson: Lesson, runs: Sequence[Run | None]) -> list[Told]:
    module = module_of(lesson)

    def claimed() -> list[Told]:
        return [_claim(said) for said in module.claims(*runs)]

    try:
        told = within(LIMIT_S, str(lesson.path), claimed) if lesson.is_own else claimed()
        if not told and None not in runs:
            raise ValueError("claims yields nothing, and so nothing would be checked")
    except (Exception, SystemExit) as error:
        if None in runs:
            return []  # what it says is of the run that lacks
        failed = [line for run in runs if run is not None for line in failures.told(run)]
        if not lesson.is_own and not failed:
            raise
        beside = f" Tasks failed: {failed[0]}." if failed else ""
        raise BadInput(
            f"The claims of the lesson {lesson.title} cannot be made: {_words(error, lesson)}{beside}"
        ) from error
    return told


def _claim(said: Any) -> Told:
    """One of the pairs that `claims` yields; a text of two letters is none, nor is what is no truth value."""
    is_pair = isinstance(said, tuple | list) and len(said) == 2
    if not is_pair or not isinstance(said[1], str) or not said[1].strip() or not hasattr(said[0], "__bool__"):
        raise TypeError(f"claims yields pairs (is it so, the sentence that says it), not {said!r}")
    return Told(said[1], bool(said[0]))


def _words(error: BaseException, lesson: Lesson) -> str:
    """An error of a lesson's file in one line, and the line of the file that it came from."""
    trace = error_text(type(error), error, error.__traceback__)
    lines = [line for file, line in traces.frames(trace) if file == str(lesson.path)]
    where = f" ({lesson.path.name}, line {lines[-1]})" if lines else ""
    return f"{error_line(trace)}{where}."


def module_of(lesson: Lesson) -> ModuleType:
    """The lesson's module, imported: a person's own runs from now on.

    Raises:
        BadInput: that fails.
    """
    if not lesson.is_own:
        return importlib.import_module(f"..lessons.{lesson.name}", __package__)
    try:
        return load_file(str(lesson.path))
    except (Exception, SystemExit) as error:
        raise BadInput(f"The lesson {lesson.path.name} cannot be imported: {_words(error, lesson)}") from error
