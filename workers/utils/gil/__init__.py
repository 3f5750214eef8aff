"""What to do about the GIL: whether this Python has one that is on; `polite`: turns for it."""

from __future__ import annotations

import sys


def gil_enabled() -> bool:
    """Asked anew each time: a free-threaded Python switches it on for a module that wants that."""
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())
