"""What one run is to do: its settings, and the arguments of each of its tasks, made when they are asked for."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog import lookup, user_names
from ..catalog.callables.literals import anew, encoded_each
from ..catalog.user_parameters import arguments
from ..transport.redaction import public
from ..user_code.loading import forget
from ..utils.errors import BadInput
from .loading import load_workload, workload_hook
from .task import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..catalog.entry import Entry

GIVEN = ("index", "tasks", "seed")
"""What a task's function gets from its plan, where it has parameters of these names."""

BLOCKING = "gui_thread"
"""The runner that the toggle and --blocking mean."""

DEFAULT_RUNNER = "thread_pool"
"""Chosen at first: the place that most programs should begin with."""

MAX_TASKS = 1_000_000
MAX_WORKERS = 256
MAX_SEED = 2**31 - 1
DEFAULT_WORKERS = 2
DEFAULT_SWITCH_MS = {True: 0.5, False: 5.0}
"""The switch interval in ms, where nobody chose one: ours for polite runs, Python's own for the others."""


class Settings(NamedTuple):
    """What a person chose for a run.

    It has the entries of the catalog, as a menu has them: a start reads nothing again but a file that was edited.

    Attributes:
        runner_entry: where it runs.
        workload_entry: what it does.
        tasks: how many tasks.
        workers: how many of them at once, at least 1.
        params: the parameters of the workload and of the runner, as pairs of name and value.
        seed: the same seed makes the same work.
        polite: whether tasks that hold the GIL take turns and leave the GUI thread room (`gil_scheduler`).
        switch_interval_ms: how long a thread may keep the GIL while others want it, in ms.
    """

    runner_entry: Entry
    workload_entry: Entry
    tasks: int
    workers: int
    params: tuple[tuple[str, Any], ...] = ()
    seed: int = 1
    polite: bool = True
    switch_interval_ms: float = DEFAULT_SWITCH_MS[True]

    @classmethod
    def named(
        cls,
        runner: str,
        workload: str,
        tasks: int,
        workers: int,
        params: tuple[tuple[str, Any], ...] = (),
        seed: int = 1,
        polite: bool = True,
        switch_interval_ms: float = DEFAULT_SWITCH_MS[True],
    ) -> Settings:
        """Settings of which only the names are known; what is not here is refused at a start."""
        place, work = lookup.named("runners", runner), lookup.named("workloads", workload)
        return cls(place, work, tasks, workers, params, seed, polite, switch_interval_ms)

    @classmethod
    def of_lab(cls, version: Entry, runner: str = "") -> Settings:
        """Those of a lab's claims: where, how many tasks and workers, and the switch interval, as its file says.

        Args:
            version: of the lab.
            runner: another place than the lab's own.
        """
        said = version.constants
        return cls(
            lookup.named("runners", runner or said["RUNNER"]),
            version,
            said["TASKS"],
            said["WORKERS"],
            switch_interval_ms=said["SWITCH_MS"],
        )

    def param(self, name: str) -> Any:
        """The value of one of the workload's parameters: as it was chosen, or else its default."""
        usual = {field.name: field.default for field in self.workload_entry.fields}
        return {**usual, **dict(self.params)}[name]

    @property
    def runner(self) -> str:
        return self.runner_entry.name

    @property
    def workload(self) -> str:
        return self.workload_entry.name

    def blocking(self) -> Settings:
        """The same work on the GUI thread."""
        return self._replace(runner_entry=lookup.runners()[BLOCKING])

    @property
    def public_params(self) -> dict[str, Any]:
        """The parameters without secrets, as they may be shown and kept."""
        return public(dict(self.params))

    def plain(self) -> dict[str, Any]:
        """Plain data for a file, with names in place of the entries, and without secrets."""
        return {
            "runner": self.runner,
            "workload": self.workload,
            "tasks": self.tasks,
            "workers": self.workers,
            "params": encoded_each(self.public_params),
            "seed": self.seed,
            "polite": self.polite,
            "switch_interval_ms": self.switch_interval_ms,
        }


