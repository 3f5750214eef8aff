"""Imports a person's own function where it runs, and makes a workload of it. Runs on Python 3.9.

Called by whoever drives its first task: a thread of the program, a process, another interpreter.
"""

from __future__ import annotations

import inspect
import math
import numbers
import pickle
import sys
from types import AsyncGeneratorType, CoroutineType, GeneratorType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog.user_names import parse
from ..catalog.user_projects import source
from . import modules
from .calling import NotHere, named, prepared
from .modules import LOCK
from .results import Ended, is_remote, told

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Generator

    from .calling import Named

_made: dict[str, Made] = {}  # what was imported here for the run that goes on, by name


class Workload(NamedTuple):
    """A workload that was imported.

    Attributes:
        function: its generator function, which yields amounts.
        wants_control: whether that has a parameter `control`, for the run's `Control`.
        gil: "holds", "releases", "between" or the like; where it declares nothing, "unknown" if its calls may be looked
            at for that, and empty if not.
        make_shared: makes what the tasks of a run share, by the literal SHARED of its file, where it has a parameter
            `shared` for that; None where they share nothing.
    """

    function: Callable[..., Generator[float, None, Any]]
    wants_control: bool
    gil: str
    make_shared: Callable[..., Any] | None = None


class Made(NamedTuple):
    """An own function, ready to run.

    Attributes:
        module: what its file was imported as.
        function: itself.
        what: it with its parameters.
        call: calls it with a task's arguments.
        workload: it as one, which returns what can be shown.
        is_async: whether it can only be awaited.
    """

    module: ModuleType
    function: Callable[..., Any]
    what: Named
    call: Callable[..., Any]
    workload: Workload
    is_async: bool


def made(name: str) -> Made:
    """Import a function, unless it is here already.

    Raises:
        Exception: whatever the file raises when it is imported; ValueError or ImportError where there is no such thing.
    """
    found = _made.get(name)
    if found is None:
        with LOCK:
            found = _made.get(name) or _make(name)
            _made[name] = found
    return found


def forget() -> None:
    """Before a run: a person's own modules will be imported anew."""
    with LOCK:
        _made.clear()
        modules.forget()


def _make(name: str) -> Made:
    parsed = parse(name)
    modules.known[name] = found = source(name)
    modules.give_arguments(found.path)
    module = modules.load(found)
    what = named(module, parsed.function)
    function, known = what.function, what.known or {}
    is_workload = (
        not parsed.is_path
        and inspect.isgeneratorfunction(function)
        and isinstance(getattr(module, "UNIT", None), str)
    )
    if is_remote() and not is_workload:
        _check_travels(function, parsed.function)
    # Calls that wait for each other must never wait for a turn as well.
    meets = getattr(function, "MEETS", getattr(module, "MEETS", False))
    is_learned = not (is_workload or "shared" in known or meets)
    gil = getattr(function, "GIL", getattr(module, "GIL", "unknown" if is_learned else ""))
    last = parsed.function.rpartition(".")[2]
    call = prepared(what, parsed.function)
    steps = function if is_workload else workload_of(call, parsed.function)
    is_async = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    workload = Workload(
        steps, "control" in known, gil if isinstance(gil, str) else "", maker(module, last, known)
    )
    return Made(module, function, what, call, workload, is_async)


def maker(module: ModuleType, function: str, known: Container[str]) -> Callable[..., Any] | None:
    """The function that makes what a run's tasks share; None where they share nothing.

    Args:
        module: a workload's file; its literal SHARED names the function, and for a version of a lab VERSIONS may.
        function: the workload's own function.
        known: the parameters of that.
    """
    if "shared" not in known:
        return None
    versions = getattr(module, "VERSIONS", {})
    name = versions[function].get("SHARED", "") if function in versions else ""
    return getattr(module, name or getattr(module, "SHARED", ""), None)


def _check_travels(function: Callable[..., Any], name: str) -> None:
    """Processes and interpreters get a function by pickling it, in every program but this."""
    try:
        pickle.dumps(function)
    except Exception as error:
        raise NotHere(f"{name} cannot be pickled, and so cannot be sent to another process: {error}.") from None


# ---------------------------------------------------------------- as a workload


def workload_of(run: Callable[..., Any], name: str) -> Callable[..., Generator[float, None, Any]]:
    """A generator function out of any function."""

    def steps(**arguments: Any) -> Generator[float, None, Any]:
        try:
            value = run(**arguments)
        except (StopIteration, GeneratorExit) as error:
            raise Ended(error) from None
        if value is None:
            yield 1
            return None
        kind = type(value)
        if kind is GeneratorType:
            value = yield from _amounts(value)
        elif kind is CoroutineType or kind is AsyncGeneratorType:
            if kind is CoroutineType:
                value.close()  # or Python complains that nobody awaited it
            raise NotHere(f"{name} is async: it runs in an event loop only, and there is none here.")
        else:
            yield 1
        return told(value)

    return steps


def _amounts(steps: Generator[Any, None, Any]) -> Generator[float, None, Any]:
    """What a person's generator yields, as amounts: numbers count as they are, and anything else as 1."""
    try:
        while True:
            try:
                got = next(steps)
            except StopIteration as end:
                return end.value
            except GeneratorExit as error:
                raise Ended(error) from None
            yield amount(got)
    finally:
        steps.close()


def amount(got: Any) -> float:
    """How much a yield counts: a number is itself, or 0 where it is negative or endless; all else is 1."""
    if not isinstance(got, numbers.Real) or isinstance(got, bool):
        return 1
    value: Any = got  # its type tells of no comparison with plain numbers
    return float(min(value, sys.float_info.max)) if 0 <= value < math.inf else 0
