"""What `inject/sitecustomize.py` calls in a program that is to be watched, before its first line."""

from __future__ import annotations

import atexit
import faulthandler
import os
from contextlib import suppress

from .agent import Agent
from .invitation import CRASH, HIGH_FD, STACKS, read
from .link import Link


def begin(file: str) -> None:
    """Watch this process.

    Args:
        file: the invitation.
    """
    invitation = read(file)
    link = Link(invitation)
    agent = Agent(link, stacks=os.path.join(invitation.folder, STACKS))
    _keep_crashes(os.path.join(invitation.folder, CRASH))
    agent.install()
    atexit.register(agent.end)


def _keep_crashes(file: str) -> None:
    """At a fatal signal Python is to write all stacks into a file; unless the person has it do so elsewhere."""
    if faulthandler.is_enabled():
        return
    fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with suppress(ImportError, OSError):
        import fcntl

        low, fd = fd, fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, HIGH_FD)
        os.close(low)
    faulthandler.enable(fd)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=faulthandler.disable)
