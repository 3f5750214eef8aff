"""A process and the pipes to it: what the program needs of its witness without Qt.

One daemon thread, "witness reader", starts the process, for that may take a while, and reads its lines until it ends.
It touches no Qt: a QObject whose last reference it held would be taken apart in the wrong thread.
"""

from __future__ import annotations

import io
import os
import subprocess
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from gui.witness import protocol
from gui.witness.protocol import FROM_WITNESS
from workers.utils.child import UNSEEN

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping, Sequence

MAX_COMPLAINTS = 20
PATIENCE_S = 0.005
"""How long a thread may wait for another that is sending just now: both want no more than the GIL."""


class WitnessLink(threading.Thread):
    """One witness, from its start to its end: the reader thread.

    Attributes:
        messages: what it said that is for the GUI thread: ready, stop, top, closed.
        process: None before it has been started.
        is_over: whether it has ended, or could never be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        kept: Sequence[int],
        cancel: Callable[[], None],
        bell: socket.socket,
    ) -> None:
        """Make it; nothing is started yet.

        Args:
            command: starts the process.
            environment: its environment variables.
            kept: file descriptors that the process inherits too.
            cancel: ends the run; called in the reader thread, at once.
            bell: gets a byte when there is something for the GUI thread, and is closed when all is over. It is the
                reader thread's from now on.
        """
        super().__init__(name="witness reader", daemon=True)
        self._command, self._environment, self._kept = command, environment, kept
        self._cancel, self._bell = cancel, bell
        self._lock = threading.Lock()  # guards the way to the process; never held while waiting
        self.process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self._closed = False
        self._ping = 0
        self._woken = False
        self._complaints: deque[str] = deque(maxlen=MAX_COMPLAINTS)
        self.messages: deque[protocol.Message] = deque()
        self.is_over = False

    @property
    def complaint(self) -> str:
        """The last thing that it said and that is no message; empty where there was nothing."""
        return self._complaints[-1] if self._complaints else ""

    def take(self) -> int:
        """The newest ping that has no answer yet, or 0. In the GUI thread, once it was woken, before `messages`."""
        self._woken = False  # first: what comes from now on wakes it again
        ping, self._ping = self._ping, 0
        return ping

    def send(self, line: bytes) -> bool:
        """Send a line if there is room for it; returns whether it is on its way, else it was dropped.

        May be called in any thread, and never waits for the witness. Before that has been started, the last line is
        kept for it: a freeze may be as old as its witness.
        """
        if not self._lock.acquire(timeout=PATIENCE_S):
            return False
        try:
            if self.process is None and not self.is_over:
                self._rest = line
                return True
            pipe = self.process.stdin if self.process is not None else None
            if pipe is None or pipe.closed:
                return False
            # Unbuffered: None where there is no room at all. What was cut is finished before anything else is begun.
            if self._rest:
                self._rest = self._rest[pipe.write(self._rest) or 0 :]
                if self._rest:
                    return False
            written = pipe.write(line) or 0
            if written:
                self._rest = line[written:]
            return written > 0
        except OSError:
            return False  # the witness has gone; the reader tells so
        finally:
            self._lock.release()

    def close(self) -> None:
        """Let the witness go: it ends when its standard input does. Nobody waits for it."""
        with self._lock:
            self._closed = True
            if self.process is not None and self.process.stdin is not None:
                self.process.stdin.close()

    # ---------------------------------------------------------------- the reader thread

    def run(self) -> None:
        try:
            process = self._begun()
        except OSError as error:
            self._complaints.append(str(error))
        else:
            assert process.stdout is not None
            with io.BufferedReader(cast("io.FileIO", process.stdout)) as lines:
                for line in lines:
                    self._hear(line)
            process.wait()  # its end of the pipe was the last of it
            self.close()
        self.is_over = True
        self._bell.close()

    def _begun(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self._command,
            bufsize=0,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # one pipe, one thread: what is no message is a complaint
            pass_fds=self._kept,
            start_new_session=True,  # Ctrl+C in the terminal is the program's to answer
            creationflags=UNSEEN,
        )
        assert process.stdin is not None
        # Pipes of Windows before Python 3.12 always block; the witness has a thread that reads.
        with suppress(AttributeError, OSError):
            os.set_blocking(process.stdin.fileno(), False)
        with self._lock:
            self.process = process
            if self._closed:
                process.stdin.close()
        return process

    def _hear(self, line: bytes) -> None:
        message = protocol.parsed(line, FROM_WITNESS)
        if message is None:
            self._complaints.append(line.decode(errors="replace").strip())
            return
        if message.word == "ping":
            self._ping = message.number
            self.send(protocol.encoded("heard", message.number))
        else:
            if message.word == "stop":
                # Here and now: the GUI thread is blocked, that is why it is asked for.
                self._cancel()
                self.send(protocol.encoded("stopping"))
            self.messages.append(message)
        if not self._woken:
            self._woken = True
            with suppress(OSError):  # the program has stopped listening
                self._bell.send(b"!")
