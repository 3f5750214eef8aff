"""What is played, and what came of it: plain data, for whoever tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog.user_parameters import arguments
from .file import File
from .stepper import MAX_STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog.entry import Entry
    from .left.portrait import Portrait

RIGHT, ERROR, DEADLOCK, CHECK, ENDLESS, BLOCKED = "right", "error", "deadlock", "check", "endless", "blocked"
RETURNED = "what is returned"


class Place(NamedTuple):
    """Where a thread is between two steps.

    Attributes:
        line: the line that comes next; 0 before the first and after the last.
        function: whose line that is.
        waits: what it waits for; empty where it does not.
        own: its own variables that hold data, as texts.
        has_ended: whether it is over.
    """

    line: int = 0
    function: str = ""
    waits: str = ""
    own: tuple[tuple[str, str], ...] = ()
    has_ended: bool = False


class Step(NamedTuple):
    """One step of a thread.

    Attributes:
        thread: which one made it.
        line: the line that it ran; 0 where it has only begun, or ended.
        changed: what is different in what they share since the step before: names, and texts.
        places: where all threads are afterwards.
        ready: the threads that can go on then.
    """

    thread: int
    line: int
    changed: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]
    ready: tuple[int, ...]


class Played(NamedTuple):
    """What came of one order.

    Attributes:
        kind: "right", or what was wrong: "error", "deadlock", "check", "endless"; "blocked": it cannot be stepped.
        why: what was wrong, in a sentence; empty where nothing was.
        order: the thread of each step.
        switches: how often the turn was taken from a thread that could have gone on.
        seen: what was left of it all, to be compared with other orders; None where that cannot be.
        waited: whether threads waited for each other.
        has_expired: whether a wait has ended by its time-out: then what is left depends on times.
        threads: their names.
        begun_here: how many of these the function has started itself.
        values: what they share at the end, as texts, and by RETURNED what tasks returned; where something is wrong, or
            that was asked for.
        steps: what happened, where that was asked for; of a deadlock up to where all wait.
        before: what they share at the beginning, as texts, likewise.
    """

    kind: str
    why: str
    order: tuple[int, ...]
    switches: int
    seen: Portrait
    waited: bool
    threads: tuple[str, ...]
    begun_here: int
    values: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...] = ()
    before: tuple[tuple[str, str], ...] = ()
    has_expired: bool = False

    @property
    def is_wrong(self) -> bool:
        return self.kind not in {RIGHT, BLOCKED}


class Job(NamedTuple):
    """What is to be played.

    Attributes:
        name: the function's.
        file: its file.
        tasks: how often it is called.
        arguments: what it is called with, and what its file's `make` gets.
        places: how many threads there are for them; 0: one for each.
        opcodes: whether threads stop before instructions, and not before lines only.
        naps: whether a sleep lasts; else it may be over at once.
        most: it is endless after so many steps.
        may_fail: whether an error is no fault: its file says `FAILS`.
        python: the one of the function's project, whose packages are found there.
        rounds: so many numbers are left of a long `range`; 0: all.
    """

    name: str
    file: File
    tasks: int
    arguments: Mapping[str, Any]
    places: int = 0
    opcodes: bool = False
    naps: bool = True
    most: int = MAX_STEPS
    may_fail: bool = False
    python: str = ""
    rounds: int = 0


def job_of(entry: Entry, params: Mapping[str, Any], tasks: int) -> Job:
    """What there is to play of a function of a person's own, or of a lab's version.

    Raises:
        BadInput: a parameter lacks, with a sentence.
    """
    places = min(tasks, int(entry.constants.get("WORKERS", tasks)))
    may_fail = bool(entry.constants.get("FAILS"))
    given, python = arguments(entry, params), entry.own.python if entry.own is not None else ""
    return Job(entry.name, File(entry.name), tasks, given, places, may_fail=may_fail, python=python)


def until_stuck(steps: list[Step]) -> list[Step]:
    """The steps up to where all wait: what comes after that is how they were ended."""
    for number, step in enumerate(steps, 1):
        if all(place.waits or place.has_ended for place in step.places):
            return steps[:number]
    return steps
