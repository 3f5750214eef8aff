"""The stacks of a run's freezes, folded: a line for each, as flamegraph.pl, inferno and speedscope read it.

A line is `outer (file:line);inner (file:line) microseconds`, which is Brendan Gregg's format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..monitors.call_tree import short_name
from ..monitors.guilt import SourceFiles
from ..reports.run_file import RunFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..engine.run import Run
    from ..monitors.freeze import Freeze, Stack

TITLE = "Folded stacks of the freezes, for flamegraph.pl"
SUFFIX = ".folded"


def pieces(run: Run) -> Iterator[str]:
    """The stacks of all freezes."""
    for freeze in with_stacks(run):
        yield from folded(freeze.stacks)


def with_stacks(run: Run) -> list[Freeze]:
    """The freezes of which there are stacks.

    Raises:
        RunFileError: there are none.
    """
    found = [freeze for freeze in run.freezes if freeze.stacks]
    if not found:
        raise RunFileError(
            "No stack was taken in this run: there is nothing to export. Only long freezes have some."
        )
    return found


def folded(stacks: Iterable[Stack]) -> Iterator[str]:
    """A line for each stack; what Python's names may hold that would break it is replaced."""
    files = SourceFiles()
    for stack in stacks:
        names = (f"{function} ({short_name(file, files)}:{line})" for file, line, function in stack.calls)
        chain = ";".join(" ".join(name.replace(";", ",").split()) for name in names)
        yield f"{chain} {round(stack.seconds * 1e6)}\n"
