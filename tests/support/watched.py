"""Starts a program as it is watched, and hears what its agent tells: what the agent's tests need of the other side."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from workers.agent.invitation import SOCKET, invite, make_folder, remove_folder
from workers.agent.messages import Dump, Frames, Frozen, Message, encode
from workers.agent.proof import prove_as_listener

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LIMIT_S = 60.0

_GIVEN = os.environ.get("THAW_TEST_DISPLAY") or os.environ.get("DISPLAY")
DISPLAY = {"DISPLAY": _GIVEN} if _GIVEN else {}
"""The X server that tkinter's programs are shown on; empty where there is none."""


class WatchedProgram:
    """A program that runs, watched, and all that it has told.

    Attributes:
        process: it.
        messages: what it has told.
        folder: that of the run.
    """

    def __init__(self, arguments: Sequence[str], *, python: str = sys.executable, **options: Any) -> None:
        self.folder: Path = make_folder()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        address = str(self.folder / SOCKET)
        self._listener.bind(address)
        self._listener.listen()
        self._key, environment = invite(self.folder, address, options.pop("env", None) or environment_of_ours())
        self.messages: list[Message] = []
        self._told = threading.Condition()
        self._link: socket.socket | None = None
        self._thread = threading.Thread(target=self._hear, name="listener")
        self._thread.start()
        self.process = subprocess.Popen(
            [python, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
        )

    def _hear(self) -> None:
        try:
            link, _ = self._listener.accept()
        except OSError:
            return
        with link:
            prove_as_listener(link, self._key)
            link.settimeout(None)
            frames = Frames()
            with self._told:
                self._link = link
            while data := _received(link):
                for message in frames.feed(data):
                    with self._told:
                        self.messages.append(message)
                        self._told.notify_all()
            with self._told:
                self._link = None
                self._told.notify_all()

    def wait_for(self, matches: Callable[[Message], bool]) -> Message:
        """The first message that does."""
        with self._told:
            assert self._told.wait_for(lambda: any(map(matches, self.messages)), LIMIT_S), self.messages
            return next(filter(matches, self.messages))

    def ask(self, message: Message = Dump()) -> None:  # noqa: B008 (it never changes)
        with self._told:
            assert self._link is not None
            self._link.sendall(encode(message))

    def stop_listening(self) -> None:
        """As if who listens had been killed."""
        with self._told:
            if self._link is not None:
                self._link.shutdown(socket.SHUT_RDWR)

    def end(self) -> tuple[int, str, str]:
        """Wait for its end: exit code, output and errors."""
        output, errors = self.process.communicate(timeout=LIMIT_S)
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(LIMIT_S)
        self._listener.close()
        remove_folder(self.folder)
        return self.process.returncode, output.decode(errors="replace"), errors.decode()

    def of(self, *kinds: type) -> list[Any]:
        """The messages of some kinds."""
        return [message for message in self.messages if isinstance(message, kinds)]

    @property
    def frozen(self) -> list[Frozen]:
        return self.of(Frozen)


def _received(link: socket.socket) -> bytes:
    try:
        return link.recv(1 << 16)
    except OSError:
        return b""


def environment_of_ours() -> dict[str, str]:
    """Without what the tests have put in."""
    found = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "COV"))
    }
    return {**found, **DISPLAY, "QT_QPA_PLATFORM": "offscreen"}


def outcomes(
    arguments: list[str],
    tmp_path: Path,
    given: bytes = b"",
    env: dict[str, str] | None = None,
    python: str = sys.executable,
) -> tuple[WatchedProgram, list[tuple[int, str, str]]]:
    """What a program does without, and with our agent."""
    env = {**environment_of_ours(), **(env or {})}
    alone = subprocess.run(
        [python, *arguments], input=given, capture_output=True, timeout=LIMIT_S, cwd=tmp_path, env=env
    )
    program = WatchedProgram(arguments, python=python, cwd=tmp_path, env=env, stdin=subprocess.PIPE)
    assert program.process.stdin is not None
    program.process.stdin.write(given)
    program.process.stdin.close()
    program.process.stdin = None
    watched = program.end()
    found = [(alone.returncode, alone.stdout.decode(errors="replace"), alone.stderr.decode()), watched]
    return program, [(code, masked(output), masked(errors)) for code, output, errors in found]


def masked(text: str) -> str:
    return re.sub(r"0x[0-9a-f]+|\b\d\.\d{3}\b|process \d+|id=\d+|started \d+|pid=\d+", "N", text)


def main() -> None:
    """Run a program and print what is told."""
    program = WatchedProgram(sys.argv[1:], python=os.environ.get("WATCH_PYTHON", sys.executable))
    began = time.perf_counter()
    code, output, errors = program.end()
    print(output, errors, "exit", code, time.perf_counter() - began)  # noqa: T201
    for one in program.messages:
        print(str(one)[:600])  # noqa: T201


if __name__ == "__main__":
    main()
