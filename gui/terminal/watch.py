"""Watches a program without a window, and tells of it at its end, on standard error: standard output is the program's.

With --json it is the other way round: there the program's standard output goes to standard error. Loads Qt only
when the program has ended, for what is written then.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gui.process import ending
from gui.process.log import log
from workers.catalog.user_names import base
from workers.reports import watched
from workers.reports.verdict import verdict
from workers.run_files.reader import open_run
from workers.run_files.writer import drain
from workers.utils.errors import BadInput, limit_of
from workers.utils.formatting import plural, seconds
from workers.watch.watcher import Watcher

if TYPE_CHECKING:
    from types import FrameType

    from workers.command_line.parser import Options
    from workers.engine.run import Run
    from workers.reports.watched import Row
    from workers.watch.program import Program

LOOK_S = 60.0
MAX_ROWS = 20
WIDTH = 100


def run_watch(options: Options, program: Program) -> int:
    """Watch it to its end; returns the exit code: 1 for a missed budget, else the program's own.

    Where another run is opened, it is compared with that.

    Raises:
        BadInput: it cannot be started, with a sentence.
        RunFileError: the file of the other run cannot be opened.
    """
    before = drain(open_run(options.open)) if options.open is not None else None
    if before is not None and not watched.is_watched(before):
        raise BadInput(f"{before.file} is no run of a program that was watched: leave out --open.")
    watcher = Watcher(program)
    asks = _Asks(watcher)
    kept = {number: signal.signal(number, asks.take) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        watcher.start()
        log.info("watches %s, process %d", program.name, watcher.pid)
        while not watcher.wait(LOOK_S):
            pass
    except OSError as error:
        return ending.with_problem(0, limit_of(error) or f"{program.name} cannot be watched: {error}.")
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    from gui.terminal.outcome import Outcome  # Qt, which would take a processor from the program before

    run = watcher.run
    outcome = Outcome(options)
    run.compared_with = before
    outcome.take_run(run)
    if before is not None:
        outcome.take_comparison(before, run)
    outcome.text = ""
    if not options.json:
        _print(run)
    missed = outcome.tell()
    return ending.with_problem(missed or run.exit_code or 0, outcome.problem)


class _Asks:
    """What signals mean here: they are for the program, and Thaw ends when that has ended."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._terminated = False

    def take(self, number: int, frame: FrameType | None) -> None:
        watcher = self._watcher
        if not watcher.pid:
            os._exit(128 + number)
        if not watcher.is_ours:
            watcher.leave()
        elif number == signal.SIGTERM and self._terminated:
            watcher.kill()  # asked twice
        elif number == signal.SIGTERM or not _came_from_terminal():
            self._terminated |= number == signal.SIGTERM
            watcher.send_signal(number)


def _came_from_terminal() -> bool:
    """Whether Ctrl+C reaches the program by itself: in a terminal it is for all programs in the foreground."""
    for descriptor in (0, 1, 2):
        with suppress(OSError, AttributeError):
            return os.tcgetpgrp(descriptor) == os.getpgrp()
    return False


def _print(run: Run) -> None:
    with suppress(OSError):  # a standard error that takes nothing
        console = Console(stderr=True, highlight=False)
        if not console.is_terminal:
            console = Console(stderr=True, highlight=False, width=WIDTH)
        console.print()
        console.print(Text(f"thaw: {verdict(run)}"))
        for note in (watched.starved(run), *run.notes):
            if note:
                console.print(Text(note))
        if run.compared_with is not None:
            console.print(Text(watched.compared(run.compared_with, run)))
        rows = watched.rows(run)
        if rows:
            console.print(_table(rows[:MAX_ROWS]))
        if len(rows) > MAX_ROWS:
            console.print(Text(f"And {plural(len(rows) - MAX_ROWS, 'more line')}, which --report keeps."))
        sys.stderr.flush()


def _table(rows: list[Row]) -> Table:
    """Where it stood still for over 250 ms, the worst line first."""
    table = Table(box=box.SIMPLE, show_lines=False)
    for heading in ("times", "total", "longest"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("line", overflow="fold")
    for row in rows:
        line = row.group.longest.line
        where = f"{base(line.file)}:{line.number} in {line.function}" if line is not None else "not known"
        source = f"\n    {line.text.strip()}" if line is not None and line.text.strip() else ""
        by = f" Called by the {row.delivered}." if row.delivered else ""
        words = Text.assemble((where, "bold"), source, f"\n{row.what}{by}\n{row.advice}")
        table.add_row(f"{row.times:,}", seconds(row.total_s), seconds(row.longest_s), words)
    return table
