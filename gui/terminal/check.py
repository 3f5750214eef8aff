"""What `--check` does: tries a function in many orders of its threads, and prints what came of it. Loads no Qt."""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gui.process import ending, streams
from workers.stepping import answer
from workers.stepping.judging import judge
from workers.utils.words import join_words

if TYPE_CHECKING:
    from workers.command_line.check import Check
    from workers.command_line.parser import Options
    from workers.stepping.verdict import Verdict

WHOLE = 60
"""Of longer orders the beginning is left out: most of it leads to nothing."""


def run_check(options: Options, check: Check) -> int:
    """Do it; returns the exit code: 0 it was right in all orders, 1 it goes wrong, 2 nobody can judge."""
    entry = options.settings.workload_entry
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        # What it writes in each order, and what its threads' errors print, is nobody's to read.
        verdict = judge(entry, dict(options.settings.params), orders=check.orders, tasks=check.tasks)
    with streams.printing() as out:
        if options.json:
            json.dump(answer.data(verdict, entry.name), out, indent=2)
            out.write("\n")
        else:
            _print(Console(file=out, highlight=False), verdict, entry.name)
    return ending.with_problem(verdict.exit_code, streams.problem)


def _print(console: Console, verdict: Verdict, name: str) -> None:
    console.print(Text(answer.head(verdict, name)))
    for note in answer.notes(verdict):
        console.print(Text(note))
    failing, job = verdict.failing, verdict.job
    if failing is None or job is None:
        return
    rows = answer.rows(failing, job)
    table = Table(box=box.SIMPLE)
    for heading in ("thread", "line", "source", "what is different then"):
        table.add_column(heading, justify="right" if heading == "line" else "left", overflow="fold")
    for row in rows[-WHOLE:]:
        table.add_row(failing.threads[row.thread], str(row.line), Text(row.source), Text(row.changed))
    if len(rows) > WHOLE:
        console.print(Text(f"The last {WHOLE} of {len(rows):,} lines:"))
    console.print(table)
    console.print(Text("To run this order again:"))
    again = join_words([sys.argv[0], *answer.arguments_of(verdict)])
    console.print(Text(f"  {again}"), soft_wrap=True)
