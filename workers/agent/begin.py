"""What `inject/sitecustomize.py` calls in a program that is to be watched, before its first line."""

from __future__ import annotations

import atexit
import faulthandler
import os

from ..monitors.process.own_file import OwnFile, moved_up
from .agent import Agent
from .invitation import CRASH, STACKS, read
from .link import Link


def begin(file: str) -> Agent:
    """Watch this process until it ends.

    Args:
        file: the invitation.

    Raises:
        OSError: it cannot be read; ValueError: it is none.
    """
    invitation = read(file)
    link = Link(invitation)
    agent = Agent(link, stacks=os.path.join(invitation.folder, STACKS))
    _keep_crashes(os.path.join(invitation.folder, CRASH))
    agent.install()
    atexit.register(agent.end)
    return agent


def _keep_crashes(file: str) -> None:
    """At a fatal signal Python is to write all stacks into a file; unless the person has it do so elsewhere."""
    if faulthandler.is_enabled():
        return
    kept = OwnFile(moved_up(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)))
    faulthandler.enable(kept.fd)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: _send_away(kept))


def _send_away(kept: OwnFile) -> None:
    """In the child of a fork: what is written into the file goes nowhere.

    Not `faulthandler.disable`: it may have been told of another file since, which nobody can ask it.
    """
    if kept.is_ours():
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, kept.fd, inheritable=False)
        os.close(nowhere)
