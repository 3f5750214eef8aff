"""Whether there are other interpreters in this process, and where its main thread is, which can be told then, too.

`sys._current_frames` makes frame objects of the threads of all interpreters, though each has a GIL and a memory of its
own: from Python 3.12 on the process dies of that.
"""

from __future__ import annotations

import sys
import threading
from itertools import repeat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_main: list[Any] = []
"""What returns the main thread's frame, and its argument; made when it is wanted for the first time."""


def are_several() -> bool:
    """Whether there is another interpreter; those that Python itself did not make are not known."""
    if sys.version_info < (3, 12):  # one GIL for all
        return False
    known: Any = sys.modules.get("_interpreters") or sys.modules.get("_xxsubinterpreters")
    return known is not None and len(known.list_all()) > 1


def main_frame() -> Iterator[dict[int, Any]]:
    """The innermost frame of the main interpreter's main thread, by its ident, once; all of it in C."""
    if not _main:
        _main.extend(_of_main())
    return map(dict.fromkeys, [[threading.main_thread().ident or 0]], map(_main[0], repeat(_main[1], 1)))


def _of_main() -> list[Any]:
    import ctypes

    python = ctypes.pythonapi
    for name in ("PyInterpreterState_Main", "PyInterpreterState_ThreadHead", "PyThreadState_Next"):
        getattr(python, name).restype = ctypes.c_void_p
    python.PyInterpreterState_ThreadHead.argtypes = python.PyThreadState_Next.argtypes = [ctypes.c_void_p]
    # The newest thread comes first.
    found, state = None, python.PyInterpreterState_ThreadHead(python.PyInterpreterState_Main())
    while state:
        found, state = state, python.PyThreadState_Next(state)
    get = (
        ctypes.PyDLL(None).PyThreadState_GetFrame if sys.platform != "win32" else python.PyThreadState_GetFrame
    )
    get.argtypes, get.restype = [ctypes.c_void_p], ctypes.py_object
    return [get, found]
