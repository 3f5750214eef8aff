"""How much work the cells of a benchmark have. Pure functions, for any thread but the GUI thread: work may be tried."""

from __future__ import annotations

import inspect
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from ..engine.loading import workload_hook
from ..engine.run import usual_seconds
from ..transport.redaction import public
from ..utils.errors import BadInput
from ..utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from ..catalog.entry import Entry
    from ..catalog.fields import Field
    from .choice import Choice

CELL_S = 1.0
"""The work of a cell is as much as the GUI thread does in this time, where the workload's size can be chosen."""

MIN_TASKS, MAX_EVEN = 16, 64
"""At least so many tasks; up to so many where that makes them go evenly into every number of workers."""

TRIES = 5
"""So often a workload is asked how long it takes: some try a little of it, and others may disturb that."""


class Size(NamedTuple):
    """How much work the cells of one workload have.

    Attributes:
        tasks: how many tasks.
        params: the workload's parameters that are not its defaults.
        expected_s: about how long that takes on the GUI thread, in seconds; 0.0 where nobody knows.
        unit: what its amounts count.
        call_s: how long a call of a plain function takes by itself, in seconds, without what a task costs; 0.0 where
            that was not measured.
    """

    tasks: int
    params: tuple[tuple[str, Any], ...]
    expected_s: float
    unit: str
    call_s: float = 0.0

    @property
    def words(self) -> str:
        """The same for people: "16 tasks, numbers=50,000; speeds in numbers"."""
        told = [plural(self.tasks, "task")]
        for name, value in public(dict(self.params)).items():
            told.append(f"{name}={value:,}" if type(value) in (int, float) else f"{name}={value}")
        return f"{', '.join(told)}; speeds in {self.unit}"


def own_params(choice: Choice, fields: Sequence[Field]) -> tuple[tuple[str, Any], ...]:
    """Those of the chosen parameters that are one of these fields'."""
    known = {field.name for field in fields}
    return tuple((name, value) for name, value in choice.params if name in known)


def size_of(workload: Entry, choice: Choice) -> Size:
    """About `CELL_S` of work for the GUI thread, in tasks that go evenly into every number of workers.

    The size of a task is the first parameter that the workload's function `seconds` knows, rounded to two digits so
    that it is the same the next time. Where it knows none, a task is as it is and their number is chosen.
    """
    chosen = own_params(choice, workload.fields)
    if workload.own is not None and not workload.own.is_workload:
        return _own_size(workload, choice, chosen)
    unit = str(workload.constants.get("UNIT", "tasks"))
    even = math.lcm(*choice.workers)
    even = even if even <= MAX_EVEN else max(choice.workers)
    tasks = choice.tasks or even * math.ceil(MIN_TASKS / even)
    knob = None if chosen else _knob(workload)
    if knob is not None:
        chosen = ((knob.name, _scaled(workload, knob, tasks)),)
    elif not choice.tasks and not chosen and "tasks" not in _time_depends_on(workload):
        each = _expected_s(workload, 1, ())
        tasks = even * max(1, round(CELL_S / each / even)) if each else tasks
    return Size(tasks, chosen, _expected_s(workload, tasks, chosen), unit)


def _own_size(workload: Entry, choice: Choice, chosen: tuple[tuple[str, Any], ...]) -> Size:
    """A person's own function is tried, in a process of its own, for how many calls are a run.

    Raises:
        BadInput: a call did not end: in the GUI thread nothing would answer any more, perhaps for ever.
    """
    from . import trial  # only here: it loads asyncio, which the window would wait for at its start

    tried = None if choice.tasks else trial.try_calls(workload, dict(chosen), choice.seed)
    each_s = tried.each_s if tried is not None else None
    if each_s is not None and each_s >= trial.PATIENCE_S:
        assert workload.own is not None
        raise BadInput(
            f"{workload.own.function} was tried, and one call had not ended after {each_s:g} s: give it less to do. Or "
            "say how many calls a run has: then it is run, and the window freezes for as long on the GUI thread."
        )
    tasks = choice.tasks or trial.calls(each_s, max(choice.workers))
    call_s = tried.call_s if tried is not None else 0.0
    return Size(tasks, chosen, (each_s or 0.0) * tasks, str(workload.constants["UNIT"]), call_s)


def _expected_s(workload: Entry, tasks: int, params: tuple[tuple[str, Any], ...]) -> float:
    return min(usual_seconds(workload, tasks, dict(params)) for _ in range(TRIES))


def _knob(workload: Entry) -> Field | None:
    known = _time_depends_on(workload)
    sized = (field for field in workload.fields if field.name in known and field.kind in {"int", "float"})
    return next((field for field in sized if field.default), None)


def _time_depends_on(workload: Entry) -> Container[str]:
    """What a workload has to know to say how long it takes; "tasks" where more of them only cut the same work up."""
    hook = workload_hook(workload, "seconds")
    return inspect.signature(hook).parameters if hook is not None else ()


def _scaled(workload: Entry, knob: Field, tasks: int) -> int | float:
    """The value with which all tasks take about `CELL_S`. Found by halving: work may grow faster than it."""
    low = math.log(max(knob.low or 0.0, knob.default / 1000))
    high = math.log(min(knob.high or math.inf, knob.default * 1000))
    while high - low > 0.005:
        middle = (low + high) / 2
        if _expected_s(workload, tasks, ((knob.name, _rounded(math.exp(middle), knob)),)) < CELL_S:
            low = middle
        else:
            high = middle
    return _rounded(math.exp(low), knob)


def _rounded(value: float, knob: Field) -> int | float:
    short = max(float(f"{value:.2g}"), -math.inf if knob.low is None else knob.low)
    return max(1, int(short)) if knob.kind == "int" else short
