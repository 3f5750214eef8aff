"""Counts the crossings between Python and Qt: each of them gives up the GIL and takes it back, or the other way round.

A call into PySide6 or shiboken6 counts, and so does a Python method that Qt calls (a virtual such as `paintEvent`, or a
slot), which is known by its having been called from no Python code. Making an object (`QPen(...)`) is not seen, for
Python reports no call of a type. Runs in the thread that calls it.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

QT_MODULES = ("PySide6", "shiboken6", "Shiboken")


def count_calls(work: Callable[[], None], pump: Callable[[], object] | None = None) -> Counter[str]:
    """Count the crossings that `work` makes.

    Args:
        work: what is measured. What it leaves to the event loop is not part of it, but for:
        pump: called next, to run the event loop (`QApplication.processEvents`); what Python code runs in there counts,
            the call itself does not.

    Returns:
        How often each crossing happened, by its name; `total()` is their number.
    """
    calls: Counter[str] = Counter()
    stack: list[bool] = []  # for each function that is running: whether it is Qt's

    def watch(frame: FrameType, event: str, arg: Any) -> None:
        if event == "c_call":
            is_qt = arg == pump or _is_qt(arg)
            stack.append(is_qt)
            if is_qt and arg != pump:
                calls[getattr(arg, "__qualname__", repr(arg))] += 1
        elif event in ("c_return", "c_exception"):
            if stack:
                stack.pop()
        elif event == "call":
            if stack and stack[-1]:
                calls[f"{frame.f_code.co_qualname} (called by Qt)"] += 1
            stack.append(False)
        elif event == "return" and stack:
            stack.pop()

    sys.setprofile(watch)
    try:
        work()
        if pump is not None:
            pump()
    finally:
        sys.setprofile(None)
    return calls


def _is_qt(function: Any) -> bool:
    owner = getattr(function, "__self__", None)
    module = getattr(function, "__module__", None)
    if owner is None:
        return module is None or module.startswith(QT_MODULES)  # no module: a static method of Qt's
    # A widget of our own inherits what it calls from Qt; modules have functions, too, and these have no base.
    kinds = type(owner).__mro__ if not isinstance(owner, type) else owner.__mro__
    name = getattr(function, "__name__", "")
    return any(name in vars(kind) and kind.__module__.startswith(QT_MODULES) for kind in kinds)
