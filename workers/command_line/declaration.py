"""What may be said on the command line: each option with its help, as `argparse` takes it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ..benchmark.choice import DEFAULT_REPEAT
from ..catalog import lookup
from ..engine.plan import BLOCKING, DEFAULT_WORKERS
from ..exports import kinds
from ..image_server.conditions import PROFILES
from ..reports.budget import WINDOW, WORK
from ..reports.summary import VERSION
from ..run_files.members import SUFFIX
from ..stepping.orders import DEFAULT_ORDERS
from ..utils.child import COMMAND
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EXIT_CODES = """\
exit codes:
  0    all went well
  1    a task failed that was not meant to, a budget was missed, what --check tried goes wrong, or
       what a lesson claims is not so
  2    what was asked for cannot be done or judged, or a file not be written
  130, 143
       ended by Ctrl+C or SIGTERM; this wins over 2, and 2 over 1
"""
INSTRUMENTS = ("timeline", *lookup.instruments(), "witness")
"""What --instruments may name."""

LOG_LEVELS = ("debug", "info", "warning", "error")
SHELLS = ("bash", "zsh")
"""Those whose completion --print-completion prints."""


class Told(SystemExit):
    """All that the command line asks for is a text, which is this exception's. No error, so it is not in `errors`."""


class _Tell(argparse.Action):
    """Raises `Told`. What argparse does in its place says nothing where standard output takes nothing."""

    def __init__(self, option_strings: Sequence[str], dest: str, text: str = "", help: str = "") -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)
        self._text = text

    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> NoReturn:
        raise Told(self._text or parser.format_help())


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message}. See {COMMAND[-1]} --help.")


def _workers(text: str) -> int | tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",")) if "," in text else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid int value: {text!r}") from None


