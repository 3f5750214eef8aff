"""What the threads did while C held the GIL, by faulthandler: the one way to see a stack while no Python can run.

`DumpFile` belongs to the watchdog and its lock. The rest needs nothing but the text of a dump, and serves a process
that watches from outside just as well: it may read the file while this process still stands still.
"""

from __future__ import annotations

import linecache
import os
import re
import sys
import tempfile
from contextlib import suppress

from .freeze import Line
from .guilt import Rank, SourceFiles, is_at_rest, waits_for_events
from .process import dump_timer
from .process.collector import unheld
from .process.own_file import OwnFile, moved_up

MAX_BYTES = 1_000_000
"""No more of a dump is read: it has a hundred threads with a hundred lines of 600 characters at the most."""

DUMP_AFTER_S = 0.250
"""When faulthandler is to write the stacks down, if nobody hinders it before."""

ARM_S = 0.200
"""Between two hindrances. Each keeps the GIL for 0.1 ms, and where processors are scarce for several."""

MAX_LATE_S = 1.0
"""As late as this a look is taken for at most, when it is decided how long faulthandler is to wait."""

THREAD = re.compile(r"^(?:Current thread|Thread) 0x([0-9a-fA-F]+)")
CALL = re.compile(r'^  File "(.*)", line (\d+) in (.*)$')
ESCAPED = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")


class DumpFile:
    """A file into which faulthandler writes if nobody hinders it in time.

    By the one timer of a process: see `dump_timer`. faulthandler reads the stacks without the GIL. That is safe while
    nothing runs, and seldom goes wrong otherwise (three times 500 dumps over four threads that compute in Python did
    no harm; one every 0.5 ms crashed): see that it is armed anew long before it fires.

    Attributes:
        fd: its file descriptor; read it with `os.pread`, which leaves its place in the file alone.
    """

    def __init__(self, path: str | None = None) -> None:
        """Open it.

        Args:
            path: its name, under which others may read it; None for a temporary one without a name.
        """
        if path is None:
            with tempfile.TemporaryFile() as file:
                fd = os.dup(file.fileno())
        else:
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        self._file = OwnFile(moved_up(fd))
        self.fd = self._file.fd

    def arm(self, after_s: float) -> None:
        """In `after_s` seconds dump all threads, unless `arm` or `disarm` is called before. Takes 30 microseconds."""
        if not self._file.is_ours():
            return
        with suppress(RuntimeError):  # it has a thread of its own, which there may be none for
            dump_timer.arm(after_s, self.fd)

    def disarm(self) -> None:
        """Dump nothing; a dump that is being written is finished first."""
        dump_timer.disarm()

    def take(self) -> str:
        """What was dumped since the last call, which disarms; empty, and without effect, where there is nothing."""
        if self._is_empty() or not self._file.is_ours():
            return ""
        self.disarm()
        os.lseek(self.fd, 0, os.SEEK_SET)
        text = os.read(self.fd, MAX_BYTES).decode(errors="replace")
        os.lseek(self.fd, 0, os.SEEK_SET)
        os.ftruncate(self.fd, 0)
        return text

    def _is_empty(self) -> bool:
        try:
            # It may be a file of the program's by now, which this harms not.
            return not (unheld(os.pread, self.fd, 1, 0) if hasattr(os, "pread") else os.fstat(self.fd).st_size)
        except OSError:
            return True

    def close(self) -> None:
        """Disarm, and let the file go. May be called again."""
        if self._file.is_ours():
            self.disarm()
            self._file.close()


def parse(text: str) -> dict[int, list[tuple[str, int, str]]]:
    """Read a dump, also one that is cut off.

    Returns:
        For each thread by its ident its calls, the outermost first: file, line and function.
    """
    threads: dict[int, list[tuple[str, int, str]]] = {}
    calls: list[tuple[str, int, str]] = []
    for line in text.splitlines():
        if head := THREAD.match(line):
            calls = threads[int(head[1], 16)] = []
        elif call := CALL.match(line):
            calls.insert(0, (_plain(call[1]), int(call[2]), _plain(call[3])))
    return {ident: calls for ident, calls in threads.items() if calls}


def _plain(name: str) -> str:
    """A name as it is; faulthandler writes what is not ASCII as Python would in a literal, but backslashes as such."""
    if name.isascii() and ESCAPED.search(name) and not os.path.exists(name):
        return ESCAPED.sub(lambda found: chr(int(found[0][2:], 16)), name)
    return name


def guilty_line(text: str, gui_thread_ident: int, files: SourceFiles | None = None) -> tuple[Line, bool] | None:
    """The line that is to blame for a dump: the GUI thread's, or where that waits for events, another thread's.

    Args:
        text: what faulthandler wrote.
        gui_thread_ident: the GUI thread's `threading.get_ident`.
        files: tells libraries from the program.

    Returns:
        It, and whether it is the GUI thread's; None where the dump is empty or does not tell.
    """
    files = files or SourceFiles()
    threads = parse(text)
    ident = not_at_rest(threads, gui_thread_ident)
    if not ident:
        return None
    calls = threads[ident]
    return line_of(*calls[files.guilty([call[0] for call in calls])]), ident == gui_thread_ident


def patience(threads: int, late_s: float) -> float:
    """In how many seconds faulthandler is to fire: it waits for longer than looks are late while Python runs.

    For what it would read then are the stacks of threads that run, which can crash.

    Args:
        threads: how many there are: a crowd can make a look late.
        late_s: how late looks were of late, in seconds.
    """
    crowd = threads * sys.getswitchinterval()
    return max(DUMP_AFTER_S, ARM_S + 3 * max(crowd, min(late_s, MAX_LATE_S)))


def not_at_rest(threads: dict[int, list[tuple[str, int, str]]], first: int) -> int:
    """The ident of a thread that does not seem to wait, that of `first` before all others; 0 without one."""
    for ident in sorted(threads, key=lambda ident: ident != first):
        innermost = line_of(*threads[ident][-1])
        if not waits_for_events(innermost) and not is_at_rest(innermost):
            return ident
    return 0


def only_waits(calls: list[tuple[str, int, str]], files: SourceFiles) -> bool:
    """Whether a thread seems to wait, and for none of the work: for its turn, for a task, for events."""
    innermost = line_of(*calls[-1])
    at_rest = is_at_rest(innermost) or waits_for_events(innermost)
    return at_rest and files.rank(calls[files.guilty([call[0] for call in calls])][0]) is not Rank.WORK


def line_of(file: str, number: int, function: str) -> Line:
    """A line with its source, which is read from the file when it is asked for the first time."""
    return Line(file, number, function, linecache.getline(file, number).strip())
