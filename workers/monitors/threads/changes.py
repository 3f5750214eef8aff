"""What a thread does, in a word, and from when on. Plain data."""

from __future__ import annotations

from typing import NamedTuple

STATES = ("python", "gil", "c", "io", "network", "sleep", "lock", "waits", "ended")
"""Runs Python, waits for the GIL, computes in C, waits for I/O ..., for something else such as events; has ended."""


class Change(NamedTuple):
    """From a moment on a thread does something else.

    Attributes:
        moment: in seconds of `time.perf_counter`.
        ident: the thread's.
        name: its name.
        state: one of STATES.
    """

    moment: float
    ident: int
    name: str
    state: str
