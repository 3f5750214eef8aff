"""Reads functions from a file's source: nothing of it is imported or run. For any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from workers.discover import Entry


def functions(path: str | Path) -> list[str]:
    """See `workers.own.functions`."""
    raise NotImplementedError


def entry(name: str) -> Entry:
    """See `workers.own.entry`."""
    raise NotImplementedError
