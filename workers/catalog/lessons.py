"""The lessons that there are: what each teaches, asks and runs; read from source and never imported.

A lesson is a file of workers/lessons/, or a person's own: its docstring is the text, of one screen; its literals are

    TITLE = "Lost updates"
    ORDER = 50                          where it stands in the list
    MINUTES = 2                         how long it takes to read, run and think about
    ASKS = "What does the counter say?" the question before the run
    ANSWERS = {"200": "why it is not", "About 50": "why it is"}
                                        the answers that are offered, each with what is said to it afterwards
    RIGHT = "About 50"                  which of them is right
    STEPS = ({"says": "Without a lock", "workload": "counter.broken", "look": "timeline"}, ...)
                                        what is run, one after the other; see `Step`
    TAKE_HOME = "..."                   a sentence
    SNIPPET = '''...'''                 a program of a few lines, to be pasted
    TRY = ({"says": "With 8 threads", "step": 1, "tasks": 8}, ...)
                                        what may be tried afterwards: a step, with changes; may be left out
    SABOTEUR = {"step": 2, "tasks": 1}  a change, or several in a tuple, with which the claims must fail
    CORES = 1.8                         how many free cores its claims need; may be left out
    WINDOW = True                       its runs are to be seen in a window, which is watched; may be left out

and its function `claims(*runs)` yields pairs: whether something is so, and the sentence that says it.
"""

from __future__ import annotations

import ast
import functools
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from ..additions.files import read_each
from ..utils.child import PACKAGE
from ..utils.errors import BadInput
from ..utils.formatting import listed, plural
from .callables.files import parse_file
from .entry import functions_of, literals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOOKS = ("graphs", "timeline", "gallery", "code", "waits", "steps", "runs")
"""What in the window may show what a step has come to."""

KINDS: dict[str, tuple[type, ...]] = {
    "a text": (str,),
    "a whole number": (int,),
    "a number": (int, float),
    "True or False": (bool,),
    "a dict": (dict,),
    "a tuple of dicts": (tuple,),
}
"""What a literal may have to be, in words."""

CHANGES = {
    "runner": "a text",
    "workload": "a text",
    "tasks": "a whole number",
    "workers": "a whole number",
    "params": "a dict",
    "seed": "a whole number",
    "polite": "True or False",
    "switch_ms": "a number",
}
"""What may be said of a step's run; what is not is as the lab says, or as in the window at first."""

NEEDED = {
    "TITLE": "a text",
    "ASKS": "a text",
    "ANSWERS": "a dict",
    "RIGHT": "a text",
    "STEPS": "a tuple of dicts",
    "TAKE_HOME": "a text",
    "SNIPPET": "a text",
}
MAY_SAY = {
    "ORDER": "a number",
    "MINUTES": "a number",
    "TRY": "a tuple of dicts",
    "SABOTEUR": "a tuple of dicts",
    "CORES": "a number",
    "WINDOW": "True or False",
}
USUAL = {"ORDER": 1000, "MINUTES": 2, "TRY": (), "SABOTEUR": (), "CORES": 0.0, "WINDOW": False}


class Step(NamedTuple):
    """What a lesson runs.

    Attributes:
        says: what it is, in a few words.
        said: what its file says of the run, by names of CHANGES.
        look: one of LOOKS: where it is best seen; empty: in the lesson itself.
        may_lack: whether the lesson goes without it where it cannot be run here; its claims get None in its place.
    """

    says: str
    said: Mapping[str, Any]
    look: str = ""
    may_lack: bool = False

    def changed(self, changes: Mapping[str, Any]) -> Step:
        """The same with other settings; parameters are added to those that it has, but for another kind of work."""
        said = {**self.said, **changes}
        before, after = (one["workload"].partition(".")[0] for one in (self.said, said))
        kept = self.said.get("params", {}) if before == after else {}
        return self._replace(said={**said, "params": {**kept, **changes.get("params", {})}})


class Try(NamedTuple):
    """What a person may try after a lesson, or what must make its claims fail.

    Attributes:
        says: what it is, in a few words.
        step: which step is changed; from 0 on.
        changes: by names of CHANGES.
    """

    says: str
    step: int
    changes: Mapping[str, Any]


class Lesson(NamedTuple):
    """What is known of a lesson before it is imported; see the head of this module.

    Attributes:
        name: its file's, without `.py`; of a person's own the whole path.
        right: which of its answers is right; from 0 on.
        why: what is said to each answer afterwards.
    """

    name: str
    title: str
    text: str
    path: Path
    order: float
    minutes: float
    question: str
    answers: tuple[str, ...]
    right: int
    why: tuple[str, ...]
    steps: tuple[Step, ...]
    take_home: str
    snippet: str
    tries: tuple[Try, ...]
    saboteur: tuple[Try, ...]
    cores: float
    needs_window: bool

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Of its text, each without line breaks."""
        return tuple(" ".join(part.split()) for part in self.text.split("\n\n"))

    @property
    def is_own(self) -> bool:
        """Whether it is a person's, and none of Thaw's."""
        return not _is_ours(self.path)

    @property
    def sabotaged(self) -> tuple[Step, ...]:
        """Its steps with what must make the claims fail."""
        steps = list(self.steps)
        for one in self.saboteur:
            steps[one.step] = steps[one.step].changed(one.changes)
        return tuple(steps)


@functools.cache  # each is read as a whole
def lessons() -> Mapping[str, Lesson]:
    """Every lesson in workers/lessons/, by name, in the order of their literal ORDER; then the person's own."""
    found = *read_folder(PACKAGE / "lessons"), *read_each("lessons", read_lesson)
    return {lesson.path.stem: lesson for lesson in found}


