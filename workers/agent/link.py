"""The link to a Thaw that listens: it gives up for good when that breaks. In one thread at a time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..monitors.process.own_file import OwnFile
from .messages import BadMessage, Frames, encode
from .outbox import Outbox

if TYPE_CHECKING:
    import socket

    from .invitation import Invitation
    from .messages import Message

AT_ONCE = 1 << 16
PIECE_S = 0.02
"""For so long it waits for a place for the next bytes, where there are more."""


class Link:
    """Sends what is put, whenever `step` is called.

    Attributes:
        is_broken: whether nobody listens any more.
    """

    def __init__(self, invitation: Invitation) -> None:
        self._invitation = invitation
        self._socket: socket.socket | None = None
        self._file = OwnFile(-1)
        self._outbox, self._frames = Outbox(), Frames()
        self._bytes = memoryview(b"")
        self.is_broken = False

    def put(self, message: Message) -> None:
        """Any thread."""
        if not self.is_broken:
            self._outbox.put(message)

    def step(self, longest_s: float = PIECE_S) -> list[Message]:
        """Send what goes out at once, or in the time that is given; returns what was asked for meanwhile."""
        if self.is_broken:
            return []
        try:
            if self._socket is None:
                from .connection import connect

                self._socket = connect(self._invitation)
                self._file = OwnFile(self._socket.fileno())
            if not self._file.is_ours():
                raise ConnectionError("the program has closed it")
            until = time.monotonic() + longest_s
            while self._send(max(0.0, until - time.monotonic())):
                pass
            return self._read()
        except (OSError, BadMessage):
            self.give_up()
            return []

    def give_up(self) -> None:
        """Nobody listens, or nobody is to be told any more."""
        self.is_broken = True
        if self._socket is not None:
            if not self._file.is_ours():
                self._socket.detach()  # its number may mean another file by now
            self._socket.close()

    def close(self) -> None:
        """After the last message; who listens removes the folder, and where nobody does, we."""
        was_broken = self.is_broken
        self.give_up()
        if was_broken:
            from pathlib import Path

            from .invitation import remove_folder

            remove_folder(Path(self._invitation.folder))

    def _send(self, longest_s: float) -> bool:
        """A piece of what waits; returns whether there is more, and time for it."""
        from .connection import TimeOut

        assert self._socket is not None
        if not self._bytes:
            self._bytes = memoryview(b"".join(map(encode, self._outbox.take())))
        if not self._bytes:
            return False
        self._socket.settimeout(max(longest_s, 0.001))
        try:
            self._bytes = self._bytes[self._socket.send(self._bytes[:AT_ONCE]) :]
        except TimeOut:
            return False
        return True

    def _read(self) -> list[Message]:
        assert self._socket is not None
        self._socket.settimeout(0.0)
        try:
            data = self._socket.recv(AT_ONCE)
        except BlockingIOError:
            return []
        if not data:
            raise ConnectionError("nobody listens any more")
        return list(self._frames.feed(data))
