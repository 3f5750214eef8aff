"""Qt's event loop by whatever binding the program has: it marks its turns. Called in the GUI thread."""

from __future__ import annotations

import functools
import sys
import threading
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from workers.agent.loops.qt import call_with_each_application
    from workers.monitors.deliveries.marks import Marks
else:
    from ._thaw.agent.loops.qt import call_with_each_application

BINDINGS = ("PySide6", "PyQt6", "PyQt5", "PySide2")

CLICKS = (
    *("mouseClick", "mouseDClick", "mouseEvent", "mouseMove", "mousePress", "mouseRelease"),
    *(
        "keyClick",
        "keyClicks",
        "keyEvent",
        "keyPress",
        "keyRelease",
        "keySequence",
        "sendKeyEvent",
        "simulateEvent",
    ),
)
"""Functions of QTest that deliver events without an event loop."""

BEAT_MS = 10


def loaded() -> str:
    """The binding that the program has imported; empty without one."""
    return next((name for name in BINDINGS if f"{name}.QtCore" in sys.modules), "")


_waiting: list[Attached] = []
"""Those that wait for an application, the newest last."""

_told: set[str] = set()
"""The bindings that tell when one is made."""


class Attached:
    """Marks the turns of the calling thread's event loop until it is closed.

    Attributes:
        is_on: whether there is an application in this thread, whose event loop can be watched.
    """

    def __init__(self, marks: Marks, begin: Callable[[], None]) -> None:
        """Attach to the application that there is, or to the first that is made in this thread.

        Args:
            marks: what is to be told.
            begin: is called here once there is an application, before anything is delivered.
        """
        self._marks, self._begin, self._ident = marks, begin, threading.get_ident()
        self._before: list[tuple[Any, str, Any]] = []
        self._trouble: Exception | None = None
        self.is_on = False
        modules: dict[str, Any] = {**sys.modules}
        core = modules.get(f"{loaded()}.QtCore")
        application = None if core is None else core.QCoreApplication.instance()
        if core is None:
            return
        if application is None:
            _waiting.append(self)
            _tell_of_applications(core)
        elif application.thread() == core.QThread.currentThread():
            self._attach(core)

    def on_application(self, core: Any) -> None:
        """In the midst of the making of an application."""
        if not self.is_on and threading.get_ident() == self._ident:
            try:
                self._attach(core)
            except Exception as error:
                self._trouble = error

    def _attach(self, core: Any) -> None:
        self.is_on = True
        self._begin()
        # Each turn of an event loop begins with one of these signals, before anything is delivered.
        self._dispatcher = core.QAbstractEventDispatcher.instance()
        self._dispatcher.awake.connect(self._marks.mark)
        self._dispatcher.aboutToBlock.connect(self._marks.mark)
        # And while nothing else happens, there is a turn for this: one that lasts for longer is busy in C++.
        self._timer = core.QTimer()
        self._timer.setTimerType(core.Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._marks.mark)
        self._timer.start(BEAT_MS)
        self._tell_clicks()

    def _tell_clicks(self) -> None:
        test = getattr(sys.modules.get(f"{loaded()}.QtTest"), "QTest", None)
        bot = getattr(sys.modules.get("pytestqt.qtbot"), "QtBot", None)
        for name in CLICKS:
            function = getattr(test, name, None)
            if function is not None:
                tell = self._marks.clicks if name == "keyClicks" else self._marks.click
                told = staticmethod(functools.update_wrapper(functools.partial(tell, function), function))
                self._replace(test, name, told)
                if hasattr(bot, name):  # it has taken the function long ago
                    self._replace(bot, name, told)

    def _replace(self, owner: Any, name: str, new: object) -> None:
        before = vars(owner).get(name)
        if before is not None:
            self._before.append((owner, name, before))
            setattr(owner, name, new)

    def close(self) -> None:
        """Leave everything as it was; may be called after the end of the application. Raises what went wrong."""
        if self in _waiting:
            _waiting.remove(self)
        while self._before:
            setattr(*self._before.pop())
        if not self.is_on:
            return
        self.is_on = False
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PySide6 warns of what has gone already
            with suppress(RuntimeError, TypeError):  # the application has gone, and its objects with it
                self._timer.stop()
                self._dispatcher.awake.disconnect(self._marks.mark)
                self._dispatcher.aboutToBlock.disconnect(self._marks.mark)
        if self._trouble is not None:
            raise self._trouble


def _tell_of_applications(core: Any) -> None:
    if core.__name__ not in _told:
        _told.add(core.__name__)

        def made() -> None:
            for one in _waiting[:]:
                one.on_application(core)

        call_with_each_application(core, made)
