"""Has Python call something of ours in the main thread, between two instructions of whatever that does."""

from __future__ import annotations

import _thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_kept: list[Any] = []
"""What is called, by C, and what is to be called then."""

_wanted: list[Callable[[], object]] = []


def call_soon(function: Callable[[], object]) -> None:
    """Call it soon, or never where this Python has no `ctypes`. It is not to raise."""
    try:
        import ctypes
    except ImportError:
        return
    if not _kept:
        _kept.append(ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(_call))
    _wanted.append(function)
    ctypes.pythonapi.Py_AddPendingCall(_kept[0], None)


def _call(_nothing: object) -> int:
    try:
        while _wanted:
            _wanted.pop()()
    except KeyboardInterrupt:  # it was not meant for us
        _thread.interrupt_main()
    return 0
