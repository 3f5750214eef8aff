"""Checks the values that the file of a run holds; for any thread.

Whatever is wrong raises a ValueError that says what, or another error that `workers.run_files.reader` takes for
damage.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from ..catalog import lookup
from ..catalog.callables.literals import decoded_each
from ..catalog.entry import unknown
from ..catalog.user_names import is_own
from ..engine.plan import MAX_TASKS, MAX_WORKERS, Settings
from ..engine.sharing import Reason
from ..image_server.conditions import NetworkConditions, changed
from ..monitors.freeze import MAX_CALLS, MAX_STACKS, Stack
from ..monitors.lag import LagSummary
from ..monitors.resources import Resources
from .members import VALUES_A_STEP

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Generator

Item = TypeVar("Item")

BIGGEST = 1e15
"""No number in a run is larger, but for sums over its tasks."""


def no_number(word: str) -> NoReturn:
    """Takes what JSON does not have and Python's reader accepts: NaN and infinities."""
    raise ValueError(f"{word} is no number")


def whole(value: Any, low: int, high: int, what: str) -> int:
    """The value, where it is a whole number within these bounds."""
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{what} is not a number from {low:,} to {high:,}")
    return value


def real(value: Any, low: float, high: float, what: str) -> float:
    """The value, where it is a number within these bounds."""
    if type(value) not in {int, float} or not low <= value <= high:
        raise ValueError(f"{what} is not a number from {low:,g} to {high:,g}")
    return float(value)


def plain_text(value: Any, what: str) -> str:
    """The value, where it is a text."""
    if not isinstance(value, str):
        raise ValueError(f"{what} is no text")
    return value


def plain_object(value: Any, what: str) -> dict[str, Any]:
    """An object whose values are plain: nothing of it may be a list or an object again."""
    if not isinstance(value, dict):
        raise ValueError(f"{what} is no object")
    if any(not isinstance(each, (str, int, float, bool, type(None))) for each in value.values()):
        raise ValueError(f"a value of {what} is not plain")
    return value


def run_settings(value: Any) -> Settings:
    """The settings of a run."""
    runner, workload = plain_text(value["runner"], "runner"), plain_text(value["workload"], "workload")
    params = value["params"]
    # What a person's own function is given may be a list or a dict.
    if is_own(workload) and isinstance(params, dict):
        params = decoded_each(params)
    else:
        params = plain_object(params, "params")
    # A person's own function is not even looked for: who opens a file has not asked for a run.
    work = unknown(workload) if is_own(workload) else lookup.named("workloads", workload)
    return Settings(
        runner_entry=lookup.named("runners", runner),
        workload_entry=work,
        tasks=whole(value["tasks"], 1, MAX_TASKS, "tasks"),
        workers=whole(value["workers"], 1, MAX_WORKERS, "workers"),
        params=tuple((work.new_name(name), value) for name, value in params.items()),
        seed=whole(value["seed"], 0, 2**63, "seed"),
        polite=bool(value["polite"]),
        switch_interval_ms=real(value["switch_interval_ms"], 0, BIGGEST, "switch_interval_ms"),
    )


def or_none(check: Callable[[Any], Item], value: Any) -> Item | None:
    """The value as `check` returns it; None where there is none: nobody measured it, or nothing had it."""
    return None if value is None else check(value)


def lag_summary(value: Any) -> LagSummary:
    """The lag of a run's window."""
    figures = {name: real(value[name], 0, BIGGEST, name) for name in LagSummary._fields}
    counts = {name: whole(value[name], 0, 10**15, name) for name in ("beats", "freezes")}
    return LagSummary(**{**figures, **counts})  # type: ignore[arg-type]  # whole where it is annotated int


def resources(value: Any) -> Resources:
    """What a run cost."""
    cpu_s, *others = (value[name] for name in Resources._fields)
    memory, startup_s = (
        or_none(lambda other: real(other, 0, BIGGEST, "a resource"), other) for other in others
    )
    return Resources(real(cpu_s, 0, BIGGEST, "cpu_s"), memory, startup_s)


def network(value: Any) -> NetworkConditions:
    """How the image server behaved. What another version has beside it is left out."""
    found = plain_object(value, "weather")
    return changed(
        NetworkConditions(),
        {name: real(found[name], 0, BIGGEST, name) for name in NetworkConditions._fields if name in found},
    )


def task_text(what: str, longest: int | None, item: Any) -> tuple[int, str]:
    """A task's index, and what there is of it: its "traceback", or the "result" that it returned."""
    return whole(item["task"], 0, MAX_TASKS, "task"), plain_text(item[what], what)[:longest]


def reason(count: int, item: Any) -> Reason:
    """Why tasks waited: what for, and the indices of those of the `count` tasks that held it."""
    holders = item["holders"]
    if not isinstance(holders, list) or len(holders) > MAX_WORKERS:
        raise ValueError("the holders are no list, or too many")
    return Reason(
        plain_text(item["what"], "what"), tuple(whole(one, 0, count - 1, "a holder") for one in holders)
    )


def gauge(item: Any) -> tuple[str, str, int]:
    """The name and the kind of a gauge, and how many samples it has."""
    kind = plain_text(item["kind"], "kind")
    if kind not in {"", "holder", "level"}:
        raise ValueError("a gauge is of no known kind")
    return plain_text(item["name"], "name"), kind, whole(item["count"], 1, 10**8, "count")


def stacks(calls: Any, stacks: Any, longest_s: float) -> tuple[Stack, ...]:
    """The stacks of a freeze, whose calls are told by their places in a list; none stood longer than `longest_s`."""
    known = [
        (plain_text(file, "a call"), whole(line, 0, 10**9, "a call"), plain_text(function, "a call"))
        for file, line, function in calls
    ]
    if len(stacks) > MAX_STACKS or any(len(numbers) > MAX_CALLS for *_, numbers in stacks):
        raise ValueError("a freeze has too many stacks, or one that is too deep")
    return tuple(
        Stack(
            tuple(known[whole(number, 0, len(known) - 1, "a call")] for number in numbers),
            whole(samples, 1, 10**9, "samples"),
            real(seconds, 0, longest_s, "the time of a stack"),
        )
        for samples, seconds, numbers in stacks
    )


def check_below(values: array[int], count: int, what: str) -> Generator[None, None, None]:
    """Look, step by step, whether all indices are below `count`."""
    for low in range(0, len(values), 8 * VALUES_A_STEP):
        if max(values[low : low + 8 * VALUES_A_STEP]) >= count:
            raise ValueError(f"there is no {what} of that number")
        yield


def check_range(values: array[float], least: float, most: float, what: str) -> Generator[None, None, None]:
    """Look, step by step, whether all values are numbers within these bounds."""
    for low in range(0, len(values), VALUES_A_STEP):
        part = values[low : low + VALUES_A_STEP]
        if not all(map(math.isfinite, part)) or not least <= min(part) <= max(part) <= most:
            raise ValueError(f"a value of the {what} is out of range")
        yield
