"""What a person and a window manager do to a window on an X11 display, as a client of its own (python-xlib)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import XError
from Xlib.ext import xtest
from Xlib.protocol import event as events

from tests.support.program import wait_until

if TYPE_CHECKING:
    from types import TracebackType


class Desktop:
    """A connection to a display on which no window manager runs."""

    def __init__(self, name: str) -> None:
        self._display = Display(name)
        self._root = self._display.screen().root

    def __enter__(self) -> Desktop:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._display.close()

    def windows(self, pid: int) -> list[Any]:
        """The windows of a process that can be seen."""
        atom = self._display.intern_atom("_NET_WM_PID")
        found = []
        for window in self._root.query_tree().children:
            try:
                owner = window.get_full_property(atom, X.AnyPropertyType)
                if owner and owner.value[0] == pid and window.get_attributes().map_state == X.IsViewable:
                    found.append(window)
            except XError:
                continue  # it went while we looked
        return found

    def wait_for_window(self, pid: int) -> Any:
        """The window of a process, as soon as it can be seen."""
        wait_until(lambda: bool(self.windows(pid)), "a window")
        return self.windows(pid)[0]

    def close_window(self, window: Any) -> None:
        """What a window manager does when a person presses the cross."""
        protocols, delete = (self._display.intern_atom(name) for name in ("WM_PROTOCOLS", "WM_DELETE_WINDOW"))
        data = (32, [delete, X.CurrentTime, 0, 0, 0])
        window.send_event(events.ClientMessage(window=window, client_type=protocols, data=data))
        self._display.flush()

    def focus(self, window: Any) -> None:
        """Give a window the keyboard."""
        window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self._display.sync()

    def press(self, key: str, *held: str) -> None:
        """Press a key and let it go, while others are held."""
        codes = [self._display.keysym_to_keycode(XK.string_to_keysym(name)) for name in (*held, key)]
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def click(self, x: int, y: int) -> None:
        """Click at a place on the screen with the left button."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        for kind in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(self._display, kind, 1)
        self._display.sync()
