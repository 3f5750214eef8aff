"""Thaw: a desktop lab for responsive threading in Python. Parses the command line, builds the program, runs it.

Qt is imported inside `main` only: worker processes import this file again, and a child that loads Qt costs 95 MB.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import FrameType

    from workers.command_line.parser import Options


def leave_quietly(number: int, frame: FrameType | None) -> None:
    """Leave on a signal that comes before there is anything to close; then `gui.process.leaving` takes over."""
    os._exit(128 + number)


def text_asked_for(options: Options) -> str:
    """What is printed in place of running anything; empty where nothing is."""
    if options.list:
        from workers.command_line.parser import listing

        return f"{listing()}\n"
    if options.list_lessons:
        from workers.command_line.lessons import listing as list_lessons

        return f"{list_lessons()}\n"
    if options.completion:
        from workers.command_line.completion import script

        return script(options.completion)
    if options.desktop_entry:
        from gui.process import desktop_entry

        return f"{getattr(desktop_entry, options.desktop_entry)()}\n"
    return ""


def main(arguments: list[str]) -> int:
    """Run the program; returns its exit code, as `workers.command_line.declaration` tells them."""
    gc.disable()  # not while everything is loaded; and the window collects garbage itself, in the GUI thread
    began = time.perf_counter()
    from gui.process import ending, streams

    if arguments == ["--version"]:  # at once: to know all other options takes three times as long
        from workers import VERSION

        with streams.printing() as out:
            out.write(f"Thaw {VERSION}\n")
        return ending.with_problem(0, streams.problem)
    from workers.command_line.declaration import Told
    from workers.command_line.parser import parse
    from workers.utils.errors import ThawError

    try:
        options = parse(arguments)
        if text := text_asked_for(options):
            raise Told(text)
        from gui.process import log, preflight

        log.begin(options.log_level, began)
        streams.keep(alone=options.json, words=arguments if options.watch is None else None)
        if options.check is not None:
            gc.enable()
            from gui.terminal.check import run_check

            return run_check(options, options.check)
        if options.headless and options.watch is not None:
            gc.enable()
            from gui.terminal.watch import run_watch

            return run_watch(options, options.watch)
        if options.headless:
            gc.enable()
            preflight.check_headless()
            from gui.terminal.headless import run_headless

            return run_headless(options)
        preflight.check_window(options.offscreen)
        os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"  # another program's choice would end this one
        from gui.process import pyside_features

        pyside_features.assume_none()
        from gui.app import run_window

        return run_window(options)
    except Told as told:
        with streams.printing() as out:
            out.write(str(told))
        return ending.with_problem(0, streams.problem)
    except ThawError as problem:
        return ending.with_problem(0, str(problem))


def run() -> NoReturn:
    """Run the program as a process of its own, to its end."""
    # Before everything else is imported: a Ctrl+C in the middle of an import ends in pages of traceback.
    for which in (signal.SIGINT, signal.SIGTERM):
        signal.signal(which, leave_quietly)
    from gui.process import ending, streams

    streams.begin()
    ending.begin()
    code = ending.FAILED
    try:
        code = main(sys.argv[1:])
    except BaseException as error:
        from workers.monitors.syntax import error_text
        from workers.utils.errors import limit_of

        fault = f"This is a fault of Thaw's own, please report it:\n{error_text(*sys.exc_info())}"
        streams.complain(limit_of(error) or fault)
    ending.end(code)


if __name__ == "__main__":
    run()
