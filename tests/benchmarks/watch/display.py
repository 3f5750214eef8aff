"""An X server that shows nothing, and what can be seen of another process's window from outside it. No Qt.

Everything runs in the caller's thread.
"""

from __future__ import annotations

import os
import select
import subprocess
import time
from typing import TYPE_CHECKING, Any

from Xlib import X, display
from Xlib.error import XError

from tests.benchmarks.figures import Missing

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

SIZE = "1920x1080x24"
LOOK_S = 0.002
"""How often a new window's pixels are looked at."""

PATIENCE_S = 30.0
"""How long one waits for a window."""


class Display:
    """An X server of our own, 1920x1080 by itself, on a display number that is free, with one connection to it.

    Attributes:
        name: its name, such as ":99", for the environment of other processes.
        connection: ours. The server ends by itself with its last connection, so it never outlives us.
    """

    def __init__(self, size: str = SIZE) -> None:
        read_end, write_end = os.pipe()
        try:
            self._server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp", "-terminate"],
                pass_fds=[write_end],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            os.close(read_end)
            raise Missing(f"Xvfb, an X server that shows nothing, cannot be started: {error}.") from error
        finally:
            os.close(write_end)
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Missing("Xvfb, an X server that shows nothing, did not start.")
        self.name = f":{number}"
        self.connection: Any = display.Display(self.name)

    def close(self) -> None:
        """End the server."""
        self.connection.close()
        self._server.terminate()
        self._server.wait()

    def __enter__(self) -> Display:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def window_of(connection: Any, pid: int) -> Any | None:
    """The largest visible window of a process; None while there is none."""
    wanted, best, best_area = connection.intern_atom("_NET_WM_PID"), None, 0
    for window in connection.screen().root.query_tree().children:
        try:
            owner = window.get_full_property(wanted, X.AnyPropertyType)
            if owner is None or owner.value[0] != pid or window.get_attributes().map_state != X.IsViewable:
                continue
            shape = window.get_geometry()
        except XError:  # it has gone meanwhile
            continue
        if shape.width * shape.height > best_area:
            best, best_area = window, shape.width * shape.height
    return best


def is_painted(window: Any) -> bool:
    """Whether something is to be seen in a window: three of its rows are not of one colour each.

    X itself fills a new window with nothing, or with one colour.
    """
    shape = window.get_geometry()
    for quarter in (1, 2, 3):
        y = shape.height * quarter // 4
        row = window.get_image(0, y, shape.width, 1, X.ZPixmap, 0xFFFFFFFF).data
        if row.count(row[:4]) * 4 < len(row):
            return True
    return False


def wait_until_there(
    connection: Any, pid: int, alive: Callable[[], bool], *, painted: bool
) -> tuple[Any, float]:
    """Wait for a process's window to be mapped, or to have its first frame.

    Returns:
        The window, and when it was seen, by `time.perf_counter`.

    Raises:
        Missing: the process has ended, or nothing came in time.
    """
    root = connection.screen().root
    root.change_attributes(event_mask=X.SubstructureNotifyMask)
    connection.sync()
    window, deadline = window_of(connection, pid), time.perf_counter() + PATIENCE_S
    while True:
        if window is not None:
            try:
                if not painted or is_painted(window):
                    return window, time.perf_counter()
            except XError:  # the window was closed again
                window = None
        # Until there is a window, only X's own news of one wakes us: the start that is measured is not disturbed.
        select.select([connection.fileno()], [], [], 0.25 if window is None else LOOK_S)
        news = [connection.next_event() for _ in range(connection.pending_events())]
        if any(event.type == X.MapNotify for event in news):
            window = window_of(connection, pid)
        if not alive():
            raise Missing("the process ended before its window was to be seen")
        if time.perf_counter() > deadline:
            raise Missing(f"no window was to be seen within {PATIENCE_S:.0f} s")
