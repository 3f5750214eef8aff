"""Thaw: a desktop lab for responsive threading in Python. Parses the command line, builds the program, runs it.

Qt is imported inside `main` only: worker processes import this file again, and a child that loads Qt costs 95 MB.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def leave_quietly(number: int, frame: FrameType | None) -> None:
    """Leave on a signal that comes before there is anything to close; then `gui.process.leaving` takes over."""
    os._exit(128 + number)


def main(arguments: list[str]) -> int:
    """Run the program; returns its exit code: 2 for bad input, 130 and 143 when a signal ended it."""
    gc.disable()  # not while everything is loaded; and the window collects garbage itself, in the GUI thread
    began = time.perf_counter()
    from workers.command_line.parser import listing, parse
    from workers.utils.errors import ThawError

    try:
        options = parse(arguments)
        if options.list:
            print(listing())
            return 0
        from gui.process import log, preflight

        log.begin(options.log_level, began)
        if options.headless:
            gc.enable()
            preflight.check_headless()
            from gui.terminal.headless import run_headless

            return run_headless(options)
        preflight.check_window(options.offscreen)
        from gui.app import run_window

        return run_window(options)
    except ThawError as problem:
        print(f"thaw: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    # Before everything else is imported: a Ctrl+C in the middle of an import ends in pages of traceback.
    for which in (signal.SIGINT, signal.SIGTERM):
        signal.signal(which, leave_quietly)
    sys.exit(main(sys.argv[1:]))
