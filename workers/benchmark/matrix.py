"""What a benchmark runs: the matrix of runners, workloads and numbers of workers, and how much work a cell has.

Plain data and pure functions, for any thread. `make_matrix` imports the workloads and may ask other interpreters what
they can do, which takes up to some seconds: not in the GUI thread.
"""

from __future__ import annotations

import inspect
import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog import compatibility, user_functions, user_names
from ..catalog.compatibility import in_its_python
from ..engine.loading import workload_hook
from ..engine.plan import BLOCKING, DEFAULT_SWITCH_MS, Settings
from ..engine.run import usual_seconds
from ..transport.redaction import public
from ..utils.errors import BadInput
from ..utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from ..catalog.entry import Entry
    from ..catalog.fields import Field
    from ..stepping.verdict import Verdict

CELL_S = 1.0
"""The work of a cell is as much as the GUI thread does in this time, where the workload's size can be chosen."""

MIN_TASKS, MAX_EVEN = 16, 64
"""At least so many tasks; up to so many where that makes them go evenly into every number of workers."""

TRIES = 5
"""So often a workload is asked how long it takes: some try a little of it, and others may disturb that."""

MAX_REPEAT = 100
DEFAULT_WORKERS = (1, 2, 4, 8)
DEFAULT_REPEAT = 3


class Choice(NamedTuple):
    """What a person chose to have measured.

    Attributes:
        runners: the places to compare with the GUI thread, which is always measured.
        workloads: the work to do in each.
        workers: how many tasks at once, each number in turn.
        repeat: how many times each cell runs.
        tasks: how many tasks a cell has; None: as many as suit the work.
        params: parameters of workloads and runners; a workload with one of its own is not scaled.
        until_told: whether places that may be the best are run again until they can be told apart (`advice.again`).
        seed: as in `workers.engine.plan.Settings`; `polite` and `switch_interval_ms` likewise.
        python: the Python of the project of a person's own function; empty: the one that is found.
    """

    runners: tuple[str, ...]
    workloads: tuple[str, ...]
    workers: tuple[int, ...] = DEFAULT_WORKERS
    repeat: int = DEFAULT_REPEAT
    tasks: int | None = None
    params: tuple[tuple[str, Any], ...] = ()
    seed: int = 1
    polite: bool = True
    switch_interval_ms: float = DEFAULT_SWITCH_MS[True]
    until_told: bool = False
    python: str = ""


class Cell(NamedTuple):
    """One place of the matrix."""

    runner: str
    workload: str
    workers: int


class Refused(NamedTuple):
    """A runner and a workload that do not fit, and a sentence that says why."""

    runner: str
    workload: str
    why: str


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


class Matrix(NamedTuple):
    """All that is to be run.

    Attributes:
        choice: what it was made from.
        cells: what each repetition runs; of each workload the GUI thread first, then the runners in turn.
        refused: what cannot be run.
        sizes: by workload.
        runner_titles: what people call the runners, by name.
        workload_titles: likewise.
        runner_params: those of the chosen parameters that are a runner's own, by runner.
        runners: what is known of them, by name.
        workloads: likewise.
        chosen: which one of several a runner was when this was made, where there is a choice, such as of Pythons.
        safety: whether calls at once harm each other (`workers.benchmark.safety`); None where nobody has asked.
    """

    choice: Choice
    cells: tuple[Cell, ...]
    refused: tuple[Refused, ...]
    sizes: Mapping[str, Size]
    runner_titles: Mapping[str, str]
    workload_titles: Mapping[str, str]
    runner_params: Mapping[str, tuple[tuple[str, Any], ...]]
    runners: Mapping[str, Entry] = MappingProxyType({})
    workloads: Mapping[str, Entry] = MappingProxyType({})
    chosen: Mapping[str, compatibility.Chosen | None] = MappingProxyType({})
    safety: Verdict | None = None

    def order(self) -> Iterator[Cell]:
        """The cells as they run. Every repetition has all of them, so that a machine that slows down slows all alike.

        Every second one goes backwards, for what runs before a cell warms or tires the machine.
        """
        for turn in range(self.choice.repeat):
            yield from self.cells if turn % 2 == 0 else reversed(self.cells)

    @property
    def runs(self) -> int:
        return len(self.cells) * self.choice.repeat

    def settings(self, cell: Cell) -> Settings:
        size, choice = self.sizes[cell.workload], self.choice
        params = size.params + self.runner_params.get(cell.runner, ())
        place, work = self.runners[cell.runner], self.workloads[cell.workload]
        return Settings(
            place, work, size.tasks, cell.workers, params, choice.seed, choice.polite, choice.switch_interval_ms
        )


