"""How a program that is to be watched is told where to find us: one variable of its environment, and one file.

`inject/sitecustomize.py` reads it in there. The key stands in that file alone, in a folder that only its owner can
enter.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

VARIABLE = "THAW_WATCH"
"""Names the file. It is taken out of the environment before the program's first line."""

INJECT = Path(__file__).parent / "inject"

STACKS = "stacks"
"""In the folder: what faulthandler writes while C holds the GIL. To be read at any time by `monitors.dump.parse`."""

CRASH = "crash"
"""In the folder: what faulthandler writes at a fatal signal; empty unless there was one."""

TROUBLE = "trouble"
"""In the folder: why the agent could not begin; not there unless it could not."""

SOCKET = "link"
"""In the folder: the socket, where it has a name."""


class Invitation(NamedTuple):
    """What the file holds.

    Attributes:
        address: a path of an AF_UNIX socket, or "127.0.0.1:port".
        key: of this run, in hexadecimal digits.
        folder: of 0700; the agent writes STACKS, CRASH and TROUBLE into it.
    """

    address: str
    key: str
    folder: str


def make_folder() -> Path:
    """A folder for one run, which only its owner can enter."""
    import tempfile

    return Path(tempfile.mkdtemp(prefix="thaw-"))


def invite(folder: Path, address: str, environment: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """Write the file.

    Args:
        folder: of `make_folder`.
        address: see `Invitation`.
        environment: what the program is to have.

    Returns:
        The key, and the environment with which it is to be started.
    """
    key = os.urandom(32)
    file = folder / "invitation"
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(Invitation(address, key.hex(), str(folder)), out)
    before = environment.get("PYTHONPATH")
    path = f"{INJECT}{os.pathsep}{before}" if before else str(INJECT)
    return key, {**environment, "PYTHONPATH": path, VARIABLE: str(file)}


def read(file: str) -> Invitation:
    """Read it in there. Raises OSError, or ValueError where it is none."""
    with open(file, encoding="utf-8") as told:
        found = json.load(told)
    if not (isinstance(found, list) and list(map(type, found)) == [str, str, str]):
        raise ValueError(f"{file} is no invitation")
    return Invitation(*found)


def remove_folder(folder: Path) -> None:
    """Remove it with all that is in it, whichever side is left to do so."""
    for name in ("invitation", SOCKET, STACKS, CRASH, TROUBLE):
        with suppress(OSError):
            (folder / name).unlink()
    with suppress(OSError):
        folder.rmdir()
