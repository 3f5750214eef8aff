r"""One long call into C that keeps the GIL: not even a thread can save the window, and only a process could.

The call is a real one. The regular expression `[\s\u200c]+$`, made to trim blanks off the end of a line, met a line
with 20,000 blanks in the middle and took Stack Overflow off the air in July 2016: from each blank on it tries all the
blanks that follow, so that twice the blanks take four times as long. Python's `re` computes all of that in one call
and never gives up the GIL on the way. So nothing else in the process can move, whichever thread makes the call. It was
chosen over a sum or a sort because programs meet it in earnest, it needs next to no memory, and its length can be set
finely: other bad expressions double with every character.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

TITLE = "A C call that keeps the GIL"
ORDER = 40
UNIT = "calls"
TASKS = 5
GIL = "holds"
KEEPS_GIL = True

TRIM = re.compile("[\\s\u200c]+$")

SECONDS_A_BLANK_SQUARED = 2.1e-9
"""Measured with Python 3.11 on two cores of a server."""


def hold_gil(*, blanks: int = 20_000) -> Generator[int, None, None]:
    """Look for blanks at the end of a line that has them all in its middle.

    Args:
        blanks: how many blanks the line has; twice as many take four times as long (100 to 60,000)

    Yields:
        1 after the call; there is no place to cancel or pause before.
    """
    if blanks < 1:
        raise ValueError(f"The line must have at least 1 blank, not {blanks:,}.")
    line = "x" + " " * blanks + "x"
    TRIM.search(line)
    yield 1


def seconds(*, blanks: int = 20_000) -> float:
    """About how long one task takes on the GUI thread, in seconds."""
    return blanks * blanks * SECONDS_A_BLANK_SQUARED
