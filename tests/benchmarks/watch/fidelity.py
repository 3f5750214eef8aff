"""Runs a program with a window for some seconds and keeps all that can be seen of it from outside.

Everything runs in the caller's thread. Each run has an X server of its own, on which there is nothing else.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from Xlib import X
from Xlib.error import XError
from Xlib.protocol import event

from tests.benchmarks.watch.display import Display
from tests.benchmarks.watch.watching import children, is_there

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NUMBER = re.compile(r"0x[0-9a-f]+|[-+]?\d+(\.\d+)?(e[-+]?\d+)?", re.IGNORECASE)
END_S = 3.0
"""So long a program may take to end when its windows are closed; then it is asked by SIGTERM."""

LOOK_S = 0.05
OURS = "\nthaw: "
"""What Thaw says of a program follows on its standard error, from here on."""


class Seen(NamedTuple):
    """What was seen of a run.

    Attributes:
        code: its exit code.
        out, err: the lines that it wrote, each but once, with their numbers masked.
        windows: titles (their numbers masked), widths and heights of its windows.
        picture: what the whole screen looked like, as a digest.
    """

    code: int
    out: tuple[str, ...]
    err: tuple[str, ...]
    windows: tuple[tuple[str, int, int], ...]
    picture: str


def masked(text: str) -> tuple[str, ...]:
    """Lines without their numbers; one that comes again and again, such as a rate, counts once."""
    return tuple(dict.fromkeys(NUMBER.sub("N", line) for line in text.splitlines()))


def run(
    folder: Path, command: Sequence[str | Path], seconds: float, *, watched: bool, variables: dict[str, str]
) -> Seen:
    """Run a program for so long, close its windows as a person would, and wait for its end.

    Args:
        folder: where it runs, with nothing in it; what it writes is kept there.
        command: the words after `python`.
        seconds: for how long, from its first window on.
        watched: whether the program is the child of what is started.
        variables: of its environment.
    """
    out, err = folder / "out.txt", folder / "err.txt"
    with Display() as display, out.open("wb") as to_out, err.open("wb") as to_err:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=to_out,
            stderr=to_err,
            env={**variables, "DISPLAY": display.name},
        )
        try:
            windows, picture = _looked_at(display.connection, process, seconds)
            _end(display.connection, process, watched)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
    said, complained = (path.read_text(errors="replace") for path in (out, err))
    if watched:
        complained = complained.rpartition(OURS)[0].removesuffix("\n")
    return Seen(process.returncode, masked(said), masked(complained), windows, picture)


def _looked_at(
    connection: Any, process: subprocess.Popen[bytes], seconds: float
) -> tuple[tuple[tuple[str, int, int], ...], str]:
    """The windows and the whole screen, so long after the first of them came; nothing if none does."""
    deadline = time.monotonic() + 10 * seconds
    while not (there := _windows(connection)) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(LOOK_S)
    if not there:
        return (), ""
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        time.sleep(LOOK_S)
    root = connection.screen().root
    shape = root.get_geometry()
    pixels = root.get_image(0, 0, shape.width, shape.height, X.ZPixmap, 0xFFFFFFFF).data
    found = []
    for window in _windows(connection):
        try:
            size, name = window.get_geometry(), _title(connection, window)
        except XError:  # it has gone meanwhile
            continue
        found.append((NUMBER.sub("N", name), size.width, size.height))
    return tuple(sorted(found)), hashlib.sha256(pixels).hexdigest()


def _windows(connection: Any) -> list[Any]:
    found = []
    for window in connection.screen().root.query_tree().children:
        try:
            about = window.get_attributes()
        except XError:
            continue
        if about.map_state == X.IsViewable and about.win_class == X.InputOutput:
            found.append(window)
    return found


def _title(connection: Any, window: Any) -> str:
    name = window.get_full_property(connection.intern_atom("_NET_WM_NAME"), X.AnyPropertyType)
    return name.value.decode(errors="replace") if name is not None else ""


def _end(connection: Any, process: subprocess.Popen[bytes], watched: bool) -> None:
    """Press the cross of all windows; where that does not end the program, ask it by SIGTERM."""
    protocols, delete = (connection.intern_atom(name) for name in ("WM_PROTOCOLS", "WM_DELETE_WINDOW"))
    for window in _windows(connection):
        data = (32, [delete, X.CurrentTime, 0, 0, 0])
        window.send_event(event.ClientMessage(window=window, client_type=protocols, data=data))
    connection.flush()
    if _ended(process):
        return
    pids = children(process.pid) if watched else [process.pid]
    for pid in pids:
        if is_there(pid):
            os.kill(pid, signal.SIGTERM)
    _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        return False
    return True
