"""The settings of a lesson's steps, as of every other run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..catalog import lookup, user_functions, user_names
from ..catalog.compatibility import lack, not_available, refusal, takes_all, usual_place
from ..engine.plan import (
    DEFAULT_RUNNER,
    DEFAULT_SWITCH_MS,
    DEFAULT_WORKERS,
    MAX_SEED,
    MAX_TASKS,
    MAX_WORKERS,
    Settings,
)
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog.entry import Entry
    from ..catalog.lessons import Lesson, Step

LIMITS = {
    "tasks": (1, MAX_TASKS),
    "workers": (1, MAX_WORKERS),
    "seed": (1, MAX_SEED),
    "switch_ms": (0.01, 1000),
}
"""The least and the largest of what may be said of a step in numbers."""


def settings_of(lesson: Lesson, step: Step) -> Settings:
    """The settings of a step.

    Raises:
        BadInput: it cannot be run here, with the reason.
    """
    try:
        return _settings(lesson, step.said)
    except BadInput as why:
        raise BadInput(f"{lesson.title}: {step.says}: {why}") from None


def _settings(lesson: Lesson, said: Mapping[str, Any]) -> Settings:
    for name, (least, most) in LIMITS.items():
        if name in said and not least <= said[name] <= most:
            raise BadInput(f'"{name}" is a number from {least:,} to {most:,}, not {said[name]:,}.')
    workload = _workload(lesson, said["workload"])
    usual = workload.constants
    runner = usual_place(workload, lookup.runners(), usual.get("RUNNER", DEFAULT_RUNNER))
    place = _named("runner", said.get("runner") or runner)
    polite = said.get("polite", True)
    for kind, entry in (("runner", place), ("workload", workload)):
        if entry.missing:
            raise BadInput(not_available(kind, entry))
    params = _params(said.get("params", {}), place, workload)
    missing = lack(workload, params)
    why_not = missing.why if missing is not None else refusal(place, workload, params)
    if why_not:
        raise BadInput(why_not)
    return Settings(
        place,
        workload,
        said.get("tasks", MAX_TASKS if takes_all(workload, params) else int(usual.get("TASKS", 1))),
        said.get("workers", int(usual.get("WORKERS", DEFAULT_WORKERS))),
        tuple(params.items()),
        said.get("seed", 1),
        polite,
        float(said.get("switch_ms", usual.get("SWITCH_MS", DEFAULT_SWITCH_MS[polite]))),
    )


def _params(said: Mapping[str, Any], *entries: Entry) -> dict[str, Any]:
    """The parameters of a step as the command line would take them, so of the kinds that they are meant to be."""
    fields = {field.name: field for entry in entries for field in entry.fields}
    unknown = next((name for name in said if name not in fields), None)
    if unknown is not None:
        neither = " nor ".join(entry.name for entry in reversed(entries))
        there = ", ".join(fields) or "none"
        raise BadInput(f"Neither {neither} has a parameter {unknown!r}. There are: {there}.")
    try:
        return {name: fields[name].parse(fields[name].text(value)) for name, value in said.items()}
    except BadInput as why:
        raise BadInput(f"{why}.") from None


def needs_window(lesson: Lesson) -> bool:
    """Whether its runs need a window: it says so, or runs a function of a person's that does."""
    return lesson.needs_window or any(_needs_gui(lesson, step.said["workload"]) for step in lesson.steps)


def _needs_gui(lesson: Lesson, name: str) -> bool:
    if not user_names.is_own(name):
        return False
    try:
        facts = _workload(lesson, name).own
    except BadInput:  # which its start says
        return False
    return facts is not None and bool(facts.needs_gui)


def _workload(lesson: Lesson, name: str) -> Entry:
    """The entry of a step's workload."""
    return (
        user_functions.entry(work_name(lesson, name)) if user_names.is_own(name) else _named("workload", name)
    )


def work_name(lesson: Lesson, name: str) -> str:
    """What a step's workload is called from here: a person's own file is looked for beside the lesson."""
    is_path = user_names.is_own(name) and (".py:" in name or name.endswith(".py"))
    return str(lesson.path.parent / name) if is_path else name


def _named(kind: str, name: str) -> Entry:
    found = lookup.entry(f"{kind}s", name)
    if found is None:
        raise BadInput(f"There is no {kind} {name!r}: --list has all of them.")
    return found
