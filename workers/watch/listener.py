"""Waits for the agent of one run at a socket in a folder of its own, and reads what it tells. Threads of its own.

Who does not prove to know the run's key is sent away; the first who does is the only one.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ..agent import invitation, messages, proof
from ..utils.sockets import shut_down

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOK_S = 0.1
READ_BYTES = 1 << 16
MAX_PATH = 100
"""A socket's path may be no longer, in bytes: 108 on Linux, 104 elsewhere, with a 0 at its end."""

DRAIN_S = 0.3
"""So long what a program told last is waited for after its end: a child of its may have the link open still."""


class Listener:
    """Hears one agent.

    Attributes:
        folder: of the run; its owner alone can enter it.
        address: where the agent is to connect.
        lost: set once no more is to come: the link has ended, or was never made.
        heard_until: when the link ended, in seconds of `time.perf_counter`; None where it has not, or never was.
        trouble: why the link was given up, as a sentence; empty where it ended by itself.
    """

    def __init__(self, take: Callable[[messages.Message], None]) -> None:
        """Listen.

        Args:
            take: called with each message, in a thread of ours.
        """
        self.folder: Path = invitation.make_folder()
        self.trouble = ""
        self.heard_until: float | None = None
        self.lost = threading.Event()
        self._take, self._key = take, b""
        self._link: socket.socket | None = None
        self._closing = False
        self._when_lost: Callable[[], object] = lambda: None
        self._lock = threading.Lock()  # for `_link`
        try:
            self.address = str(self.folder / invitation.SOCKET)
            if hasattr(socket, "AF_UNIX") and len(os.fsencode(self.address)) <= MAX_PATH:
                self._door = socket.socket(socket.AF_UNIX)
                self._door.bind(self.address)
            else:
                self._door = socket.create_server(("127.0.0.1", 0))
                self.address = f"127.0.0.1:{self._door.getsockname()[1]}"
            self._door.listen(4)
        except OSError:
            invitation.remove_folder(self.folder)
            raise
        self._door.settimeout(LOOK_S)
        self._accepting = threading.Thread(target=self._accept, name="watch door", daemon=True)

    def invite(self, environment: dict[str, str]) -> dict[str, str]:
        """The environment for a program whose agent is to come, made of another one; from now on it may."""
        self._key, invited = invitation.invite(self.folder, self.address, environment)
        self._accepting.start()
        return invited

    @property
    def is_linked(self) -> bool:
        return self._link is not None and not self.lost.is_set()

    def ask(self, message: messages.Message) -> bool:
        """Ask the agent for something; returns whether there is one to ask. Any thread may call it."""
        with self._lock, suppress(OSError):
            if self.is_linked and self._link is not None:
                self._link.sendall(messages.encode(message))
                return True
        return False

    def text_of(self, name: str) -> str:
        """What one of the files of `agent.invitation` holds; empty where there is none."""
        with suppress(OSError):
            return (self.folder / name).read_text(encoding="utf-8", errors="replace")
        return ""

    def when_lost(self, call: Callable[[], object]) -> None:
        """Call this in a thread of ours once no more is to come."""
        self._when_lost = call
        if self.lost.is_set():
            call()

    def finish(self) -> None:
        """Hear what has been told until now, and no more; whoever tells is left to go on by itself."""
        self._closing = True
        if self._accepting.ident is not None:
            self.lost.wait(DRAIN_S if self._link is not None else 0.0)
            self.hang_up()
            self._accepting.join(proof.PROOF_S)

    def close(self) -> None:
        """Finish, and leave nothing behind."""
        self.finish()
        self._door.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def hang_up(self) -> None:
        """End the link. Any thread may call it; what has come by then is still told."""
        with self._lock:
            if self._link is not None:
                shut_down(self._link)

    # ------------------------------------------------------------ a thread of ours

    def _accept(self) -> None:
        try:
            while not self._closing:
                with suppress(TimeoutError):
                    link, _ = self._door.accept()
                    with link:
                        if self._is_proven(link):
                            self._door.close()
                            self._read(link)
                            return
        except OSError as error:
            self.trouble = f"The link to the program was lost ({error.strerror or error})."
        finally:
            self.lost.set()
            self._when_lost()

    def _is_proven(self, link: socket.socket) -> bool:
        try:
            proof.prove_as_listener(link, self._key)
            link.settimeout(None)
        except OSError:  # a wrong proof is one, too
            return False
        with self._lock:
            self._link = link
        return True

    def _read(self, link: socket.socket) -> None:
        frames = messages.Frames()
        try:
            while data := link.recv(READ_BYTES):
                for message in frames.feed(data):
                    self._take(message)
        except messages.BadMessage as error:
            self.trouble = f"What the program told was no message of ours, so it is heard no more: {error}."
        except OSError as error:
            if not self._closing and not isinstance(error, ConnectionError):  # it was killed
                raise
        self.heard_until = time.perf_counter()
        with self._lock:
            self.lost.set()
