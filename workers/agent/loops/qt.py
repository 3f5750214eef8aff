"""Qt's event loop, by any binding: a precise timer, made in the midst of the making of a QCoreApplication.

Nothing is patched: Qt itself calls what `qAddPreRoutine` was told, in each application's constructor.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any

from ...monitors.lag import PERIOD_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..protocols import Host

ROUTINE = ctypes.CFUNCTYPE(None)

WINDOWS_NAME = "?qAddPreRoutine@@YAXP6AXXZ@Z"
NAME = "_Z14qAddPreRoutinePFvvE"

_kept: list[Any] = []
"""What Qt calls, and the timers: they live as long as the process. Destroyed with the interpreter, they might warn."""


def found(core: Any, agent: Host) -> None:
    """The binding's QtCore has been imported."""
    binding: str = core.__name__.partition(".")[0]

    made_before = core.QCoreApplication.instance()
    if made_before is not None and made_before.thread() != core.QThread.currentThread():
        raise RuntimeError(
            "Watching is to begin in the thread of the QCoreApplication, which has been made before."
        )
    del made_before

    def begin() -> None:
        try:
            if not agent.is_over:
                _begin(core, binding, agent)
        except Exception:
            agent.fail()

    call_with_each_application(core, begin)


def call_with_each_application(core: Any, begin: Callable[[], None]) -> None:
    """Have a function called in the midst of the making of each QCoreApplication from now on, and for the one there is.

    Args:
        core: the binding's QtCore.
        begin: is not to raise, nor to ask for the application, of which the binding does not know yet.
    """
    routine = ROUTINE(begin)
    _kept.append(routine)
    _pre_routine(core)(routine)


def _pre_routine(core: Any) -> Any:
    if sys.platform == "win32":
        folder = "5" if core.__name__.startswith(("PyQt5", "PySide2")) else "6"
        add = getattr(ctypes.CDLL(f"Qt{folder}Core.dll"), WINDOWS_NAME)
    else:
        add = getattr(ctypes.CDLL(core.__file__), NAME)  # looked for in what that is linked with, too
    add.argtypes, add.restype = [ROUTINE], None
    return add


def _begin(core: Any, binding: str, agent: Host) -> None:
    """Runs in the thread of the application that is being made."""
    loop = agent.watch("qt", binding, core.qVersion())
    if loop is None:
        return
    timer = core.QTimer()
    timer.setTimerType(getattr(core.Qt, "TimerType", core.Qt).PreciseTimer)
    timer.setInterval(round(PERIOD_S * 1e3))
    timer.timeout.connect(loop.beater(0))
    timer.start()
    _kept.append(timer)
    loop.at_end(timer.stop)
