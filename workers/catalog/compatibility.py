"""Whether a kind of work can be done in a place, asked before a run: by the form, by the command line, by the session.

A runner's file says what it cannot do by literals, which are read without importing it:

    ONLY = ("download",)                        the workloads that it can do; where there is none: all
    WHY_ONLY = "..."                            a sentence that says why
    REFUSES = "..remote.pythons:refusal"         a function that finds out more: refusal(entry, params) -> a sentence
    CHOOSES = "..pythons.finding:choose"         a function that says which one a place is: choose(its parameter)
    TELLS = "..clusters.looks:told"              a function that says what there is of a place that is reached over a
                                                 network: told(params) -> `Told`

A workload's file names by a literal the folder without which it has nothing to do:

    NEEDS_FOLDER = "folder"                     the name of the parameter

and one whose tasks wait for each other, and so must share memory, says

    MEETS = True

How to give it one is for the window and for the command line to say, each in its own words.

What a person's own function cannot do is read from its source: nothing of its file is run to find out. For any thread.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

from ..pythons.asking import known
from ..pythons.needs import unmet
from ..utils.errors import BadInput
from ..utils.folder_files import CHOOSE_FIRST, tilde
from ..utils.formatting import about, listed
from .lookup import runners, simplest
from .user_parameters import arguments, empty_field
from .user_projects import OURS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .entry import Entry

    Params = tuple[tuple[str, Any], ...]

MAX_STARTS_S = 10.0
"""How long it may take in all to begin the tasks of a run, where nobody said how many there are."""

RUNNERS = f"{__package__.rpartition('.')[0]}.runners"


def refusal(runner: Entry, workload: Entry, params: Mapping[str, Any], *, ask: bool = True) -> str:
    """Why a workload cannot run in a place.

    Args:
        runner: the place.
        workload: the work.
        params: the parameters that were chosen for both.
        ask: whether to find out what takes time, such as what another interpreter can do: up to some seconds when it
            is asked for the first time, so not in the GUI thread.

    Returns:
        A sentence for people; empty where it can.
    """
    return misfit(runner, workload, params, ask=ask) or _lacks_folder(workload, params)


def misfit(runner: Entry, workload: Entry, params: Mapping[str, Any], *, ask: bool = True) -> str:
    """The same, but for what the workload itself lacks yet, wherever it is to run."""
    for kind, entry in (("runner", runner), ("workload", workload)):
        if entry.missing:
            return not_available(kind, entry)
    only = runner.constants.get("ONLY")
    if only is not None and workload.name not in only:
        return str(runner.constants.get("WHY_ONLY") or f"The runner {runner.name} does {listed(only)} only.")
    why_not = user_refusal(runner, workload, ask=ask) or _cannot_meet(runner, workload)
    if why_not:
        return why_not
    finds_out = _hook(runner, "REFUSES") if ask else None
    return str(finds_out(workload, params)) if finds_out is not None else ""


def _cannot_meet(runner: Entry, workload: Entry) -> str:
    """Why tasks that wait for each other cannot run in a place; empty where they can, or where they do not."""
    if workload.constants.get("MEETS") is not True or runner.traits.gil != "own":
        return ""
    kind = runner.traits.kind
    return f"{kind[:1].upper()}{kind[1:]} share no memory: no task could ever meet another."


def _hook(runner: Entry, constant: str) -> Callable[..., Any] | None:
    module, _, name = str(runner.constants.get(constant, "")).partition(":")
    return getattr(importlib.import_module(module, RUNNERS), name) if module else None


class Chosen(NamedTuple):
    """Which one of several a place was, as of Pythons: what people call it, and where it lies."""

    name: str
    path: str


def chosen(runner: Entry, params: Mapping[str, Any]) -> Chosen | None:
    """Which one a place is with these parameters; None where it is but one, or nothing can be chosen any more."""
    choose = _hook(runner, "CHOOSES")
    if choose is None:
        return None
    try:
        found = choose(str(params.get(runner.fields[0].name, "")))
    except BadInput:
        return None
    return Chosen(found.name, found.path)


class Told(NamedTuple):
    """What there is of a place that others keep.

    Attributes:
        words: it, in a sentence; empty where nothing is to be said.
        at_once: how many tasks it can run at once; 0 where that is not known.
        page: the address of a page that shows it, for a browser; empty where there is none.
    """

    words: str = ""
    at_once: int = 0
    page: str = ""


NOTHING = Told()


def told(runner: Entry, params: Mapping[str, Any]) -> Told:
    """What there is of a place that others keep; NOTHING where that cannot be had.

    It takes time, as `refusal` does.
    """
    tell = _hook(runner, "TELLS")
    try:
        found: Told = tell(params) if tell is not None else NOTHING
    except BadInput:
        return NOTHING  # which is a refusal
    return found


def is_over_a_network(runner: Entry) -> bool:
    """Whether others keep the place: it may be there in a moment, and not be there in the next."""
    return "TELLS" in runner.constants


def takes_time(runner: Entry, workload: Entry) -> bool:
    """Whether something has to be asked to know if a workload can run in a place."""
    python = workload.own.python if workload.own is not None else ""
    return "REFUSES" in runner.constants or bool(python and known(python) is None)


def in_its_python(runner: Entry, workload: Entry | None, params: Params) -> Params:
    """The parameters of a run: where the place is one of several Pythons and none is named, that of the project."""
    python = workload.own.python if workload is not None and workload.own is not None else ""
    chooses = runner.fields[0].name if python and "CHOOSES" in runner.constants else ""
    return (*params, (chooses, tilde(python))) if chooses and not dict(params).get(chooses) else params


class Lack(NamedTuple):
    """A parameter that a workload cannot do without and that has no value: its name, and a sentence."""

    name: str
    why: str


def lack(workload: Entry, params: Mapping[str, Any]) -> Lack | None:
    """What a workload lacks before it can run anywhere; None where that is nothing."""
    if why := _lacks_folder(workload, params):
        return Lack(workload.constants["NEEDS_FOLDER"], why)
    try:
        arguments(workload, params)
    except BadInput as error:
        return Lack(empty_field(workload, params), str(error))
    return None


def needed(workload: Entry) -> tuple[str, ...]:
    """The names of the parameters that it can lack."""
    folder = workload.constants.get("NEEDS_FOLDER")
    return tuple(field.name for field in workload.fields if field.is_required or field.name == folder)


def _lacks_folder(workload: Entry, params: Mapping[str, Any]) -> str:
    folder = workload.constants.get("NEEDS_FOLDER")
    return "" if folder is None or str(params.get(folder, "")).strip() else CHOOSE_FIRST


def starts_too_often(runner: Entry, tasks: int) -> str:
    """Why a place is left out that would do little but begin so many tasks; empty where it would not."""
    starts_s = tasks * runner.traits.start_s
    if starts_s <= MAX_STARTS_S:
        return ""
    return f"To begin {tasks:,} tasks there takes {about(starts_s)}: it is tried with fewer and longer ones."


def tasks_are(workload: Entry, params: Mapping[str, Any]) -> str:
    """What a workload says of how many tasks there are, where it knows that itself with these parameters; or empty."""
    told = workload.constants.get("TASKS_ARE", "")
    if isinstance(told, dict):
        return next((str(words) for name, words in told.items() if str(params.get(name, "")).strip()), "")
    return str(told)


def takes_all(workload: Entry, params: Mapping[str, Any]) -> bool:
    """Whether a run is of all there is in a list, unless fewer tasks are asked for."""
    return isinstance(workload.constants.get("TASKS_ARE"), dict) and bool(tasks_are(workload, params))


def not_available(kind: str, entry: Entry) -> str:
    """That something cannot be used here, as a sentence; `kind` is "runner" or "workload"."""
    return f"The {kind} {entry.name} is not available: it {entry.missing}."


def unmet_here(workload: Entry, *, ask: bool) -> str:
    """Why an own function finds no place in Thaw's own Python; empty where it does, or nobody knows yet."""
    return unmet(workload.own, f"--runner {of_pythons()}", ask=ask) if workload.own is not None else ""


