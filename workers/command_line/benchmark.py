"""What the command line says of a benchmark, checked before anything is started. Knows nothing of Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..benchmark.choice import MAX_REPEAT, Choice, default_choice, everywhere
from ..catalog import lookup
from ..catalog.compatibility import refusal
from ..catalog.user_names import is_own
from ..engine.plan import BLOCKING, MAX_SEED, MAX_TASKS, MAX_WORKERS
from ..utils.errors import BadInput
from .settings import (
    check_lack,
    check_python,
    count,
    pick,
    pick_workload,
    read_params,
    read_python,
    scheduler,
    with_python,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from ..catalog.entry import Entry

ALONE = {
    "--runner": "name the runners with --runners.",
    "--workload": "name the workloads with --workloads.",
    "--blocking": "the GUI thread is always measured.",
    "--compare": "it compares everything with the GUI thread already.",
    "--budget": "a budget is judged on one run.",
    "--open": "it measures, and shows no run of a file.",
    "--save": "a file keeps one run; use --export with .csv, .json or .html.",
}
"""Options that mean nothing to a benchmark, and what to do instead."""


def benchmark_choice(said: argparse.Namespace) -> Choice:
    """The benchmark that the command line asks for.

    Raises:
        BadInput: it means nothing that can be done, with a sentence.
    """
    of_own = said.workload is not None and is_own(said.workload)
    for option, instead in ALONE.items():
        if getattr(said, option[2:]) not in (None, False) and not (of_own and option == "--workload"):
            raise BadInput(f"{option} does not go with --benchmark: {instead}")
    runners, python = lookup.runners(), read_python(said)
    if not of_own:
        workloads = lookup.workloads()
        return _read(said, runners, workloads, default_choice(runners, workloads), python)
    # A person's own function is measured alone, in all places that can take it or in those that --runners names.
    if said.workloads is not None:
        raise BadInput("A function of yours is measured alone: leave out --workloads.")
    entry = pick_workload(said.workload, {}, said.headless, python)
    usual = everywhere(entry, runners)._replace(workloads=(said.workload,))
    choice = _read(said, runners, {said.workload: entry}, usual, python)
    check_lack(entry, dict(choice.params))
    return choice


def _read(
    said: argparse.Namespace,
    runners: Mapping[str, Entry],
    workloads: Mapping[str, Entry],
    usual: Choice,
    python: str | None,
) -> Choice:
    """What was said, and for the rest what is usual, out of what there is."""
    places = _names("runner", said.runners, runners, usual.runners)
    work = _names("workload", said.workloads, workloads, usual.workloads)
    counts = usual.workers if said.workers is None else said.workers
    counts = counts if isinstance(counts, tuple) else (counts,)
    for each in counts:
        count("--workers", each, MAX_WORKERS)
    repeat = count("--repeat", said.repeat, MAX_REPEAT)
    tasks, seed = count("--tasks", said.tasks, MAX_TASKS), count("--seed", said.seed, MAX_SEED)
    if set(places) == {BLOCKING}:
        raise BadInput(
            f"--runners names what the GUI thread is compared with: name another runner than {BLOCKING}."
        )
    entries = [*(workloads[name] for name in work), *(runners[name] for name in places)]
    there = ", ".join(dict.fromkeys(field.name for entry in entries for field in entry.fields)) or "none"
    check_python(python, entries[0], entries[len(work) :])
    params = read_params(
        said.param,
        entries,
        lambda name: f"None of these runners and workloads has a parameter {name!r}. They have: {there}.",
    )
    for place in entries[len(work) :]:
        params = with_python(params, python, place)
    polite, interval = scheduler(said)
    choice = Choice(
        runners=places,
        workloads=work,
        workers=tuple(sorted(set(counts))),
        repeat=repeat or usual.repeat,
        tasks=tasks,
        params=params,
        seed=seed or 1,
        polite=polite,
        switch_interval_ms=interval,
        until_told=usual.until_told and repeat is None,
        python=usual.python,
    )
    _check_fits(choice, runners, workloads)
    return choice


def _names(
    kind: str, text: str | None, entries: Mapping[str, Entry], usual: tuple[str, ...]
) -> tuple[str, ...]:
    if text is None:
        return usual
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        pick(kind, name, entries)
    return names


def _check_fits(choice: Choice, runners: Mapping[str, Entry], workloads: Mapping[str, Entry]) -> None:
    """Refuse a benchmark of which nothing could be run."""
    why = ""
    for workload in choice.workloads:
        for runner in choice.runners:
            if runner == BLOCKING:
                continue
            why_not = refusal(runners[runner], workloads[workload], dict(choice.params))
            if not why_not:
                return
            why = why or why_not
    for workload in choice.workloads:
        check_lack(workloads[workload], dict(choice.params))
    raise BadInput(why)
