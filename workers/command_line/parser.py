"""The command line: what was said on it, checked before anything is started. Knows nothing of Qt."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from ..additions.files import told
from ..catalog import labs, lookup
from ..engine.plan import BLOCKING, Settings
from ..exports import kind_of
from ..image_server.conditions import PROFILES
from ..reports.budget import WINDOW, Condition, parse_budget
from ..reports.summary import check_writable
from ..run_files.members import SUFFIX
from ..utils.atomic_file import is_stream
from ..utils.child import COMMAND
from ..utils.errors import BadInput
from .check import read_check
from .declaration import INSTRUMENTS, LOG_LEVELS, SHELLS, parser
from .settings import run_settings
from .watch import cut, read_watch

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from ..benchmark.choice import Choice
    from ..watch.program import Program
    from .check import Check
    from .lessons import Teach


class Options(NamedTuple):
    """What the command line said.

    Attributes:
        settings: the run, complete with defaults.
        chosen: whether it named any part of the run; else the window shows what it remembers.
        start: start the run at once.
        compare: run it on the GUI thread first and then on the runner.
        exit_after_run: leave when the run has ended.
        report: where the report goes, if anywhere.
        screenshot: where a picture of the window goes after the run, if anywhere.
        offscreen: the whole window, without a display.
        headless: no window at all.
        json: print the report on standard output.
        list: print the runners and workloads, and leave.
        open: the file of a run to show, if any; with `headless` or `exit_after_run` that is all that is done.
        save: where the run is saved when it has ended, if anywhere; of a comparison the runner's.
        exports: files that it is exported to then, each as what its suffix says.
        budget: what is judged when it has ended; of a comparison the runner's run.
        instruments: those of `declaration.INSTRUMENTS` that are to be on; None: as remembered.
        benchmark: the benchmark that is to be run in place of a run, if any; report and exports are of that.
        network: the name of the image server's; empty: fair, or in a window as remembered.
        exit_zero: leave with exit code 0 although tasks failed.
        teach: the lessons that are to be gone through in place of a run, if any.
        watch: the program that is to be watched in place of a run, if any.
        check: the workload of `settings` is tried in many orders of its threads in place of a run, if any.
        list_lessons: print the lessons, and leave.
        completion: one of `declaration.SHELLS`: print what completes the command line there, and leave; empty: no.
        desktop_entry: "install" or "remove": change the desktop's menu, and leave; empty: no.
        log_level: one of `declaration.LOG_LEVELS`; empty: nobody asked for a log.
    """

    settings: Settings
    chosen: bool
    start: bool
    compare: bool
    exit_after_run: bool
    report: Path | None
    screenshot: Path | None
    offscreen: bool
    headless: bool
    json: bool
    list: bool
    open: Path | None = None
    save: Path | None = None
    exports: tuple[Path, ...] = ()
    budget: tuple[Condition, ...] = ()
    instruments: frozenset[str] | None = None
    benchmark: Choice | None = None
    network: str = ""
    log_level: str = ""
    exit_zero: bool = False
    check: Check | None = None
    teach: Teach | None = None
    list_lessons: bool = False
    completion: str = ""
    desktop_entry: str = ""
    watch: Program | None = None


def parse(arguments: Sequence[str]) -> Options:
    """What the arguments mean.

    Raises:
        BadInput: they mean nothing that can be done.
    """
    ours, words = cut(arguments)
    said, left = parser().parse_known_args(ours)
    if left:
        raise BadInput(_left_over(ours, left[0]))
    watch = read_watch(said, words)
    teach = _lessons(said)
    check = read_check(said)
    benchmark = _benchmark(said)
    if watch is not None and said.headless:  # nothing else can be chosen, so nothing is looked up
        settings = Settings.named(lookup.WATCH, lookup.WATCH, 1, 1)
    elif benchmark is None:
        settings = run_settings(said)
    else:  # nothing starts it, but a window shows some choice
        settings = Settings.named(benchmark.runners[0], benchmark.workloads[0], 1, 1)
    _refuse_together(said, settings)
    budget, instruments = _budget(said), _instruments(said)
    _check_files(said)
    network = _network(said)
    named = (said.runner, said.workload, said.tasks, said.workers, said.python, said.seed, said.polite)
    by_itself = said.compare or said.offscreen or said.headless
    by_itself = by_itself and benchmark is None and teach is None and watch is None
    return Options(
        settings=settings,
        chosen=benchmark is None
        and bool(
            said.blocking or said.param or any(value is not None for value in (*named, said.switch_interval))
        ),
        start=(said.start and benchmark is None) or (by_itself and said.open is None),
        compare=said.compare,
        exit_after_run=said.exit_after_run or said.offscreen or said.headless,
        # Whole paths: what runs may go to another folder before they are used.
        report=said.report and said.report.absolute(),
        screenshot=said.screenshot and said.screenshot.absolute(),
        offscreen=said.offscreen,
        headless=said.headless,
        json=said.json,
        list=said.list,
        open=said.open and said.open.absolute(),
        save=said.save and said.save.absolute(),
        exports=tuple(path.absolute() for path in said.export),
        budget=budget,
        instruments=instruments,
        benchmark=benchmark,
        network=network,
        log_level=_log_level(said),
        exit_zero=said.exit_zero,
        check=check,
        teach=teach,
        list_lessons=said.lessons,
        completion=_shell(said),
        desktop_entry=next((do for do in ("install", "remove") if getattr(said, f"{do}_desktop_entry")), ""),
        watch=watch,
    )


def _refuse_together(said: argparse.Namespace, settings: Settings) -> None:
    """Refuse what makes sense alone and not together."""
    if said.compare and settings.runner == BLOCKING:
        raise BadInput(
            "--compare runs the work on the GUI thread anyway: name another runner to compare it with."
        )
    if said.headless and said.screenshot:
        raise BadInput("--headless has no window to take a picture of: use --offscreen with --screenshot.")
    if said.headless and said.offscreen:
        raise BadInput("--headless has no window and --offscreen has one: choose one of them.")
    if said.open is not None and (said.start or said.compare):
        raise BadInput("--open shows a run that was made before: leave out --start and --compare.")


def _network(said: argparse.Namespace) -> str:
    if said.weather is not None:
        print("--weather is called --network now.", file=sys.stderr)  # noqa: T201 (for whoever still writes it)
    profile: str | None = said.weather if said.network is None else said.network
    if profile is not None and profile not in PROFILES:
        raise BadInput(f"There is no network profile {profile!r}. There are: {', '.join(PROFILES)}.")
    return profile or ""


def _left_over(arguments: Sequence[str], word: str) -> str:
    """What no option takes, told by its place: the word itself may be the value of a header."""
    option = re.match("--[a-z][a-z-]*", word)
    what = f"There is no option {option[0]}" if option else f"No option takes word {arguments.index(word) + 1}"
    return f"{what} of the command line. See {COMMAND[-1]} --help."


def _lessons(said: argparse.Namespace) -> Teach | None:
    if (said.lesson, said.course, said.answer) == (None, None, None):
        return None
    from .lessons import read_lessons  # only here: a window without them starts sooner

    teach = read_lessons(said)
    if teach.needs_window and said.headless and not said.offscreen:
        # Its runs are to be seen in a window: one without a display.
        said.headless, said.offscreen = False, True
    return teach


def _benchmark(said: argparse.Namespace) -> Choice | None:
    if said.benchmark:
        from .benchmark import benchmark_choice  # only here: a window that measures nothing starts sooner

        return benchmark_choice(said)
    for option in ("runners", "workloads", "repeat"):
        if getattr(said, option) is not None:
            raise BadInput(f"--{option} is of a benchmark: add --benchmark.")
    if isinstance(said.workers, tuple):
        told = ",".join(map(str, said.workers))
        raise BadInput(f"--workers takes several numbers with --benchmark only, and else one, not {told}.")
    return None


def _check_files(said: argparse.Namespace) -> None:
    """Find out before the run whether its files can be written after it."""
    if said.save is not None and said.save.suffix != SUFFIX and not is_stream(said.save):
        raise BadInput(f"A run is saved to a file whose name ends in {SUFFIX}, not to {said.save}.")
    paths = [path for path in (said.report, said.screenshot, said.save, *said.export) if path is not None]
    for path in said.export:
        if said.lesson is not None or said.course is not None:
            continue  # `lessons` has looked at it
        if said.benchmark:
            from ..benchmark.files import check_suffix  # only here: a window starts sooner without it

            check_suffix(path)
        else:
            kind_of(path)
    for path in paths:
        check_writable(path)
    twice = [path for path in paths if [other.absolute() for other in paths].count(path.absolute()) > 1]
    if twice:
        raise BadInput(f"{twice[0]} is named twice: give each file a name of its own.")
    if said.open is not None and not os.path.isfile(said.open):
        what = "is a folder" if os.path.isdir(said.open) else "is not there"
        raise BadInput(f"{said.open} {what}: name the file of a run, which ends in {SUFFIX}.")


def _log_level(said: argparse.Namespace) -> str:
    level, where = said.log_level, "--log-level"
    if level is None:
        level, where = os.environ.get("THAW_LOG") or None, "THAW_LOG"
    if level is not None and level not in LOG_LEVELS:
        raise BadInput(f"{where} is one of {', '.join(LOG_LEVELS)}, not {level!r}.")
    return level or ""


def _shell(said: argparse.Namespace) -> str:
    shell: str = said.print_completion or ""
    if said.print_completion is not None and shell not in SHELLS:
        raise BadInput(f"--print-completion is for one of {', '.join(SHELLS)}, not {shell!r}.")
    return shell


def _budget(said: argparse.Namespace) -> tuple[Condition, ...]:
    if said.budget is None:
        return ()
    budget = parse_budget(said.budget)
    if not (said.exit_after_run or said.offscreen or said.headless):
        raise BadInput(
            "--budget is judged when the program leaves: add --offscreen, --headless or --exit-after-run."
        )
    seen = [condition.name for condition in budget if condition.name in WINDOW]
    if seen and said.headless and said.open is None and said.watch is None:
        raise BadInput(f"--headless has no window to measure {seen[0]} of: use --offscreen with this --budget.")
    return budget


def _instruments(said: argparse.Namespace) -> frozenset[str] | None:
    if said.instruments is None:
        return None
    names = {name.strip() for name in said.instruments.split(",")}
    if names == {"all"}:
        return frozenset(INSTRUMENTS)
    if names == {"none"}:
        return frozenset()
    unknown = sorted(names.difference(INSTRUMENTS))
    if unknown:
        raise BadInput(
            f"There is no instrument {unknown[0]!r}. There are: {', '.join(INSTRUMENTS)}; or all, or none."
        )
    if said.headless:
        raise BadInput("--headless has no window to watch: use --offscreen with --instruments.")
    return frozenset(names)


def listing() -> str:
    """What --list prints."""
    lines = []
    groups = (("Runners", lookup.runners()), ("Workloads", lookup.workloads()), ("Labs", labs.versions()))
    for heading, entries in groups:
        lines.append(f"{heading}:")
        for entry in entries.values():
            lines.append(f"  {entry.name:<16} {entry.summary}")
            if entry.missing:
                lines.append(f"  {'':<16} not available: it {entry.missing}")
            lines += [f"  {'':<16}   {field.name}={field.default!r}: {field.help}" for field in entry.fields]
    return "\n".join([*lines, *told.values()])
