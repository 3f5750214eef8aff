"""What a benchmark runs: the matrix of runners, workloads and numbers of workers.

Plain data and pure functions, for any thread. `make_matrix` imports the workloads and may ask other interpreters what
they can do, which takes up to some seconds: not in the GUI thread.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog import compatibility, user_functions, user_names
from ..catalog.compatibility import in_its_python
from ..engine.plan import BLOCKING, Settings
from ..utils.errors import BadInput
from .sizes import Size, own_params, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..catalog.entry import Entry
    from ..stepping.verdict import Verdict
    from .choice import Choice


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
    known = {name: own_params(choice, runners[name].fields) for name in places}
    theirs = {name: in_its_python(runners[name], alone, params) for name, params in known.items()}
    cells, refused, sizes = list[Cell](), list[Refused](), dict[str, Size]()
    for workload in choice.workloads:
        work = workloads[workload]
        params = dict(own_params(choice, work.fields))
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
