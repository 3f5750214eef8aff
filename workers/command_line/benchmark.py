"""What the command line says of a benchmark, checked before anything is started. Knows nothing of Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..benchmark.matrix import DEFAULT_REPEAT, DEFAULT_WORKERS, MAX_REPEAT, Choice, default_choice
from ..catalog.compatibility import refusal
from ..engine.plan import BLOCKING, MAX_TASKS, MAX_WORKERS
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def read_choice(
    said: Mapping[str, Any],
    runners: Mapping[str, Entry],
    workloads: Mapping[str, Entry],
    polite: bool,
    switch_interval_ms: float,
) -> Choice:
    """The choice that the command line made.

    Args:
        said: the parser's values by name: runners, workloads, workers, repeat, tasks, param, seed.
        runners: all that there are.
        workloads: likewise.
        polite: as decided.
        switch_interval_ms: likewise.

    Raises:
        BadInput: it means nothing that can be done, with a sentence.
    """
    usual = default_choice(runners, workloads)
    places = _names("runner", said["runners"], runners, usual.runners)
    work = _names("workload", said["workloads"], workloads, usual.workloads)
    counts = DEFAULT_WORKERS if said["workers"] is None else said["workers"]
    counts = counts if isinstance(counts, tuple) else (counts,)
    for option, value, most in (
        *(("--workers", count, MAX_WORKERS) for count in counts),
        ("--repeat", said["repeat"], MAX_REPEAT),
        ("--tasks", said["tasks"], MAX_TASKS),
        ("--seed", said["seed"], 2**31 - 1),
    ):
        if value is not None and not 1 <= value <= most:
            raise BadInput(f"{option} is a number from 1 to {most:,}, not {value:,}.")
    if set(places) == {BLOCKING}:
        raise BadInput(f"--runners names what the GUI thread is compared with: name another runner than {BLOCKING}.")
    choice = Choice(
        runners=places,
        workloads=work,
        workers=tuple(sorted(set(counts))),
        repeat=said["repeat"] or DEFAULT_REPEAT,
        tasks=said["tasks"],
        params=_params(said["param"], [*(workloads[name] for name in work), *(runners[name] for name in places)]),
        seed=said["seed"] or 1,
        polite=polite,
        switch_interval_ms=switch_interval_ms,
    )
    _check_fits(choice, runners, workloads)
    return choice


def _names(kind: str, text: str | None, entries: Mapping[str, Entry], usual: tuple[str, ...]) -> tuple[str, ...]:
    if text is None:
        return usual
    # A person's own function may be in a folder whose name has a comma.
    names = (text,) if text in entries else tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name not in entries:
            raise BadInput(f"There is no {kind} {name!r}. There are: {', '.join(entries)}.")
        if entries[name].missing:
            raise BadInput(f"The {kind} {name} is not available: it {entries[name].missing}.")
    return names


def _params(pairs: Sequence[str], entries: Sequence[Entry]) -> tuple[tuple[str, Any], ...]:
    fields = [field for entry in entries for field in entry.fields]
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise BadInput(f"--param takes KEY=VALUE, not {pair!r}.")
        own = [field for field in fields if field.name == name]
        if not own:
            there = ", ".join(dict.fromkeys(field.name for field in fields)) or "none"
            raise BadInput(f"None of these runners and workloads has a parameter {name!r}. They have: {there}.")
        try:
            values[name] = tuple(field.parse(text) for field in own)[0]  # noqa: RUF015 (all of them are to take it)
        except BadInput as error:
            raise BadInput(f"{error}.") from None
    return tuple(values.items())


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
    raise BadInput(why)
