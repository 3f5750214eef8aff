"""What an event loop had called: told from the calls inside of the one that runs the loop. No threads."""

from __future__ import annotations

import inspect
import linecache
import sys
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple
from zipimport import zipimporter

from ...monitors.guilt import Rank
from ..messages import Delivery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...monitors.guilt import SourceFiles
    from ...monitors.stacks import Call, Place


class Seen(NamedTuple):
    """A call of a stack, to be kept: without the module's names, which may be all that keeps a program's objects.

    Attributes:
        code: the function's code.
        instruction: the offset of the current instruction in it.
        module: its module's name; empty where the code has none.
    """

    code: CodeType
    instruction: int
    module: str


def seen(call: Call) -> Seen:
    """What is kept of a call."""
    if type(call.names.get("__loader__")) is zipimporter:  # no path leads to the source
        linecache.lazycache(call.code.co_filename, call.names)
    module = call.names.get("__name__")
    return Seen(call.code, call.instruction, module if type(module) is str else "")


NOTHING = Delivery("", "", "", 0)

HANDLERS = ("event", "eventFilter", "notify", "customEvent")
"""Methods that Qt calls with an event, besides those whose names end so."""

COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE
TK_TIMER = "callit"
"""What `after` of tkinter calls."""


def delivery(loop: str, calls: Sequence[Seen], files: SourceFiles) -> Delivery:
    """What was called.

    Args:
        loop: its kind.
        calls: those inside of the call that runs the loop, the outermost first.
        files: tells libraries from the program.
    """
    if not calls:
        return NOTHING
    chosen = _chosen(loop, [call.code.co_filename for call in calls], files)
    if loop == "qt" and files.rank(calls[0].code.co_filename) is Rank.LIBRARY:  # asyncio, run by Qt's loop
        tasks = (at for at, one in enumerate(calls) if one.code.co_flags & COROUTINE)
        chosen = next((at for at in tasks if files.rank(calls[at].code.co_filename) is Rank.WORK), chosen)
    call = calls[chosen]
    code = call.code
    name = getattr(code, "co_qualname", "") or _qualified(call)
    if loop == "asyncio" or code.co_flags & COROUTINE:
        kind = "task" if code.co_flags & COROUTINE else "callback"
    elif loop == "tk":
        kind = "timer" if any(one.code.co_name == TK_TIMER for one in calls[:chosen]) else "callback"
    else:
        kind = _qt_kind(code.co_name)
    return Delivery(kind, name.replace("<locals>.", ""), code.co_filename, code.co_firstlineno)


def dumped_delivery(loop: str, calls: Sequence[Place], files: SourceFiles) -> Delivery:
    """The same of a dump, which tells less."""
    if not calls:
        return NOTHING
    file, line, name = calls[_chosen(loop, [call[0] for call in calls], files)]
    return Delivery(_qt_kind(name) if loop == "qt" else "callback", name, file, line)


def _chosen(loop: str, files: Sequence[str], ranks: SourceFiles) -> int:
    """The outermost call; where Python's own lines carry what is delivered, the program's outermost."""
    if loop == "qt":
        return 0
    return next((index for index, file in enumerate(files) if ranks.rank(file) is Rank.WORK), 0)


def _qt_kind(name: str) -> str:
    if name == "timerEvent":
        return "timer"
    return "event" if name.endswith("Event") or name in HANDLERS else "slot"


def _qualified(call: Seen) -> str:
    """The name with its class, before Python 3.11: looked for among the classes of its module."""
    code = call.code
    names = getattr(sys.modules.get(call.module), "__dict__", {})
    for found in list(names.values()):
        function: Any = vars(found).get(code.co_name) if isinstance(found, type) else None
        function = getattr(function, "__func__", function)  # of a class method or static method
        if isinstance(function, FunctionType) and function.__code__ is code:
            return function.__qualname__
    return code.co_name
