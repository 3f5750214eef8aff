"""The command line: what may be said on it, checked before anything is started. Knows nothing of Qt."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from ..benchmark import everywhere
from ..benchmark.matrix import DEFAULT_REPEAT
from ..catalog import lookup, user_functions, user_names
from ..catalog.compatibility import check_headless, not_available, refusal, usual_place
from ..catalog.user_names import is_own
from ..catalog.user_parameters import arguments
from ..engine.plan import BLOCKING, DEFAULT_RUNNER, DEFAULT_SWITCH_MS, MAX_TASKS, MAX_WORKERS, Settings
from ..exports import kind_of, kinds
from ..image_server.conditions import PROFILES
from ..reports.budget import WINDOW, WORK, parse_budget
from ..reports.run_file import SUFFIX
from ..reports.summary import VERSION, check_writable
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..benchmark.matrix import Choice
    from ..catalog.entry import Entry
    from ..reports.budget import Condition

DEFAULT_WORKERS = 2
INSTRUMENTS = ("timeline", *lookup.instruments(), "witness")
"""What --instruments may name."""

LOG_LEVELS = ("debug", "info", "warning", "error")


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
        instruments: those of INSTRUMENTS that are to be on; None: as remembered.
        benchmark: the benchmark that is to be run in place of a run, if any; report and exports are of that.
        network: the name of the image server's; empty: fair, or in a window as remembered.
        log_level: one of LOG_LEVELS; empty: nobody asked for a log.
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


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message}. See main.py --help.")


def _workers(text: str) -> int | tuple[int, ...]:
    """One number, or several with commas between them."""
    try:
        return tuple(int(part) for part in text.split(",")) if "," in text else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid int value: {text!r}") from None


def parser() -> argparse.ArgumentParser:
    """The parser of Thaw's command line."""
    made = _Parser(
        prog="main.py",
        description="A desktop lab for responsive threading in Python: the same work on the GUI thread, which "
        "freezes the window, and elsewhere, which does not.",
        allow_abbrev=False,
    )
    add = made.add_argument
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
    add("--start", action="store_true", help="start the run at once")
    add("--compare", action="store_true", help="run on the GUI thread, then on the runner, and say what differed")
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
    add("--exit-after-run", action="store_true", help="leave when the run has ended")
    add("--report", metavar="FILE.json", type=Path, help="write the run's report to this file")
    add("--screenshot", metavar="FILE.png", type=Path, help="save a picture of the window after the run")
    add(
        "--open", metavar=f"FILE{SUFFIX}", type=Path, help="show the run that this file keeps, without running anything"
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
    add("--offscreen", action="store_true", help="the whole window without a display; starts, and leaves after the run")
    add(
        "--headless",
        action="store_true",
        help="no window: a progress bar and a table on the terminal; starts by itself",
    )
    add("--json", action="store_true", help="print the report on standard output in place of words")
    add(
        "--log-level",
        metavar="LEVEL",
        help=f"write a log to standard error, from this level on: {', '.join(LOG_LEVELS)} (default: that of THAW_LOG "
        "in the environment, or none)",
    )
    add("--list", action="store_true", help="list the runners and workloads, and why one is not available")
    add("--version", action="version", version=f"Thaw {VERSION}")
    return made


def parse(arguments: Sequence[str]) -> Options:
    """What the arguments mean.

    Raises:
        BadInput: they mean nothing that can be done.
    """
    said = parser().parse_args(arguments)
    benchmark = _benchmark(said)
    settings = _settings(said) if benchmark is None else _settings_beside(benchmark)
    if said.compare and settings.runner == BLOCKING:
        raise BadInput("--compare runs the work on the GUI thread anyway: name another runner to compare it with.")
    if said.headless and said.screenshot:
        raise BadInput("--headless has no window to take a picture of: use --offscreen with --screenshot.")
    if said.headless and said.offscreen:
        raise BadInput("--headless has no window and --offscreen has one: choose one of them.")
    if said.open is not None and (said.start or said.compare):
        raise BadInput("--open shows a run that was made before: leave out --start and --compare.")
    budget, instruments = _budget(said), _instruments(said)
    _check_files(said)
    if said.weather is not None:
        print("--weather is called --network now.", file=sys.stderr)  # noqa: T201 (for whoever still writes it)
        said.network = said.network or said.weather
    if said.network is not None and said.network not in PROFILES:
        raise BadInput(f"There is no network profile {said.network!r}. There are: {', '.join(PROFILES)}.")
    named = (said.runner, said.workload, said.tasks, said.workers, said.seed, said.polite, said.switch_interval)
    by_itself = (said.compare or said.offscreen or said.headless) and benchmark is None
    return Options(
        settings=settings,
        chosen=benchmark is None and bool(said.blocking or said.param or any(value is not None for value in named)),
        start=(said.start and benchmark is None) or (by_itself and said.open is None),
        compare=said.compare,
        exit_after_run=said.exit_after_run or said.offscreen or said.headless,
        report=said.report,
        screenshot=said.screenshot,
        offscreen=said.offscreen,
        headless=said.headless,
        json=said.json,
        list=said.list,
        open=said.open,
        save=said.save,
        exports=tuple(said.export),
        budget=budget,
        instruments=instruments,
        benchmark=benchmark,
        network=said.network or "",
        log_level=_log_level(said),
    )


def _benchmark(said: argparse.Namespace) -> Choice | None:
    if not said.benchmark:
        for option in ("runners", "workloads", "repeat"):
            if getattr(said, option) is not None:
                raise BadInput(f"--{option} is of a benchmark: add --benchmark.")
        if isinstance(said.workers, tuple):
            told = ",".join(map(str, said.workers))
            raise BadInput(f"--workers takes several numbers with --benchmark only, and else one, not {told}.")
        return None
    from .benchmark import ALONE, read_choice  # only here: a window that measures nothing starts sooner

    if said.workload is not None and is_own(said.workload):
        return _own_benchmark(said)
    for option, instead in ALONE.items():
        if getattr(said, option[2:]) not in (None, False):
            raise BadInput(f"{option} does not go with --benchmark: {instead}")
    polite, interval = _scheduler(said)
    return read_choice(vars(said), lookup.runners(), lookup.workloads(), polite, interval)


def _own_benchmark(said: argparse.Namespace) -> Choice:
    """A benchmark of one function over all places that can take it, or over those that --runners names."""
    from .benchmark import ALONE, read_choice

    for option, instead in ALONE.items():
        if option != "--workload" and getattr(said, option[2:]) not in (None, False):
            raise BadInput(f"{option} does not go with --benchmark: {instead}")
    if said.workloads is not None:
        raise BadInput("A function of yours is measured alone: leave out --workloads.")
    entry = _pick_workload(said.workload, {}, said.headless)
    polite, interval = _scheduler(said)
    runners = lookup.runners()
    usual = everywhere.choice(entry, runners)
    told = {
        **vars(said),
        "workloads": said.workload,
        "runners": said.runners or ",".join(usual.runners),
        "workers": said.workers or usual.workers,
        "repeat": said.repeat or usual.repeat,
    }
    choice = read_choice(told, runners, {said.workload: entry}, polite, interval)
    arguments(entry, dict(choice.params))
    return choice


def _settings_beside(benchmark: Choice) -> Settings:
    """The run of a command line that asks for a benchmark: nothing starts it, but a window shows some choice."""
    return Settings.named(benchmark.runners[0], benchmark.workloads[0], 1, 1)


def _check_files(said: argparse.Namespace) -> None:
    """Find out before the run whether its files can be written after it."""
    if said.save is not None and said.save.suffix != SUFFIX:
        raise BadInput(f"A run is saved to a file whose name ends in {SUFFIX}, not to {said.save}.")
    paths = [path for path in (said.report, said.screenshot, said.save, *said.export) if path is not None]
    for path in said.export:
        _check_kind(path, said.benchmark)
    for path in paths:
        check_writable(path)
    twice = [path for path in paths if [other.absolute() for other in paths].count(path.absolute()) > 1]
    if twice:
        raise BadInput(f"{twice[0]} is named twice: give each file a name of its own.")
    if said.open is not None and not said.open.is_file():
        what = "is a folder" if said.open.is_dir() else "is not there"
        raise BadInput(f"{said.open} {what}: name the file of a run, which ends in {SUFFIX}.")


def _check_kind(path: Path, benchmark: bool) -> None:
    """Raises BadInput where the suffix is of no kind of export."""
    if benchmark:
        from ..benchmark.files import check_suffix

        check_suffix(path)
    else:
        kind_of(path)


def _log_level(said: argparse.Namespace) -> str:
    level, where = said.log_level, "--log-level"
    if level is None:
        level, where = os.environ.get("THAW_LOG") or None, "THAW_LOG"
    if level is not None and level not in LOG_LEVELS:
        raise BadInput(f"{where} is one of {', '.join(LOG_LEVELS)}, not {level!r}.")
    return level or ""


def _budget(said: argparse.Namespace) -> tuple[Condition, ...]:
    if said.budget is None:
        return ()
    budget = parse_budget(said.budget)
    if not (said.exit_after_run or said.offscreen or said.headless):
        raise BadInput("--budget is judged when the program leaves: add --offscreen, --headless or --exit-after-run.")
    seen = [condition.name for condition in budget if condition.needs_window]
    if seen and said.headless and said.open is None:
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
        raise BadInput(f"There is no instrument {unknown[0]!r}. There are: {', '.join(INSTRUMENTS)}; or all, or none.")
    if said.headless:
        raise BadInput("--headless has no window to watch: use --offscreen with --instruments.")
    return frozenset(names)


def _settings(said: argparse.Namespace) -> Settings:
    runners, workloads = lookup.runners(), lookup.workloads()
    usable = (name for name, entry in workloads.items() if not entry.missing)
    workload = said.workload or next(usable, next(iter(workloads), ""))
    entry = _pick_workload(workload, workloads, said.headless)
    runner = BLOCKING if said.blocking else said.runner or usual_place(entry, runners, DEFAULT_RUNNER)
    place = _pick("runner", runner, runners)
    polite, interval = _scheduler(said)
    settings = Settings(
        runner_entry=place,
        workload_entry=entry,
        tasks=_count("--tasks", said.tasks, int(entry.constants.get("TASKS", 1)), MAX_TASKS),
        workers=_count("--workers", said.workers, DEFAULT_WORKERS, MAX_WORKERS),
        params=_params(said.param, entry, place),
        seed=_count("--seed", said.seed, 1, 2**31 - 1),
        polite=polite,
        switch_interval_ms=interval,
    )
    arguments(entry, dict(settings.params))
    why_not = refusal(place, entry, dict(settings.params))
    if why_not:
        raise BadInput(why_not)
    return settings


def _scheduler(said: argparse.Namespace) -> tuple[bool, float]:
    polite = said.polite is not False
    interval = DEFAULT_SWITCH_MS[polite] if said.switch_interval is None else said.switch_interval
    if not 0.01 <= interval <= 1000:
        raise BadInput(f"--switch-interval is a number of ms from 0.01 to 1,000, not {interval:,g}.")
    return polite, interval


def _pick(kind: str, name: str, entries: dict[str, Entry]) -> Entry:
    if name not in entries:
        raise BadInput(f"There is no {kind} {name!r}. There are: {', '.join(entries)}.")
    entry = entries[name]
    if entry.missing:
        raise BadInput(not_available(kind, entry))
    return entry


def _pick_workload(name: str, entries: dict[str, Entry], headless: bool) -> Entry:
    """A workload of Thaw's own, or a person's own function."""
    if not is_own(name):
        return _pick("workload", name, entries)
    entry = user_functions.entry(name)
    if entry.missing:
        raise BadInput(not_available("workload", entry))
    if headless:
        check_headless(entry)
    return entry


def _count(option: str, value: int | None, default: int, most: int) -> int:
    if value is None:
        return default
    if not 1 <= value <= most:
        raise BadInput(f"{option} is a number from 1 to {most:,}, not {value:,}.")
    return value


def _params(pairs: list[str], entry: Entry, place: Entry) -> tuple[tuple[str, Any], ...]:
    fields = {field.name: field for field in (*entry.fields, *place.fields)}
    values = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise BadInput(f"--param takes KEY=VALUE, not {pair!r}.")
        if name not in fields:
            there = f": {', '.join(fields)}" if fields else " none"
            if place.fields:
                neither = f"Neither the workload {user_names.slug(entry.name)} nor the runner {place.name} has"
                raise BadInput(f"{neither} a parameter {name!r}. They have{there}.")
            what = entry.title if entry.own is not None else f"The workload {entry.name}"
            raise BadInput(f"{what} has no parameter {name!r}. It has{there}.")
        try:
            values[name] = fields[name].parse(text)
        except BadInput as error:
            raise BadInput(f"{error}.") from None
    return tuple(values.items())


def listing() -> str:
    """What --list prints."""
    lines = []
    for heading, entries in (("Runners", lookup.runners()), ("Workloads", lookup.workloads())):
        lines.append(f"{heading}:")
        for entry in entries.values():
            lines.append(f"  {entry.name:<16} {entry.summary}")
            if entry.missing:
                lines.append(f"  {'':<16} not available: it {entry.missing}")
            lines += [f"  {'':<16}   {field.name}={field.default!r}: {field.help}" for field in entry.fields]
    return "\n".join(lines)
