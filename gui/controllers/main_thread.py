"""Tells the track of the main thread what the GUI thread does. All of it runs there.

- the poll hook tells when it wakes and rests;
- every slot of ours tells its name: while the track is on, wrappers stand in the classes' places of the functions that
  are marked with `Slot`. Qt looks a slot up by its name each time, so they serve connections that were made before;
- of input, layout and frames the windows tell, by event filters: one call for an event of the window system, and one
  for a frame. A filter on the application would be called for every event.
"""

from __future__ import annotations

import functools
import gc
import sys
import threading
from types import FunctionType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from gui.controllers.bridge import Bridge
from workers.monitors.stacks import title
from workers.monitors.track.marks import GARBAGE, INPUT, PAINT, SLOT, TASKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from gui.controllers.poll_hook import PollHook
    from workers.monitors.main_thread import MainThread

OURS = "gui."
TOLD = {
    QEvent.Type.MouseButtonPress: (INPUT, "Mouse press"),
    QEvent.Type.MouseButtonRelease: (INPUT, "Mouse release"),
    QEvent.Type.MouseButtonDblClick: (INPUT, "Double click"),
    QEvent.Type.MouseMove: (INPUT, "Mouse move"),
    QEvent.Type.Wheel: (INPUT, "Wheel"),
    QEvent.Type.KeyPress: (INPUT, "Key press"),
    QEvent.Type.KeyRelease: (INPUT, "Key release"),
    QEvent.Type.Enter: (INPUT, "Mouse enters"),
    QEvent.Type.Leave: (INPUT, "Mouse leaves"),
    QEvent.Type.TouchBegin: (INPUT, "Touch"),
    QEvent.Type.TouchUpdate: (INPUT, "Touch"),
    QEvent.Type.TouchEnd: (INPUT, "Touch"),
    QEvent.Type.Drop: (INPUT, "Drop"),
    QEvent.Type.DragMove: (INPUT, "Drag"),
    QEvent.Type.LayoutRequest: (PAINT, "Layout"),
    QEvent.Type.UpdateRequest: (PAINT, ""),
    QEvent.Type.Expose: (PAINT, ""),
}
"""The events of windows that say what begins: the code's kind and its name."""

_FILE = "<main thread track>"
_WRAPPER = """
def made(function, code, track, owner, ident):
    enter, leave = track.enter, track.leave
    def slot({arguments}):
        if track.in_slot or ident() != owner:
            return function({arguments})
        before = enter(code)
        track.in_slot = True
        try:
            return function({arguments})
        finally:
            track.in_slot = False
            leave(before)
    return slot
"""


class MainThreadHooks(QObject):
    """Follows the switching of a track: nothing of this is in place while it is off."""

    def __init__(self, track: MainThread, poll_hook: PollHook) -> None:
        super().__init__()
        self._track, self._poll_hook = track, poll_hook
        self._wrapped: list[tuple[type, str, FunctionType]] = []
        self._seen: set[str] = set()
        self._modules = 0
        self._watched: list[QObject] = []
        self._owner = threading.get_ident()
        self._before: int | None = None  # what a collection of garbage has interrupted
        self._codes = {kind: track.code(*told) for kind, told in TOLD.items()}
        track.looks.machinery = frozenset({__name__, "gui.controllers.poll_hook"})
        track.switched = self.follow

    def follow(self) -> None:
        """Put the hooks in place, or take them away, as the track is on or off, and as it records or not."""
        if not self._track.is_on:
            while self._wrapped:
                owner, name, function = self._wrapped.pop()
                setattr(owner, name, function)
            self._seen.clear()
            self._modules = 0
        elif len(sys.modules) != self._modules:
            self._look_for_modules()
        if self._track.records == (self._poll_hook.watch is not None):
            return
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        if self._track.records:
            self._poll_hook.watch = self._track
            gc.callbacks.append(self._collect)
            for window in application.topLevelWindows():
                self._look_at(window)
            application.focusWindowChanged.connect(self._look_at)
            return
        self._poll_hook.watch = None
        gc.callbacks.remove(self._collect)
        application.focusWindowChanged.disconnect(self._look_at)
        for watched in filter(isValid, self._watched):
            watched.removeEventFilter(self)
        self._watched.clear()

    # ---------------------------------------------------------------- slots

    def _look_for_modules(self) -> None:
        """Wrap the slots of our classes that have come since the last look."""
        self._modules = len(sys.modules)
        for name, module in sys.modules.copy().items():  # another thread may be importing
            if name.startswith(OURS) and name not in self._seen:
                self._seen.add(name)
                self._wrap_slots(module)

    def _wrap_slots(self, module: ModuleType) -> None:
        for owner in vars(module).values():
            if not (
                isinstance(owner, type) and owner.__module__ == module.__name__ and issubclass(owner, QObject)
            ):
                continue
            kind = TASKS if owner is Bridge else SLOT
            for name, function in list(vars(owner).items()):
                # Only one track at a time: of two that wrap each other's wrappers one would stay.
                if (
                    isinstance(function, FunctionType)
                    and hasattr(function, "_slots")
                    and not _is_wrapper(function)
                ):
                    self._wrapped.append((owner, name, function))
                    setattr(owner, name, self._wrapper(function, kind))

    def _wrapper(self, function: FunctionType, kind: int) -> Callable[..., Any]:
        """A function of as many arguments: PySide cuts a signal's arguments to those that a slot can take."""
        make = _maker(function.__code__.co_argcount)
        code = self._track.code(kind, title(function.__code__))
        wrapper = make(function, code, self._track, self._owner, threading.get_ident)
        wrapper.__defaults__ = function.__defaults__
        return functools.update_wrapper(wrapper, function)

    # ---------------------------------------------------------------- garbage

    def _collect(self, phase: str, about: dict[str, int]) -> None:
        if threading.get_ident() != self._owner:
            return
        if phase == "start":
            if len(sys.modules) != self._modules:
                self._look_for_modules()  # a page was made that nobody had looked at before
            self._before = self._track.enter(GARBAGE)
        elif self._before is not None:
            self._track.leave(self._before)
            self._before = None

    # ---------------------------------------------------------------- input and frames

    @Slot(QWindow)
    def _look_at(self, window: QWindow | None) -> None:
        """Watch a window of the window system, and the widget that it shows.

        For a window that came where one has gone, a tool tip after another, PySide may give us the one that has gone.
        """
        self._watched = [one for one in self._watched if isValid(one)]
        if window is None or not isValid(window) or window in self._watched:
            return
        widgets = (one for one in QApplication.topLevelWidgets() if one.windowHandle() is window)
        for watched in (window, *widgets):
            watched.installEventFilter(self)
            self._watched.append(watched)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when something begins; nothing is kept from anybody."""
        code = self._codes.get(event.type())
        if code is not None and not self._track.in_slot:
            self._track.enter(code)
        return False


@functools.cache
def _maker(count: int) -> Callable[..., FunctionType]:
    """Makes wrappers that take so many arguments; there are a few hundred slots, and a handful of such numbers."""
    names: dict[str, Any] = {"__name__": __name__}
    taken = ", ".join(f"_{number}" for number in range(count))
    exec(compile(_WRAPPER.format(arguments=taken), _FILE, "exec"), names)
    made: Callable[..., FunctionType] = names["made"]
    return made


def _is_wrapper(function: FunctionType) -> bool:
    return function.__code__.co_filename == _FILE
