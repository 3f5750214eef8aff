"""Where threads stand that run a person's code, in a few words.

Called in any other thread than those. Runs on Python 3.9.
"""

from __future__ import annotations

import functools
import os
import threading
from typing import TYPE_CHECKING

from ..monitors.guilt import Rank, SourceFiles
from ..monitors.stacks import stack_of, thread_idents
from ..utils.child import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Calls = Sequence[tuple[str, int, str]]
    """Files, line numbers and functions, the outermost call first."""

MAX_CALLS = 3
"""So many of its own calls are told of a stack, the innermost first."""

DRIVES = {
    (os.path.join(str(PACKAGE), "engine", file), function)
    for file, function in (("task.py", "drive"), ("drive_async.py", "fetch"))
}
"""Whoever has a call of these on its stack runs a task, whosever code that is."""


@functools.cache  # only once it is wanted: to ask where libraries are takes a while
def _files() -> SourceFiles:
    return SourceFiles()


def at_work(but: Iterable[int] = ()) -> dict[int, Calls]:
    """The threads of this process that run tasks or a person's code just now, by their idents, with their stacks.

    Args:
        but: threads that are not looked for.
    """
    found: dict[int, Calls] = {}
    for ident in thread_idents() - {threading.get_ident(), *but}:
        calls = [one.place for one in reversed(stack_of(ident))]
        if has_own(calls) or any((call[0], call[2]) in DRIVES for call in calls):
            found[ident] = calls
    return found


def has_own(calls: Calls) -> bool:
    """Whether a stack has lines of the work itself, and not of libraries and of us alone."""
    return any(_files().rank(call[0]) is Rank.WORK for call in calls)


def words(calls: Calls) -> str:
    """Where a stack stands, by its own lines: "find (mine.py:12), called by work (mine.py:40)"; empty without calls."""
    own = [call for call in calls if _files().rank(call[0]) is Rank.WORK] or list(calls[-1:])
    places = [f"{function} ({os.path.basename(file)}:{line})" for file, line, function in reversed(own)]
    return ", called by ".join(places[:MAX_CALLS])
