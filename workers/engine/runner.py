"""What every runner can do: two calls. Runners differ in one thing only, who calls `next()`, and where."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..catalog.entry import Entry
    from .task import Control, Emit, Task


class Runner(Protocol):
    """A place where the tasks of one run are carried out. One is made for each run, in the GUI thread."""

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Carry out the tasks. Called once, in the GUI thread; returns as soon as the place allows.

        Args:
            tasks: pulled one by one as places fall free, from any thread; ends by itself once the run is cancelled.
                Whoever pulls a task sees to its one final event (`workers.engine.task.drive` emits it).
            workers: how many tasks may run at once, at least 1.
            emit: takes every event, from any thread.
            control: to be handed to `drive`.
        """

    def close(self, timeout: float) -> bool:
        """Free what `start` made: threads, processes, sockets. Called after the last event or a cancel.

        May be called again until it has succeeded.

        Args:
            timeout: how many seconds it may block, 0 to look only.

        Returns:
            Whether nothing of it is left running.
        """


@runtime_checkable
class HasNotes(Protocol):
    """A runner that has more to say of a run than its events do; few have."""

    def notes(self) -> list[str]:
        """What came of the run, in sentences for people. Called after the last event, before `close`."""


@runtime_checkable
class AsksStanding(Protocol):
    """A runner whose tasks run in other processes, and that can ask these where they stand.

    Attributes:
        standing: what they have told since, a place each, in words.
    """

    standing: list[str]

    def ask_standing(self) -> None:
        """Ask; returns at once, and what is busy in C may never answer."""


def load_runner(entry: Entry, params: Mapping[str, Any]) -> tuple[Runner, dict[str, Any]]:
    """Import a runner and make one for one run.

    Args:
        entry: what is known of it.
        params: the parameters of the run; the runner is given those that are its own.

    Returns:
        The runner, and the parameters that are not its own.
    """
    module = importlib.import_module(f"..runners.{entry.name}", __package__)
    (kind,) = [
        value
        for key, value in vars(module).items()
        if key.endswith("Runner") and getattr(value, "__module__", "") == module.__name__
    ]
    names = {field.name for field in entry.fields}
    runner: Runner = kind(**{key: value for key, value in params.items() if key in names})
    return runner, {key: value for key, value in params.items() if key not in names}
