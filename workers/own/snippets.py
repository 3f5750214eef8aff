"""Programs to paste: one for each runner, from workers/snippets/, with a person's own function filled in."""

from __future__ import annotations

from typing import Any


def snippet(runner: str, name: str, params: tuple[tuple[str, Any], ...] = ()) -> str:
    """A short program that runs a function in a place.

    Args:
        runner: a runner's name.
        name: the function's, as in `workers.own.entry`.
        params: its arguments.

    Returns:
        The text of a program; empty where there is none for the runner.
    """
    raise NotImplementedError
