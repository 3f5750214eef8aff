"""How many workers of a run the system has room for: it gives a program so many open files and threads, and no more.

Were more begun than there is room for, all would hold what they have and wait for each other; and Qt ends the program
where a thread of its own finds no open file, or waits for ever for one that it could not start.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from ..utils.errors import NO_FILES, NO_THREADS, BadInput, max_files
from .plan import BLOCKING

if TYPE_CHECKING:
    from .plan import Settings

SPARE_FILES, SPARE_THREADS, THREADS_OF_APART = 8, 4, 5
"""What is left for the rest of the program, and what takes care of workers in other processes."""


def fitting(settings: Settings) -> tuple[int, str]:
    """How many workers may work at once, and where that is fewer than was asked for, why, as a sentence.

    Files say by literals what each worker keeps: a runner's by FILES and THREADS, a workload's by FILES what each task
    has open.

    Raises:
        BadInput: there is no room for any.
    """
    place, work = settings.runner_entry, settings.workload_entry
    if place.name == BLOCKING:
        return settings.workers, ""
    files = int(place.constants.get("FILES", 0))
    if not place.traits.is_apart:  # other processes have a limit each
        files += int(work.constants.get("FILES", 0))
    fit, why = settings.workers, ""
    most, now = max_files(), _open_files()
    if files and most and now and (left := (most - now - SPARE_FILES) // files) < fit:
        fit, why = left, NO_FILES.format(f" (ulimit -n is {most:,})")
    each = int(place.constants.get("THREADS", 0))
    threads, spare = each * max(1, fit), SPARE_THREADS + THREADS_OF_APART * place.traits.is_apart
    if each and (given := _threads(threads + spare) - spare) < threads:
        fit, why = given // each, NO_THREADS
    if fit < 1 and why is NO_THREADS:
        raise BadInput(why)
    fit = max(1, fit)
    return fit, why and f"{why} Of {settings.workers} workers there was room for {fit}."


def _open_files() -> int:
    """How many files this process has open; 0 where the system does not say."""
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return len(os.listdir(folder))
        except OSError:
            continue
    return 0


def _threads(wanted: int) -> int:
    """How many more threads the system gives, up to so many: only trying tells."""
    over = threading.Event()
    made: list[threading.Thread] = []
    try:
        for _ in range(wanted):
            thread = threading.Thread(target=over.wait, name="room", daemon=True)
            thread.start()
            made.append(thread)
    except RuntimeError:
        pass
    finally:
        over.set()
    for thread in made:
        thread.join()
    return len(made)
