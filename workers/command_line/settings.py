"""What the command line says of a run's settings, checked; `workers.command_line.benchmark` has the same parts."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..catalog import labs, lookup, user_functions, user_names
from ..catalog.compatibility import (
    check_headless,
    lack,
    not_available,
    of_pythons,
    other_place,
    refusal,
    takes_all,
    usual_place,
)
from ..engine.plan import (
    BLOCKING,
    DEFAULT_RUNNER,
    DEFAULT_SWITCH_MS,
    DEFAULT_WORKERS,
    MAX_SEED,
    MAX_TASKS,
    MAX_WORKERS,
    Settings,
)
from ..pythons.asking import ask
from ..pythons.finding import choose
from ..pythons.lending import fits
from ..pythons.needs import ours
from ..user_code.call_words import wrapper
from ..utils.errors import BadInput

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

    from ..catalog.entry import Entry


def run_settings(said: argparse.Namespace) -> Settings:
    """The settings of the run that the command line asks for, complete with defaults.

    Raises:
        BadInput: there is no such run, with a sentence.
    """
    runners, workloads = lookup.runners(), lookup.workloads()
    workload, runner = said.workload, BLOCKING if said.blocking else said.runner
    if workload is None:
        usable = (name for name, entry in workloads.items() if not entry.missing)
        workload = next(usable, next(iter(workloads), ""))
    python = read_python(said)
    entry = pick_workload(workload, workloads, said.headless, python)
    if runner is None:
        runner = _usual_runner(said, entry, runners, python)
    place = pick("runner", runner, runners)
    check_python(python, entry, [place])

    def unknown(name: str) -> str:
        names = ", ".join(field.name for field in (*entry.fields, *place.fields))
        there = f": {names}" if names else " none"
        if place.fields:
            neither = f"Neither the workload {user_names.slug(entry.name)} nor the runner {place.name} has"
            return f"{neither} a parameter {name!r}. They have{there}."
        what = entry.title if entry.own is not None else f"The workload {entry.name}"
        return f"{what} has no parameter {name!r}. It has{there}."

    polite, interval = scheduler(said, entry)
    params = with_python(read_params(said.param, (entry, place), unknown), python, place)
    usual = MAX_TASKS if takes_all(entry, dict(params)) else int(entry.constants.get("TASKS", 1))
    settings = Settings(
        runner_entry=place,
        workload_entry=entry,
        tasks=count("--tasks", said.tasks, MAX_TASKS) or usual,
        workers=count("--workers", said.workers, MAX_WORKERS)
        or int(entry.constants.get("WORKERS", DEFAULT_WORKERS)),
        params=params,
        seed=count("--seed", said.seed, MAX_SEED) or 1,
        polite=polite,
        switch_interval_ms=interval,
    )
    check_lack(entry, dict(settings.params))
    why_not = refusal(place, entry, dict(settings.params))
    if why_not:
        raise BadInput(told(why_not, place, entry))
    return settings


def told(why_not: str, runner: Entry, workload: Entry) -> str:
    """A refusal in the words of the command line: it names the runner that takes the work where others cannot."""
    able = other_place(runner, workload, lookup.runners())
    return f"{why_not.removesuffix('.')}, so add --runner {able}." if able else why_not


def _usual_runner(
    said: argparse.Namespace, entry: Entry, runners: Mapping[str, Entry], python: str | None
) -> str:
    """The runner for who names none: with a Python that only one of them can use, that one."""
    usual = entry.constants.get("RUNNER", DEFAULT_RUNNER)
    if said.check is not None and entry.own is not None and entry.own.lacks:
        return str(usual)  # orders are tried in Thaw's own Python
    there = of_pythons() if said.check is None and python is not None and entry.own is not None else ""
    if there and not fits(ask(str(python))):
        return there
    return usual_place(entry, runners, usual)


def read_python(said: argparse.Namespace) -> str | None:
    """The interpreter that --python means; None where it is not there. Raises BadInput where there is no such one."""
    return None if said.python is None else choose(said.python).path


def check_python(python: str | None, workload: Entry, places: Sequence[Entry]) -> None:
    """Refuse a --python that nothing has a use for.

    Args:
        python: what `read_python` has found.
        workload: what is to run.
        places: where it is to run, or may be.
    """
    if python is None or any("CHOOSES" in place.constants for place in places):
        return
    if workload.own is None:
        raise BadInput(
            f"--python is for a function of yours, and for --runner {of_pythons()}: {workload.title} on "
            f"{places[0].title} has no use for it."
        )
    if not fits(found := ask(python)):
        raise BadInput(
            f"--python has no use here: {places[0].title} runs in {ours()}, which cannot use the packages of "
            f"{found.told}. Add --runner {of_pythons()}, and it runs in that Python."
        )


def with_python(
    params: tuple[tuple[str, Any], ...], python: str | None, place: Entry
) -> tuple[tuple[str, Any], ...]:
    """The parameters of a run or benchmark, with what --python says where the runner has such a parameter.

    Raises:
        BadInput: --param says another one.
    """
    if python is None or "CHOOSES" not in place.constants:
        return params
    name = place.fields[0].name
    if dict(params).get(name):
        raise BadInput(f"--python and --param {name}= say the same: leave one of them out.")
    return (*params, (name, python))


def check_lack(workload: Entry, params: Mapping[str, Any]) -> None:
    """Refuse work that lacks a parameter, and say how to give it one here."""
    missing = lack(workload, params)
    if missing is not None:
        value = f"'{workload.function.rpartition('.')[0]}(...)'" if missing.name == "self" else "VALUE"
        raise BadInput(f"{missing.why.removesuffix('.')}: add --param {missing.name}={value}.")


def scheduler(said: argparse.Namespace, workload: Entry | None = None) -> tuple[bool, float]:
    """Whether tasks are polite, and the switch interval in ms: a lab may name its own. Raises BadInput."""
    polite = said.polite is not False
    usual = float((workload.constants if workload else {}).get("SWITCH_MS", DEFAULT_SWITCH_MS[polite]))
    interval = usual if said.switch_interval is None else said.switch_interval
    if not 0.01 <= interval <= 1000:
        raise BadInput(f"--switch-interval is a number of ms from 0.01 to 1,000, not {interval:,g}.")
    return polite, interval


def pick(kind: str, name: str, entries: Mapping[str, Entry]) -> Entry:
    """The runner or the workload of a name."""
    if name not in entries:
        raise BadInput(f"There is no {kind} {name!r}. There are: {', '.join(entries)}.")
    return _available(kind, entries[name])


def pick_workload(name: str, entries: Mapping[str, Entry], headless: bool, python: str | None = None) -> Entry:
    """A workload of Thaw's own, or a person's own function, with its Python where that was said."""
    if not user_names.is_own(name):
        return pick("workload", name, {**entries, **_versions(name)})
    try:
        found = user_functions.entry(name, python)
    except BadInput as error:
        lines = wrapper(name)
        raise BadInput(
            f"{error}\nOr write a wrapper beside it, and name that:\n\n{lines}" if lines else str(error)
        ) from None
    entry = _available("workload", found)
    if entry.own is not None and entry.own.python:
        with suppress(BadInput):  # that is told where it matters
            ask(entry.own.python)
    if headless:
        check_headless(entry)
    return entry


def _versions(name: str) -> Mapping[str, Entry]:
    """The versions of the lab that a name is one of."""
    lab = labs.labs().get(name.partition(".")[0])
    if lab is None:
        return {}
    found = {version.entry.name: version.entry for version in lab.versions}
    if name not in found:
        raise BadInput(f"The lab {lab.name} has no version of that name: choose {', '.join(found)}.")
    return found


def _available(kind: str, entry: Entry) -> Entry:
    if entry.missing:
        raise BadInput(not_available(kind, entry))
    return entry


def count(option: str, value: int | None, maximum: int) -> int | None:
    """The value of an option, where it is a number from 1 to `maximum` or was not said."""
    if value is not None and not 1 <= value <= maximum:
        raise BadInput(f"{option} is a number from 1 to {maximum:,}, not {value:,}.")
    return value


def read_params(
    pairs: Sequence[str], entries: Sequence[Entry], unknown: Callable[[str], str]
) -> tuple[tuple[str, Any], ...]:
    """The values of --param, in its order.

    Args:
        pairs: each "KEY=VALUE".
        entries: what has parameters; where several have one of a name, all of them are to take its value.
        unknown: makes the sentence for a name that none of them has.
    """
    values = {}
    for number, pair in enumerate(pairs, 1):
        name, equals, text = pair.partition("=")
        if not equals or not name.isidentifier():
            # What it is may be half of a header, which is no name, and secret.
            raise BadInput(f"--param takes KEY=VALUE: number {number} has no KEY= in front.")
        own = [field for entry in entries for field in entry.fields if field.name == entry.new_name(name)]
        if not own:
            raise BadInput(unknown(name))
        try:
            taken = [field.parse(text) for field in own]  # all of them are to take it
            values[own[0].name] = taken[0]
        except BadInput as error:
            raise BadInput(f"{error}.") from None
    return tuple(values.items())
