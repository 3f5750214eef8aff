"""Runs a command, and ends it with all that it has started when standard input ends: with the program, that is.

    python guard.py NICENESS FOLDER COMMAND ...

It is a process of its own, so that no command need know of it, and nothing that holds a GIL there can be in its way.
It writes the command's process as a line that begins with IS, among those of the command itself. It ends as the command
does, and takes FOLDER with it, unless that is empty.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

GRACE_S = 0.8
"""How long it may take to end when it is asked to."""

IS = "\0process "

DEATH_SIGNAL = 1
"""What Linux's prctl is asked for: a signal when the parent dies."""


def end(group: int, *, at_once: bool) -> None:
    """End a process and what it has started: ask it to, or by force."""
    if os.name == "posix":
        with suppress(OSError):  # they have all ended
            os.killpg(group, signal.SIGKILL if at_once else signal.SIGTERM)
    elif at_once:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(group)], capture_output=True, check=False)


def say(line: str) -> None:
    """Tell the program a line; one that has gone is not told."""
    with suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def follow_stdin(child: int) -> None:
    """End the child when the program has gone, or has closed its end."""
    while os.read(0, 4096):
        pass
    end(child, at_once=False)
    if os.name == "posix":
        time.sleep(GRACE_S)
    end(child, at_once=True)


def die_with_the_guard() -> None:
    """Runs in the child before the command: somebody may kill this process too."""
    import ctypes

    ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL)


def main(niceness: str, folder: str, *command: str) -> int:
    """Run a command to its end, and remove the folder; returns the same."""
    try:
        return run(niceness, command)
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def run(niceness: str, command: Sequence[str]) -> int:
    """Run a command to its end; returns its exit code, or a signal's number with a minus."""
    if hasattr(os, "nice"):
        os.nice(int(niceness))
    on_linux = sys.platform.startswith("linux")
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            process_group=0,  # for `end`
            preexec_fn=die_with_the_guard if on_linux else None,  # there are no threads yet
        )
    except OSError as error:
        say(f"{command[0]} cannot be started: {error.strerror or error}.")
        return 127
    say(f"{IS}{child.pid}")
    threading.Thread(target=follow_stdin, args=(child.pid,), daemon=True).start()
    code = child.wait()
    end(child.pid, at_once=True)  # what it has left
    return code


def leave(code: int) -> None:
    """End as the command did."""
    if code < 0:
        with suppress(OSError):  # some cannot be had otherwise
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


def guarded(command: Sequence[str], niceness: int, folder: str) -> list[str]:
    """The command that runs this file for another."""
    return [sys.executable, "-I", "-S", __file__, str(niceness), folder, *command]


if __name__ == "__main__":
    leave(main(*sys.argv[1:]))