def default_choice(runners: Mapping[str, Entry], workloads: Mapping[str, Entry]) -> Choice:
    """One of each kind of place and of work, of what is available here.

    Their files say so by the literal BENCHMARKED, which is a number for their order.
    """
    return Choice(_usual(runners), _usual(workloads))


def _usual(entries: Mapping[str, Entry]) -> tuple[str, ...]:
    usable = [entry for name, entry in entries.items() if not entry.missing and name != BLOCKING]
    usual = [entry for entry in usable if "BENCHMARKED" in entry.constants]
    usual.sort(key=lambda entry: entry.constants["BENCHMARKED"])
    return tuple(entry.name for entry in usual or usable)


def make_matrix(choice: Choice, runners: Mapping[str, Entry], workloads: Mapping[str, Entry]) -> Matrix:
    """Lay out what is to be run.

    Args:
        choice: what was chosen; the GUI thread need not be named.
        runners: all that there are.
        workloads: likewise.

    Raises:
        BadInput: there is nothing to run, with a sentence that says why.
    """
    own = {name: _own(name, choice, workloads) for name in choice.workloads if user_names.is_own(name)}
    workloads = {**workloads, **own}
    alone = next(iter(own.values())) if own and len(choice.workloads) == 1 else None
    places = [name for name in choice.runners if name != BLOCKING]
    if not places or not choice.workloads or not choice.workers:
        raise BadInput("Choose a workload, a number of workers, and a runner to compare with the GUI thread.")
    known = {name: _own_params(choice, runners[name].fields) for name in places}
    theirs = {name: in_its_python(runners[name], alone, params) for name, params in known.items()}
    cells, refused, sizes = list[Cell](), list[Refused](), dict[str, Size]()
    for workload in choice.workloads:
        work = workloads[workload]
        params = dict(_own_params(choice, work.fields))
        why_not = {
            runner: compatibility.refusal(runners[runner], work, {**params, **dict(theirs.get(runner, ()))})
            for runner in (*places, BLOCKING)
        }
        if not all(why_not[runner] for runner in places):
            sizes[workload] = size_of(work, choice)
            tasks = 0 if choice.tasks else sizes[workload].tasks
            too_often = compatibility.starts_too_often
            why_not = {name: why or too_often(runners[name], tasks) for name, why in why_not.items()}
        refused += [Refused(runner, workload, why) for runner, why in why_not.items() if why]
        fitting = [runner for runner in places if not why_not[runner]]
        if fitting and not why_not[BLOCKING]:  # a function that is async has nothing to be compared with
            cells.append(Cell(BLOCKING, workload, 1))  # it does one task after the other
        cells += [Cell(runner, workload, workers) for workers in choice.workers for runner in fitting]
    if not cells:
        raise BadInput(refused[0].why)
    return Matrix(
        choice,
        tuple(cells),
        tuple(refused),
        sizes,
        {name: entry.title for name, entry in runners.items()},
        {name: entry.title for name, entry in workloads.items()},
        theirs,
        runners,
        workloads,
        {name: compatibility.chosen(runners[name], dict(theirs[name])) for name in places},
    )


def _own(name: str, choice: Choice, workloads: Mapping[str, Entry]) -> Entry:
    """A person's own function, as its file is now."""
    if choice.python or name not in workloads:
        return user_functions.entry(name, choice.python or None)
    return user_functions.current(workloads[name])


def _own_params(choice: Choice, fields: Sequence[Field]) -> tuple[tuple[str, Any], ...]:
    known = {field.name for field in fields}
    return tuple((name, value) for name, value in choice.params if name in known)


def size_of(workload: Entry, choice: Choice) -> Size:
    """About `CELL_S` of work for the GUI thread, in tasks that go evenly into every number of workers.

    The size of a task is the first parameter that the workload's function `seconds` knows, rounded to two digits so
    that it is the same the next time. Where it knows none, a task is as it is and their number is chosen.
    """
    chosen = _own_params(choice, workload.fields)
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
