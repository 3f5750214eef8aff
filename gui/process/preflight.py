"""Looks, before Qt is loaded, whether it can be: Qt's own answer to a missing library or display is to abort.

Imports no Qt itself.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from workers.utils.child import IS_INSTALLED
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

TRY_S = 10.0
"""Patience with a platform that is tried, in seconds."""

LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
"""What any window needs on Linux, rendered off screen or not: shared library -> Debian's package."""

CORE_LIBRARY = "libglib-2.0.so.0"
"""The one of them that Qt wants without any window, too."""

X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""What a window on an X11 display needs besides."""


def check_qt(python: tuple[int, int] = sys.version_info[:2]) -> None:
    """Find out whether PySide6 is there and works on this Python.

    Raises:
        BadInput: it does not.
    """
    try:
        # This loads no Qt yet; importlib.metadata would take 25 ms more.
        from PySide6 import __version__ as found
    except ModuleNotFoundError:
        do = "install Thaw anew" if IS_INSTALLED else "start Thaw by scripts/run, which installs it"
        raise BadInput(f"PySide6 is not installed in this Python: {do}.") from None
    check_pair(found, python)


def check_pair(pyside: str, python: tuple[int, int]) -> None:
    """PySide6 6.12 loses a reference at every call on Python before 3.12, and aborts after some 600 signals.

    Raises:
        BadInput: this is that pair.
    """
    if tuple(int(part) for part in pyside.split(".")[:2]) >= (6, 12) and python < (3, 12):
        raise BadInput(
            f"PySide6 {pyside} crashes on Python {python[0]}.{python[1]}: install 'PySide6-Essentials<6.12' "
            "or use Python 3.12 or later."
        )


def check_libraries(names: dict[str, str]) -> None:
    """Find out whether shared libraries can be loaded.

    Raises:
        BadInput: some cannot, with the line that installs them.
    """
    missing = []
    for library, package in names.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    if missing:
        raise BadInput(
            f"Qt needs libraries that this system lacks. On Debian and Ubuntu: sudo apt-get install {' '.join(missing)}"
        )


def check_display(environ: Mapping[str, str]) -> None:
    """Find out whether there is a display to open a window on.

    Raises:
        BadInput: there is none.
    """
    if _has_wayland(environ):
        return
    display = environ.get("DISPLAY", "")
    if not display:
        raise BadInput(
            "There is no display to open a window on: use --offscreen (the same window, not shown) or --headless."
        )
    if not _answers(display):
        raise BadInput(
            f"The display {display!r} does not answer: set DISPLAY to one that does, or use --offscreen or --headless."
        )


def _has_wayland(environ: Mapping[str, str]) -> bool:
    """Whether there is a Wayland display that answers: the variable may be of a session that has gone."""
    name = environ.get("WAYLAND_DISPLAY", "")
    return bool(name) and _is_there(os.path.join(environ.get("XDG_RUNTIME_DIR", ""), name))


def _is_there(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(address)
        except (OSError, ValueError):
            return False
    return True


def _answers(display: str) -> bool:
    match = re.fullmatch(r"(?:unix/?)?([^:]*):(\d+)(?:\.\d+)?", display)
    if match is None:
        return os.path.exists(display)  # the path of a socket, as on macOS
    host, number = match[1], int(match[2])
    if host:
        try:
            socket.create_connection((host, 6000 + number), timeout=2).close()
        except (OSError, OverflowError, UnicodeError):  # the last two: no such port can be, no such name
            return False
        return True
    path = f"/tmp/.X11-unix/X{number}"
    return _is_there(path) or _is_there(f"\0{path}")


def check_platform(platform: str) -> None:
    """Try in a process of its own a platform of Qt's that few have: where it does not work, Qt aborts.

    Raises:
        BadInput: it does not.
    """
    code = (
        "from PySide6.QtGui import QGuiApplication as A; a = A([]); raise SystemExit(a.primaryScreen() is None)"
    )
    try:
        tried = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=TRY_S)
        works = tried.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        works = False
    if not works:
        raise BadInput(
            f"Qt can open no window with QT_QPA_PLATFORM={platform} here: unset that, or use --offscreen or --headless."
        )


def _use_utf8() -> None:
    """Choose the encoding that Qt would choose here, with five lines on standard error."""
    if sys.platform.startswith("linux") and os.environ.get("LC_ALL") in {"C", "POSIX"}:
        os.environ["LC_ALL"] = "C.UTF-8"


def check_headless() -> None:
    """Find out whether Qt can be loaded where there is to be no window.

    Raises:
        BadInput: it cannot, with a sentence that says what to do.
    """
    check_qt()
    _use_utf8()
    if sys.platform.startswith("linux"):
        check_libraries({CORE_LIBRARY: LIBRARIES[CORE_LIBRARY]})


def check_window(offscreen: bool) -> None:
    """Find out whether a window can be made here.

    Raises:
        BadInput: it cannot, with a sentence that says what to do.
    """
    check_qt()
    _use_utf8()
    if not sys.platform.startswith("linux"):
        return
    platform = "offscreen" if offscreen else os.environ.get("QT_QPA_PLATFORM", "")
    check_libraries(LIBRARIES)
    if platform.partition(":")[0] in {"", "xcb"}:
        check_display(os.environ)
        if not _has_wayland(os.environ):
            check_libraries(X11_LIBRARIES)
    elif platform not in {"offscreen", "minimal"}:
        check_platform(platform)
