"""How a program that is to be watched is told where to find us: one variable of its environment, and one file.

`inject/sitecustomize.py` reads it in there. The key stands in that file alone, in a folder that only its owner can
enter.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

VARIABLE = "THAW_WATCH"
"""Names the file. It is taken out of the environment before the program's first line."""

INJECT = Path(__file__).parent / "inject"


class Invitation(NamedTuple):
    """What the file holds.

    Attributes:
        address: a path of an AF_UNIX socket, or "127.0.0.1:port".
        key: of this run, in hexadecimal digits.
        folder: of 0700; the agent writes STACKS and CRASH into it.
        path: what PYTHONPATH was before us; None where there was none.
    """

    address: str
    key: str
    folder: str
    path: str | None


STACKS = "stacks"
"""In the folder: what faulthandler writes while C holds the GIL. To be read at any time by `monitors.dump.parse`."""

CRASH = "crash"
"""In the folder: what faulthandler writes at a fatal signal; empty unless there was one."""


def make_folder() -> Path:
    """A folder for one run, which only its owner can enter; a short path, for that of a socket may not be long."""
    return Path(tempfile.mkdtemp(prefix="thaw-", dir="/tmp" if os.access("/tmp", os.W_OK) else None))


def invite(folder: Path, address: str, environment: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """Write the file.

    Args:
        folder: of `make_folder`.
        address: see the class.
        environment: what the program is to have.

    Returns:
        The key, and the environment with which it is to be started.
    """
    key = secrets.token_hex(32)
    before = environment.get("PYTHONPATH")
    file = folder / "invitation"
    told = Invitation(address, key, str(folder), before)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(told, out)
    path = f"{INJECT}{os.pathsep}{before}" if before else str(INJECT)
    return bytes.fromhex(key), {**environment, "PYTHONPATH": path, VARIABLE: str(file)}


def remove_folder(folder: Path) -> None:
    """Remove it with all that is in it, whichever side is left to do so."""
    for one in (folder / name for name in ("invitation", "link", STACKS, CRASH)):
        with suppress(OSError):
            one.unlink()
    with suppress(OSError):
        folder.rmdir()
