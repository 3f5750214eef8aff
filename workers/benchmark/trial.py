"""How long a call of a person's own function takes: tried in a process of its own, which runs nothing else.

Not in the program: there it would freeze the window, and a call that never ends could not be ended.
`try_calls` blocks for some seconds, so not in the GUI thread. `main` runs in that process.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import math
import os
import subprocess
import sys
import time
from contextlib import closing
from itertools import count as numbers
from timeit import Timer
from typing import TYPE_CHECKING, NamedTuple

from ..catalog.callables.literals import anew
from ..catalog.compatibility import unmet_here
from ..catalog.user_parameters import arguments
from ..engine.drive_async import run_once
from ..engine.task import Control
from ..pythons.asking import FLAGS, USER_SITE
from ..pythons.lending import packages
from ..sync.made import defaults
from ..user_code.calling import bind
from ..user_code.loading import made
from ..utils.child import PRIVATE, heard, private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ..catalog.entry import Entry
    from ..user_code.loading import Made

RUN_S = 2.5
"""The calls of a run take about so long, one after the other."""

MAX_CALLS = 50_000
"""Of a function that does next to nothing: more of them would only measure Thaw."""

ENOUGH_S = 0.3
"""Calls are tried for so long, or until one has ended."""

PATIENCE_S = 12.0
"""A call that has not ended by then is ended, with its process."""

SHORT_S = 0.000_1
"""A call that takes no longer with what a task costs is timed by itself as well."""

BEGIN = f"{USER_SITE}import sys; from {PRIVATE}.benchmark.trial import main; main(sys.stdin.readline())"


class Trial(NamedTuple):
    """What a function took.

    Attributes:
        each_s: a call as a task, in seconds.
        call_s: a call of a plain function by itself, in seconds; 0.0 where a task costs little beside it.
    """

    each_s: float
    call_s: float = 0.0


def place_of(entry: Entry, begin: str, flags: tuple[str, ...] = FLAGS) -> tuple[list[str], tuple[str, ...]]:
    """The command that runs code of ours in a process where a function can run, and the folders that its path lacks.

    Args:
        entry: the function's.
        begin: the code, which begins with USER_SITE.
        flags: for the Python of the project.
    """
    assert entry.own is not None
    there = entry.own.python if unmet_here(entry, ask=True) else ""  # it can run in no other Python
    command = private(begin, python=there, flags=flags) if there else private(begin, flags=("-B",))
    return command, packages(entry.own.python)


def try_calls(entry: Entry, params: Mapping[str, Any], seed: int = 1) -> Trial | None:
    """About how long one call takes; None where that cannot be told: it fails, or needs the GUI thread.

    Args:
        entry: the function's.
        params: what was chosen for it.
        seed: as of a run.
    """
    if entry.own is None or entry.own.needs_gui or entry.constants.get("MEETS"):  # alone it would wait for ever
        return None
    try:
        command, folders = place_of(entry, BEGIN)
        line = repr([entry.name, list(entry.own.given), arguments(entry, params), seed, folders])
        return Trial(*map(float, json.loads(heard(command, PATIENCE_S, line).stdout)))
    except subprocess.TimeoutExpired:
        return Trial(PATIENCE_S)
    except (OSError, ValueError, TypeError):
        return None


def calls(each_s: float | None, workers: int) -> int:
    """How many calls make a run: about RUN_S of them, which go evenly into the workers; few where nothing is known."""
    if each_s is None:
        return 2 * workers
    wanted = RUN_S / max(each_s, 1e-9)
    if wanted < workers:
        return max(2, math.ceil(wanted))
    return min(MAX_CALLS, workers * max(1, round(wanted / workers)))


def main(line: str) -> None:
    """Try a function, and print how many seconds a call takes; what it prints itself is not heard."""
    name, given, fixed, seed, folders = ast.literal_eval(line)
    sys.path.extend(folders)
    again = anew(tuple(fixed.items()))
    answer = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    found = made(name)
    control = Control()
    with closing(asyncio.new_event_loop()) as loop:  # also in a Python that has no better way yet

        def keywords_of(index: int) -> dict[str, Any]:
            values = {"index": index, "tasks": 1000, "seed": seed, "control": control}
            own = fixed if again is None else dict(again())
            keywords = {**own, **{key: values[key] for key in given}}
            if (make := found.workload.make_shared) is not None:
                known = {**defaults(found.function), **keywords}
                keywords["shared"] = control.waits.shared(make, known)
            return keywords

        def timed(index: int) -> float:
            keywords = keywords_of(index)
            began = time.perf_counter()
            if found.is_async:
                loop.run_until_complete(run_once(found, keywords))
            else:
                for _ in found.workload.function(**keywords):
                    pass
            return time.perf_counter() - began

        first = timed(0)  # it may have had to import something: it counts only where it is all there is
        spent, count, ends = 0.0, 0, time.perf_counter() + ENOUGH_S  # its arguments may take longer than a call
        while first < ENOUGH_S and time.perf_counter() < ends:
            count += 1
            spent += timed(count)
        each_s = spent / count if count else first
        bare_s = 0.0
        if each_s < SHORT_S and not found.is_async and not inspect.isgeneratorfunction(found.function):
            bare_s = _bare_s(found, keywords_of)
    os.write(answer, json.dumps([each_s, bare_s]).encode())
    os._exit(0)  # whatever threads it may have left behind


def _bare_s(found: Made, keywords_of: Callable[[int], dict[str, Any]]) -> float:
    """How long a call takes as `timeit` has it: with its arguments, and the next number where it wants one.

    Returns:
        0.0 where a call changes what it is given, and so cannot be made again with that.
    """
    function, by_position, by_name = bind(found.what, keywords_of(0))
    function(*by_position, **by_name)
    if (by_position, by_name) != bind(found.what, keywords_of(0))[1:]:
        return 0.0
    names = {"function": function, "first": by_position, "keywords": by_name, "numbers": numbers().__next__}
    first, rest = "*first" if by_position else "", "**keywords" if by_name else ""
    if "index" in by_name:
        rest = "**{**keywords, 'index': numbers()}"
    timer = Timer(f"function({', '.join(filter(None, (first, rest)))})", globals=names)
    loops, took = timer.autorange()
    return min(took, *timer.repeat(2, loops)) / loops
