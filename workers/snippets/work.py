"""Stands where a person's own function will: the programs beside it are filled in by `workers.benchmark.snippets`."""

from __future__ import annotations

import time


def work() -> str:
    """Take a while."""
    time.sleep(0.01)
    return "a result"