def parser() -> argparse.ArgumentParser:
    """The parser of Thaw's command line."""
    made = _Parser(
        prog=COMMAND[-1],
        description="A desktop lab for responsive threading in Python: the same work on the GUI\nthread, which "
        "freezes the window, and elsewhere, which does not.",
        allow_abbrev=False,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    for add_group in (_add_work, _add_check_and_lessons, _add_ways, _add_results, _add_program):
        add_group(made)
    return made


def _add_work(made: argparse.ArgumentParser) -> None:
    """What runs, where, and how much of it."""
    add = made.add_argument
    add("-h", "--help", action=_Tell, help="show this help message, and leave")
    where = made.add_mutually_exclusive_group()
    where.add_argument("--runner", metavar="NAME", help="where the work runs (see --list)")
    where.add_argument("--blocking", action="store_true", help=f"run on the GUI thread: as --runner {BLOCKING}")
    add(
        "--workload",
        metavar="NAME",
        help="what work is done (see --list); or a function of yours: path/to/file.py:function or "
        "package.module:function, whose arguments --param gives; with --benchmark it is run everywhere, and Thaw "
        "says where it should run",
    )
    add("--tasks", metavar="N", type=int, help="how many tasks")
    add(
        "--workers",
        metavar="N",
        type=_workers,
        help=f"how many of them at once (default {DEFAULT_WORKERS}); with --benchmark one number or more: 1,2,4,8",
    )
    add(
        "--param",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a parameter of the workload or of the runner; may be repeated",
    )
    add(
        "--python",
        metavar="PATH",
        help="the Python of a function or program of yours, whose packages it needs: an interpreter, the folder of a "
        "virtual environment, or that of a project with .venv in it (default: that of the project that its file is in);"
        " where the runner is another Python, the one that runs the work",
    )
    add("--seed", metavar="N", type=int, help="the same seed makes the same work (default 1)")
    add(
        "--polite",
        action=argparse.BooleanOptionalAction,
        help="tasks that hold the GIL take turns and let the GUI thread go first (the default)",
    )
    add(
        "--switch-interval",
        metavar="MS",
        type=float,
        help="how long a thread may keep the GIL (default 0.5; 5 if not polite)",
    )


def _add_check_and_lessons(made: argparse.ArgumentParser) -> None:
    """What is tried, and what is learned."""
    add = made.add_argument
    add(
        "--check",
        metavar="FILE.py:FUNCTION",
        help="try a function in many orders of its threads, and tell whether it goes wrong in one; leaves with 0 where "
        "it was right in all of them, 1 where it goes wrong, 2 where nobody can judge; takes --tasks, --param, --json",
    )
    add("--orders", metavar="N", type=int, help=f"how many orders --check tries (default {DEFAULT_ORDERS})")
    add("--lessons", action="store_true", help="list the lessons")
    add(
        "--lesson",
        metavar="NAME",
        help="open a lesson, one of --lessons or a file of yours that ends in .py; with --offscreen or --headless it "
        "is run at once; leaves with 1 where something that it claims is not so",
    )
    add(
        "--course",
        metavar="FILE",
        help="open the lessons that a text file lists, or those of a folder; all: every lesson of --lessons",
    )
    add("--answer", metavar="N", type=int, help="the answer to the question of --lesson: 1 is the first")


def _add_ways(made: argparse.ArgumentParser) -> None:
    """How it runs: at once, compared, as a benchmark, or a program that is watched."""
    add = made.add_argument
    add("--start", action="store_true", help="start the run at once")
    add(
        "--compare",
        action="store_true",
        help="run on the GUI thread, then on the runner, and say what differed",
    )
    add(
        "--benchmark",
        action="store_true",
        help="measure runners x workloads x workers in turn and say where work runs best; with --offscreen or "
        "--headless it leaves at the end",
    )
    add("--runners", metavar="A,B", help="the runners of the benchmark (default: one of each kind)")
    add("--workloads", metavar="C,D", help="the workloads of the benchmark (default: one of each kind)")
    add(
        "--repeat",
        metavar="N",
        type=int,
        help=f"how many times each cell of it runs (default {DEFAULT_REPEAT}, with which the usual matrix takes about "
        "5 minutes on two cores; 5 say more of how far the figures spread)",
    )
    add(
        "--watch",
        metavar="PROGRAM ...",
        nargs=argparse.REMAINDER,
        help="watch a program of yours for what freezes it: my_app.py, -m package, or --pid N for one that runs "
        "already; all that follows is its own, so this comes last. With --headless it is told on standard error at its "
        "end, and the exit code is that of the program, or 1 for a missed --budget",
    )


def _add_results(made: argparse.ArgumentParser) -> None:
    """What is left of a run when it has ended."""
    add = made.add_argument
    add("--exit-after-run", action="store_true", help="leave when the run has ended")
    add("--report", metavar="FILE.json", type=Path, help="write the run's report to this file")
    add("--screenshot", metavar="FILE.png", type=Path, help="save a picture of the window after the run")
    add(
        "--open",
        metavar=f"FILE{SUFFIX}",
        type=Path,
        help="show the run that this file keeps, without running anything",
    )
    add("--save", metavar=f"FILE{SUFFIX}", type=Path, help="save the run to this file when it has ended")
    add(
        "--export",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="export the run when it has ended; may be repeated; the suffix says as what: "
        + ", ".join(kind.suffix for kind in kinds()),
    )
    add(
        "--budget",
        metavar="CONDITIONS",
        help='leave with exit code 1 where the run misses one of these: "lag_p95<50, failed=0". Needs --offscreen, '
        f"--headless or --exit-after-run. Of the window: {', '.join(WINDOW)}; of every run: {', '.join(WORK)}",
    )


def _add_program(made: argparse.ArgumentParser) -> None:
    """Of the program and its window."""
    add = made.add_argument
    add(
        "--instruments",
        metavar="LIST",
        help=f"which instruments are on: all, none, or some of {','.join(INSTRUMENTS)} (default: as the last time)",
    )
    add(
        "--network",
        metavar="PROFILE",
        help="how slow Thaw's own image server is and how often it fails on purpose: "
        f"{', '.join(PROFILES)} (default fair; in a window as the last time)",
    )
    add("--weather", help=argparse.SUPPRESS)  # its name in version 0.1
    add(
        "--offscreen",
        action="store_true",
        help="the whole window without a display; starts, and leaves after the run",
    )
    add(
        "--headless",
        action="store_true",
        help="no window: a progress bar and a table on the terminal; starts by itself",
    )
    add(
        "--exit-zero",
        action="store_true",
        help="leave with exit code 0 although tasks failed (without it, 1: unless they were meant to)",
    )
    add("--json", action="store_true", help="print the report on standard output in place of words")
    add(
        "--log-level",
        metavar="LEVEL",
        help=f"write a log to standard error, from this level on: {', '.join(LOG_LEVELS)} (default: that of THAW_LOG "
        "in the environment, or none)",
    )
    desktop = made.add_mutually_exclusive_group()
    desktop.add_argument(
        "--install-desktop-entry",
        action="store_true",
        help="put Thaw into the desktop's menu, with its icon (Linux)",
    )
    desktop.add_argument(
        "--remove-desktop-entry", action="store_true", help="take it out of the desktop's menu again"
    )
    add(
        "--print-completion",
        metavar="SHELL",
        help=f"print what completes this command line in a shell: {' or '.join(SHELLS)}",
    )
    add("--list", action="store_true", help="list the runners and workloads, and why one is not available")
    add("--version", action=_Tell, text=f"Thaw {VERSION}\n", help="show the version, and leave")


def refuse(said: argparse.Namespace, names: Iterable[str], beside: str) -> None:
    """Refuse options that mean nothing beside another one.

    Args:
        said: what was said.
        names: of these options, as in there.
        beside: the other one, and why they do not go with it: the end of the sentence.
    """
    usual = parser().parse_args([])
    for name in names:
        if getattr(said, name) != getattr(usual, name):
            raise BadInput(f"--{name.replace('_', '-')} does not go with {beside}")
