"""Keeps a person's code from copying Thaw's own process: below Qt and threads a fork stands still, or dies."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ..catalog.lookup import runners, simplest
from ..catalog.user_projects import is_below
from ..utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_fork: Callable[[], int] | None = getattr(os, "fork", None)
_roots: tuple[str, ...] = ()


class NoFork(ThawError, RuntimeError):
    """Code in Thaw's own process wants to start a process by fork; the message is a sentence."""


def watch_forks(roots: tuple[str, ...]) -> None:
    """Refuse forks to calls of code below these folders, from now on."""
    global _roots
    if _fork is not None:
        _roots, os.fork = roots, _fork_of_others  # type: ignore[assignment, unused-ignore]


def _fork_of_others() -> int:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if is_below(frame.f_code.co_filename, _roots):
            place = simplest(one for one in runners().values() if one.traits.gil == "own")
            raise NoFork(
                "It starts a process by fork, which in Thaw's own process would be a copy below Qt and without its "
                'threads: start it by spawn (multiprocessing.get_context("spawn")), or run it in processes '
                f"(--runner {place.name if place is not None else 'NAME'})."
            )
        frame = frame.f_back
    assert _fork is not None
    return _fork()
