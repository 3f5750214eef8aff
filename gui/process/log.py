"""The log of the program: who hears it and from which level on. Lines are of phases, never of single events or frames.

Where nobody asks for one, Python's own last resort writes warnings and errors to standard error, as they are.
"""

from __future__ import annotations

import logging
import time

from workers.reports.summary import VERSION, environment

log = logging.getLogger("thaw")
log.propagate = False  # else the handler of `ProblemLog`, which hears all other logs, would hear its own lines

_began = time.perf_counter()


def begin(level: str, began: float) -> None:
    """Write the log to standard error, from now on.

    Args:
        level: one of `workers.command_line.declaration.LOG_LEVELS`; empty: nobody asked for a log.
        began: when the program did, by `time.perf_counter`.
    """
    global _began
    _began = began
    logging.raiseExceptions = False  # a terminal that has gone is no problem to tell of, and where would one?
    if not level:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(levelname)s %(message)s", "%H:%M:%S"))
    log.addHandler(handler)
    log.setLevel(level.upper())
    if log.isEnabledFor(logging.INFO):
        here = environment()
        log.info("Thaw %s begins: Python %s, Qt %s, %s", VERSION, here["python"], here["qt"], here["platform"])


def since_start() -> float:
    """How long the program has been there, in seconds."""
    return time.perf_counter() - _began
