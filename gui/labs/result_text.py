"""What came of a run of a lab, in words: figures, why it came to nothing, claims. Without widgets."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from gui.widgets.fields import inline
from workers.reports import failures
from workers.reports.labs import claims as said
from workers.utils.formatting import amount, milliseconds, number, plural, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workers.engine.run import Run
    from workers.reports.labs.claims import Claim

NOT_RUN = "Not run yet."
POLITENESS = (
    "Politeness is off for labs: tasks that take turns for the GIL change hands only where they yield, and that would "
    "hide what a lab is to show."
)


def about(text: str) -> str:
    """A lab's docstring but for its first sentence, as HTML, with what else there is to know of all labs."""
    _, _, rest = text.partition("\n\n")
    paragraphs = [*rest.strip().split("\n\n"), POLITENESS]
    return "".join(f"<p style='margin:0 0 6px'>{inline(one)}</p>" for one in paragraphs if one.strip())


def progress(run: Run) -> str:
    """How far a run is that goes on."""
    recorder = run.recorder
    done = f"{recorder.finals:,} of {plural(recorder.count, 'task')} done"
    return f"Running {run.settings.runner_entry.where}: {done}, {amount(recorder.amount, run.plan.unit)}."


def result(run: Run) -> str:
    """What came of a run that has ended, as HTML, in lines."""
    where, took = run.settings.runner_entry.where, seconds(run.wall_s)
    if run.cancelled:
        done = f"{run.recorder.done:,} of {plural(run.recorder.count, 'task')} were done"
        return inline(f"Cancelled {where} after {took}: {done}.")
    try:
        told = {name: number_of(value) for name, value in said.figures(run).items()}
    except said.UNTELLABLE:
        told = {}
    told["time"] = took
    if run.lag is not None:
        told["worst lag"] = milliseconds(run.lag.max)
    pairs = [f"{html.escape(name)} <b>{html.escape(value)}</b>" for name, value in told.items()]
    lines = [" &nbsp; ".join(pair.replace(" ", "&nbsp;") for pair in pairs)]
    lines += [html.escape(note) for note in run.notes]
    if not run.recorder.sharing.deadlocks:
        lines += [f"✕ {html.escape(error)}" for error in failures.told(run)]
    lines.append(f"Ran {html.escape(where)}.")
    return "<br>".join(lines)


def number_of(value: float) -> str:
    """A figure: whole numbers exactly, others in two digits."""
    return f"{value:,.0f}" if value == int(value) else number(value)


def claims(lab: str, runs: Mapping[str, Run]) -> list[Claim]:
    """What can be said of these runs, by versions; nothing of those that were cancelled."""
    try:
        return said.claims(lab, {name: run for name, run in runs.items() if not run.cancelled})
    except said.UNTELLABLE:
        return []
