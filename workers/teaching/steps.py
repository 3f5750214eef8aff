"""The settings of a lesson's steps, as of every other run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..catalog import lookup, user_functions, user_names
from ..catalog.compatibility import lack, not_available, refusal
from ..engine.plan import DEFAULT_RUNNER, DEFAULT_SWITCH_MS, Settings
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from ..catalog.entry import Entry
    from ..catalog.lessons import Lesson, Step

USUAL_WORKERS = 2


def settings_of(lesson: Lesson, step: Step) -> Settings:
    """The settings of a step.

    Raises:
        BadInput: it cannot be run here, with the reason.
    """
    said = step.said
    workload = _workload(lesson, said["workload"])
    usual = workload.constants
    place = lookup.named("runners", said.get("runner") or usual.get("RUNNER", DEFAULT_RUNNER))
    polite = bool(said.get("polite", True))
    params: dict[str, Any] = dict(said.get("params", {}))
    for kind, entry in (("runner", place), ("workload", workload)):
        if entry.missing:
            raise BadInput(not_available(kind, entry))
    known = {field.name for entry in (place, workload) for field in entry.fields}
    unknown = sorted(set(params).difference(known))
    if unknown:
        raise BadInput(f"Neither {workload.name} nor {place.name} has a parameter {unknown[0]!r}.")
    missing = lack(workload, params)
    why_not = missing.why if missing is not None else refusal(place, workload, params)
    if why_not:
        raise BadInput(why_not)
    return Settings(
        place,
        workload,
        int(said.get("tasks", usual.get("TASKS", 1))),
        int(said.get("workers", usual.get("WORKERS", USUAL_WORKERS))),
        tuple(params.items()),
        int(said.get("seed", 1)),
        polite,
        float(said.get("switch_ms", usual.get("SWITCH_MS", DEFAULT_SWITCH_MS[polite]))),
    )


def _workload(lesson: Lesson, name: str) -> Entry:
    """The entry of a step's workload; a person's own file is looked for beside the lesson."""
    if not user_names.is_own(name):
        return lookup.named("workloads", name)
    where, _, function = name.rpartition(":")
    if where.endswith(".py"):
        where = str(lesson.path.parent / where)
    return user_functions.entry(f"{where}:{function}")
