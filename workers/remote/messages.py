"""The messages between the program and a remote worker, and how the remote worker learns how much their clocks differ.

A message is a tuple of plain data: a word, then what belongs to it. Used on both ends; runs on Python 3.9.

    remote worker to program                         program to remote worker
    ("clock",)                                       ("clock", seconds)
    ("ready", what runs there, pid, host)            ("welcome", place, name, niceness, held, cancelled, first, left)
    ("took", task's number)                          ("task", task)
    ("events", rows, processor time)                 ("held", held)  ("cancel",)  ("close",)
    ("stands", where tasks stand)                    ("stands",)

`held` are the numbers of the tasks that are paused, with `workers.engine.task.EVERY` for the run. All remote workers
are told all of them whenever they change: a task that is run again on another one is paused there as well. `name` is no
other worker's in the run, while a place may have been that of one that has gone. `first` is the number of the run's
first task, and `left` how many have not ended. Who "took" a task has it from now on, and its imports come first.
"""

from __future__ import annotations

import pickle
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .wire import Wire

BATCH_S = 1 / 30
"""Progress crosses in batches, and control is looked at, this often: a screen shows no more."""

PROTOCOL = 4
"""Of pickle: what Python 3.9 reads."""

CLOCK_TRIES = 3


def say(wire: Wire, *message: Any) -> None:
    """Send a message. Raises OSError where nobody is left to hear it."""
    wire.send_bytes(pickle.dumps(message, PROTOCOL))


def hear(wire: Wire) -> tuple[Any, ...]:
    """Wait for a message. Raises EOFError or OSError where nobody is left to send one."""
    message: tuple[Any, ...] = pickle.loads(wire.recv_bytes())
    return message


def clock_offset(wire: Wire) -> float:
    """What to add to this worker's `time.perf_counter` to get the near one's, in seconds.

    The answer of the quickest of some questions is taken to have been given half way between asking and hearing. A
    difference below that doubt is none: on Linux all processes of a machine have the same clock.
    """
    best, offset = float("inf"), 0.0
    for _ in range(CLOCK_TRIES):
        asked = time.perf_counter()
        say(wire, "clock")
        theirs = hear(wire)[1]
        heard = time.perf_counter()
        if heard - asked < best:
            best, offset = heard - asked, theirs - (asked + heard) / 2
    return offset if abs(offset) > best else 0.0
