"""An end to code of a person's that does not come to one by itself, in the thread that runs it or from another."""

from __future__ import annotations

import ctypes
import sys
import time
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

Value = TypeVar("Value")


def within(seconds: float, file: str, call: Callable[[], Value]) -> Value:
    """Return what a call returns, of code in this file.

    Raises:
        TimeoutError: it has taken longer: at the line that it had come to. What is in C comes to its end first.
    """
    ends, before = time.perf_counter() + seconds, sys.gettrace()

    def look(frame: FrameType, event: str, argument: object) -> Any:
        if time.perf_counter() > ends and _is_below(frame, file):
            raise TimeoutError(f"it had not come to an end after {seconds:g} s")
        frame.f_trace_opcodes = frame.f_code.co_filename == file  # a loop in one line comes to no other
        return look

    sys.settrace(look)
    try:
        return call()
    finally:
        sys.settrace(before)


def _is_below(frame: FrameType | None, file: str) -> bool:
    """Whether a call is of code in a file, or was made from there: others have no line of it to name."""
    while frame is not None and frame.f_code.co_filename != file:
        frame = frame.f_back
    return frame is not None


class Left(BaseException):
    """Nobody waits any more for what a thread does."""


def end_thread(ident: int) -> None:
    """End the Python code that another thread is in, by an exception; what is in C comes to its end first.

    Code that catches everything goes on: call it again.
    """
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(Left))
