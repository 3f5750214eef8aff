"""Thaw: a desktop lab for responsive threading in Python. Parses the command line, builds the program, runs it.

Qt is imported inside `main` only: worker processes import this file again, and a child that loads Qt costs 95 MB.
"""

from __future__ import annotations

import sys

from workers.command_line import BadInput, listing, parse


def main(arguments: list[str]) -> int:
    """Run the program; returns its exit code: 2 for bad input, 130 and 143 when a signal ended it."""
    try:
        options = parse(arguments)
        if options.list:
            print(listing())
            return 0
        from gui import preflight

        if options.headless:
            from gui.headless import run_headless

            preflight.check_qt()
            return run_headless(options)
        preflight.check_window(options.offscreen)
        from gui.app import run_window

        return run_window(options)
    except BadInput as problem:
        print(f"thaw: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