class Plan:
    """The tasks of a run. A hundred thousand cost nothing until they are pulled, unless the workload plans them itself.

    A workload's function gets `index` (0, 1, ...), `tasks` and `seed` where it has parameters of these names. Where
    its file has a function `plan`, that is called once, with `tasks`, `seed`, `server` (the image server's address)
    and its own parameters, and returns the further arguments of each task. A ValueError of it is told as a BadInput.

    Attributes:
        settings: what was chosen.
        count: how many tasks there are.
        unit: what the workload's amounts count.
        limits: sentences on limits of the system that the run has to keep.
        notes: these, and sentences on what the workload left out of the run, such as a part of a list.

    Raises:
        BadInput: a parameter is unusable, with a sentence for people.
    """

    def __init__(
        self, settings: Settings, server: Callable[[], str], params: Mapping[str, Any] | None = None
    ) -> None:
        """Make the plan.

        Args:
            settings: what was chosen.
            server: returns the address of the image server; called when the workload wants it.
            params: those of the parameters that are not the runner's; None where all are the workload's. What the
                workload has no name for is left out: in a comparison it belongs to the other runner.
        """
        self.settings = settings
        self.limits: tuple[str, ...] = ()
        self._workload = settings.workload  # of short tasks there are a hundred thousand a second
        self._rows: Sequence[dict[str, Any]] | None = None
        self._again: Callable[[], tuple[tuple[str, Any], ...]] | None = None
        params = dict(settings.params if params is None else params)
        entry = settings.workload_entry
        self.unit = str(entry.constants.get("UNIT", "tasks"))
        if entry.is_workload:
            self._plan_workload(server, params)
        else:
            assert entry.own is not None  # `Session.start` has looked for it
            # It is imported where it runs, and not before.
            forget()
            self._given = [name for name in GIVEN if name in entry.own.given]
            self._fixed = tuple(arguments(entry, params).items())
            self._again = anew(self._fixed)
        self.count = settings.tasks if self._rows is None else len(self._rows)
        same = {"tasks": self.count, "seed": settings.seed}
        self._same = tuple((name, same[name]) for name in self._given if name in same)
        self._wants_index = "index" in self._given

    def _plan_workload(self, server: Callable[[], str], params: dict[str, Any]) -> None:
        settings = self.settings
        function = load_workload(settings.workload).function
        self._given = [name for name in GIVEN if name in inspect.signature(function).parameters]
        plan = workload_hook(settings.workload_entry, "plan")
        if plan is not None:
            wanted = inspect.signature(plan).parameters
            given: dict[str, Any] = {"tasks": settings.tasks, "seed": settings.seed, "server": server}
            chosen = {name: params.pop(name) for name in list(params) if name in wanted}
            try:
                self._rows = plan(**{name: value for name, value in given.items() if name in wanted}, **chosen)
            except ValueError as error:  # whoever writes a workload need not know of ours
                raise BadInput(str(error)) from error
        known = {field.name for field in settings.workload_entry.fields}
        self._fixed = tuple((name, value) for name, value in params.items() if name in known)

    def task(self, index: int, number: int) -> Task:
        """The task at `index` of this run; `number` is its name for all events."""
        arguments = self._same if self._rows is None else (*self._same, *self._rows[index].items())
        if self._wants_index:
            arguments = (("index", index), *arguments)
        fixed = self._fixed if self._again is None else self._again()
        return Task(number, self._workload, arguments + fixed)

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.limits, *getattr(self._rows, "notes", ()))

    @property
    def items(self) -> Sequence[int]:
        """Which item of a queue each task is for, where the workload plans that; else empty."""
        return [row["item"] for row in self._rows or () if "item" in row]

    def title(self, index: int) -> str:
        """What the table calls the task: the workload's own `name` for it, or its number."""
        if self._rows is not None and "name" in self._rows[index]:
            return str(self._rows[index]["name"])
        return f"{user_names.slug(self._workload)} {index + 1:,}"
