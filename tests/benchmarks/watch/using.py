"""Uses a program as a person or a client would: clicks and keys in its windows, requests, records of a log.

Everything runs in the caller's thread, for so many seconds or until the program has ended.
"""

from __future__ import annotations

import http.client
import logging
import logging.handlers
import random
import time
from typing import TYPE_CHECKING

from Xlib.error import XError

from tests.support.x11 import Desktop

if TYPE_CHECKING:
    from collections.abc import Callable

    GoOn = Callable[[], bool]

CLICK_S, REQUEST_S, RECORD_S = 0.25, 0.05, 0.05
"""The time between two of each."""

KEYS = ("Tab", "Tab", "space", "Down", "a", "7", "Escape")


def clicks(display: str, pid: int, go_on: GoOn) -> int:
    """Click at places in the program's windows, and press keys; the places are the same each time."""
    chance, done = random.Random(1), 0
    with Desktop(display) as desktop:
        while go_on():
            time.sleep(CLICK_S)
            # What pops up has the mouse before the window below it.
            windows = desktop.windows(pid)
            if not windows:
                continue
            try:
                place = windows[-1].get_geometry()
                x = place.x + round(place.width * chance.uniform(0.03, 0.97))
                y = place.y + round(place.height * chance.uniform(0.03, 0.97))
                desktop.focus(windows[-1])
            except XError:  # it has gone meanwhile
                continue
            desktop.click(x, y)
            if done % 3 == 2:
                desktop.press(chance.choice(KEYS))
            done += 1
    return done


def records(port: int, go_on: GoOn) -> int:
    """Send records of a log, as a program with the standard library's SocketHandler does."""
    handler, done = logging.handlers.SocketHandler("127.0.0.1", port), 0
    logger = logging.Logger("work")
    logger.addHandler(handler)
    while go_on():
        logger.log(10 * (1 + done % 5), "record %d: %s", done, "x" * (done % 60))
        done += 1
        time.sleep(RECORD_S)
    handler.close()
    return done


def requests(port: int, paths: tuple[str, ...], go_on: GoOn) -> int:
    """Ask for one page after the other; returns how many answers came whole."""
    done = number = 0
    while go_on():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", paths[number % len(paths)])
            done += connection.getresponse().read() is not None
        except (OSError, http.client.HTTPException):
            time.sleep(REQUEST_S)  # it has not begun to listen
        finally:
            connection.close()
        number += 1
        time.sleep(REQUEST_S)
    return done
