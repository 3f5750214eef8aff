"""A child process that serves several runs; any thread may call. It ends with the program, whatever ends that.

One daemon thread a process reads what it writes, to its end. (A thread rather than select(), which takes no pipes on
Windows.)
"""

from __future__ import annotations

import subprocess
import threading
import weakref
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from ..child import UNSEEN
from .guard import IS, end, guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CLOSE_S = 1.0
"""How long it may take to leave when it was told to."""

_all: weakref.WeakSet[KeptProcess] = weakref.WeakSet()


class KeptProcess:
    """Start it, ask whether it is alive, close it; each once. What it writes is heard line by line.

    Attributes:
        complaints: the last lines that it has written and that `hear` had no use for.
        pid: its process; None before that is known, and where it could not be started.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        hear: Callable[[bytes], bool] = lambda line: False,
        ended: Callable[[], object] = lambda: None,
        *,
        environment: Mapping[str, str] | None = None,
        guards_itself: bool = False,
        niceness: int = 0,
        folder: str = "",
    ) -> None:
        """Say what is to be started.

        Args:
            name: what it is, for the thread that reads.
            command: the program and its arguments, which everybody on the machine can read.
            hear: is called in that thread with each line that it writes; returns whether it had a use for it.
            ended: is called in that thread when the process has ended.
            environment: its variables; None: ours.
            guards_itself: whether it leaves by itself when its standard input ends. Else a guard sees to that, which
                has no ear for `say`.
            niceness: as of a background job, where there is such a thing; for a command with a guard.
            folder: goes with it, with all that is in there; empty: none. For a command with a guard.
        """
        self._name, self._hear, self._ended, self._environment = name, hear, ended, environment
        self._has_guard = not guards_itself
        self._command = guarded(command, niceness, folder) if self._has_guard else command
        # Guards the process and its standard input; never held while waiting.
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self.pid: int | None = None
        self.complaints: deque[str] = deque(maxlen=20)

    def start(self) -> None:
        """Start the process and return at once, before it is ready; a second call does nothing.

        Raises:
            OSError: it cannot be started.
            RuntimeError: the system gives no more threads.
        """
        with self._lock:
            if self._process is not None:
                return
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=self._environment,
                # Ctrl+C in the terminal is ours to answer, also while the child starts. No session of its own: in there
                # its niceness would not count beside the window's.
                process_group=0,
                creationflags=UNSEEN,
            )
            self._process = process
            self.pid = None if self._has_guard else process.pid
            reader = threading.Thread(
                target=self._read, args=(process,), name=f"{self._name} reader", daemon=True
            )
            try:
                reader.start()
            except RuntimeError:
                process.communicate()  # its input ends, and so does it
                raise
            self._reader = reader
        _all.add(self)

    @property
    def is_started(self) -> bool:
        return self._process is not None

    @property
    def alive(self) -> bool:
        process = self._process
        return process is not None and process.poll() is None

    @property
    def code(self) -> int | None:
        """Its exit code; a signal's number with a minus where that ended it; None while it runs."""
        process = self._process
        return None if process is None else process.poll()

    def say(self, line: bytes) -> None:
        """Write a line to its standard input; to one that has gone nothing is said."""
        with self._lock:
            stdin = self._process.stdin if self._process is not None else None
            if stdin is not None and not stdin.closed:
                with suppress(OSError):  # `alive` tells that
                    stdin.write(line + b"\n")
                    stdin.flush()

    def dismiss(self) -> None:
        """Tell it to leave, by the end of its standard input; returns at once."""
        with self._lock:
            if self._process is not None and self._process.stdin is not None:
                with suppress(OSError):  # what was still buffered for one that has gone
                    self._process.stdin.close()

    def close(self) -> None:
        """End the process: it is told to leave, and ended by force after a second; may be called again."""
        self.dismiss()
        process, reader = self._process, self._reader
        if process is None or reader is None:
            return
        try:
            process.wait(CLOSE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._has_guard and self.pid is not None:
            end(self.pid, at_once=True)  # for its guard may have been killed
        reader.join(CLOSE_S)  # the pipe has ended with the child, but for one that has got away from it

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        """In the reader thread: what the child says, until it ends."""
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:  # read to the end, or a full pipe would stop the child
                self._take(line)
        process.wait()
        self._ended()

    def _take(self, line: bytes) -> None:
        if self._has_guard and line.startswith(IS.encode()):
            self.pid = int(line[len(IS) :])  # a quick process has written before its guard did
        elif not self._hear(line):
            self.complaints.append(line.decode(errors="replace").strip())


def end_all() -> None:
    """End all that is kept: they are told at once, and waited for together."""
    kept = [one for one in _all if one.is_started]
    for one in kept:
        one.dismiss()
    for one in kept:
        one.close()
