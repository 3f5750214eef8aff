"""How long a call of a person's own function takes: tried in a process of its own, which runs nothing else.

Not in the program: there it would freeze the window, and a call that never ends could not be ended.
`seconds_a_call` blocks for some seconds, so not in the GUI thread. `main` runs in that process.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import subprocess
import time
from typing import TYPE_CHECKING

from ..catalog.user_parameters import arguments
from ..engine.drive_async import run_once
from ..engine.task import Control
from ..sync.made import defaults
from ..user_code.loading import made
from ..utils.child import PRIVATE, private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..catalog.entry import Entry

RUN_S = 2.5
"""The calls of a run take about so long, one after the other."""

MAX_CALLS = 50_000
"""Of a function that does next to nothing: more of them would only measure Thaw."""

ENOUGH_S = 0.3
"""Calls are tried for so long, or until one has ended."""

PATIENCE_S = 12.0
"""A call that has not ended by then is ended, with its process."""

BEGIN = f"import sys; from {PRIVATE}.benchmark.trial import main; main(sys.stdin.readline())"


def seconds_a_call(entry: Entry, params: Mapping[str, Any], seed: int = 1) -> float | None:
    """About how long one call takes, in seconds; None where that cannot be told: it fails, or needs the GUI thread.

    Args:
        entry: the function's.
        params: what was chosen for it.
        seed: as of a run.
    """
    if entry.own is None or entry.own.needs_gui or entry.constants.get("MEETS"):  # alone it would wait for ever
        return None
    try:
        line = json.dumps([entry.name, list(entry.own.given), arguments(entry, params), seed])
        done = subprocess.run(
            private(BEGIN),
            input=line,
            capture_output=True,
            timeout=PATIENCE_S,
            encoding="utf-8",
            errors="replace",
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return float(json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return PATIENCE_S
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
    name, given, fixed, seed = json.loads(line)
    answer = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    found = made(name)
    control = Control()
    with asyncio.Runner() as loop:

        def timed(index: int) -> float:
            values = {"index": index, "tasks": 1000, "seed": seed, "control": control}
            keywords = {**fixed, **{key: values[key] for key in given}}
            if (make := found.workload.make_shared) is not None:
                known = {**defaults(found.function), **keywords}
                keywords["shared"] = control.waits.shared(make, known)
            began = time.perf_counter()
            if found.is_async:
                loop.run(run_once(found, keywords))
            else:
                for _ in found.workload.function(**keywords):
                    pass
            return time.perf_counter() - began

        first = timed(0)  # it may have had to import something: it counts only where it is all there is
        spent, count = 0.0, 0
        while first < ENOUGH_S and spent < ENOUGH_S:
            count += 1
            spent += timed(count)
    os.write(answer, json.dumps(spent / count if count else first).encode())
    os._exit(0)  # whatever threads it may have left behind
