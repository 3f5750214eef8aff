"""From a key to the pixels: how long a window takes to show what a person did. It shares no code with what it measures.

Everything runs in the caller's thread.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from Xlib import XK, X
from Xlib.ext import xtest

from tests.benchmarks.figures import Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOOK_S = 0.0005
"""How often the pixels are looked at."""

GIVE_UP_S = 10.0
MEAN_PAUSE_S = 0.12
"""Between two keys; each pause is half to one and a half times as long, so that no rhythm of the window's is met."""

SETTLE_S = 0.5


class Keys:
    """Presses Right and Left in turn at random moments, and looks at a part of the window until it has changed."""

    def __init__(self, connection: Any, window: Any, part: Sequence[int]) -> None:
        """Click into the middle of a part of the window.

        Args:
            connection: a connection to the X server.
            window: the window.
            part: left, top, width and height in it, in pixels: a slider that these keys move.
        """
        self._connection, self._root = connection, connection.screen().root
        at = window.translate_coords(self._root, 0, 0)
        left, top, self._width, self._height = part
        self._left = left - at.x
        self._top = top - at.y
        self._keys = [connection.keysym_to_keycode(XK.string_to_keysym(name)) for name in ("Right", "Left")]
        middle = {"x": self._left + self._width // 2, "y": self._top + self._height // 2}
        xtest.fake_input(connection, X.MotionNotify, **middle)
        for press in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(connection, press, 1)
        connection.sync()
        time.sleep(SETTLE_S)

    def _pixels(self) -> bytes:
        whole = 0xFFFFFFFF
        image = self._root.get_image(self._left, self._top, self._width, self._height, X.ZPixmap, whole)
        return bytes(image.data)

    def run(self, go_on: Callable[[], bool], count: int) -> list[float]:
        """Press keys until `go_on` says no, or `count` times; returns how long each took, in seconds.

        Raises:
            Missing: a key was never answered.
        """
        chance = random.Random(1)
        took: list[float] = []
        while go_on() and len(took) < count:
            time.sleep(MEAN_PAUSE_S * chance.uniform(0.5, 1.5))
            before, pressed = self._pixels(), time.perf_counter()
            for press in (X.KeyPress, X.KeyRelease):
                xtest.fake_input(self._connection, press, self._keys[len(took) % 2])
            self._connection.flush()
            while self._pixels() == before:
                if time.perf_counter() - pressed > GIVE_UP_S:
                    raise Missing(f"a key was not answered within {GIVE_UP_S:g} s")
                time.sleep(LOOK_S)
            took.append(time.perf_counter() - pressed)
        return took