def read_folder(folder: Path) -> list[Lesson]:
    """The lessons of a folder, in the order of their literal ORDER; files whose names begin with _ are none.

    Raises BadInput where one of the others is no lesson, and OSError where the folder cannot be read.
    """
    names = [name for name in os.listdir(folder) if name.endswith(".py") and not name.startswith("_")]
    return sorted(map(read_lesson, map(folder.joinpath, names)), key=lambda lesson: (lesson.order, lesson.name))


@functools.cache
def title_of(name: str) -> str:
    """The title of a lesson of Thaw's own, of which alone the file is read; empty where that is no lesson."""
    try:
        return read_lesson(PACKAGE / "lessons" / f"{name}.py").title
    except BadInput:
        return ""


def read_lesson(path: Path) -> Lesson:
    """Read a lesson's file.

    Raises:
        BadInput: it is none, with what is missing or wrong.
    """
    tree = parse_file(path)
    try:
        return _read(path.absolute(), tree)
    except BadInput as wrong:
        raise BadInput(f"{path.name} is no lesson yet: {wrong}") from None


def _is_ours(path: Path) -> bool:
    return path.resolve().parent == (PACKAGE / "lessons").resolve()


def _read(path: Path, tree: ast.Module) -> Lesson:
    said = {**USUAL, **dict(literals(tree))}
    text = ast.get_docstring(tree) or ""
    if not text:
        raise BadInput("it begins with no docstring, which is its text.")
    for name in ("STEPS", "TRY", "SABOTEUR"):  # of one dict a comma makes a tuple, and is easily left out
        if isinstance(said.get(name), dict | list):
            said[name] = (said[name],) if isinstance(said[name], dict) else tuple(said[name])
    for name, kind in NEEDED.items():
        if name not in said:
            raise BadInput(f"it needs {name}, {kind}, as a literal.")
        if not said[name]:
            raise BadInput(f"{name} is empty.")
    for name, kind in {**NEEDED, **MAY_SAY}.items():
        _check_kind(name, said[name], kind)
    answers = said["ANSWERS"]
    if len(answers) < 2 or not all(isinstance(each, str) for pair in answers.items() for each in pair):
        raise BadInput("ANSWERS has two answers or more, each with a text that says why.")
    if said["RIGHT"] not in answers:
        raise BadInput(f"RIGHT is one of {listed([repr(each) for each in answers])}, not {said['RIGHT']!r}.")
    steps = tuple(_step(at, step) for at, step in enumerate(said["STEPS"], 1))
    _check_claims(tree, len(steps))
    return Lesson(
        name=path.stem if _is_ours(path) else str(path),
        title=said["TITLE"],
        text=text,
        path=path,
        order=said["ORDER"],
        minutes=said["MINUTES"],
        question=said["ASKS"],
        answers=tuple(answers),
        right=list(answers).index(said["RIGHT"]),
        why=tuple(answers.values()),
        steps=steps,
        take_home=said["TAKE_HOME"],
        snippet=said["SNIPPET"].strip("\n") + "\n",
        tries=tuple(_try("TRY", one, len(steps)) for one in said["TRY"]),
        saboteur=tuple(_try("SABOTEUR", one, len(steps)) for one in said["SABOTEUR"]),
        cores=said["CORES"],
        needs_window=said["WINDOW"],
    )


def _step(at: int, said: Any) -> Step:
    where = f"step {at} of STEPS"
    if not isinstance(said, dict) or not isinstance(said.get("says"), str):
        raise BadInput(f'{where} is a dict with "says", in a few words.')
    changes = _changes(where, said, ("says", "look", "may_lack"))
    if not said.get("workload"):
        raise BadInput(f'{where} names no "workload".')
    if said.get("look", LOOKS[0]) not in LOOKS:
        raise BadInput(f'"look" of {where} is one of {listed(LOOKS)}, not {said["look"]!r}.')
    return Step(said["says"], changes, said.get("look", ""), bool(said.get("may_lack")))


def _try(where: str, said: Any, steps: int) -> Try:
    if not isinstance(said, dict) or not isinstance(said.get("says", ""), str):
        raise BadInput(f'{where} is a dict, or several in a tuple: {{"says": "...", "step": 1, ...}}.')
    changes = _changes(where, said, ("says", "step"))
    if type(said.get("step")) is not int or said["step"] not in range(1, steps + 1):
        raise BadInput(f'"step" of {where} is a number from 1 to {steps}.')
    return Try(said.get("says", ""), said["step"] - 1, changes)


def _changes(where: str, said: Mapping[str, Any], others: tuple[str, ...]) -> dict[str, Any]:
    """What is said of a run, by names of CHANGES; `others` may be said beside it."""
    unknown = [name for name in said if name not in others and name not in CHANGES]
    if unknown:
        raise BadInput(f"{where} has {unknown[0]!r}; it may have {listed((*others, *CHANGES))}.")
    found = {name: said[name] for name in CHANGES if name in said}
    for name, value in found.items():
        _check_kind(f'"{name}" of {where}', value, CHANGES[name])
    return found


def _check_kind(what: str, value: Any, kind: str) -> None:
    if type(value) not in KINDS[kind]:
        raise BadInput(f"{what} is {kind}, not {value!r}.")


def _check_claims(tree: ast.Module, steps: int) -> None:
    found = functions_of(tree, "claims")
    if not found:
        raise BadInput("it needs a function claims, which takes the run of each step.")
    takes = found[0].args
    most = len(takes.posonlyargs) + len(takes.args)
    if takes.vararg is None and not most - len(takes.defaults) <= steps <= most:
        raise BadInput(f"claims takes {plural(most, 'run')}, and STEPS has {steps:,}.")