def of_pythons() -> str:
    """The runner that is one of several Pythons; empty where there is none."""
    return next((name for name, runner in runners().items() if "CHOOSES" in runner.constants), "")


def usual_place(workload: Entry, runners: Mapping[str, Entry], usual: str) -> str:
    """The runner for who names none: the usual one, unless a function can run in another kind of place only."""
    if usual not in runners or not user_refusal(runners[usual], workload):
        return usual
    able = simplest(runner for runner in runners.values() if not user_refusal(runner, workload))
    is_lost = workload.own is not None and bool(workload.own.lacks) and not workload.own.python
    # What no Python is known to have is told of the usual place.
    return usual if able is None or is_lost else able.name


def user_refusal(runner: Entry, workload: Entry, *, ask: bool = False) -> str:
    """Why a runner cannot run an own function, as far as its source tells; empty where it can, or nobody knows yet.

    Args:
        runner: the place.
        workload: the function, with `own` set.
        ask: whether the Python of its project may be asked what it is.
    """
    facts = workload.own
    if facts is None:
        return ""
    if runner.traits.gil != "other" and (why := unmet_here(workload, ask=ask)):
        return why
    if facts.is_workload:
        return ""
    if facts.is_async and not runner.traits.runs_async:
        return f"{facts.function} is async: it runs in an event loop only, and {runner.title} has none."
    if facts.needs_gui and runner.traits.gil != "gui":
        return f"{facts.function} cannot run on {runner.title}: {facts.needs_gui}."
    if facts.cannot_travel and runner.traits.is_apart:
        return facts.cannot_travel
    if facts.clash and not runner.traits.is_apart:
        owner = "a part of Thaw" if facts.clash in OURS else "another one"
        return (
            f"{facts.function} cannot run on {runner.title}, in the process of this program: its module {facts.clash} "
            f"would be {owner} there."
        )
    return ""


def other_place(runner: Entry, workload: Entry, runners: Mapping[str, Entry]) -> str:
    """The place that takes a function whose modules' names clash with others in Thaw's own process.

    Args:
        runner: the place that was chosen.
        workload: the function.
        runners: all that there are.

    Returns:
        Its name; empty where that is not what keeps the function from the place.
    """
    if workload.own is None or not workload.own.clash or runner.traits.is_apart:
        return ""
    return usual_place(workload, runners, runner.name)


def check_headless(workload: Entry) -> None:
    """Find out whether a function can run where there is no window.

    Raises:
        BadInput: it cannot, with a sentence.
    """
    if workload.own is not None and workload.own.needs_gui:
        raise BadInput(
            f"{workload.own.function} cannot run with --headless: {workload.own.needs_gui}. Use --offscreen."
        )
